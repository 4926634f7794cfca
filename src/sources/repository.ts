import type { Row, Store, Write } from '../store/store.ts'
import { statement, write } from '../store/store.ts'
import { type CustomerSource, newestFirst } from './source.ts'

const COLUMNS = 'id, livemode, version, attached, body'

const insertStatement = statement(
  'insert source',
  `INSERT INTO sources (account, id, livemode, created, version, customer, attached, body)
   VALUES (?, ?, ?, ?, 1, ?, ?, ?)`,
)
const updateStatement = statement(
  'update source',
  `UPDATE sources SET version = version + 1, customer = ?, attached = ?, body = ?
   WHERE account = ? AND id = ? AND version = ?`,
)
const byIdStatement = statement('source by id', `SELECT ${COLUMNS} FROM sources WHERE account = ? AND id = ?`)
const ofCustomerStatement = statement(
  'sources of a customer',
  `SELECT ${COLUMNS} FROM sources WHERE account = ? AND livemode = ? AND customer = ? AND attached = 1`,
)

export const SOURCES_TABLE = { table: 'sources', columns: 'id, body' } as const

/** A card or Source as it was read, with the version that guards its next change. */
export type StoredSource<S extends CustomerSource = CustomerSource> = {
  readonly livemode: boolean
  readonly version: number
  readonly value: S
}

export function insertSource(account: string, livemode: boolean, source: CustomerSource): Write {
  const { id, created, customer, attached } = source
  const body = JSON.stringify(source)
  return write(insertStatement, account, id, livemode ? 1 : 0, created, customer, attached ? 1 : 0, body)
}

/** Writes `after` over what was read as `stored`; fails its guard when another request was faster. */
export function updateSourceRow(account: string, stored: StoredSource, after: CustomerSource): Write {
  const { customer, attached, id } = after
  return write(updateStatement, customer, attached ? 1 : 0, JSON.stringify(after), account, id, stored.version)
}

/** The card or Source with this id in either mode, attached or not; or undefined. */
export async function sourceById(
  store: Pick<Store, 'get'>,
  account: string,
  id: string,
): Promise<StoredSource | undefined> {
  const row = await store.get(byIdStatement, [account, id])
  return row && storedOf(row)
}

/** All that a customer has on file, newest first. */
export async function attachedSources(
  { store, account, livemode }: { store: Pick<Store, 'all'>; account: { readonly id: string }; livemode: boolean },
  customer: string,
): Promise<StoredSource[]> {
  const rows = await store.all(ofCustomerStatement, [account.id, livemode ? 1 : 0, customer])
  return rows.map(storedOf).sort((a, b) => newestFirst(a.value, b.value))
}

function storedOf(row: Row): StoredSource {
  return { livemode: row.livemode === 1, version: Number(row.version), value: readSource(row) }
}

export function readSource(row: Row): CustomerSource {
  return JSON.parse(String(row.body))
}
