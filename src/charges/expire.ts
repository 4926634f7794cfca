import assert from 'node:assert/strict'
import { accept, type Decision } from '../decision.ts'
import type { RefundId } from '../ids.ts'
import type { UnixSeconds } from '../money.ts'
import type { Refund } from '../refunds/refund.ts'
import { type Charge, holdEndsAt } from './charge.ts'
import { refundEvents, releaseOf } from './release.ts'

export type Lapsed = { readonly charge: Charge; readonly release: Refund | null }

/**
 * Gives back a hold that nobody captured in seven days. Stripe: before 2025-03-31.basil (the account's version) a Refund
 * of all stands for it, whose id is `releaseRefund`; from basil there is none.
 */
export function expire(charge: Charge, releaseRefund: RefundId | null, now: UnixSeconds): Decision<Lapsed> {
  assert(charge.state === 'authorized' && now >= holdEndsAt(charge), 'only a hold lapses, and not before its time')
  const reason = 'expired_uncaptured_charge'
  const release = releaseRefund === null ? null : releaseOf(charge, releaseRefund, charge.amount, reason, {}, now)
  const lapsed: Charge = { ...charge, state: 'expired', amountReleased: charge.amount }
  const after: Charge = release ? { ...lapsed, releaseIsRefund: true, refundCount: charge.refundCount + 1 } : lapsed
  return accept(
    { charge: after, release },
    {
      events: [
        { type: 'charge.expired', object: 'charge', before: charge, after, refunds: release ? [release] : [] },
        ...(release ? refundEvents(lapsed, after, release, []) : []),
      ],
    },
  )
}
