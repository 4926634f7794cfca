import { descriptorError } from '../accounts/account.ts'
import { type Card, type CardChecks, sentDataOf } from '../cards/card.ts'
import { bankSequelOf, type CardData, type OpenCard, openCardData, sequelOf } from '../cards/operations.ts'
import { scheduleDue, settleDue } from '../clock/due.ts'
import { openSourceOfCustomer } from '../customer-sources/operations.ts'
import { findCustomer, readCustomerNamed } from '../customers/operations.ts'
import { errors, StripeError } from '../errors.ts'
import { isBefore } from '../http/versions/version.ts'
import { type ListCommand, listPage, type Named, visible } from '../lookup.ts'
import { type MetadataChange, mergeMetadata, NO_METADATA } from '../metadata.ts'
import type { Currency, Minor } from '../money.ts'
import type { Approval, AuthorizationResponse } from '../network/acquirer.ts'
import { type Context, found, type Made, mapAnswer, type Operation, refused, rejected, unitOf } from '../operation.ts'
import { blocksBeforeNetwork } from '../radar/radar.ts'
import { allRefundsOf, recordRefund } from '../refunds/charge-refunds.ts'
import { type SearchCommand, searchPage } from '../search/operations.ts'
import { openSourceAlone } from '../sources/operations.ts'
import type { Source } from '../sources/source.ts'
import type { Condition, Page } from '../store/paging.ts'
import type { Write } from '../store/store.ts'
import { openToken } from '../tokens/operations.ts'
import {
  authorize,
  type Charge,
  type ChargeUpdate,
  capture,
  checkAmount,
  fail,
  holdEndsAt,
  type Shipping,
  type Terms,
  update,
} from './charge.ts'
import { declineText } from './declines.ts'
import { expire } from './expire.ts'
import { answered, blocked, type Verdict } from './outcome.ts'
import { RELEASE_WITHOUT_REFUND } from './release.ts'
import {
  CHARGES_TABLE,
  chargeById,
  insertCharge,
  readCharge,
  readChargeOnce,
  type StoredCharge,
  updateCharge,
} from './repository.ts'
import { SEARCHABLE_CHARGES } from './search.ts'
import { composeDescriptor } from './statement-descriptor.ts'

export type CreateCharge = {
  readonly amount: Minor
  readonly currency: Currency
  readonly source: string | CardData | undefined
  readonly customer: string | undefined
  readonly paymentMethod?: string | undefined
  readonly capture: boolean
  readonly description: string | null | undefined
  readonly metadata: MetadataChange | undefined
  readonly receiptEmail: string | undefined
  readonly shipping: Shipping | undefined
  readonly statementDescriptor: string | undefined
  readonly statementDescriptorSuffix: string | undefined
  readonly transferGroup: string | undefined
}

/** Charges a card, or (without `capture`) only authorizes it. A declined charge is kept too, and answered as an error. */
export const createCharge: Operation<CreateCharge, Charge> = async (context, command) => {
  const refusal = refusalOf(command)
  if (refusal) return refused(refusal)
  const metadata = mergeMetadata(NO_METADATA, command.metadata)
  if (metadata instanceof StripeError) return rejected(metadata)
  if (context.acquirer === null) return rejected(errors.liveChargesUnavailable())

  const opened = await openSource(context, command)
  const id = context.ids.next('ch')
  const answer = await askNetwork(context, command, id, opened)
  const source = opened.source ? { ...opened.source, card: answer.card } : null
  const charge = chargeOf(context, command, { id, metadata, source, answer })
  const decision = answer.approval
    ? authorize(charge, termsFor(context, charge.card), command.capture ? context.ids.next('txn') : null)
    : fail(charge)
  const outcome = unitOf(context, decision, (kept) => ({
    writes: [
      ...opened.writes,
      insertCharge(context.account.id, context.livemode, kept),
      ...lapseLater(context, kept),
      ...sequelWrites(context, kept),
    ],
    made: [{ object: 'charge', value: kept }],
  }))
  return {
    ...outcome,
    ...(charge.failure && { answer: { error: declineOf(charge, answer.verdict) } }),
    committed: () => {
      outcome.committed?.()
      context.vault.kept(context.account.id, opened.card.fingerprint)
    },
    ...followedBy(context, charge.card),
  }
}

function termsFor(context: Context, card: Card): Terms {
  const { account } = context
  return sequelOf(context, card) === 'funds_at_once' ? { ...account, fundsAtOnce: true } : account
}

