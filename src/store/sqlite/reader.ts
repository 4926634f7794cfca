/** Queries over committed rows, on a connection of their own that cannot write. */

import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import { type Row, type SqlValue, type Statement, StoreUnavailable } from '../store.ts'
import { failureOf, messageOf } from './failure.ts'

/** How much text is remembered between two commits. What is written of it takes some ten times as much. */
const REMEMBERED_CHARACTERS = 2_000_000

export class Reader {
  readonly #db: DatabaseSync
  readonly #prepared = new Map<string, StatementSync>()
  /** By statement and values: the folder is locked, so nobody else writes, and what was read holds until a commit. */
  #answers = new Map<string, readonly Row[]>()
  #remembered = 0

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  /** The first row, or undefined. Throws StoreUnavailable, or an Error that names the statement where that is wrong. */
  get(query: Statement, values: readonly SqlValue[]): Row | undefined {
    return this.all(query, values)[0]
  }

  /** All rows. Throws as `get` does. */
  all(query: Statement, values: readonly SqlValue[]): readonly Row[] {
    const question = `${query.sql}${JSON.stringify(values)}`
    const known = this.#answers.get(question)
    if (known) return known
    const rows = this.#run(query, (prepared) => prepared.all(...values)).map(rowOf)
    this.#remember(question, rows)
    return rows
  }

  /** What is not there is not remembered: strangers could fill the memory with what they make up. */
  #remember(question: string, rows: readonly Row[]): void {
    if (rows.length === 0) return
    const size = rows.reduce((sum, row) => sum + sizeOf(row), question.length)
    if (this.#remembered + size > REMEMBERED_CHARACTERS) return
    this.#remembered += size
    this.#answers.set(question, rows)
  }

  /** To be called when something was committed. */
  forget(): void {
    if (this.#remembered > 0) this.#answers = new Map()
    this.#remembered = 0
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

/** The characters of a row: its body, the bytes of a file, and some for the rest. */
function sizeOf({ body, content }: Row): number {
  const bytes = content instanceof Uint8Array ? content.length : 0
  return 100 + (typeof body === 'string' ? body.length : 0) + bytes
}

/** Integers come as numbers: the driver throws for one that is too large, and gives bigints only where asked to. */
function rowOf(row: Record<string, SQLOutputValue>): Row {
  return row as Row
}
