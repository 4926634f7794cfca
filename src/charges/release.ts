import type { RefundId } from '../ids.ts'
import type { Metadata } from '../metadata.ts'
import type { Minor, UnixSeconds } from '../money.ts'
import type { Refund, RefundReason } from '../refunds/refund.ts'
import type { Charge } from './charge.ts'

/** The version from which giving an authorization back, or the rest of one, makes no Refund. */
export const RELEASE_WITHOUT_REFUND = '2025-03-31'

/** A new Refund, without balance transaction: of a hold no money moved. One of captured money gets its transaction after. */
export function releaseOf(
  charge: Charge,
  id: RefundId,
  amount: Minor,
  reason: RefundReason | null,
  metadata: Metadata,
  now: UnixSeconds,
): Refund {
  return {
    id,
    charge: charge.id,
    created: now,
    amount,
    currency: charge.currency,
    reason,
    metadata,
    status: 'succeeded',
    balanceTransaction: null,
  }
}

/** What is told of a new refund: the refund itself, then the charge with it. `refunds` are those before, newest first. */
export function refundEvents(before: Charge, after: Charge, made: Refund, refunds: readonly Refund[]) {
  const told = { type: 'charge.refunded', object: 'charge', before, after, refunds: [made, ...refunds] } as const
  return [{ type: 'refund.created', object: 'refund', before: null, after: made } as const, told]
}
