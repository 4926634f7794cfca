import type { UnixSeconds } from '../money.ts'
import { type Row, type Store, statement, type Write, write, writeAny } from '../store/store.ts'
import { type AccountClock, REAL_TIME } from './account-clock.ts'

const byAccount = statement(
  'clock of an account',
  'SELECT clock_offset, frozen_at, version FROM clocks WHERE account = ? AND livemode = 0',
)
// Two of the few statements across accounts: all clocks that were moved, at the start, and whose time has come.
const movedStatement = statement(
  'moved clocks',
  'SELECT account, clock_offset, frozen_at FROM clocks WHERE clock_offset <> 0 OR frozen_at IS NOT NULL',
)
const wakingStatement = statement(
  'accounts with due work',
  'SELECT account, livemode FROM clocks WHERE next <= ? ORDER BY next, account LIMIT 100',
)
const setStatement = statement(
  'set clock',
  `INSERT INTO clocks (account, livemode, clock_offset, frozen_at, version, next) VALUES (?, 0, ?, ?, 1, NULL)
   ON CONFLICT (account, livemode) DO UPDATE SET clock_offset = excluded.clock_offset, frozen_at = excluded.frozen_at,
     version = clocks.version + 1
   WHERE clocks.version = ?`,
)
const wakeStatement = statement(
  'wake for the first due work',
  `UPDATE clocks SET next = CASE WHEN frozen_at IS NULL
     THEN (SELECT min(due) FROM due_work WHERE account = ? AND livemode = ?) - clock_offset
     WHEN (SELECT min(due) FROM due_work WHERE account = ? AND livemode = ?) <= frozen_at THEN 0 END
   WHERE account = ? AND livemode = ?`,
)

const wakeAtStatement = statement('wake at', 'UPDATE clocks SET next = ? WHERE account = ? AND livemode = ?')

export type StoredClock = { readonly clock: AccountClock; readonly version: number }

/** The clock of an account's test mode, with the version that guards its next change. */
export async function clockOf(store: Pick<Store, 'get'>, account: string): Promise<StoredClock> {
  const row = await store.get(byAccount, [account])
  return row ? { clock: readClock(row), version: Number(row.version) } : { clock: REAL_TIME, version: 0 }
}

/** Every clock that tells another time than real time. */
export async function movedClocks(store: Pick<Store, 'all'>): Promise<Map<string, AccountClock>> {
  const rows = await store.all(movedStatement, [])
  return new Map(rows.map((row) => [String(row.account), readClock(row)]))
}

/** Puts `after` in the place of the clock that was read; fails its guard when another request was faster. */
export function setClock(account: string, { version }: StoredClock, after: AccountClock): Write[] {
  return [write(setStatement, account, after.offset, after.frozenAt, version), wakeForFirst(account, false)]
}

/** The write that wakes the worker for what is due first in an account. */
export function wakeForFirst(account: string, livemode: boolean): Write {
  const mode = livemode ? 1 : 0
  return writeAny(wakeStatement, account, mode, account, mode, account, mode)
}

/** The write that lets the worker leave an account alone until the real instant `next`. */
export function wakeAt(account: string, livemode: boolean, next: UnixSeconds): Write {
  return writeAny(wakeAtStatement, next, account, livemode ? 1 : 0)
}

/** Accounts, with their mode, in which something is due at the real instant `real`. */
export async function accountsWithDueWork(store: Pick<Store, 'all'>, real: UnixSeconds) {
  const rows = await store.all(wakingStatement, [real])
  return rows.map(({ account, livemode }) => ({ account: String(account), livemode: livemode === 1 }))
}

function readClock({ clock_offset, frozen_at }: Row): AccountClock {
  return { offset: Number(clock_offset), frozenAt: frozen_at === null ? null : Number(frozen_at) }
}
