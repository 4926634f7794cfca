import type { CardData, OpenCard } from '../cards/operations.ts'
import { attach, detach } from '../customers/customer.ts'
import {
  allOnFile,
  madeBy,
  onFile,
  readBeforeChange,
  readCustomerNamed,
  replaceCustomer,
} from '../customers/operations.ts'
import { errors, StripeError } from '../errors.ts'
import { type ListCommand, listWithin, type Named } from '../lookup.ts'
import type { MetadataChange } from '../metadata.ts'
import { type Context, found, mapAnswer, type Operation, refused, unitOf } from '../operation.ts'
import { attachmentOf, replaceSource, sourceOfCustomer } from '../sources/operations.ts'
import { type CustomerSource, cardOnFile, type Source, type SourceUpdate, updateSource } from '../sources/source.ts'
import type { Page } from '../store/paging.ts'

export type AttachSource = {
  readonly customer: string
  readonly source: string | CardData | undefined
  readonly metadata: MetadataChange | undefined
}

/** Puts a card or Source on a customer's file, where its issuer finds it good. */
export const attachToCustomer: Operation<AttachSource, CustomerSource> = async (context, command) => {
  const stored = await readCustomerNamed(context, command.customer, IN_URL)
  if (command.source === undefined) throw errors.parameterMissing('source')
  const sources = (await allOnFile(context, stored.value)).map(({ value }) => value)
  const attachment = await attachmentOf(context, command.source, stored.value.id, command.metadata)
  if (attachment instanceof StripeError) return refused(attachment)
  const decision = attach({ customer: stored.value, sources }, attachment.source)
  const outcome = unitOf(context, decision, ({ customer, sources }) => ({
    // The customer is written even where nothing of it changed: it must not be deleted meanwhile.
    writes: [...attachment.writes, replaceCustomer(context, stored, customer)],
    made: madeBy(customer, sources),
  }))
  return { ...mapAnswer(outcome, () => attachment.source), committed: attachment.committed }
}

const IN_URL: Named = { word: 'customer', param: 'customer', where: 'url' }

export type NamedSource = { readonly customer: string; readonly id: string }

export const retrieveOfCustomer: Operation<NamedSource, CustomerSource> = async (context, command) =>
  found((await readNamed(context, command)).source.value)

/** Changes what is kept with a customer's card or Source. */
export const updateOfCustomer: Operation<NamedSource & SourceUpdate, CustomerSource> = async (context, command) => {
  const { customer, source } = await readNamed(context, command)
  return unitOf(context, updateSource(source.value, command, context.now), (after) => ({
    writes: [replaceSource(context, source, after)],
    made: [
      { object: 'customer', value: customer.value },
      { object: 'customer_source', value: after },
    ],
  }))
}

/** Takes a card or Source from a customer's file; old charges keep what they show of it. */
export const detachFromCustomer: Operation<NamedSource, CustomerSource> = async (context, command) => {
  const { customer, source } = await readNamed(context, command)
  const sources = (await allOnFile(context, customer.value)).map(({ value }) => value)
  const outcome = unitOf(context, detach({ customer: customer.value, sources }, source.value), (after) => ({
    writes: [replaceSource(context, source, after.source), replaceCustomer(context, customer, after.customer)],
    made: madeBy(after.customer, after.sources),
  }))
  return mapAnswer(outcome, ({ source }) => source)
}

async function readNamed(context: Context, { customer: customerId, id }: NamedSource) {
  const customer = await readCustomerNamed(context, customerId, IN_URL)
  const source = await onFile(context, customer.value, id)
  if (!source) throw errors.noSuch('source', id, 'id', 'url')
  return { customer, source }
}

export type ListOfCustomer = Omit<ListCommand, 'created'> & {
  readonly customer: string
  readonly object?: 'card' | 'source' | 'bank_account' | undefined
}

/** What a customer has on file, newest first. */
export const listOfCustomer: Operation<ListOfCustomer, Page<CustomerSource>> = async (context, command) => {
  const { value: customer } = await readCustomerNamed(context, command.customer, IN_URL)
  const all = (await allOnFile(context, customer)).map(({ value }) => value)
  const wanted = command.object === undefined ? all : all.filter(({ object }) => object === command.object)
  const placeOf = async (id: string) => (await sourceOfCustomer(context, customer.id, id))?.value.place
  return found(await listWithin(wanted, 'source', placeOf, command))
}

/** What a customer is charged by, opened for the acquirer. */
export type OpenCustomerSource = OpenCard & { readonly source: Source | null }

/**
 * The card behind a customer's default source, or the one that is named. Throws where the customer, or the source among
 * what it has on file, is not there.
 */
export async function openSourceOfCustomer(
  context: Context,
  id: string,
  named: string | undefined,
): Promise<OpenCustomerSource> {
  const { value: customer } = await readCustomerNamed(context, id, IN_PARAMETER)
  const wanted = named ?? customer.defaultSource
  if (wanted === null) throw errors.customerWithoutSource()
  const stored = await onFile(context, customer, wanted)
  if (!stored) throw named === undefined ? readBeforeChange() : errors.sourceNotLinked(customer.id, wanted)
  const { value } = stored
  const pan = await context.vault.readPan(context.account.id, value.card.fingerprint)
  return value.object === 'card'
    ? { card: cardOnFile(value), pan, writes: [], source: null }
    : { card: value.card, pan, writes: [], source: value }
}

const IN_PARAMETER: Named = { word: 'customer', param: 'customer', where: 'parameter' }
