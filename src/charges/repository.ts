import type { Row, Store, Write } from '../store/store.ts'
import { statement, write } from '../store/store.ts'
import type { Charge } from './charge.ts'
import { chargeOf, decodeCharge, encodeCharge } from './encoding.ts'

const insertStatement = statement(
  'insert charge',
  `INSERT INTO charges (account, id, livemode, created, version, transfer_group, customer, body)
   VALUES (?, ?, ?, ?, 1, ?, ?, ?)`,
)
const updateStatement = statement(
  'update charge',
  `UPDATE charges SET version = version + 1, transfer_group = ?, customer = ?, body = ?
   WHERE account = ? AND id = ? AND version = ?`,
)
const byIdStatement = statement(
  'charge by id',
  'SELECT version, livemode, body FROM charges WHERE account = ? AND id = ?',
)

export const CHARGES_TABLE = { table: 'charges', columns: 'body' } as const

/** A charge as it was read, with the version that guards its next change. */
export type StoredCharge = { readonly livemode: boolean; readonly version: number; readonly value: Charge }

export function insertCharge(account: string, livemode: boolean, charge: Charge): Write {
  const { id, created, transferGroup, customer } = charge
  return write(insertStatement, account, id, livemode ? 1 : 0, created, transferGroup, customer, encodeCharge(charge))
}

/** Writes `after` over the charge that was read as `stored`; fails its guard when another request was faster. */
export function updateCharge(account: string, stored: StoredCharge, after: Charge): Write {
  const { id, transferGroup, customer } = after
  return write(updateStatement, transferGroup, customer, encodeCharge(after), account, id, stored.version)
}

/** The charge with this id in either mode, or undefined. */
export async function chargeById(
  store: Pick<Store, 'get'>,
  account: string,
  id: string,
): Promise<StoredCharge | undefined> {
  const row = await store.get(byIdStatement, [account, id])
  return row && { livemode: row.livemode === 1, version: Number(row.version), value: readCharge(row) }
}

/** As readCharge, of a row that is looked at once: it is not remembered. */
export function readChargeOnce(row: Row): Charge {
  return chargeOf(JSON.parse(String(row.body)))
}

export function readCharge(row: Row): Charge {
  return decodeCharge(String(row.body))
}