const NO_WRITES: readonly Write[] = []

/** A hold lapses by itself; a charge that was captured or declined has nothing to wait for. */
function lapseLater({ account, livemode }: Context, charge: Charge): readonly Write[] {
  if (charge.state !== 'authorized') return NO_WRITES
  return scheduleDue(account.id, livemode, { kind: 'charge_hold', object: charge.id, due: holdEndsAt(charge) })
}

/** What the bank of a test card does, it does when there is money: at the charge, or at its capture. */
function sequelWrites(context: Context, charge: Charge): readonly Write[] {
  if (charge.state !== 'captured' || bankSequelOf(context, charge.card) === null) return NO_WRITES
  const { account, livemode, now } = context
  return scheduleDue(account.id, livemode, { kind: 'bank_sequel', object: charge.id, due: now })
}

/** Stripe answers before the bank does something; whoever asks next sees it. */
function followedBy(context: Context, card: Card): { readonly followed: () => Promise<void> } | null {
  if (bankSequelOf(context, card) === null) return null
  return { followed: () => context.doDue(context.account.id, context.livemode) }
}

/** The reasons to refuse a charge before any card is looked at. */
function refusalOf(command: CreateCharge): StripeError | null {
  const { amount, currency, statementDescriptor, statementDescriptorSuffix } = command
  return (
    (command.source === undefined && command.customer === undefined && errors.sourceOrCustomerMissing()) ||
    (command.paymentMethod !== undefined && errors.parameterNotSupported('payment_method')) ||
    checkAmount(amount, currency, 'amount') ||
    dynamicDescriptorError(statementDescriptor, 'statement_descriptor') ||
    dynamicDescriptorError(statementDescriptorSuffix, 'statement_descriptor_suffix')
  )
}

function dynamicDescriptorError(text: string | undefined, param: string): StripeError | null {
  return text === undefined ? null : descriptorError(text, 'dynamic', param)
}

/** What is charged; of a Source, that too. */
type Payment = OpenCard & { readonly source?: Source | null }

function openSource(context: Context, { source, customer }: CreateCharge): Promise<Payment> | Payment {
  if (customer !== undefined) return openOnFile(context, customer, source)
  if (source === undefined) throw errors.sourceOrCustomerMissing()
  if (typeof source !== 'string') return openCardData(context, source)
  return source.startsWith('src_') ? openSourceAlone(context, source) : openToken(context, source)
}

function openOnFile(context: Context, customer: string, source: CreateCharge['source']): Promise<Payment> {
  if (typeof source === 'object') throw errors.parametersExclusive(['customer', 'source'])
  return openSourceOfCustomer(context, customer, source)
}

type NetworkAnswer = { readonly card: Card; readonly verdict: Verdict; readonly approval: Approval | null }

/** Radar decides, then the acquirer answers. The card comes back with what was found about its data. */
function askNetwork(
  context: Context,
  { amount, currency, customer }: CreateCharge,
  reference: string,
  { card, pan }: OpenCard,
): NetworkAnswer | Promise<NetworkAnswer> {
  const { acquirer, livemode, account } = context
  if (acquirer === null) throw errors.liveChargesUnavailable()
  const storedCredential = customer !== undefined
  const sent = sentDataOf(card, storedCredential)
  const risk = context.assessRisk(pan)
  if (blocksBeforeNetwork(risk)) {
    const unavailable = (wasSent: boolean) => (wasSent ? ('unavailable' as const) : null)
    const checks = { cvc: unavailable(sent.cvc), line1: unavailable(sent.line1), zip: unavailable(sent.zip) }
    return { card: checkedCard(card, checks, storedCredential), verdict: blocked(risk), approval: null }
  }
  const { expMonth, expYear } = card
  const response = acquirer.authorize({
    reference,
    livemode,
    pan,
    expMonth,
    expYear,
    sent,
    storedCredential,
    amount,
    currency,
  })
  const understood = (response: AuthorizationResponse): NetworkAnswer => {
    const verdict = answered(risk, response, account.declineOn)
    const approval = response.approved && verdict.declineCode === null ? response : null
    return { card: checkedCard(card, response.checks, storedCredential), verdict, approval }
  }
  return response instanceof Promise ? response.then(understood) : understood(response)
}

