import type { Address } from '../address.ts'
import { type Card, sentDataOf } from '../cards/card.ts'
import { type CardData, type OpenCard, openCardData } from '../cards/operations.ts'
import { declineText } from '../charges/declines.ts'
import { accept } from '../decision.ts'
import { errors, StripeError } from '../errors.ts'
import type { CustomerId } from '../ids.ts'
import { type Named, visible } from '../lookup.ts'
import { type MetadataChange, mergeMetadata, NO_METADATA } from '../metadata.ts'
import type { Currency, Minor } from '../money.ts'
import type { Acquirer, Decline } from '../network/acquirer.ts'
import { type Context, found, type Operation, rejected, unitOf } from '../operation.ts'
import { blocksAfterNetwork } from '../radar/radar.ts'
import type { Write } from '../store/store.ts'
import { openToken } from '../tokens/operations.ts'
import { attachedSources, insertSource, type StoredSource, sourceById, updateSourceRow } from './repository.ts'
import {
  type Attaching,
  attachSource,
  type CustomerSource,
  consume,
  ownedBy,
  type Source,
  type SourceOwner,
  type SourceUpdate,
  saveCard,
  updateSource,
} from './source.ts'

// --- /v1/sources ----------------------------------------------------------------------------------------------------

export type CreateSource = {
  readonly type: string
  readonly flow: string | undefined
  readonly token: string | undefined
  readonly card: CardData | undefined
  readonly owner: Partial<SourceOwner> | undefined
  readonly metadata: MetadataChange | undefined
  readonly usage: 'reusable' | 'single_use'
  readonly amount: Minor | undefined
  readonly currency: Currency | undefined
  readonly statementDescriptor: string | undefined
}

/** Makes a Source of a token or of raw card data. It is chargeable at once: cards need no further step. */
export const createSource: Operation<CreateSource, Source> = async (context, command) => {
  if (command.type !== 'card') return rejected(errors.sourceTypeNotThere(command.type))
  // The other flows are those of banks and wallets.
  if (command.flow !== undefined && command.flow !== 'none') return rejected(errors.parameterNotSupported('flow'))
  const metadata = mergeMetadata(NO_METADATA, command.metadata)
  if (metadata instanceof StripeError) return rejected(metadata)
  const { account, ids, livemode, now, vault } = context
  const opened = await openNew(context, command.token ?? command.card, 'token')
  const owner = ownerOf(opened.card, command.owner ?? {})
  const source: Source = {
    object: 'source',
    id: ids.next('src'),
    created: now,
    customer: null,
    place: '',
    attached: false,
    card: ownedBy(opened.card, owner),
    metadata,
    clientSecret: `src_client_secret_${ids.random(CLIENT_SECRET_LENGTH)}`,
    usage: command.usage,
    status: 'chargeable',
    owner,
    amount: command.amount ?? null,
    currency: command.currency ?? null,
    statementDescriptor: command.statementDescriptor ?? null,
  }
  const told = { type: 'source.chargeable', object: 'customer_source', before: null, after: source } as const
  const outcome = unitOf(context, accept(source, { events: [told] }), () => ({
    writes: [...opened.writes, insertSource(account.id, livemode, source)],
  }))
  return { ...outcome, committed: () => vault.kept(account.id, opened.card.fingerprint) }
}

/** 24 base62 characters are 143 bits, as of an API key. */
const CLIENT_SECRET_LENGTH = 24

async function openNew(context: Context, from: string | CardData | undefined, param: string): Promise<OpenCard> {
  if (from === undefined) throw errors.parameterMissing('card')
  return typeof from === 'string' ? openToken(context, from, param) : openCardData(context, from)
}

/** What a token knows of its cardholder goes before what the request says (Stripe: create a source). */
function ownerOf({ name, address }: Card, sent: Partial<SourceOwner>): SourceOwner {
  const { line1, line2, city, state, zip, country } = address
  const known: Address = { city, country, line1, line2, postal_code: zip, state }
  const isKnown = Object.values(known).some((part) => part !== null)
  return {
    address: isKnown ? known : (sent.address ?? null),
    email: sent.email ?? null,
    name: name ?? sent.name ?? null,
    phone: sent.phone ?? null,
  }
}

export type RetrieveSource = { readonly source: string; readonly clientSecret: string | undefined }

/** A Source by its id; a publishable key needs its client secret too. */
export const retrieveSource: Operation<RetrieveSource, Source> = async (context, { source: id, clientSecret }) => {
  if (context.callerKind === 'publishable' && clientSecret === undefined) {
    return rejected(errors.parameterMissing('client_secret'))
  }
  const { value } = await readSourceNamed(context, id, IN_URL)
  if (clientSecret !== undefined && clientSecret !== value.clientSecret) {
    return rejected(errors.sourceClientSecretWrong())
  }
  return found(value)
}

const IN_URL: Named = { word: 'source', param: 'source', where: 'url' }

/** Changes a Source's owner and metadata, attached or not. */
export const updateSourceFields: Operation<SourceUpdate & { readonly source: string }, CustomerSource> = async (
  context,
  command,
) => {
  const stored = await readSourceNamed(context, command.source, IN_URL)
  return unitOf(context, updateSource(stored.value, command, context.now), (after) => ({
    writes: [replaceSource(context, stored, after)],
  }))
}

