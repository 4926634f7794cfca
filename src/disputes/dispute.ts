import assert from 'node:assert/strict'
import type { Brand } from '../cards/card.ts'
import type { Charge } from '../charges/charge.ts'
import { formatAmount, isRoundedFor, roundingOf } from '../currencies.ts'
import { accept, type Decision, refuse } from '../decision.ts'
import { errors, type StripeError } from '../errors.ts'
import type { Happening } from '../events/event.ts'
import type { ChargeId, DisputeId, TransactionId } from '../ids.ts'
import { chargeback, type LedgerTransaction } from '../ledger/ledger.ts'
import { type Metadata, type MetadataChange, mergeMetadata, NO_METADATA } from '../metadata.ts'
import { type Currency, type Minor, SECONDS_PER_DAY, type UnixSeconds } from '../money.ts'
import type { Refund } from '../refunds/refund.ts'
import { disputeFee } from './dispute-fee.ts'
import { type Eligibility, type EnhancedEvidence, feeIsAcknowledged, NOTHING_ENHANCED } from './enhanced-evidence.ts'
import {
  charactersOf,
  EVIDENCE_CHARACTERS,
  type Evidence,
  type EvidenceChange,
  mergeEvidence,
  saysSomething,
} from './evidence.ts'

export const DISPUTE_REASONS = [
  ...(['bank_cannot_process', 'check_returned', 'credit_not_processed', 'customer_initiated'] as const),
  ...(['debit_not_authorized', 'duplicate', 'fraudulent', 'general', 'incorrect_account_details'] as const),
  ...(['insufficient_funds', 'noncompliant', 'product_not_received', 'product_unacceptable'] as const),
  ...(['subscription_canceled', 'unrecognized'] as const),
] as const
export type DisputeReason = (typeof DISPUTE_REASONS)[number]

/**
 * An inquiry (`warning_…`) moves no money. It ends as `warning_closed`, or is escalated to a chargeback, `needs_response`,
 * which has taken the money and the fee. That is `lost`, or `won`, which brings the money back. Ends are never left.
 */
export type DisputeStatus =
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'warning_closed'
  | 'needs_response'
  | 'under_review'
  | 'won'
  | 'lost'

export type Dispute = {
  readonly id: DisputeId
  readonly created: UnixSeconds
  readonly charge: ChargeId
  /** What is disputed: at most what was captured. Smallest unit of `currency`. */
  readonly amount: Minor
  readonly currency: Currency
  readonly reason: DisputeReason
  readonly status: DisputeStatus
  readonly caseType: 'inquiry' | 'chargeback' | 'compliance'
  /** The network's own code for the reason, where it is known. */
  readonly networkReasonCode: string | null
  readonly brand: Brand
  readonly evidence: Evidence
  /** What of the networks' own programs the dispute is eligible for, and what was sent for it. */
  readonly eligibility: Eligibility | null
  readonly enhancedEvidence: EnhancedEvidence
  /** Whether the merchant has sent anything, submitted or not. */
  readonly hasEvidence: boolean
  readonly submissionCount: number
  readonly submittedAt: UnixSeconds | null
  /** The last second at which evidence is taken. */
  readonly dueBy: UnixSeconds
  /** The deadline has passed without an answer. */
  readonly pastDue: boolean
  readonly metadata: Metadata
  /** What has moved: nothing, the withdrawal, or the withdrawal and the reversal. */
  readonly transactions: readonly LedgerTransaction[]
}

/** A dispute and its charge, which change together. */
export type Disputed = { readonly dispute: Dispute; readonly charge: Charge }

/** Where a dispute stands: itself, its charge, and the charge's refunds, newest first. */
export type Standing = Disputed & { readonly refunds: readonly Refund[] }

/** Test mode's recordings of 2021 to 2024; the networks give 7 to 21 days. */
const DAYS_TO_ANSWER = 9

/** The last second to answer a dispute: the end of a day, 23:59:59 UTC. */
export function answerBy(now: UnixSeconds): UnixSeconds {
  return (Math.floor(now / SECONDS_PER_DAY) + DAYS_TO_ANSWER + 1) * SECONDS_PER_DAY - 1
}

export function isInquiry({ status }: Pick<Dispute, 'status'>): boolean {
  return status.startsWith('warning_')
}

export function isClosed({ status }: Pick<Dispute, 'status'>): boolean {
  return status === 'won' || status === 'lost' || status === 'warning_closed'
}

