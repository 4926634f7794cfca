import assert from 'node:assert/strict'
import type { Address } from '../address.ts'
import { availableOn } from '../balance/availability.ts'
import { feeFor } from '../balance/fees.ts'
import type { Card } from '../cards/card.ts'
import { formatAmount, isRoundedFor, maximumCharge, minimumCharge, roundingOf } from '../currencies.ts'
import { accept, type Decision, refuse } from '../decision.ts'
import { errors, type StripeError } from '../errors.ts'
import type { ChargeId, CustomerId, DisputeId, EarlyFraudWarningId, RefundId, TransactionId } from '../ids.ts'
import { type LedgerTransaction, returnOfSale, sale } from '../ledger/ledger.ts'
import { type Metadata, type MetadataChange, mergeMetadata } from '../metadata.ts'
import { type Currency, type Minor, SECONDS_PER_DAY, type UnixSeconds } from '../money.ts'
import type { Refund, RefundReason } from '../refunds/refund.ts'
import type { Source } from '../sources/source.ts'
import type { ChargeOutcome } from './outcome.ts'
import { refundEvents, releaseOf } from './release.ts'

export type Shipping = {
  readonly address: Address
  readonly carrier: string | null
  readonly name: string
  readonly phone: string | null
  readonly tracking_number: string | null
}

/**
 * `failed` (declined or blocked, kept) · `authorized` (held) · `captured` · `released` (the hold was given back by a
 * refund) · `expired` (nobody captured it in time). A charge only ever moves from `authorized` to one of the last three.
 */
export type ChargeState = 'failed' | 'authorized' | 'captured' | 'released' | 'expired'

export type Charge = {
  readonly id: ChargeId
  readonly created: UnixSeconds
  readonly state: ChargeState
  /** What was authorized. It stays when less is captured. Smallest unit of `currency`, as are all amounts here. */
  readonly amount: Minor
  readonly currency: Currency
  readonly amountCaptured: Minor
  /** Captured money that was refunded: never more than was captured. */
  readonly amountRefunded: Minor
  /** Authorized money that was given back uncaptured. */
  readonly amountReleased: Minor
  /** Whether a Refund stands for the released amount, so that it counts as refunded at the API. */
  readonly releaseIsRefund: boolean
  /** How many Refund objects there are; zero lets old versions render the empty list without looking. */
  readonly refundCount: number
  readonly customer: CustomerId | null
  /** The newest dispute, also one that is over. */
  readonly dispute: DisputeId | null
  /** What open inquiries ask about, and what disputes have taken and not brought back. */
  readonly amountInquired: Minor
  readonly amountWithheld: Minor
  /** The issuer's warning that the charge may be fraud. */
  readonly earlyFraudWarning: EarlyFraudWarningId | null
  readonly card: Card
  /** The Source that was charged, as it was then; null where it was a card. */
  readonly source: Source | null
  readonly outcome: ChargeOutcome
  readonly failure: { readonly code: string; readonly message: string } | null
  readonly authorization: { readonly code: string; readonly networkTransactionId: string } | null
  readonly balanceTransaction: TransactionId | null
  /** When the captured money becomes available; null until captured. */
  readonly fundsAvailableOn: UnixSeconds | null
  readonly description: string | null
  readonly metadata: Metadata
  readonly receiptEmail: string | null
  /** The unguessable part of the receipt's link; null on a failed charge. */
  readonly receiptSecret: string | null
  readonly shipping: Shipping | null
  readonly statementDescriptor: string | null
  readonly statementDescriptorSuffix: string | null
  readonly calculatedStatementDescriptor: string
  readonly transferGroup: string | null
  readonly userReport: 'safe' | 'fraudulent' | null
  readonly stripeReport: 'fraudulent' | null
}

/** What the deciding functions need to know of the account. */
export type Terms = {
  readonly country: string
  readonly payouts?: { readonly delayDays: number | null }
  /** Test mode has cards whose funds need no time. */
  readonly fundsAtOnce?: boolean
}

