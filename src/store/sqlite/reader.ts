/** Queries over committed rows, on a connection of their own that cannot write. */

import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import { type Row, type SqlValue, type Statement, StoreUnavailable } from '../store.ts'
import { failureOf, messageOf } from './failure.ts'

export class Reader {
  readonly #db: DatabaseSync
  readonly #prepared = new Map<string, StatementSync>()

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  /** The first row, or undefined. Throws StoreUnavailable, or an Error that names the statement where that is wrong. */
  get(query: Statement, values: readonly SqlValue[]): Row | undefined {
    const row = this.#run(query, (prepared) => prepared.get(...values))
    return row && rowOf(row)
  }

  /** All rows. Throws as `get` does. */
  all(query: Statement, values: readonly SqlValue[]): Row[] {
    return this.#run(query, (prepared) => prepared.all(...values)).map(rowOf)
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close()
  }

  #run<Result>(query: Statement, run: (prepared: StatementSync) => Result): Result {
    if (!this.#db.isOpen) throw new StoreUnavailable('The store is closed.')
    try {
      return run(this.#statement(query.sql))
    } catch (error) {
      const message = `${query.name}: ${messageOf(error)}`
      throw failureOf(error) === 'unavailable'
        ? new StoreUnavailable(message, { cause: error })
        : new Error(message, { cause: error })
    }
  }

  #statement(sql: string): StatementSync {
    const known = this.#prepared.get(sql)
    if (known) return known
    const prepared = this.#db.prepare(sql)
    this.#prepared.set(sql, prepared)
    return prepared
  }
}

/** Integers come as numbers: the driver throws for one that is too large, and gives bigints only where asked to. */
function rowOf(row: Record<string, SQLOutputValue>): Row {
  return row as Row
}