/** Whether the disputed money is with the bank. */
export function withholds({ status }: Pick<Dispute, 'status'>): boolean {
  return status === 'needs_response' || status === 'under_review' || status === 'lost'
}

/** What of a charge can still be disputed: what was captured and is not in another dispute, whatever was refunded. */
function disputable(charge: Charge): Minor {
  return charge.amountCaptured - charge.amountInquired - charge.amountWithheld
}

// --- opening --------------------------------------------------------------------------------------------------------

export type DisputeRequest = {
  readonly id: DisputeId
  /** Null: all that can be disputed. */
  readonly amount: Minor | null
  readonly reason: DisputeReason
  readonly isInquiry: boolean
  /** Null: what the card networks' recordings have for the reason. */
  readonly networkReasonCode: string | null
  readonly eligibility: Eligibility | null
  /** What is known of the customer and the purchase already. */
  readonly evidence: Evidence
  readonly transaction: TransactionId
}

/** Disputes of one charge, and the charge with them. */
export type Opened = { readonly charge: Charge; readonly disputes: readonly Dispute[] }

/** The bank disputes a captured charge, or asks about it: once, or in parts. Refuses what no bank could dispute. */
export function open(charge: Charge, wanted: readonly DisputeRequest[], now: UnixSeconds): Decision<Opened> {
  let opened: Opened = { charge, disputes: [] }
  const transactions: LedgerTransaction[] = []
  const events: Happening[] = []
  for (const one of wanted) {
    const decision = openOne(opened.charge, one, now)
    if (decision.refused) return decision
    opened = { charge: decision.value.charge, disputes: [...opened.disputes, decision.value.dispute] }
    transactions.push(...decision.transactions)
    events.push(...decision.events)
  }
  return accept(opened, { transactions, events })
}

function openOne(charge: Charge, wanted: DisputeRequest, now: UnixSeconds): Decision<Disputed> {
  const most = disputable(charge)
  const amount = wanted.amount ?? most
  const { currency } = charge
  if (charge.state !== 'captured') return refuse(errors.chargeNotDisputable(charge.id))
  if (most === 0) return refuse(errors.chargeDisputedAlready(charge.id))
  if (amount > most) return refuse(errors.disputeTooLarge(formatAmount(most, currency)))
  if (!isRoundedFor(amount, currency)) return refuse(errors.amountNotRounded(currency, roundingOf(currency), 'amount'))

  const dispute: Dispute = {
    id: wanted.id,
    created: now,
    charge: charge.id,
    amount,
    currency,
    reason: wanted.reason,
    status: wanted.isInquiry ? 'warning_needs_response' : 'needs_response',
    caseType: wanted.isInquiry ? 'inquiry' : wanted.eligibility === 'visa_compliance' ? 'compliance' : 'chargeback',
    networkReasonCode: wanted.networkReasonCode ?? networkCodeOf(charge.card.brand, wanted),
    brand: charge.card.brand,
    evidence: wanted.evidence,
    eligibility: wanted.eligibility,
    enhancedEvidence: NOTHING_ENHANCED,
    hasEvidence: false,
    submissionCount: 0,
    submittedAt: null,
    dueBy: answerBy(now),
    pastDue: false,
    metadata: NO_METADATA,
    transactions: [],
  }
  const told: Charge = { ...charge, dispute: dispute.id }
  if (wanted.isInquiry) {
    return accept(
      { dispute, charge: { ...told, amountInquired: told.amountInquired + amount } },
      { events: [tell('charge.dispute.created', dispute)] },
    )
  }
  const { after, moved } = withdraw({ dispute, charge: told }, wanted.transaction, now)
  return accept(after, {
    transactions: [moved],
    events: [tell('charge.dispute.created', after.dispute), tell('charge.dispute.funds_withdrawn', after.dispute)],
  })
}

/** The code of Visa, as recordings of test mode have it. */
export function networkCodeOf(brand: Brand, { reason, isInquiry }: Pick<DisputeRequest, 'reason' | 'isInquiry'>) {
  if (brand !== 'visa') return null
  if (isInquiry) return '10'
  if (reason === 'fraudulent') return '10.4'
  return reason === 'product_not_received' ? '13.1' : null
}

