/** The model of disputes: money-and-events, in a merchant's words. */

import type { Books, Charge, Movement } from './books.ts'
import { type Currency, DAY } from './laws.ts'

/** Stripe's words in `evidence[uncategorized_text]`, by which the bank of test mode rules. */
export const RULINGS = { winning_evidence: 'won', losing_evidence: 'lost' } as const
export type Ruling = keyof typeof RULINGS

export type Dispute = {
  readonly id: string
  readonly charge: Charge
  readonly amount: number
  status: 'warning_needs_response' | 'warning_under_review' | 'warning_closed' | DisputeStatus
}
type DisputeStatus = 'needs_response' | 'under_review' | 'won' | 'lost'

const FEES: Readonly<Record<Currency, number>> = { usd: 1500, eur: 2000, jpy: 1300, kwd: 0 }
const DAYS_TO_ANSWER = 9
const RULING_SECONDS = 5
/** After about so long without escalation an inquiry is over. */
const INQUIRY_SECONDS = 120 * DAY

/** What of a charge is not in a dispute that is open or lost; refunds reduce nothing in advance. */
export function disputable(books: Books, charge: Charge): number {
  const taken = books.disputes.filter((one) => one.charge === charge && !['won', 'warning_closed'].includes(one.status))
  return charge.captured - taken.reduce((sum, { amount }) => sum + amount, 0)
}

/** Whether the bank has money of the charge: then nothing of it is refunded. */
export function isChargedBack(books: Books, charge: Charge): boolean {
  return books.disputes.some(
    (one) => one.charge === charge && ['needs_response', 'under_review', 'lost'].includes(one.status),
  )
}

export function isOpen({ status }: Dispute): boolean {
  return status === 'needs_response' || status === 'warning_needs_response'
}

/** The money and the fee leave, from where the charge's own money is. An inquiry moves none. */
export function openDispute(books: Books, id: string, charge: Charge, amount: number, isInquiry: boolean): Dispute {
  const dispute: Dispute = { id, charge, amount, status: isInquiry ? 'warning_needs_response' : 'needs_response' }
  books.disputes.push(dispute)
  books.tell('charge.dispute.created', id)
  if (!isInquiry) {
    books.move(movementOf(books, dispute, -amount, FEES[charge.currency]))
    books.tell('charge.dispute.funds_withdrawn', id)
  }
  const dueBy = (Math.floor(books.now / DAY) + DAYS_TO_ANSWER + 1) * DAY - 1
  books.later(dueBy + 1, () => {
    if (dispute.status === 'needs_response') end(books, dispute, 'lost')
  })
  books.later(books.now + INQUIRY_SECONDS, () => {
    if (isInquiry && dispute.status !== 'warning_closed') end(books, dispute, 'warning_closed')
  })
  return dispute
}

/** The evidence is with the bank, which rules on it in five seconds. */
export function submit(books: Books, dispute: Dispute, ruling: Ruling): void {
  const isInquiry = dispute.status === 'warning_needs_response'
  dispute.status = isInquiry ? 'warning_under_review' : 'under_review'
  books.later(books.now + RULING_SECONDS, () => {
    if (dispute.status.endsWith('under_review')) end(books, dispute, isInquiry ? 'warning_closed' : RULINGS[ruling])
  })
}

/** The merchant gives up. */
export function close(books: Books, dispute: Dispute): void {
  end(books, dispute, dispute.status.startsWith('warning_') ? 'warning_closed' : 'lost')
}

function end(books: Books, dispute: Dispute, status: 'won' | 'lost' | 'warning_closed'): void {
  dispute.status = status
  if (status === 'won') {
    books.move(movementOf(books, dispute, dispute.amount, 0))
    books.tell('charge.dispute.funds_reinstated', dispute.id)
  }
  books.tell('charge.dispute.closed', dispute.id)
}

function movementOf(books: Books, { id, charge }: Dispute, amount: number, fee: number): Movement {
  const availableOn = Math.max(books.now, charge.availableOn)
  return { type: 'adjustment', source: id, currency: charge.currency, amount, fee, availableOn }
}
