import type { Row, Store, Write } from '../store/store.ts'
import { statement, write } from '../store/store.ts'
import type { BankAccount } from './bank-account.ts'

const COLUMNS = 'id, version, livemode, sealed, body'

const insertStatement = statement(
  'insert bank account',
  `INSERT INTO bank_accounts (account, id, livemode, created, version, currency, deleted, sealed, body)
   VALUES (?, ?, ?, ?, 1, ?, 0, ?, ?)`,
)
const updateStatement = statement(
  'update bank account',
  `UPDATE bank_accounts SET version = version + 1, deleted = ?, body = ? WHERE account = ? AND id = ? AND version = ?`,
)
const byIdStatement = statement(
  'bank account by id',
  `SELECT ${COLUMNS} FROM bank_accounts WHERE account = ? AND id = ?`,
)
const ofCurrencyStatement = statement(
  'bank accounts of a currency',
  `SELECT ${COLUMNS} FROM bank_accounts WHERE account = ? AND livemode = ? AND currency = ? AND deleted = 0 ORDER BY id`,
)

export const BANK_ACCOUNTS_TABLE = { table: 'bank_accounts', columns: COLUMNS } as const

/** A bank account as it was read: its sealed number, and the version that guards its next change. */
export type StoredBankAccount = {
  readonly livemode: boolean
  readonly version: number
  readonly sealed: string
  readonly value: BankAccount
}

export function insertBankAccount(account: string, livemode: boolean, bank: BankAccount, sealed: string): Write {
  const { id, created, currency } = bank
  return write(insertStatement, account, id, livemode ? 1 : 0, created, currency, sealed, JSON.stringify(bank))
}

/** Writes `after` over what was read as `stored`; fails its guard when another request was faster. */
export function updateBankAccountRow(account: string, stored: StoredBankAccount, after: BankAccount): Write {
  return write(updateStatement, after.deleted ? 1 : 0, JSON.stringify(after), account, after.id, stored.version)
}

/** The bank account with this id in either mode, removed or not; or undefined. */
export async function bankAccountById(
  store: Pick<Store, 'get'>,
  account: string,
  id: string,
): Promise<StoredBankAccount | undefined> {
  const row = await store.get(byIdStatement, [account, id])
  return row && storedOf(row)
}

/** All bank accounts of a currency that are there, oldest first. */
export async function bankAccountsOf(
  store: Pick<Store, 'all'>,
  account: string,
  livemode: boolean,
  currency: string,
): Promise<StoredBankAccount[]> {
  return (await store.all(ofCurrencyStatement, [account, livemode ? 1 : 0, currency])).map(storedOf)
}

function storedOf(row: Row): StoredBankAccount {
  return {
    livemode: row.livemode === 1,
    version: Number(row.version),
    sealed: String(row.sealed),
    value: readBankAccount(row),
  }
}

export function readBankAccount(row: Row): BankAccount {
  return JSON.parse(String(row.body))
}
