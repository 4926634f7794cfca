import assert from 'node:assert/strict'
import type { Brand } from '../cards/card.ts'
import type { Charge } from '../charges/charge.ts'
import { formatAmount, isRoundedFor, roundingOf } from '../currencies.ts'
import { accept, type Decision, refuse } from '../decision.ts'
import { errors, type StripeError } from '../errors.ts'
import type { Happening } from '../events/event.ts'
import type { ChargeId, DisputeId, TransactionId } from '../ids.ts'
import { chargeback, chargebackReversal, type LedgerTransaction } from '../ledger/ledger.ts'
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
  rulingOn,
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

/** What the deciding functions need to know of the account. */
export type DisputeTerms = { readonly returnsDisputeFee: boolean }

/** A dispute and its charge, which change together. */
export type Disputed = { readonly dispute: Dispute; readonly charge: Charge }

/** Where a dispute stands: itself, its charge, and the charge's refunds, newest first. */
export type Standing = Disputed & { readonly refunds: readonly Refund[] }

/** Test mode's recordings of 2021 to 2024; the networks give 7 to 21 days. */
const DAYS_TO_ANSWER = 9
/** After so long without an escalation the networks close an inquiry. */
const INQUIRY_DAYS = 120
/** What the bank takes to rule on the evidence of a test. */
const RULING_SECONDS = 5

/** The end of a day, 23:59:59 UTC. */
function answerBy(now: UnixSeconds): UnixSeconds {
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

/** Of Visa, as recordings of test mode have them. */
function networkCodeOf(brand: Brand, { reason, isInquiry }: Pick<DisputeRequest, 'reason' | 'isInquiry'>) {
  if (brand !== 'visa') return null
  if (isInquiry) return '10'
  if (reason === 'fraudulent') return '10.4'
  return reason === 'product_not_received' ? '13.1' : null
}

function withdraw({ dispute, charge }: Disputed, id: TransactionId, now: UnixSeconds) {
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

function lose({ dispute, charge, refunds }: Standing): Decision<Disputed> {
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

// --- what happens by itself -----------------------------------------------------------------------------------------

export type DisputeDueKind = 'dispute_deadline' | 'dispute_ruling' | 'inquiry_end'

/** What happens next to a dispute if nobody does anything, and when; null where nothing does. */
export function nextOf(dispute: Dispute): { readonly kind: DisputeDueKind; readonly due: UnixSeconds } | null {
  const end = { kind: 'inquiry_end', due: dispute.created + INQUIRY_DAYS * SECONDS_PER_DAY } as const
  switch (dispute.status) {
    case 'needs_response':
      return { kind: 'dispute_deadline', due: dispute.dueBy + 1 }
    case 'warning_needs_response':
      return dispute.pastDue ? end : { kind: 'dispute_deadline', due: dispute.dueBy + 1 }
    case 'under_review':
    case 'warning_under_review':
      if (hasRuling(dispute)) return { kind: 'dispute_ruling', due: (dispute.submittedAt ?? 0) + RULING_SECONDS }
      return isInquiry(dispute) ? end : null
    case 'won':
    case 'lost':
    case 'warning_closed':
      return null
    default:
      return dispute.status satisfies never
  }
}

/** Only an inquiry can be escalated; a bank that has the money already has nothing to say to that. */
function hasRuling(dispute: Dispute): boolean {
  const ruling = rulingOn(dispute.evidence)
  return ruling !== null && (ruling !== 'escalated' || isInquiry(dispute))
}

/** Nobody has answered in time: a chargeback is lost, and an inquiry stays open, but takes no evidence any more. */
export function lapse(standing: Standing, now: UnixSeconds): Decision<Disputed> {
  const { dispute, charge, refunds } = standing
  assert(now > dispute.dueBy && dispute.status.endsWith('needs_response'), 'only what was not answered in time lapses')
  const late: Dispute = { ...dispute, pastDue: true }
  if (!isInquiry(dispute)) return lose({ ...standing, dispute: late })
  return accept(
    { dispute: late, charge },
    { events: [tell('charge.dispute.updated', late, dispute), tellCharge({ charge, refunds })] },
  )
}

/** The networks have heard nothing more of an inquiry. */
export function endInquiry(standing: Standing): Decision<Disputed> {
  assert(isInquiry(standing.dispute) && !isClosed(standing.dispute))
  return lose(standing)
}

/** The bank rules on the evidence that it got. `transaction` is for the money that may move. */
export function rule(
  standing: Standing,
  transaction: TransactionId,
  terms: DisputeTerms,
  now: UnixSeconds,
): Decision<Disputed> {
  const { dispute } = standing
  assert(dispute.status.endsWith('under_review') && hasRuling(dispute))
  const ruling = rulingOn(dispute.evidence)
  if (ruling === 'escalated') return escalate(standing, transaction, now)
  return ruling === 'won' && !isInquiry(dispute) ? win(standing, transaction, terms, now) : lose(standing)
}

function win(
  { dispute, charge }: Standing,
  id: TransactionId,
  { returnsDisputeFee }: DisputeTerms,
  now: UnixSeconds,
): Decision<Disputed> {
  const [withdrawal] = dispute.transactions
  assert(withdrawal && charge.fundsAvailableOn !== null && charge.amountWithheld >= dispute.amount)
  const reversal = chargebackReversal({
    id,
    dispute: dispute.id,
    charge: charge.id,
    currency: dispute.currency,
    amount: dispute.amount,
    fee: returnsDisputeFee ? withdrawal.fee : 0,
    now,
    chargeAvailableOn: charge.fundsAvailableOn,
  })
  const won: Dispute = { ...dispute, status: 'won', transactions: [withdrawal, reversal] }
  return accept(
    { dispute: won, charge: { ...charge, amountWithheld: charge.amountWithheld - dispute.amount } },
    {
      transactions: [reversal],
      events: [tell('charge.dispute.funds_reinstated', won), tell('charge.dispute.closed', won)],
    },
  )
}

/** An inquiry becomes a chargeback: now the money goes, and the merchant must answer anew. */
function escalate({ dispute, charge }: Standing, id: TransactionId, now: UnixSeconds): Decision<Disputed> {
  const escalated: Dispute = {
    ...dispute,
    status: 'needs_response',
    caseType: 'chargeback',
    networkReasonCode: networkCodeOf(dispute.brand, { reason: dispute.reason, isInquiry: false }),
    dueBy: answerBy(now),
  }
  const asked: Charge = { ...charge, amountInquired: charge.amountInquired - dispute.amount }
  const { after, moved } = withdraw({ dispute: escalated, charge: asked }, id, now)
  return accept(after, {
    transactions: [moved],
    events: [
      tell('charge.dispute.updated', after.dispute, dispute),
      tell('charge.dispute.funds_withdrawn', after.dispute),
    ],
  })
}

// --- what is told ---------------------------------------------------------------------------------------------------

function tell(
  type: Extract<Happening, { object: 'dispute' }>['type'],
  after: Dispute,
  before: Dispute | null = null,
): Happening {
  return { type, object: 'dispute', before, after }
}

/** Stripe tells of the charge too, though nothing of it has changed that can be seen (observed). */
function tellCharge({ charge, refunds }: Pick<Standing, 'charge' | 'refunds'>): Happening {
  return { type: 'charge.updated', object: 'charge', before: charge, after: charge, refunds, evenIfUnchanged: true }
}
