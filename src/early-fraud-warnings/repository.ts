import type { Row, Store, Write } from '../store/store.ts'
import { statement, write } from '../store/store.ts'
import type { EarlyFraudWarning } from './early-fraud-warning.ts'

const COLUMNS = 'id, body'

const insertStatement = statement(
  'insert early fraud warning',
  'INSERT INTO early_fraud_warnings (account, id, livemode, created, charge, version, body) VALUES (?, ?, ?, ?, ?, 1, ?)',
)
const updateStatement = statement(
  'update early fraud warning',
  'UPDATE early_fraud_warnings SET version = version + 1, body = ? WHERE account = ? AND id = ? AND version = ?',
)
const byIdStatement = statement(
  'early fraud warning by id',
  `SELECT ${COLUMNS}, livemode, version FROM early_fraud_warnings WHERE account = ? AND id = ?`,
)

export const WARNINGS_TABLE = { table: 'early_fraud_warnings', columns: COLUMNS } as const

/** A warning as it was read, with the version that guards its next change. */
export type StoredWarning = { readonly livemode: boolean; readonly version: number; readonly value: EarlyFraudWarning }

export function insertWarning(account: string, livemode: boolean, warning: EarlyFraudWarning): Write {
  const { id, created, charge } = warning
  return write(insertStatement, account, id, livemode ? 1 : 0, created, charge, JSON.stringify(warning))
}

/** Writes `after` over the warning that was read as `stored`; fails its guard when another request was faster. */
export function updateWarning(account: string, stored: StoredWarning, after: EarlyFraudWarning): Write {
  return write(updateStatement, JSON.stringify(after), account, after.id, stored.version)
}

/** The warning with this id in either mode, or undefined. */
export async function warningById(
  store: Pick<Store, 'get'>,
  account: string,
  id: string,
): Promise<StoredWarning | undefined> {
  const row = await store.get(byIdStatement, [account, id])
  return row && { livemode: row.livemode === 1, version: Number(row.version), value: readWarning(row) }
}

export function readWarning(row: Row): EarlyFraudWarning {
  return JSON.parse(String(row.body))
}
