import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { openSqliteStore } from '../store/sqlite/open.ts'
import { type Store, StoreUnavailable, statement, write } from '../store/store.ts'
import type { Vault } from '../vault/vault.ts'
import { Cleaner, type Cleaning } from './cleaner.ts'
import { systemClock } from './clock.ts'
import { accountClocks } from './clocks.ts'

const NOW = 1_790_000_000
const going = () => false

const insert = statement('insert', "INSERT INTO accounts (account, created, version, body) VALUES (?, 0, 1, '{}')")
const remove = statement('remove', 'DELETE FROM accounts WHERE account = ?')
const left = statement('left', 'SELECT account FROM accounts ORDER BY account')

/** A store in which each account is its own row, and a cleaner that does what it is given. */
async function workshop(t: TestContext, accounts: readonly string[], cleanings: (store: Store) => readonly Cleaning[]) {
  const folder = mkdtempSync(join(tmpdir(), 'koban-cleaner-'))
  const store = await openSqliteStore({ folder })
  t.after(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  for (const account of accounts) await store.commit({ account, writes: [write(insert, account)], balances: [] })
  const failures: unknown[] = []
  const cleaner = new Cleaner({
    store,
    vault: {} as Vault,
    clocks: accountClocks({ ...systemClock(), now: () => NOW }, new Map([['acct_2', { offset: 60, frozenAt: null }]])),
    cleanings: cleanings(store),
    accountsAfter: async (last) => accounts.filter((account) => account > last).slice(0, 2),
    failed: (error) => failures.push(error),
  })
  const remaining = async () => (await store.all(left, [])).map(({ account }) => String(account))
  return { cleaner, failures, remaining }
}

describe('cleaning', () => {
  it('asks for each account in both modes, by its own clock, until nothing is left', async (t) => {
    const asked: [string, boolean, number][] = []
    const { cleaner, remaining } = await workshop(t, ['acct_1', 'acct_2', 'acct_3'], () => [
      async ({ account, livemode, now, store }) => {
        asked.push([account, livemode, now])
        const isThere = (await store.all(left, [])).some((row) => row.account === account)
        return livemode && isThere ? [write(remove, account)] : []
      },
    ])
    await cleaner.cleanAll(going)
    assert.deepEqual(await remaining(), [])
    assert.deepEqual(asked, [
      ...['acct_1', 'acct_2', 'acct_3'].flatMap((account) => [
        [account, false, account === 'acct_2' ? NOW + 60 : NOW],
        [account, true, NOW],
        [account, true, NOW],
      ]),
    ])
  })

  it('that fails in one way, or loses a race, goes on with the others', async (t) => {
    const { cleaner, remaining, failures } = await workshop(t, ['acct_1', 'acct_2'], () => [
      async () => assert.fail('a bug'),
      async () => [write(remove, 'acct_9')], // somebody has removed it
      async ({ account, livemode }) => (livemode ? [] : [write(remove, account)]),
    ])
    await cleaner.clean('acct_1', false, going)
    assert.deepEqual(await remaining(), ['acct_2'])
    assert.deepEqual(failures.map(String), ['AssertionError [ERR_ASSERTION]: a bug'])
  })

  it('ends where the database is gone, and when it is told to', async (t) => {
    const asked: string[] = []
    const { cleaner } = await workshop(t, ['acct_1', 'acct_2'], () => [
      async ({ account }) => {
        asked.push(account)
        if (account === 'acct_1') return []
        throw new StoreUnavailable('gone')
      },
    ])
    await assert.rejects(cleaner.cleanAll(going), StoreUnavailable)
    assert.deepEqual(asked, ['acct_1', 'acct_1', 'acct_2'])
    asked.length = 0
    await cleaner.cleanAll(() => asked.length === 1)
    assert.deepEqual(asked, ['acct_1'])
  })
})
