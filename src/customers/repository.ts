import type { Row, Store, Write } from '../store/store.ts'
import { statement, write } from '../store/store.ts'
import { type Customer, newCustomer } from './customer.ts'

const insertStatement = statement(
  'insert customer',
  `INSERT INTO customers (account, id, livemode, created, version, deleted, email, body)
   VALUES (?, ?, ?, ?, 1, 0, ?, ?)`,
)
const updateStatement = statement(
  'update customer',
  `UPDATE customers SET version = version + 1, deleted = ?, email = ?, body = ?
   WHERE account = ? AND id = ? AND version = ?`,
)
const byIdStatement = statement(
  'customer by id',
  'SELECT version, livemode, body FROM customers WHERE account = ? AND id = ?',
)

export const CUSTOMERS_TABLE = { table: 'customers', columns: 'id, body' } as const

/** A customer as it was read, with the version that guards its next change. */
export type StoredCustomer = { readonly livemode: boolean; readonly version: number; readonly value: Customer }

export function insertCustomer(account: string, livemode: boolean, customer: Customer): Write {
  const { id, created, email } = customer
  return write(insertStatement, account, id, livemode ? 1 : 0, created, email, JSON.stringify(customer))
}

/** Writes `after` over the customer that was read as `stored`; fails its guard when another request was faster. */
export function updateCustomerRow(account: string, stored: StoredCustomer, after: Customer): Write {
  const { deleted, email, id } = after
  return write(updateStatement, deleted ? 1 : 0, email, JSON.stringify(after), account, id, stored.version)
}

/** The customer with this id in either mode, deleted or not; or undefined. */
export async function customerById(
  store: Pick<Store, 'get'>,
  account: string,
  id: string,
): Promise<StoredCustomer | undefined> {
  const row = await store.get(byIdStatement, [account, id])
  return row && { livemode: row.livemode === 1, version: Number(row.version), value: readCustomer(row) }
}

/** A customer that was written before a member was added has that as a new customer has it. */
export function readCustomer(row: Row): Customer {
  const kept: Customer = JSON.parse(String(row.body))
  return { ...newCustomer(kept.id, kept.created, kept.invoicePrefix), ...kept }
}