async function readSourceNamed(context: Context, id: string, named: Named): Promise<StoredSource<Source>> {
  const stored = visible(context, await sourceById(context.store, context.account.id, id), id, named)
  const { value } = stored
  if (value.object !== 'source') throw errors.noSuch(named.word, id, named.param, named.where)
  return { ...stored, value }
}

// --- what others do with sources ------------------------------------------------------------------------------------

/** All that a customer has on file, newest first. */
export function sourcesOf(context: Context, customer: CustomerId): Promise<StoredSource[]> {
  return attachedSources(context, customer)
}

/** A customer's card or Source, or one that was: undefined where the key may not see it, or it is another's. */
export async function sourceOfCustomer(
  context: Context,
  customer: CustomerId,
  id: string,
): Promise<StoredSource | undefined> {
  const stored = await sourceById(context.store, context.account.id, id)
  return stored?.livemode === context.livemode && stored.value.customer === customer ? stored : undefined
}

/** A card on file or a Source by its id, in the key's mode. */
export async function findSource(context: Context, id: string): Promise<CustomerSource | undefined> {
  const stored = await sourceById(context.store, context.account.id, id)
  return stored?.livemode === context.livemode ? stored.value : undefined
}

/** The write that puts `after` in the place of what was read. */
export function replaceSource({ account }: Context, stored: StoredSource, after: CustomerSource): Write {
  return updateSourceRow(account.id, stored, after)
}

/** A Source to be charged by itself, and the write that consumes it. Throws where it cannot be. */
export async function openSourceAlone(context: Context, id: string): Promise<OpenCard & { readonly source: Source }> {
  const stored = await readSourceNamed(context, id, { word: 'source', param: 'source', where: 'parameter' })
  const consumed = consume(stored.value)
  if (consumed instanceof StripeError) throw consumed
  const { card } = consumed
  const pan = await context.vault.readPan(context.account.id, card.fingerprint)
  return { card, pan, writes: [replaceSource(context, stored, consumed)], source: consumed }
}

/** A new card or Source of a customer, proven good, and the writes that keep it. */
export type Attachment = { readonly source: CustomerSource; readonly writes: readonly Write[]; committed(): void }

/**
 * Asks the issuer whether the card of a token, of raw data or of a Source is good, and puts it on file. Answers the
 * decline, with which nothing is kept: the token can be used again. Throws Stripe's errors of tokens and Sources.
 */
export async function attachmentOf(
  context: Context,
  from: string | CardData,
  customer: CustomerId,
  change: MetadataChange | undefined,
): Promise<Attachment | StripeError> {
  const { account, livemode, vault } = context
  const to = { customer, place: context.ids.next('card') }
  if (typeof from === 'string' && from.startsWith('src_')) return attachmentOfSource(context, from, to, change)
  const metadata = mergeMetadata(NO_METADATA, change ?? (typeof from === 'object' ? from.metadata : undefined))
  if (metadata instanceof StripeError) return metadata
  const opened = await openNew(context, from, 'source')
  const verified = await verify(context, opened)
  if (verified instanceof StripeError) return verified
  const source = saveCard(verified, to, metadata, context.now)
  return {
    source,
    writes: [...opened.writes, insertSource(account.id, livemode, source)],
    committed: () => vault.kept(account.id, verified.fingerprint),
  }
}

async function attachmentOfSource(
  context: Context,
  id: string,
  to: Attaching,
  change: MetadataChange | undefined,
): Promise<Attachment | StripeError> {
  const stored = await readSourceNamed(context, id, { word: 'source', param: 'source', where: 'parameter' })
  const { value } = stored
  const metadata = mergeMetadata(value.metadata, change)
  if (metadata instanceof StripeError) return metadata
  const free = attachSource(value, to)
  if (free instanceof StripeError) return free
  const pan = await context.vault.readPan(context.account.id, value.card.fingerprint)
  const verified = await verify(context, { card: value.card, pan })
  if (verified instanceof StripeError) return verified
  const attached = { ...free, card: verified, metadata }
  return { source: attached, writes: [replaceSource(context, stored, attached)], committed: () => {} }
}

/** The networks' account verification: the card with what was found of its data, or the decline. */
async function verify(context: Context, { card, pan }: Pick<OpenCard, 'card' | 'pan'>): Promise<Card | StripeError> {
  const { account, livemode } = context
  const response = await acquirerOf(context).authorize({
    reference: card.id,
    livemode,
    pan,
    expMonth: card.expMonth,
    expYear: card.expYear,
    sent: sentDataOf(card, false),
    amount: 0,
    currency: account.defaultCurrency,
  })
  if (!response.approved) return declineAtAttach(response.declineCode, response)
  const failedCheck = blocksAfterNetwork(response.checks, account.declineOn)
  if (failedCheck !== null) return declineAtAttach(failedCheck, null)
  return { ...card, checks: response.checks }
}

function acquirerOf({ acquirer }: Context): Acquirer {
  if (acquirer === null) throw errors.liveChargesUnavailable()
  return acquirer
}

/** As the decline of a charge, but of no charge; `card_declined` has an empty param then (observed 2020 and 2023). */
function declineAtAttach(declineCode: string, decline: Decline | null): StripeError {
  const { code, message, param } = declineText(declineCode)
  const { adviceCode = null, networkAdviceCode = null, networkDeclineCode = null } = decline ?? {}
  const details = { adviceCode, networkAdviceCode, networkDeclineCode }
  return errors.cardDeclined(code, declineCode, message, code === 'card_declined' ? '' : param, details)
}
