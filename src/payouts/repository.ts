import type { Row, Store, Write } from '../store/store.ts'
import { statement, write } from '../store/store.ts'
import type { Payout } from './payout.ts'

const COLUMNS = 'id, version, livemode, body'

const insertStatement = statement(
  'insert payout',
  `INSERT INTO payouts (account, id, livemode, created, version, status, arrival_date, destination, body)
   VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?)`,
)
const updateStatement = statement(
  'update payout',
  'UPDATE payouts SET version = version + 1, status = ?, body = ? WHERE account = ? AND id = ? AND version = ?',
)
const byIdStatement = statement('payout by id', `SELECT ${COLUMNS} FROM payouts WHERE account = ? AND id = ?`)

export const PAYOUTS_TABLE = { table: 'payouts', columns: COLUMNS } as const

/** A payout as it was read, with the version that guards its next change. */
export type StoredPayout = { readonly livemode: boolean; readonly version: number; readonly value: Payout }

export function insertPayout(account: string, livemode: boolean, payout: Payout): Write {
  const { id, created, status, arrivalDate, destination } = payout
  const mode = livemode ? 1 : 0
  return write(insertStatement, account, id, mode, created, status, arrivalDate, destination, JSON.stringify(payout))
}

/** Writes `after` over the payout that was read as `stored`; fails its guard when another request was faster. */
export function updatePayoutRow(account: string, stored: StoredPayout, after: Payout): Write {
  return write(updateStatement, after.status, JSON.stringify(after), account, after.id, stored.version)
}

/** The payout with this id in either mode, or undefined. */
export async function payoutById(
  store: Pick<Store, 'get'>,
  account: string,
  id: string,
): Promise<StoredPayout | undefined> {
  const row = await store.get(byIdStatement, [account, id])
  return row && { livemode: row.livemode === 1, version: Number(row.version), value: readPayout(row) }
}

export function readPayout(row: Row): Payout {
  return JSON.parse(String(row.body))
}
