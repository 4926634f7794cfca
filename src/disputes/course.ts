/** What happens to a dispute by itself: its deadline, the bank's ruling, the end of an inquiry. */

import assert from 'node:assert/strict'
import type { Charge } from '../charges/charge.ts'
import { accept, type Decision } from '../decision.ts'
import type { TransactionId } from '../ids.ts'
import { chargebackReversal } from '../ledger/ledger.ts'
import { SECONDS_PER_DAY, type UnixSeconds } from '../money.ts'
import {
  answerBy,
  type Dispute,
  type Disputed,
  isClosed,
  isInquiry,
  lose,
  networkCodeOf,
  type Standing,
  tell,
  tellCharge,
  withdraw,
} from './dispute.ts'
import { rulingOn } from './evidence.ts'

/** What the deciding functions need to know of the account. */
export type DisputeTerms = { readonly returnsDisputeFee: boolean }

/** What the bank takes to rule on the evidence of a test. */
const RULING_SECONDS = 5
/** After so long without an escalation the networks close an inquiry. */
const INQUIRY_DAYS = 120
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
