/**
 * The port to the database. An operation reads, decides, and hands over one unit of writes; what stands behind
 * this (SQLite in a worker, PostgreSQL) may put the units of many requests into one transaction.
 */

export type SqlValue = string | number | null | Uint8Array

/** A prepared statement. The name is what logs, guards and errors say; parameters are positional (`?`). */
export type Statement = { readonly name: string; readonly sql: string }

/** Writes are data. `rows` is the number of rows that the write must touch (a guard), or null where any will do. */
export type Write = {
  readonly statement: Statement
  readonly values: readonly SqlValue[]
  readonly rows: number | null
}

/**
 * Adds `amount` (smallest currency unit, may be negative) to a kept balance. Not a write of its own: within a group
 * of units the changes of one balance are summed and written once, so that a busy balance is no hot row.
 */
export type BalanceChange = {
  readonly account: string
  readonly livemode: boolean
  readonly currency: string
  readonly ledgerAccount: string
  readonly amount: number
}

/** All that one request changes. It happens whole or not at all, and belongs to one account. */
export type Unit = {
  readonly account: string
  readonly writes: readonly Write[]
  readonly balances: readonly BalanceChange[]
}

/** A write touched another number of rows than it had to, or a row with its unique key was there before: the unit was undone. */
export class GuardFailed extends Error {
  readonly statement: string
  constructor(statement: string) {
    super(`guard failed: ${statement}`)
    this.name = 'GuardFailed'
    this.statement = statement
  }
}

/**
 * How often a unit is decided anew after its guard failed. Somebody wins in every round, so this is how many may fight
 * over one account's objects at once before one gives up.
 */
export const MAXIMUM_TRIES = 100

/**
 * The database cannot write or read now (disk full, read-only, gone). Nothing of the unit was kept, unless the database
 * was lost in the middle of a commit: then a retry under the same Idempotency-Key finds out.
 */
export class StoreUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreUnavailable'
  }
}

export type Row = Readonly<Record<string, SqlValue>>

export interface Store {
  /** The first row of a query over committed rows, or undefined. Throws StoreUnavailable. */
  get(query: Statement, values: readonly SqlValue[]): Promise<Row | undefined>
  /** All rows of a query over committed rows. Throws StoreUnavailable. */
  all(query: Statement, values: readonly SqlValue[]): Promise<readonly Row[]>
  /** Resolves when the unit is durable. Throws GuardFailed or StoreUnavailable; then nothing of it was kept. */
  commit(unit: Unit): Promise<void>
  /** Finishes the commits under way, then closes. */
  close(): Promise<void>
}

export function statement(name: string, sql: string): Statement {
  return { name, sql }
}

/** A write that must touch exactly one row. */
export function write(statement: Statement, ...values: SqlValue[]): Write {
  return { statement, values, rows: 1 }
}

/** A write that may touch any number of rows. */
export function writeAny(statement: Statement, ...values: SqlValue[]): Write {
  return { statement, values, rows: null }
}
