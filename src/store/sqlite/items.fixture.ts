/** What the tests of the SQLite store share: temporary folders, and a small schema with one table of items. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Migration } from '../schema.ts'
import { type BalanceChange, type Store, statement, type Unit, type Write, write, writeAny } from '../store.ts'
import { openSqliteStore, type SqliteStore } from './open.ts'

export const itemMigrations: readonly Migration[] = [
  {
    number: 1,
    name: 'items',
    oldestCode: 1,
    sql: [
      `CREATE TABLE items (account text NOT NULL, id text NOT NULL, version integer NOT NULL, body text NOT NULL,
        PRIMARY KEY (account, id))`,
      `CREATE TABLE balances (account text NOT NULL, livemode smallint NOT NULL, currency text NOT NULL,
        ledger_account text NOT NULL, amount bigint NOT NULL, PRIMARY KEY (account, livemode, currency, ledger_account))`,
    ],
  },
]

export const insertItem = statement('insert item', 'INSERT INTO items (account, id, version, body) VALUES (?, ?, 1, ?)')
const updateItem = statement(
  'update item',
  'UPDATE items SET version = version + 1, body = ? WHERE account = ? AND id = ? AND version = ?',
)
const deleteItems = statement('delete items', 'DELETE FROM items WHERE account = ?')
export const itemById = statement('item by id', 'SELECT id, version, body FROM items WHERE account = ? AND id = ?')
export const allItems = statement('all items', 'SELECT account, id, version, body FROM items ORDER BY account, id')
export const allBalances = statement(
  'all balances',
  'SELECT currency, ledger_account, amount, typeof(amount) AS type FROM balances ORDER BY currency, ledger_account',
)

export const ACCOUNT = 'acct_1'

export const newItem = (id: string, body = ''): Write => write(insertItem, ACCOUNT, id, body)
export const changedItem = (id: string, version: number, body = ''): Write =>
  write(updateItem, body, ACCOUNT, id, version)
export const noItems = (): Write => writeAny(deleteItems, ACCOUNT)

export function usd(ledgerAccount: string, amount: number): BalanceChange {
  return { account: ACCOUNT, livemode: false, currency: 'usd', ledgerAccount, amount }
}

export function unit(writes: readonly Write[], balances: readonly BalanceChange[] = []): Unit {
  return { account: ACCOUNT, writes, balances }
}

/** A folder that is removed after the test. */
export function temporaryFolder(t: TestContext, parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'koban-store-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A store of items that is closed after the test. */
export async function openItems(
  t: TestContext,
  folder = temporaryFolder(t),
  { threadUp } = { threadUp: true },
): Promise<SqliteStore> {
  const store = await openSqliteStore({ folder, migrations: itemMigrations })
  t.after(() => store.close())
  if (threadUp) await store.threadUp()
  return store
}

/** The ids of the items that are there. */
export async function itemIds(store: Pick<Store, 'all'>): Promise<string[]> {
  return (await store.all(allItems, [])).map(({ id }) => String(id))
}

/** The balances by ledger account. */
export async function balances(store: Pick<Store, 'all'>): Promise<Record<string, unknown>> {
  return Object.fromEntries((await store.all(allBalances, [])).map((row) => [row.ledger_account, row.amount]))
}

/** For each promise: 'ok', or the name and text of its error. */
export async function outcomes(promises: readonly Promise<void>[]): Promise<string[]> {
  const settled = await Promise.allSettled(promises)
  return settled.map((result) =>
    result.status === 'fulfilled' ? 'ok' : `${result.reason.name}: ${result.reason.message}`,
  )
}