/** What was found about the card's data; of a card on file, the CVC stays as it was when the card was saved. */
function checkedCard(card: Card, checks: CardChecks, storedCredential: boolean): Card {
  return { ...card, checks: storedCredential ? { ...checks, cvc: card.checks.cvc } : checks }
}

type Asked = Pick<Charge, 'id' | 'metadata' | 'source'> & { readonly answer: NetworkAnswer }

function chargeOf(context: Context, command: CreateCharge, { id, metadata, source, answer }: Asked): Charge {
  const { card, verdict, approval } = answer
  const decline = verdict.declineCode === null ? null : declineText(verdict.declineCode)
  return {
    id,
    created: context.now,
    state: decline ? 'failed' : 'authorized',
    amount: command.amount,
    currency: command.currency,
    amountCaptured: 0,
    amountRefunded: 0,
    amountReleased: 0,
    releaseIsRefund: false,
    refundCount: 0,
    customer: command.customer ?? null,
    dispute: null,
    amountInquired: 0,
    amountWithheld: 0,
    earlyFraudWarning: null,
    card,
    source,
    outcome: verdict.outcome,
    failure: decline && { code: decline.code, message: decline.message },
    authorization: approval && {
      code: approval.authorizationCode,
      networkTransactionId: approval.networkTransactionId,
    },
    balanceTransaction: null,
    fundsAvailableOn: null,
    description: command.description ?? null,
    metadata,
    receiptEmail: command.receiptEmail ?? null,
    receiptSecret: decline ? null : context.ids.random(RECEIPT_SECRET_LENGTH),
    shipping: command.shipping ?? null,
    statementDescriptor: command.statementDescriptor ?? null,
    statementDescriptorSuffix: command.statementDescriptorSuffix ?? null,
    calculatedStatementDescriptor: calculatedDescriptor(context, command),
    transferGroup: command.transferGroup ?? null,
    userReport: null,
    stripeReport: verdict.outcome.reason === 'highest_risk_level' ? 'fraudulent' : null,
  }
}

/** 22 base62 characters are 131 bits: a receipt's link cannot be guessed. */
const RECEIPT_SECRET_LENGTH = 22

type Dynamic = {
  readonly statementDescriptor?: string | null | undefined
  readonly statementDescriptorSuffix?: string | null | undefined
}

function calculatedDescriptor({ account }: Context, dynamic: Dynamic): string {
  return composeDescriptor({
    accountDescriptor: account.statementDescriptor,
    prefix: account.statementDescriptorPrefix,
    dynamic: dynamic.statementDescriptorSuffix ?? dynamic.statementDescriptor ?? null,
  })
}

function declineOf(charge: Charge, { declineCode, outcome }: Verdict): StripeError {
  const code = declineCode ?? 'generic_decline'
  const text = declineText(code)
  const { adviceCode, networkAdviceCode, networkDeclineCode } = outcome
  const details = { charge: charge.id, adviceCode, networkAdviceCode, networkDeclineCode }
  return errors.cardDeclined(text.code, code, text.message, text.param, details)
}

export type CaptureCharge = {
  readonly charge: string
  readonly amount: Minor | undefined
  readonly receiptEmail: string | undefined
  readonly statementDescriptor: string | undefined
  readonly statementDescriptorSuffix: string | undefined
  readonly transferGroup: string | undefined
}

/** Captures an authorized charge once, in full or `amount` less. */
export const captureCharge: Operation<CaptureCharge, Charge> = async (context, command) => {
  const stored = await readChargeNamed(context, command.charge, { word: 'charge', param: 'charge', where: 'url' })
  const wrong =
    dynamicDescriptorError(command.statementDescriptor, 'statement_descriptor') ??
    dynamicDescriptorError(command.statementDescriptorSuffix, 'statement_descriptor_suffix')
  if (wrong) return refused(wrong)
  const before = stored.value
  const { amount, receiptEmail, statementDescriptor, statementDescriptorSuffix, transferGroup } = command
  const decision = capture(
    before,
    {
      amount: amount ?? null,
      receiptEmail,
      statementDescriptor,
      statementDescriptorSuffix,
      transferGroup,
      calculatedStatementDescriptor: calculatedDescriptor(context, {
        statementDescriptor: statementDescriptor ?? before.statementDescriptor,
        statementDescriptorSuffix: statementDescriptorSuffix ?? before.statementDescriptorSuffix,
      }),
      releaseRefund: isBefore(context.version, RELEASE_WITHOUT_REFUND) ? context.ids.next('re') : null,
      transaction: context.ids.next('txn'),
    },
    termsFor(context, before.card),
    await allRefundsOf(context, before),
    context.now,
  )
  const outcome = unitOf(context, decision, ({ charge, release }) => ({
    writes: [
      updateCharge(context.account.id, stored, charge),
      ...(release ? [recordRefund(context, release)] : []),
      settleDue(context.account.id, 'charge_hold', charge.id),
      ...sequelWrites(context, charge),
    ],
    made: madeBy(charge, release ? [release] : []),
  }))
  return {
    ...mapAnswer(outcome, ({ charge }) => charge),
    ...followedBy(context, before.card),
  }
}

