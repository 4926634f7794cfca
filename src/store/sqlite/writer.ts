/** Writes a group of units in one transaction: one sync for all of them. Runs in the writing thread. */

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { failureOf, messageOf } from './failure.ts'
import type { BalanceMessage, Outcome, Refusal, UnitMessage } from './protocol.ts'

/** `excluded.amount` and not the parameter: its column has made it an integer, so the sum is exact. */
const ADD_TO_BALANCE = `INSERT INTO balances (account, livemode, currency, ledger_account, amount) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (account, livemode, currency, ledger_account) DO UPDATE SET amount = amount + excluded.amount`

export class GroupWriter {
  readonly #db: DatabaseSync
  readonly #begin: StatementSync
  readonly #commit: StatementSync
  readonly #savepoint: StatementSync
  readonly #release: StatementSync
  readonly #undo: StatementSync
  readonly #sql: string[] = []
  readonly #prepared: (StatementSync | undefined)[] = []
  #addToBalance: StatementSync | undefined

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#begin = db.prepare('BEGIN IMMEDIATE')
    this.#commit = db.prepare('COMMIT')
    this.#savepoint = db.prepare('SAVEPOINT unit')
    this.#release = db.prepare('RELEASE unit')
    this.#undo = db.prepare('ROLLBACK TO unit')
  }

  /** Statements are known by their number from here on. Prepared at first use: a wrong one fails its unit alone. */
  learn(statements: readonly string[]): void {
    this.#sql.push(...statements)
  }

  /** Commits the units in their order, but those that a guard refuses. Throws only where even undoing fails. */
  write(units: readonly UnitMessage[]): Outcome {
    try {
      return this.#together(units) ?? this.#apart(units)
    } catch (error) {
      this.#rollback()
      return {
        kind: 'undone',
        failure: failureOf(error) === 'unavailable' ? 'unavailable' : 'bug',
        message: messageOf(error),
      }
    }
  }

  /** The fast way, without savepoints: undefined where a unit is refused, and nothing was kept. */
  #together(units: readonly UnitMessage[]): Outcome | undefined {
    this.#begin.run()
    const balances = new BalanceSums()
    for (const [n, unit] of units.entries()) {
      if (this.#apply(unit, n)) {
        this.#rollback()
        return undefined
      }
      balances.add(unit[1])
    }
    this.#finish(balances)
    return { kind: 'done', refused: [] }
  }

  /** The same again with a savepoint for each unit, so that a refused one is undone alone. */
  #apart(units: readonly UnitMessage[]): Outcome {
    this.#begin.run()
    const balances = new BalanceSums()
    const refused: Refusal[] = []
    for (const [n, unit] of units.entries()) {
      this.#savepoint.run()
      const refusal = this.#apply(unit, n)
      if (refusal) {
        this.#undo.run()
        refused.push(refusal)
      } else {
        balances.add(unit[1])
      }
      this.#release.run()
    }
    this.#finish(balances)
    return { kind: 'done', refused }
  }

  /** Runs a unit's writes up to the first that fails. Throws where it is not the unit's own failure. */
  #apply([writes]: UnitMessage, unit: number): Refusal | undefined {
    for (let write = 0; write < writes.length; write++) {
      const [statement, rows, values] = writes[write] ?? never()
      try {
        const { changes } = this.#statement(statement).run(...values)
        if (rows !== null && changes !== rows) {
          return { unit, write, failure: 'guard', message: `${changes} rows instead of ${rows}` }
        }
      } catch (error) {
        const failure = failureOf(error)
        if (failure === 'unavailable') throw error
        return { unit, write, failure, message: messageOf(error) }
      }
    }
    return undefined
  }

  #finish(balances: BalanceSums): void {
    for (const change of balances.changed()) {
      this.#addToBalance ??= this.#db.prepare(ADD_TO_BALANCE)
      this.#addToBalance.run(...change)
    }
    this.#commit.run()
  }

  #statement(number: number): StatementSync {
    const known = this.#prepared[number]
    if (known) return known
    const prepared = this.#db.prepare(this.#sql[number] ?? never())
    this.#prepared[number] = prepared
    return prepared
  }

  /** After some errors (disk full among them) SQLite has rolled back by itself. */
  #rollback(): void {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
  }
}

/** The balance changes of a group, one sum for each balance. */
class BalanceSums {
  readonly #sums = new Map<string, { change: BalanceMessage; amount: number }>()

  add(changes: readonly BalanceMessage[]): void {
    for (const change of changes) {
      const [account, livemode, currency, ledgerAccount, amount] = change
      const key = `${account}\n${livemode}\n${currency}\n${ledgerAccount}`
      const sum = this.#sums.get(key)
      if (sum) sum.amount += amount
      else this.#sums.set(key, { change, amount })
    }
  }

  /** Sums of zero need no write. */
  *changed(): Iterable<BalanceMessage> {
    for (const { change, amount } of this.#sums.values()) {
      const [account, livemode, currency, ledgerAccount] = change
      if (amount !== 0) yield [account, livemode, currency, ledgerAccount, amount]
    }
  }
}

function never(): never {
  throw new Error('a group refers to a statement or write that was not sent')
}
