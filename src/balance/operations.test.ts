import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../operation.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import type { SqlValue, Statement } from '../store/store.ts'
import { listBalanceTransactions } from './operations.ts'

describe('a list of balance transactions', () => {
  const plans: readonly (readonly [what: string, sent: { type?: string; source?: string }, index: string])[] = [
    ['of refunds', { type: 'refund' }, 'ledger_transactions_type'],
    ['of charges', { type: 'charge' }, 'ledger_transactions_1'],
    ['of one source', { source: 're_1' }, 'ledger_transactions_2'],
    ['of all', {}, 'ledger_transactions_1'],
  ]
  for (const [what, sent, index] of plans) {
    it(`${what} is read by an index, in order`, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'koban-balance-'))
      const store = await openSqliteStore({ folder })
      t.after(async () => {
        await store.close()
        rmSync(folder, { recursive: true, force: true })
      })
      const plan: string[] = []
      const all = async (query: Statement, values: readonly SqlValue[]) => {
        const explained = { name: 'plan', sql: `EXPLAIN QUERY PLAN ${query.sql}` }
        plan.push(...(await store.all(explained, values)).map(({ detail }) => String(detail)))
        return []
      }
      const context = { account: { id: 'acct_1' } as Account, livemode: false, store: { ...store, all } }
      await listBalanceTransactions(context as unknown as Context, { limit: 10, ...sent })
      assert.equal(plan.length, 1, plan.join()) // no second step that sorts
      assert.match(String(plan[0]), new RegExp(`USING INDEX ${index} \\(account=\\? AND livemode=\\?`))
    })
  }
})
