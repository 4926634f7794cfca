import assert from 'node:assert/strict'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { type Books, sum } from './books.ts'

/**
 * Reads the ledger as it grows, in the database itself: each transaction's postings sum to zero, the kept balances are
 * the sums of all postings, and the merchant's share of them is what the model says.
 */
export class LedgerWatch {
  readonly #db: DatabaseSync
  readonly #news: StatementSync
  readonly #kept: StatementSync
  readonly #sums = new Map<string, number>()
  #last = 0
  #count = 0

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { readOnly: true })
    this.#news = this.#db.prepare(
      'SELECT rowid, id, currency, body FROM ledger_transactions WHERE rowid > ? ORDER BY rowid',
    )
    this.#kept = this.#db.prepare('SELECT currency, ledger_account, amount FROM balances WHERE amount <> 0')
  }

  close(): void {
    this.#db.close()
  }

  look({ movements }: Books): void {
    const news = this.#news.all(this.#last)
    for (const { rowid, id, currency, body } of news) {
      this.#last = Number(rowid)
      this.#count += 1
      const postings = Object.entries(JSON.parse(String(body)).postings as Record<string, number>)
      assert.equal(sum(postings.map(([, amount]) => amount)), 0, `${id}: its postings sum to zero`)
      for (const [name, amount] of postings) this.#add(`${currency} ${name}`, amount)
    }
    assert.equal(this.#count, movements.length, 'as many ledger transactions as the model has movements')
    const kept = this.#kept.all().map((row) => [`${row.currency} ${row.ledger_account}`, Number(row.amount)] as const)
    const sums = [...this.#sums].filter(([, amount]) => amount !== 0)
    assert.deepEqual(new Map(kept.sort(byName)), new Map(sums.sort(byName)), 'kept balances are the sums of postings')
  }

  #add(name: string, amount: number): void {
    this.#sums.set(name, (this.#sums.get(name) ?? 0) + amount)
  }
}

function byName([one]: readonly [string, number], [other]: readonly [string, number]): number {
  return one < other ? -1 : 1
}