/** Lets a hold lapse that is due now; nothing where it was captured or released before. */
export const expireCharge: Operation<string, unknown> = async (context, id) => {
  const { account, store } = context
  const stored = await chargeById(store, account.id, id)
  if (stored?.value.state !== 'authorized') return found(null)
  const releaseRefund = isBefore(account.apiVersion, RELEASE_WITHOUT_REFUND) ? context.ids.next('re') : null
  return unitOf(context, expire(stored.value, releaseRefund, context.now), ({ charge, release }) => ({
    writes: [updateCharge(account.id, stored, charge), ...(release ? [recordRefund(context, release)] : [])],
  }))
}

function madeBy(charge: Charge, refunds: Extract<Made, { object: 'refunds' }>['value']): Made[] {
  return [
    { object: 'charge', value: charge },
    { object: 'refunds', charge: charge.id, value: refunds },
  ]
}

const CUSTOMER: Named = { word: 'customer', param: 'customer', where: 'parameter' }

export type UpdateCharge = ChargeUpdate & { readonly charge: string }

/** Changes description, metadata and the like; nothing about the money. */
export const updateChargeFields: Operation<UpdateCharge, Charge> = async (context, command) => {
  const stored = await readChargeNamed(context, command.charge, { word: 'charge', param: 'id', where: 'url' })
  if (command.customer !== undefined) await readCustomerNamed(context, command.customer, CUSTOMER)
  const refunds = await allRefundsOf(context, stored.value)
  return unitOf(context, update(stored.value, command, refunds), (charge) => ({
    writes: [updateCharge(context.account.id, stored, charge)],
    made: [{ object: 'charge', value: charge }],
  }))
}

export const retrieveCharge: Operation<{ charge: string }, Charge> = async (context, { charge: id }) => {
  const stored = await readChargeNamed(context, id, { word: 'charge', param: 'id', where: 'url' })
  return found(stored.value)
}

export type ListCharges = ListCommand & {
  readonly customer?: string | undefined
  readonly transfer_group?: string | undefined
  readonly payment_intent?: string | undefined
}

/** Charges, newest first. There are no PaymentIntents here, so none is found. */
export const listCharges: Operation<ListCharges, Page<Charge>> = async (context, command) => {
  if (command.payment_intent !== undefined) throw errors.paymentIntentNotFound(command.payment_intent)
  const { transfer_group: group, customer } = command
  if (customer !== undefined) await findCustomer(context, customer, CUSTOMER)
  const listed = {
    ...CHARGES_TABLE,
    word: 'charge',
    read: readCharge,
    byId: (id: string) => chargeById(context.store, context.account.id, id),
  }
  const conditions: Condition[] = []
  if (group !== undefined) conditions.push({ sql: 'transfer_group = ?', values: [group] })
  if (customer !== undefined) conditions.push({ sql: 'customer = ?', values: [customer] })
  return found(await listPage(context, listed, command, conditions))
}

/** Charges that a query looks for, newest first. Throws Stripe's error for a query that cannot be read. */
export const searchCharges: Operation<SearchCommand, Page<Charge>> = async (context, command) =>
  found(await searchPage(context, { ...CHARGES_TABLE, read: readChargeOnce }, SEARCHABLE_CHARGES, command))

/** A charge that the key may see. Throws Stripe's `No such charge`. */
export async function readChargeNamed(context: Context, id: string, named: Named): Promise<StoredCharge> {
  return visible(context, await chargeById(context.store, context.account.id, id), id, named)
}

/** The write that puts `after` in the place of the charge that was read. */
export function replaceCharge({ account }: Context, stored: StoredCharge, after: Charge): Write {
  return updateCharge(account.id, stored, after)
}