/** Stripe: "held for up to seven days", what card issuers guarantee for online card payments. */
const AUTHORIZATION_HOLD_DAYS = 7
/** The first second at which the hold has lapsed, UNIX seconds. */
export function holdEndsAt(charge: Charge): UnixSeconds {
  return charge.created + AUTHORIZATION_HOLD_DAYS * SECONDS_PER_DAY
}

/** Captured money that can still be refunded. */
export function refundable(charge: Charge): Minor {
  return charge.amountCaptured - charge.amountRefunded
}

/** The API's `amount_refunded`: refunds, and releases that a Refund stands for. */
export function amountRefundedShown(charge: Charge): Minor {
  return charge.amountRefunded + (charge.releaseIsRefund ? charge.amountReleased : 0)
}

/** The API's `refunded`: nothing of the charge is left to refund. */
export function isFullyRefunded(charge: Charge): boolean {
  switch (charge.state) {
    case 'captured':
      return refundable(charge) === 0
    case 'released':
    case 'expired':
      return charge.releaseIsRefund
    case 'failed':
    case 'authorized':
      return false
    default:
      return charge.state satisfies never
  }
}

/** Whether an amount can be charged in its currency: Stripe's minimum, maximum and rounding. Null where it can. */
export function checkAmount(amount: Minor, currency: Currency, param: string | undefined): StripeError | null {
  const least = minimumCharge(currency)
  const most = maximumCharge(currency)
  if (amount > most) return errors.amountTooLarge(formatAmount(most, currency), param)
  if (amount < least) return errors.amountTooSmall(`${formatAmount(least, currency)} ${currency}`, param)
  if (!isRoundedFor(amount, currency)) return amountNotRounded(currency, param)
  return null
}

function amountNotRounded(currency: Currency, param: string | undefined): StripeError {
  return errors.amountNotRounded(currency, roundingOf(currency), param)
}

/** Keeps a charge that was declined or blocked: it exists, and holds no money. */
export function fail(charge: Charge): Decision<Charge> {
  assert(charge.state === 'failed' && charge.failure !== null && charge.amountCaptured === 0)
  return accept(charge, {
    events: [{ type: 'charge.failed', object: 'charge', before: null, after: charge, refunds: [] }],
  })
}

/** Keeps a charge that the issuer authorized; with `transaction` it is captured in full at once. */
export function authorize(charge: Charge, terms: Terms, transaction: TransactionId | null): Decision<Charge> {
  assert(charge.state === 'authorized' && charge.authorization !== null)
  const sold = transaction === null ? null : sell(charge, charge.amount, terms, charge.created, transaction)
  const value = sold?.charge ?? charge
  return accept(value, {
    transactions: sold ? [sold.transaction] : [],
    events: [{ type: 'charge.succeeded', object: 'charge', before: null, after: value, refunds: [] }],
  })
}

export type Capture = {
  /** Null: all that was authorized. */
  readonly amount: Minor | null
  readonly receiptEmail?: string | undefined
  readonly statementDescriptor?: string | undefined
  readonly statementDescriptorSuffix?: string | undefined
  readonly transferGroup?: string | undefined
  readonly calculatedStatementDescriptor: string
  /** Before 2025-03-31.basil a Refund stands for the rest; its id then, else null. */
  readonly releaseRefund: RefundId | null
  readonly transaction: TransactionId
}

export type Captured = { readonly charge: Charge; readonly release: Refund | null }

/**
 * Captures an authorized charge once, in full or `amount` less; the rest is released at once. One balance transaction,
 * over the captured amount. Refuses with Stripe's errors of capture.
 */
