/**
 * What the main thread and the writing thread say to each other. Arrays and tuples instead of objects, and statements
 * by number: a clone of that costs 3 µs a unit on either side, and JSON twice as much.
 */

import type { SqlValue } from '../store.ts'

/** `rows` is the number of rows that the write must touch, or null. */
export type WriteMessage = readonly [statement: number, rows: number | null, values: readonly SqlValue[]]

export type BalanceMessage = readonly [
  account: string,
  livemode: 0 | 1,
  currency: string,
  ledgerAccount: string,
  amount: number,
]

export type UnitMessage = readonly [writes: readonly WriteMessage[], balances: readonly BalanceMessage[]]

/** `newStatements` are numbered on from the last one of the earlier groups. */
export type ToWriter =
  | { readonly kind: 'group'; readonly newStatements: readonly string[]; readonly units: readonly UnitMessage[] }
  | { readonly kind: 'close' }

/** One unit that was undone, and its write that failed (both counted from 0). */
export type Refusal = {
  readonly unit: number
  readonly write: number
  readonly failure: 'guard' | 'bug'
  readonly message: string
}

/** `done`: every unit is durable but those refused. `undone`: nothing of the group was kept. */
export type Outcome =
  | { readonly kind: 'done'; readonly refused: readonly Refusal[] }
  | { readonly kind: 'undone'; readonly failure: 'unavailable' | 'bug'; readonly message: string }

export type FromWriter = Outcome | { readonly kind: 'ready' } | { readonly kind: 'closed' }
