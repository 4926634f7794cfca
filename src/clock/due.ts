/** What must happen by itself, and when: an account's list of it, as writes for the units that cause it. */

import type { UnixSeconds } from '../money.ts'
import { type Store, statement, type Write, write, writeAny } from '../store/store.ts'

/**
 * - `bank_sequel`: what the bank of a test card does when a charge of it was captured
 * - `charge_hold`: an authorization that nobody has captured lapses
 * - `funds`: those of a day and currency become available, and are paid out
 * - `payout_sent`, `payout_arrival`, `payout_failure`: what becomes of a payout
 * - `dispute_deadline`: a dispute that nobody has answered
 * - `dispute_ruling`: the bank rules on the evidence of a test
 * - `inquiry_end`: an inquiry of which nothing more was heard
 * - `refund_success`: a pending refund succeeds
 * - `refund_failure`: a refund that had succeeded fails
 */
export type DueKind =
  | 'bank_sequel'
  | 'charge_hold'
  | 'dispute_deadline'
  | 'dispute_ruling'
  | 'inquiry_end'
  | 'refund_success'
  | 'refund_failure'
  | 'funds'
  | 'payout_sent'
  | 'payout_arrival'
  | 'payout_failure'

/** Something that will happen to an object; to one object at most one thing of each kind. */
export type DueWork = {
  readonly kind: DueKind
  readonly object: string
  /** When, by the account's clock in its mode. */
  readonly due: UnixSeconds
}

const insertDue = statement(
  'schedule due work',
  'INSERT INTO due_work (account, kind, object, livemode, due) VALUES (?, ?, ?, ?, ?)',
)
const insertDueOnce = statement(
  'schedule due work once',
  'INSERT INTO due_work (account, kind, object, livemode, due) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
)
const deleteDue = statement('settle due work', 'DELETE FROM due_work WHERE account = ? AND kind = ? AND object = ?')
const firstDue = statement(
  'first due work',
  `SELECT kind, object, due FROM due_work WHERE account = ? AND livemode = ? AND due <= ?
   ORDER BY due, kind, object LIMIT 200`,
)
// The clock is read in the transaction that writes, so that nobody can move it in between.
const wakeFor = statement(
  'wake for due work',
  `INSERT INTO clocks (account, livemode, clock_offset, frozen_at, version, next) VALUES (?, ?, 0, NULL, 0, ?)
   ON CONFLICT (account, livemode) DO UPDATE SET next = CASE
     WHEN clocks.frozen_at IS NULL AND (clocks.next IS NULL OR excluded.next - clocks.clock_offset < clocks.next)
       THEN excluded.next - clocks.clock_offset
     WHEN excluded.next <= clocks.frozen_at THEN 0
     ELSE clocks.next END`,
)

/** The writes that put something on the account's list, and wake the worker when it is time. */
export function scheduleDue(account: string, livemode: boolean, { kind, object, due }: DueWork): Write[] {
  const mode = livemode ? 1 : 0
  return [write(insertDue, account, kind, object, mode, due), writeAny(wakeFor, account, mode, due)]
}

/** As scheduleDue, where the same thing may stand on the list already. */
export function scheduleDueOnce(account: string, livemode: boolean, { kind, object, due }: DueWork): Write[] {
  const mode = livemode ? 1 : 0
  return [writeAny(insertDueOnce, account, kind, object, mode, due), writeAny(wakeFor, account, mode, due)]
}

/** The write that takes something off the list, whether it is there or not. */
export function settleDue(account: string, kind: DueKind, object: string): Write {
  return writeAny(deleteDue, account, kind, object)
}

/** The write that takes something off the list; fails its guard where it has been done meanwhile. */
export function completeDue(account: string, { kind, object }: DueWork): Write {
  return write(deleteDue, account, kind, object)
}

/** The times of what these writes put on the list. */
export function scheduledBy(writes: readonly Write[]): UnixSeconds[] {
  return writes.flatMap(({ statement, values }) =>
    statement === insertDue || statement === insertDueOnce ? [Number(values[4])] : [],
  )
}

/** The first things on the list that are due at `now`, in the order in which they happen. */
export async function dueUntil(
  store: Pick<Store, 'all'>,
  account: string,
  livemode: boolean,
  now: UnixSeconds,
): Promise<DueWork[]> {
  const rows = await store.all(firstDue, [account, livemode ? 1 : 0, now])
  return rows.map(({ kind, object, due }) => ({ kind: kind as DueKind, object: String(object), due: Number(due) }))
}
