/**
 * What must be true of what will happen by itself: whatever waits for its time is on the account's list, at that time, and
 * nothing else is. Each check answers what is wrong.
 */

import { type Charge, holdEndsAt } from '../charges/charge.ts'
import { nextOf } from '../disputes/course.ts'
import type { Dispute } from '../disputes/dispute.ts'
import type { UnixSeconds } from '../money.ts'
import type { Payout } from '../payouts/payout.ts'
import type { Refund } from '../refunds/refund.ts'
import { judge, type Wrong } from './audit.ts'

/** Something on an account's list, as it stands there. */
export type Listed = { readonly kind: string; readonly object: string; readonly due: UnixSeconds }

/** Something that must be on the list. A due time of null: the object does not say when. */
export type Awaited = { readonly kind: string; readonly object: string; readonly due: UnixSeconds | null }

/** What happens to a charge by itself: a hold lapses. */
export function awaitedByCharge(charge: Charge): Awaited | null {
  if (charge.state !== 'authorized') return null
  return { kind: 'charge_hold', object: charge.id, due: holdEndsAt(charge) }
}

/** What happens to a dispute by itself: its deadline, the bank's ruling, the end of an inquiry. */
export function awaitedByDispute(dispute: Dispute): Awaited | null {
  const next = nextOf(dispute)
  return next && { ...next, object: dispute.id }
}

/** What happens to a refund by itself: one that is pending succeeds. Which of the others will fail, they do not say. */
export function awaitedByRefund(refund: Refund): Awaited | null {
  return refund.status === 'pending' ? { kind: 'refund_success', object: refund.id, due: null } : null
}

/** What happens to a payout by itself: one that is at the bank arrives. Whether a pending one is sent or fails, its bank says. */
export function awaitedByPayout(payout: Payout): Awaited | null {
  return payout.status === 'in_transit' ? { kind: 'payout_arrival', object: payout.id, due: null } : null
}

/** What waits is on the list, and its time there is its own. */
export function checkAwaited({ kind, object, due }: Awaited, listed: Pick<Listed, 'due'> | undefined): Wrong[] {
  return judge('due work', object, (say) => {
    if (!listed) say('due_work_missing', `no ${kind} is on the list of what will happen`)
    else if (due !== null && listed.due !== due) {
      say('due_work_differs', `its ${kind} is due at ${listed.due}, not at ${due}`)
    }
  })
}

/** What is on the list still waits for it. `waits` is what its object waits for; undefined where there is no object. */
export function checkListed({ kind, object }: Listed, waits: readonly string[] | undefined): Wrong[] {
  return judge('due work', object, (say) => {
    if (!waits)
      say('due_work_object_missing', `${kind} is on the list of what will happen, but its object does not exist`)
    else if (!waits.includes(kind)) say('due_work_settled', `${kind} is on the list, but is settled`)
  })
}

/** Where something will happen, the account's clock knows when to look; but one that stands still may look at nothing. */
export function checkWaking(
  first: Listed,
  clock: { readonly next: number | null; readonly stands: boolean } | undefined,
) {
  return judge('due work', first.object, (say) => {
    if (clock && (clock.next !== null || clock.stands)) return
    say('due_work_sleeps', `${first.kind} is due at ${first.due}, but nothing wakes the account for it`)
  })
}