/** Takes the money of a dispute, and the fee. */
export function withdraw({ dispute, charge }: Disputed, id: TransactionId, now: UnixSeconds) {
  assert(dispute.transactions.length === 0 && charge.fundsAvailableOn !== null)
  const { amount, currency } = dispute
  const moved = chargeback({
    id,
    dispute: dispute.id,
    charge: charge.id,
    currency,
    amount,
    fee: disputeFee(currency),
    now,
    chargeAvailableOn: charge.fundsAvailableOn,
  })
  const after: Disputed = {
    dispute: { ...dispute, transactions: [moved] },
    charge: { ...charge, amountWithheld: charge.amountWithheld + amount },
  }
  assert(after.charge.amountWithheld + after.charge.amountInquired <= charge.amountCaptured)
  return { after, moved }
}

// --- answering ------------------------------------------------------------------------------------------------------

export type DisputeChange = {
  readonly evidence: EvidenceChange
  readonly enhancedEvidence: EnhancedEvidence | null
  /** Undefined: whatever evidence comes along is submitted. False only keeps it. */
  readonly submit: boolean | undefined
  readonly metadata: MetadataChange | undefined
}

/** Keeps evidence and metadata, and hands the evidence to the bank: once. Refuses with Stripe's errors of disputes. */
export function update({ dispute, ...rest }: Standing, change: DisputeChange, now: UnixSeconds): Decision<Dispute> {
  if (isClosed(dispute)) return refuse(errors.disputeClosed())
  const isTold = saysSomething(change.evidence) || change.enhancedEvidence !== null
  const submits = change.submit ?? isTold
  const after: Dispute = {
    ...dispute,
    evidence: mergeEvidence(dispute.evidence, change.evidence),
    enhancedEvidence: { ...dispute.enhancedEvidence, ...change.enhancedEvidence },
    hasEvidence: dispute.hasEvidence || isTold,
  }
  const wrong = isTold || submits ? evidenceError(dispute, after, submits, now) : null
  if (wrong) return refuse(wrong)
  const metadata = mergeMetadata(dispute.metadata, change.metadata)
  if (metadata instanceof Error) return refuse(metadata)

  const value: Dispute = submits ? submitted({ ...after, metadata }, now) : { ...after, metadata }
  return accept(value, { events: [tell('charge.dispute.updated', value, dispute), tellCharge(rest)] })
}

function evidenceError(before: Dispute, after: Dispute, submits: boolean, now: UnixSeconds): StripeError | null {
  if (before.status === 'under_review' || before.status === 'warning_under_review') return errors.evidenceSubmitted()
  if (now > before.dueBy) return errors.evidencePastDue()
  if (submits && !feeIsAcknowledged(after)) return errors.disputeFeeNotAcknowledged()
  if (charactersOf(after.evidence) > EVIDENCE_CHARACTERS) return errors.evidenceTooLong(EVIDENCE_CHARACTERS)
  return null
}

function submitted(dispute: Dispute, now: UnixSeconds): Dispute {
  return {
    ...dispute,
    status: isInquiry(dispute) ? 'warning_under_review' : 'under_review',
    hasEvidence: true,
    submissionCount: dispute.submissionCount + 1,
    submittedAt: now,
  }
}

/** The merchant gives up: the money stays with the bank. An inquiry is closed without any having moved. */
export function close(standing: Standing): Decision<Disputed> {
  if (isClosed(standing.dispute)) return refuse(errors.disputeClosed())
  return lose(standing)
}

/** The bank keeps what it has taken; an inquiry has taken nothing. */
export function lose({ dispute, charge, refunds }: Standing): Decision<Disputed> {
  const after: Disputed = isInquiry(dispute)
    ? {
        dispute: { ...dispute, status: 'warning_closed' },
        charge: { ...charge, amountInquired: charge.amountInquired - dispute.amount },
      }
    : { dispute: { ...dispute, status: 'lost' }, charge }
  return accept(after, {
    events: [tell('charge.dispute.closed', after.dispute), tellCharge({ charge: after.charge, refunds })],
  })
}

// --- what is told ---------------------------------------------------------------------------------------------------

export function tell(
  type: Extract<Happening, { object: 'dispute' }>['type'],
  after: Dispute,
  before: Dispute | null = null,
): Happening {
  return { type, object: 'dispute', before, after }
}

/** Stripe tells of the charge too, though nothing of it has changed that can be seen (observed). */
export function tellCharge({ charge, refunds }: Pick<Standing, 'charge' | 'refunds'>): Happening {
  return { type: 'charge.updated', object: 'charge', before: charge, after: charge, refunds, evenIfUnchanged: true }
}
