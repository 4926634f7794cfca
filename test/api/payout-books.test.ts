import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { before, describe, it } from 'node:test'
import { realSeconds, systemClock } from '../../src/clock/clock.ts'
import { auditBooks } from '../../src/ledger/audit-reading.ts'
import type { Finding } from '../../src/ledger/audit-tables.ts'
import { openSqliteSnapshot } from '../../src/store/sqlite/snapshot.ts'
import { type Form, startTestServer } from './server.ts'

const shop = await startTestServer()

const BANK = { country: 'US', routing_number: '110000000', account_number: '000123456789' }

/** One payout of each kind, each in an account of its own. */
before(async () => {
  const merchant = async (number: string) => {
    const { body: account } = await shop.control<{ id: string; secret_key: string }>('POST /accounts', {})
    const key = account.secret_key
    const made = (route: string, form: Form) => shop.made(route, form, { key })
    await made('POST /v1/account/external_accounts', { external_account: { ...BANK, account_number: number } })
    for (const source of ['tok_visa', 'tok_bypassPending'])
      await made('POST /v1/charges', { amount: 2000, currency: 'usd', source })
    const pay = () => made('POST /v1/payouts', { amount: 500, currency: 'usd' })
    return { made, pay, wait: () => shop.control('POST /clock', { account: account.id, advance: '10d' }) }
  }
  const paid = await merchant('000123456789')
  await paid.made(`POST /v1/payouts/${(await paid.pay()).id}/cancel`, {})
  await paid.pay()
  await paid.wait()
  await (await merchant('000111111116')).wait()
})

async function findings(folder: string): Promise<Finding[]> {
  const snapshot = openSqliteSnapshot(folder)
  const found: Finding[] = []
  const { payouts } = await auditBooks(snapshot, realSeconds(systemClock()), (finding) => found.push(finding))
  assert.equal(payouts, found.some(({ kind }) => kind === 'transaction_source_missing') ? 4 : 5)
  await snapshot.close()
  return found
}

async function kindsAfter(sql: string): Promise<string[]> {
  const copy = mkdtempSync(join(tmpdir(), 'koban-payout-books-'))
  try {
    cpSync(shop.folder, copy, { recursive: true })
    const db = new DatabaseSync(join(copy, 'koban.db'))
    db.exec(sql)
    db.close()
    return [...new Set((await findings(copy)).map(({ kind }) => kind))].sort()
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

const one = (status: string) => `(SELECT id FROM payouts WHERE status = '${status}' ORDER BY id LIMIT 1)`
const automatic = `(SELECT payout FROM ledger_transactions WHERE payout IS NOT NULL ORDER BY id LIMIT 1)`

describe('the audit of payouts', () => {
  it('finds nothing wrong where nothing is', async () => assert.deepEqual(await findings(shop.folder), []))

  const cases: readonly (readonly [what: string, sql: string, kinds: readonly string[]])[] = [
    [
      'a payout of another amount',
      `UPDATE payouts SET body = json_set(body, '$.amount', 7) WHERE id = ${one('paid')}`,
      ['payout_transaction_differs'],
    ],
    [
      'a row that its payout has lost',
      `UPDATE ledger_transactions SET payout = NULL WHERE type = 'charge' AND payout = ${automatic}`,
      ['payout_rows_differ'],
    ],
    [
      'a row of no payout that one has taken up',
      `UPDATE ledger_transactions SET payout = ${automatic} WHERE type = 'payout_failure'`,
      ['payout_rows_differ'],
    ],
    [
      'a failed payout whose money did not come back',
      `UPDATE payouts SET body = json_set(body, '$.failureBalanceTransaction', NULL) WHERE id = ${one('failed')}`,
      ['payout_return_differs', 'transaction_not_of_its_source'],
    ],
    [
      'a cancelled payout that counts as paid',
      `UPDATE payouts SET body = json_set(body, '$.status', 'paid') WHERE id = ${one('canceled')}`,
      ['payout_return_differs'],
    ],
    [
      'a payout that is gone',
      `DELETE FROM payouts WHERE id = ${one('canceled')}`,
      ['event_object_missing', 'transaction_source_missing'],
    ],
    [
      'a payout at the bank that nothing lets arrive',
      `UPDATE payouts SET body = json_set(body, '$.status', 'in_transit') WHERE id = ${one('paid')}`,
      ['due_work_missing'],
    ],
    [
      'a paid payout that is still to be sent',
      `INSERT INTO due_work SELECT account, 'payout_sent', id, livemode, 2000000000 FROM payouts WHERE id = ${one('paid')};
       UPDATE clocks SET next = 2000000000`,
      ['due_work_settled'],
    ],
    [
      'a bank account that is gone',
      `DELETE FROM bank_accounts WHERE id = (SELECT destination FROM payouts WHERE id = ${one('failed')})`,
      ['event_object_missing', 'payout_destination_missing'],
    ],
  ]
  for (const [what, sql, kinds] of cases)
    it(`finds ${what}`, async () => assert.deepEqual(await kindsAfter(sql), kinds))
})