export function capture(
  charge: Charge,
  wanted: Capture,
  terms: Terms,
  refunds: readonly Refund[],
  now: UnixSeconds,
): Decision<Captured> {
  const amount = wanted.amount ?? charge.amount
  if (charge.state === 'failed') return refuse(errors.captureOfFailedCharge(charge.id))
  if (charge.state === 'captured') return refuse(errors.chargeAlreadyCaptured(charge.id))
  if (charge.state === 'released') return refuse(errors.chargeAlreadyRefunded(charge.id))
  if (charge.state === 'expired' || now >= holdEndsAt(charge))
    return refuse(errors.chargeExpiredForCapture(charge.id, AUTHORIZATION_HOLD_DAYS))
  if (amount > charge.amount) return refuse(errors.captureAboveAuthorized())
  const unchargeable = checkAmount(amount, charge.currency, undefined)
  if (unchargeable) return refuse(unchargeable)

  const rest = charge.amount - amount
  const release =
    rest > 0 && wanted.releaseRefund !== null ? releaseOf(charge, wanted.releaseRefund, rest, null, {}, now) : null
  const told: Charge = {
    ...charge,
    receiptEmail: wanted.receiptEmail ?? charge.receiptEmail,
    statementDescriptor: wanted.statementDescriptor ?? charge.statementDescriptor,
    statementDescriptorSuffix: wanted.statementDescriptorSuffix ?? charge.statementDescriptorSuffix,
    calculatedStatementDescriptor: wanted.calculatedStatementDescriptor,
    transferGroup: wanted.transferGroup ?? charge.transferGroup,
    amountReleased: rest,
    releaseIsRefund: release !== null,
    refundCount: charge.refundCount + (release ? 1 : 0),
  }
  const sold = sell(told, amount, terms, now, wanted.transaction)
  const listed = release ? [release, ...refunds] : refunds
  return accept(
    { charge: sold.charge, release },
    {
      transactions: [sold.transaction],
      events: [
        { type: 'charge.captured', object: 'charge', before: charge, after: sold.charge, refunds: listed },
        ...(release
          ? refundEvents(
              { ...sold.charge, releaseIsRefund: false, refundCount: charge.refundCount },
              sold.charge,
              release,
              refunds,
            )
          : []),
      ],
    },
  )
}

export type RefundRequest = {
  readonly id: RefundId
  /** Null: all that remains. */
  readonly amount: Minor | null
  readonly reason: RefundReason | null
  readonly metadata: Metadata
  readonly transaction: TransactionId
  /** Where the money is on its way for some time: the refund is told to have succeeded later. */
  readonly isPending?: boolean
}

export type Refunded = { readonly charge: Charge; readonly refund: Refund }

/**
 * Refunds a captured charge, up to what remains; a hold only whole, which releases it without a balance transaction.
 * `refunds` are those that exist, newest first. Refuses with Stripe's errors of refunds.
 */
export function refund(
  charge: Charge,
  wanted: RefundRequest,
  refunds: readonly Refund[],
  now: UnixSeconds,
): Decision<Refunded> {
  const most = maximumCharge(charge.currency)
  if (wanted.amount !== null && wanted.amount > most) {
    return refuse(errors.amountTooLarge(formatAmount(most, charge.currency), 'amount'))
  }
  if (charge.state === 'failed') return refuse(errors.chargeNotRefundable(charge.id))
  if (charge.state === 'released' || charge.state === 'expired') return refuse(errors.chargeAlreadyRefunded(charge.id))
  if (charge.state === 'authorized' && now >= holdEndsAt(charge)) return refuse(errors.chargeAlreadyRefunded(charge.id))
  if (charge.state === 'authorized') return releaseHold(charge, wanted, refunds, now)
  if (charge.amountWithheld > 0) return refuse(errors.chargeDisputed(charge.id))
  const remaining = refundable(charge)
  if (remaining === 0) return refuse(errors.chargeAlreadyRefunded(charge.id))
  const amount = wanted.amount ?? remaining
  if (amount > remaining) return refuse(refundTooLarge(charge, amount, remaining))
  if (!isRoundedFor(amount, charge.currency)) return refuse(amountNotRounded(charge.currency, 'amount'))
  assert(charge.fundsAvailableOn !== null)

  const transaction = returnOfSale({
    id: wanted.transaction,
    refund: wanted.id,
    currency: charge.currency,
    amount,
    chargeDescription: charge.description,
    now,
    chargeAvailableOn: charge.fundsAvailableOn,
  })
  const made: Refund = {
    ...releaseOf(charge, wanted.id, amount, wanted.reason, wanted.metadata, now),
    status: wanted.isPending ? 'pending' : 'succeeded',
    balanceTransaction: transaction.id,
  }
  const after: Charge = {
    ...charge,
    amountRefunded: charge.amountRefunded + amount,
    refundCount: charge.refundCount + 1,
  }
  assert(after.amountRefunded <= after.amountCaptured)
  return accept(
    { charge: after, refund: made },
    { transactions: [transaction], events: refundEvents(charge, after, made, refunds) },
  )
}

