import type { Row, Store, Write } from '../store/store.ts'
import { statement, write } from '../store/store.ts'
import { decodeRefund, encodeRefund } from './encoding.ts'
import type { Refund } from './refund.ts'

const COLUMNS = 'id, created, charge, version, body'

const insertStatement = statement(
  'insert refund',
  'INSERT INTO refunds (account, id, livemode, created, charge, version, body) VALUES (?, ?, ?, ?, ?, 1, ?)',
)
const updateStatement = statement(
  'update refund',
  'UPDATE refunds SET version = version + 1, body = ? WHERE account = ? AND id = ? AND version = ?',
)
const byIdStatement = statement('refund by id', `SELECT ${COLUMNS}, livemode FROM refunds WHERE account = ? AND id = ?`)
const ofChargeStatement = statement(
  'refunds of a charge',
  `SELECT ${COLUMNS} FROM refunds WHERE account = ? AND livemode = ? AND charge = ? ORDER BY id DESC`,
)

export const REFUNDS_TABLE = { table: 'refunds', columns: COLUMNS } as const

/** A refund as it was read, with the version that guards its next change. */
export type StoredRefund = { readonly livemode: boolean; readonly version: number; readonly value: Refund }

export function insertRefund(account: string, livemode: boolean, refund: Refund): Write {
  return write(
    insertStatement,
    account,
    refund.id,
    livemode ? 1 : 0,
    refund.created,
    refund.charge,
    encodeRefund(refund),
  )
}

/** Writes `after` over the refund that was read as `stored`; fails its guard when another request was faster. */
export function updateRefundRow(account: string, stored: StoredRefund, after: Refund): Write {
  return write(updateStatement, encodeRefund(after), account, after.id, stored.version)
}

/** The refund with this id in either mode, or undefined. */
export async function refundById(
  store: Pick<Store, 'get'>,
  account: string,
  id: string,
): Promise<StoredRefund | undefined> {
  const row = await store.get(byIdStatement, [account, id])
  return row && { livemode: row.livemode === 1, version: Number(row.version), value: readRefund(row) }
}

/** All refunds of a charge, newest first. */
export async function refundsOfCharge(
  { store, account, livemode }: { store: Pick<Store, 'all'>; account: { readonly id: string }; livemode: boolean },
  charge: string,
): Promise<Refund[]> {
  return (await store.all(ofChargeStatement, [account.id, livemode ? 1 : 0, charge])).map(readRefund)
}

export function readRefund(row: Row): Refund {
  return decodeRefund(String(row.body))
}
