import { STANDARD_PAYOUTS } from '../payouts/schedule.ts'
import type { Row, Store, Write } from '../store/store.ts'
import { statement, write } from '../store/store.ts'
import type { Account } from './account.ts'

const insertStatement = statement(
  'insert account',
  'INSERT INTO accounts (account, created, version, body) VALUES (?, ?, 1, ?)',
)
const updateStatement = statement(
  'update account',
  'UPDATE accounts SET version = version + 1, body = ? WHERE account = ? AND version = ?',
)
const byIdStatement = statement(
  'account by id',
  'SELECT account, created, version, body FROM accounts WHERE account = ?',
)
// One of the few statements across accounts: the operator's list.
const allStatement = statement(
  'all accounts',
  'SELECT account, created, version, body FROM accounts ORDER BY created, account',
)

// And another: for what is done in each, a page at a time.
const afterStatement = statement(
  'accounts after',
  'SELECT account FROM accounts WHERE account > ? ORDER BY account LIMIT 100',
)

export function insertAccount(account: Account): Write {
  return write(insertStatement, account.id, account.created, encode(account))
}

/** Writes `after` over the account that was read as `before`; fails its guard when another request was faster. */
export function updateAccountRow(before: Account, after: Account): Write {
  return write(updateStatement, encode(after), before.id, before.rowVersion)
}

export async function accountById(store: Pick<Store, 'get'>, id: string): Promise<Account | undefined> {
  const row = await store.get(byIdStatement, [id])
  return row && readAccount(row)
}

export async function allAccounts(store: Pick<Store, 'all'>): Promise<Account[]> {
  return (await store.all(allStatement, [])).map(readAccount)
}

/** The ids of up to 100 accounts, in their order, after one. */
export async function accountIdsAfter(store: Pick<Store, 'all'>, after: string): Promise<string[]> {
  return (await store.all(afterStatement, [after])).map(({ account }) => String(account))
}

function encode({ id, created, rowVersion, ...body }: Account): string {
  return JSON.stringify(body)
}

function readAccount(row: Row): Account {
  return {
    id: String(row.account),
    created: Number(row.created),
    rowVersion: Number(row.version),
    payouts: STANDARD_PAYOUTS, // rows from before say nothing of them
    returnsDisputeFee: false, // what rows from before it do not say
    ...JSON.parse(String(row.body)),
  }
}