function releaseHold(
  charge: Charge,
  wanted: RefundRequest,
  refunds: readonly Refund[],
  now: UnixSeconds,
): Decision<Refunded> {
  if (wanted.amount !== null && wanted.amount > charge.amount)
    return refuse(refundTooLarge(charge, wanted.amount, charge.amount))
  if (wanted.amount !== null && wanted.amount < charge.amount) return refuse(errors.refundOfPartOfHold())

  const made = releaseOf(charge, wanted.id, charge.amount, wanted.reason, wanted.metadata, now)
  const after: Charge = {
    ...charge,
    state: 'released',
    amountReleased: charge.amount,
    releaseIsRefund: true,
    refundCount: charge.refundCount + 1,
  }
  return accept({ charge: after, refund: made }, { events: refundEvents(charge, after, made, refunds) })
}

export type ChargeUpdate = {
  readonly customer?: CustomerId | undefined
  readonly description?: string | null | undefined
  readonly metadata?: MetadataChange | undefined
  readonly receiptEmail?: string | null | undefined
  readonly shipping?: Shipping | null | undefined
  readonly transferGroup?: string | undefined
  readonly userReport?: 'safe' | 'fraudulent' | null | undefined
}

/** Changes what can be changed on a charge; nothing about its money can. */
export function update(charge: Charge, change: ChargeUpdate, refunds: readonly Refund[]): Decision<Charge> {
  const customer = change.customer ?? charge.customer
  if (charge.customer !== null && customer !== charge.customer) return refuse(errors.chargeHasCustomer(charge.id))
  const metadata = mergeMetadata(charge.metadata, change.metadata)
  if (metadata instanceof Error) return refuse(metadata)
  const after: Charge = {
    ...charge,
    customer,
    description: change.description === undefined ? charge.description : change.description,
    metadata,
    receiptEmail: change.receiptEmail === undefined ? charge.receiptEmail : change.receiptEmail,
    shipping: change.shipping === undefined ? charge.shipping : change.shipping,
    transferGroup: change.transferGroup ?? charge.transferGroup,
    userReport: change.userReport === undefined ? charge.userReport : change.userReport,
  }
  return accept(after, { events: [{ type: 'charge.updated', object: 'charge', before: charge, after, refunds }] })
}

type Sold = { readonly charge: Charge; readonly transaction: LedgerTransaction }

function sell(charge: Charge, amount: Minor, terms: Terms, now: UnixSeconds, id: TransactionId): Sold {
  assert(charge.state === 'authorized' && amount + charge.amountReleased <= charge.amount)
  const { country, payouts, fundsAtOnce } = terms
  const fundsAvailableOn = fundsAtOnce
    ? now
    : availableOn({ country, capturedAt: now, delayDays: payouts?.delayDays ?? undefined })
  const transaction = sale({
    id,
    charge: charge.id,
    currency: charge.currency,
    amount,
    fee: feeFor({ country, amount, currency: charge.currency }),
    description: charge.description,
    now,
    availableOn: fundsAvailableOn,
  })
  const captured: Charge = {
    ...charge,
    state: 'captured',
    amountCaptured: amount,
    balanceTransaction: id,
    fundsAvailableOn,
  }
  return { charge: captured, transaction }
}

function refundTooLarge(charge: Charge, amount: Minor, remaining: Minor): StripeError {
  const wanted = formatAmount(amount, charge.currency)
  if (amountRefundedShown(charge) === 0 && amount > charge.amount) {
    return errors.refundAboveCharge(wanted, formatAmount(charge.amount, charge.currency))
  }
  return errors.refundAboveUnrefunded(wanted, formatAmount(remaining, charge.currency))
}
