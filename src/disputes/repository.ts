import type { Row, Store, Write } from '../store/store.ts'
import { statement, write } from '../store/store.ts'
import type { Dispute } from './dispute.ts'

const COLUMNS = 'id, charge, body'

const insertStatement = statement(
  'insert dispute',
  'INSERT INTO disputes (account, id, livemode, created, charge, version, body) VALUES (?, ?, ?, ?, ?, 1, ?)',
)
const updateStatement = statement(
  'update dispute',
  'UPDATE disputes SET version = version + 1, body = ? WHERE account = ? AND id = ? AND version = ?',
)
const byIdStatement = statement(
  'dispute by id',
  `SELECT ${COLUMNS}, livemode, version FROM disputes WHERE account = ? AND id = ?`,
)

export const DISPUTES_TABLE = { table: 'disputes', columns: COLUMNS } as const

/** A dispute as it was read, with the version that guards its next change. */
export type StoredDispute = { readonly livemode: boolean; readonly version: number; readonly value: Dispute }

export function insertDispute(account: string, livemode: boolean, dispute: Dispute): Write {
  const { id, created, charge } = dispute
  return write(insertStatement, account, id, livemode ? 1 : 0, created, charge, JSON.stringify(dispute))
}

/** Writes `after` over the dispute that was read as `stored`; fails its guard when another request was faster. */
export function updateDispute(account: string, stored: StoredDispute, after: Dispute): Write {
  return write(updateStatement, JSON.stringify(after), account, after.id, stored.version)
}

/** The dispute with this id in either mode, or undefined. */
export async function disputeById(
  store: Pick<Store, 'get'>,
  account: string,
  id: string,
): Promise<StoredDispute | undefined> {
  const row = await store.get(byIdStatement, [account, id])
  return row && { livemode: row.livemode === 1, version: Number(row.version), value: readDispute(row) }
}

export function readDispute(row: Row): Dispute {
  return JSON.parse(String(row.body))
}
