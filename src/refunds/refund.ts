import { accept, type Decision, refuse } from '../decision.ts'
import type { ChargeId, RefundId, TransactionId } from '../ids.ts'
import { type Metadata, type MetadataChange, mergeMetadata } from '../metadata.ts'
import type { Currency, Minor, UnixSeconds } from '../money.ts'

export const REFUND_REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const
/** What a caller may say, and what Stripe alone says. */
export type RefundReason = (typeof REFUND_REASONS)[number] | 'expired_uncaptured_charge'

/** Money given back: of a capture (with a balance transaction), or of a hold (without, since none moved). */
export type Refund = {
  readonly id: RefundId
  readonly charge: ChargeId
  readonly created: UnixSeconds
  /** Smallest unit of `currency`. */
  readonly amount: Minor
  readonly currency: Currency
  readonly reason: RefundReason | null
  readonly metadata: Metadata
  /** A refund that has failed may have succeeded before: the card's bank sent the money back. */
  readonly status: 'pending' | 'succeeded' | 'failed'
  readonly balanceTransaction: TransactionId | null
  /** Of a refund that has failed: why, and the transaction by which the money came back. */
  readonly failureReason?: RefundFailureReason
  readonly failureBalanceTransaction?: TransactionId
}

/** Stripe's `failure_reason`. */
export type RefundFailureReason = 'expired_or_canceled_card'

/** Only the metadata of a refund can change. Refuses with Stripe's error where it would have too many keys. */
export function updateRefund(refund: Refund, change: MetadataChange | undefined): Decision<Refund> {
  const metadata = mergeMetadata(refund.metadata, change)
  if (metadata instanceof Error) return refuse(metadata)
  const after: Refund = { ...refund, metadata }
  const told = { object: 'refund', before: refund, after } as const
  return accept(after, {
    events: [
      { type: 'charge.refund.updated', ...told },
      { type: 'refund.updated', ...told },
    ],
  })
}
