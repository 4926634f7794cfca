/**
 * Reads the books for their audit: account by account and mode by mode, a page at a time. What a page refers to is
 * looked up by primary key; charges and refunds, which are one to many, are walked side by side in the order of ids.
 * So memory is bounded by a page, and every row is read once or twice.
 */

import { BANK_ACCOUNTS_TABLE } from '../bank-accounts/repository.ts'
import type { Charge } from '../charges/charge.ts'
import { CHARGES_TABLE, readCharge } from '../charges/repository.ts'
import { CUSTOMERS_TABLE, readCustomer } from '../customers/repository.ts'
import { EVENTS_TABLE } from '../events/repository.ts'
import type { Payout } from '../payouts/payout.ts'
import { PAYOUTS_TABLE, readPayout } from '../payouts/repository.ts'
import type { Refund } from '../refunds/refund.ts'
import { REFUNDS_TABLE, readRefund } from '../refunds/repository.ts'
import { readSource, SOURCES_TABLE } from '../sources/repository.ts'
import type { Row, SqlValue, Statement, Store } from '../store/store.ts'
import { statement } from '../store/store.ts'
import {
  addRefund,
  checkCharge,
  checkCustomer,
  checkCustomerOfCharge,
  checkNamed,
  checkRefund,
  checkSource,
  checkTransaction,
  NO_REFUNDS,
  PostingSums,
  type Source,
  unreadable,
  type Wrong,
} from './audit.ts'
import { checkPayout, PayoutSums } from './audit-payouts.ts'
import type { LedgerTransaction } from './ledger.ts'
import { keptBalances, readTransaction, TRANSACTIONS_TABLE } from './repository.ts'

/** Rows of a table that are in memory at once, and ids that are looked up at once. Measured: 200 to 2,000 are alike. */
const PAGE = 500

/** One account in one mode: everything in it refers only to what is in it. */
type Books = { readonly account: string; readonly livemode: boolean }

export type Finding = Books & Wrong

/** How many of each were checked. */
export type Checked = {
  accounts: number
  charges: number
  refunds: number
  payouts: number
  customers: number
  sources: number
  transactions: number
  balances: number
  events: number
  answers: number
}

/** The audit of one account in one mode. */
type Auditor = Books & {
  readonly store: Pick<Store, 'all'>
  readonly checked: Checked
  readonly report: (wrongs: readonly Wrong[]) => void
}

/**
 * Audits all accounts and reports each finding as it is found. `store` must stand still meanwhile (a snapshot): what
 * is written between two reads would show as wrong. Throws StoreUnavailable.
 */
export async function auditBooks(store: Pick<Store, 'all'>, report: (finding: Finding) => void): Promise<Checked> {
  const checked: Checked = {
    ...{ accounts: 0, charges: 0, refunds: 0, payouts: 0, customers: 0, sources: 0 },
    ...{ transactions: 0, balances: 0, events: 0, answers: 0 },
  }
  for await (const page of pages(store, accountPage, [], ['account'])) {
    for (const row of page) {
      checked.accounts += 1
      await auditAccount(store, String(row.account), checked, report)
    }
  }
  return checked
}

async function auditAccount(
  store: Pick<Store, 'all'>,
  account: string,
  checked: Checked,
  report: (finding: Finding) => void,
): Promise<void> {
  for (const livemode of [false, true]) {
    const reportAll = (wrongs: readonly Wrong[]) => {
      for (const wrong of wrongs) report({ account, livemode, ...wrong })
    }
    const auditor: Auditor = { store, account, livemode, checked, report: reportAll }
    await auditLedger(auditor)
    await auditCharges(auditor)
    await auditPayouts(auditor)
    await auditCustomers(auditor)
    await auditNames(auditor, 'event', EVENTS)
    await auditNames(auditor, 'answer', ANSWERS)
  }
}

async function auditLedger(auditor: Auditor): Promise<void> {
  const { store, account, livemode, checked, report } = auditor
  const sums = new PostingSums()
  const payoutSums = new PayoutSums()
  for await (const page of rows(auditor, TRANSACTIONS)) {
    const sourcesOf = (wanted: string) => page.filter(({ type }) => type === wanted).map(({ source }) => source)
    const charges = await find(auditor, CHARGES, sourcesOf('charge'))
    const refunds = await find(auditor, REFUNDS, sourcesOf('refund'))
    const payouts = await find(auditor, PAYOUTS, PAYOUT_TYPES.flatMap(sourcesOf))
    for (const transaction of page) {
      checked.transactions += 1
      sums.add(transaction)
      payoutSums.add(transaction)
      const { type, source } = transaction
      report(
        checkTransaction(
          transaction,
          charges.get(source) ?? refunds.get(source) ?? sourceOf(type, payouts.get(source)),
        ),
      )
    }
  }
  const kept = await keptBalances(store, account, livemode)
  checked.balances += kept.length
  report(sums.check(kept))
  report(payoutSums.check())
}

const PAYOUT_TYPES = ['payout', 'payout_failure', 'payout_cancel'] as const

/** A payout as what its row, or the row that gave its money back, comes of. */
function sourceOf(type: LedgerTransaction['type'], payout: Payout | undefined): Source | undefined {
  if (!payout) return undefined
  return { balanceTransaction: type === 'payout' ? payout.balanceTransaction : payout.failureBalanceTransaction }
}

/** Payouts, with what moved their money and where it went. */
async function auditPayouts(auditor: Auditor): Promise<void> {
  for await (const page of rows(auditor, PAYOUTS)) {
    auditor.checked.payouts += page.length
    const named = (ids: readonly (string | null)[], table = TRANSACTIONS) => find(auditor, table, present(ids))
    const transactions = await named(page.map(({ balanceTransaction }) => balanceTransaction))
    const returns = await named(page.map(({ failureBalanceTransaction }) => failureBalanceTransaction))
    const banks = await find(auditor, BANK_ACCOUNT_IDS, present(page.map(({ destination }) => destination)))
    for (const payout of page) {
      const transaction = transactions.get(payout.balanceTransaction)
      const returned = returns.get(payout.failureBalanceTransaction ?? '')
      auditor.report(checkPayout(payout, { transaction, returned, bank: banks.get(payout.destination) }))
    }
  }
}

/** Charges and refunds side by side. A refund that meets no charge has none. */
async function auditCharges(auditor: Auditor): Promise<void> {
  const { checked, report } = auditor
  const refunds = await lookAhead(withTransactions(auditor, REFUNDS_BY_CHARGE))
  const takeRefund = async ({ value, transaction }: Moved<Refund>, charge: Charge | undefined) => {
    checked.refunds += 1
    report(checkRefund(value, charge, transaction))
    await refunds.advance()
  }
  for await (const { value: charge, transaction } of withTransactions(auditor, CHARGES)) {
    checked.charges += 1
    while (refunds.head && refunds.head.value.charge < charge.id) await takeRefund(refunds.head, undefined)
    let sums = NO_REFUNDS
    while (refunds.head && refunds.head.value.charge === charge.id) {
      sums = addRefund(sums, refunds.head.value)
      await takeRefund(refunds.head, charge)
    }
    report(checkCharge(charge, transaction, sums))
  }
  while (refunds.head) await takeRefund(refunds.head, undefined)
}

type Moved<T> = { readonly value: T; readonly transaction: LedgerTransaction | undefined }

/** Each charge or refund with the ledger transaction that it names. */
async function* withTransactions<T extends Source & Identified>(
  auditor: Auditor,
  table: Table<T>,
): AsyncGenerator<Moved<T>, void> {
  for await (const page of rows(auditor, table)) {
    const named = page.map(({ balanceTransaction }) => balanceTransaction).filter((id) => id !== null)
    const transactions = await find(auditor, TRANSACTIONS, named)
    for (const value of page) yield { value, transaction: transactions.get(value.balanceTransaction ?? '') }
  }
}

/** Customers, what they have on file, and whom charges name. */
async function auditCustomers(auditor: Auditor): Promise<void> {
  const { checked, report } = auditor
  for await (const page of rows(auditor, CUSTOMERS)) {
    checked.customers += page.length
    const defaults = await find(auditor, SOURCES, present(page.map(({ defaultSource }) => defaultSource)))
    for (const customer of page) report(checkCustomer(customer, defaults.get(customer.defaultSource ?? '')))
  }
  for await (const page of rows(auditor, SOURCES)) {
    checked.sources += page.length
    const customers = await find(auditor, CUSTOMERS, present(page.map(({ customer }) => customer)))
    const kept = await fingerprintsIn(
      auditor,
      page.map(({ card }) => card.fingerprint),
    )
    for (const source of page) {
      report(checkSource(source, customers.get(source.customer ?? ''), kept.has(source.card.fingerprint)))
    }
  }
  for await (const page of rows(auditor, CUSTOMERS_OF_CHARGES)) {
    const customers = await find(
      auditor,
      CUSTOMER_IDS,
      page.map(({ customer }) => customer),
    )
    for (const { id, customer } of page) report(checkCustomerOfCharge(id, customer, customers.has(customer)))
  }
}

function present(ids: readonly (string | null)[]): string[] {
  return ids.filter((id) => id !== null)
}

const fingerprints = statement(
  'audit card numbers',
  `SELECT fingerprint FROM vault_cards WHERE account = ? AND fingerprint IN (${questionMarks()})`,
)

/** Which of these card numbers the vault of the auditor's account has: it has one for both modes. */
async function fingerprintsIn({ store, account }: Auditor, wanted: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await store.all(fingerprints, [account, ...padded(wanted)])
  return new Set(found.map(({ fingerprint }) => String(fingerprint)))
}

/** Something that may tell of a charge, a refund or a customer, `object`. */
type Naming = { readonly id: string; readonly object: string | null }

/** Events, or answers under an Idempotency-Key: the object that each tells of exists. */
async function auditNames(auditor: Auditor, what: 'event' | 'answer', table: Table<Naming>): Promise<void> {
  for await (const page of rows(auditor, table)) {
    auditor.checked[`${what}s`] += page.length
    const named = (prefix: string) => page.flatMap(({ object }) => (object?.startsWith(prefix) ? [object] : []))
    const charges = await find(auditor, CHARGE_IDS, named('ch_'))
    const refunds = await find(auditor, REFUND_IDS, named('re_'))
    const customers = await find(auditor, CUSTOMER_IDS, named('cus_'))
    const sources = await find(auditor, SOURCE_IDS, [...named('card_'), ...named('src_')])
    const payouts = await find(auditor, PAYOUT_IDS, named('po_'))
    const banks = await find(auditor, BANK_ACCOUNT_IDS, named('ba_'))
    for (const { id, object } of page) {
      if (object === null) continue
      const exists = [charges, refunds, customers, sources, payouts, banks].some((found) => found.has(object))
      auditor.report(checkNamed(what, id, object, exists))
    }
  }
}

type Identified = { readonly id: string }

/** What is read of a table: in pages in the order of `cursor`, and by id. */
type Table<T> = {
  readonly table: string
  readonly cursor: readonly string[]
  readonly page: Statement
  readonly byIds: Statement
  readonly read: (row: Row) => T
}

type Reading<T> = Pick<Table<T>, 'table' | 'read'> & {
  readonly columns: string
  readonly cursor?: readonly string[]
  /** Only the rows that have this column. */
  readonly having?: string
}

function tableOf<T extends Identified>({ table, columns, read, cursor = ['id'], having }: Reading<T>): Table<T> {
  const order = cursor.join(', ')
  const from = cursor.map(() => '?').join(', ')
  const only = having === undefined ? '' : ` AND ${having} IS NOT NULL`
  const books = `SELECT ${columns} FROM ${table} WHERE account = ? AND livemode = ?${only}`
  return {
    table,
    cursor,
    read,
    page: statement(`audit ${table}`, `${books} AND (${order}) > (${from}) ORDER BY ${order} LIMIT ${PAGE}`),
    byIds: statement(`audit ${table} by ids`, `${books} AND id IN (${questionMarks()})`),
  }
}

const CHARGES = tableOf({ ...CHARGES_TABLE, columns: 'id, body', read: readCharge })
const REFUNDS = tableOf({ ...REFUNDS_TABLE, read: readRefund })
const REFUNDS_BY_CHARGE = tableOf({ ...REFUNDS_TABLE, read: readRefund, cursor: ['charge', 'id'] })
const TRANSACTIONS = tableOf<LedgerTransaction>({
  ...TRANSACTIONS_TABLE,
  columns: `${TRANSACTIONS_TABLE.columns}, payout`,
  read: (row) => ({ ...readTransaction(row), ...(row.payout !== null && { payout: String(row.payout) }) }),
})
const PAYOUTS = tableOf({ ...PAYOUTS_TABLE, read: readPayout })
const PAYOUT_IDS = tableOf({ ...PAYOUTS_TABLE, columns: 'id', read: ({ id }) => ({ id: String(id) }) })
const BANK_ACCOUNT_IDS = tableOf({ ...BANK_ACCOUNTS_TABLE, columns: 'id', read: ({ id }) => ({ id: String(id) }) })
const CHARGE_IDS = tableOf({ ...CHARGES_TABLE, columns: 'id', read: ({ id }) => ({ id: String(id) }) })
const REFUND_IDS = tableOf({ ...REFUNDS_TABLE, columns: 'id', read: ({ id }) => ({ id: String(id) }) })
const CUSTOMERS = tableOf({ ...CUSTOMERS_TABLE, read: readCustomer })
const SOURCES = tableOf({ ...SOURCES_TABLE, read: readSource })
const CUSTOMER_IDS = tableOf({ ...CUSTOMERS_TABLE, columns: 'id', read: ({ id }) => ({ id: String(id) }) })
const SOURCE_IDS = tableOf({ ...SOURCES_TABLE, columns: 'id', read: ({ id }) => ({ id: String(id) }) })
const CUSTOMERS_OF_CHARGES = tableOf({
  ...CHARGES_TABLE,
  columns: 'id, customer',
  having: 'customer',
  read: ({ id, customer }) => ({ id: String(id), customer: String(customer) }),
})
const EVENTS = tableOf({ ...EVENTS_TABLE, columns: 'id, body', read: readEvent })
const ANSWERS = tableOf({ table: 'idempotency_keys', columns: 'key, body', cursor: ['key'], read: readAnswer })

/** Only which object it shows: reading the whole event costs three times as much. */
function readEvent({ id, body }: Row): Naming {
  const { charge, refund, customer, source, payout, bank_account: bank, balance } = JSON.parse(String(body))
  const told = charge ?? refund ?? customer ?? source ?? payout ?? bank
  // A balance is no object with an id.
  return { id: String(id), object: balance === undefined ? String(told.id) : null }
}

/** Objects whose rows stay for ever. */
const KEPT = new Set(['charge', 'refund', 'customer', 'card', 'source', 'payout', 'bank_account'])

/** What the request made or changed; a declined charge is named in its error. */
function readAnswer({ key, body }: Row): Naming {
  const { id, object, error } = JSON.parse(String(body))
  const named = KEPT.has(object) ? id : error?.charge
  return { id: String(key), object: named === undefined ? null : String(named) }
}

// One of the few statements across accounts: it finds them.
const accountPage = statement(
  'audit accounts',
  `SELECT account FROM accounts WHERE account > ? ORDER BY account LIMIT ${PAGE}`,
)

/** A table's rows in the auditor's books, in pages. A row that cannot be read is reported and left out. */
async function* rows<T extends Identified>(auditor: Auditor, table: Table<T>): AsyncGenerator<T[], void> {
  const { store, account, livemode, report } = auditor
  for await (const page of pages(store, table.page, [account, livemode ? 1 : 0], table.cursor)) {
    yield page.flatMap((row) => {
      const value = readRow(table, row)
      if (!(value instanceof Unreadable)) return [value]
      report([unreadable(table.table, idOf(row), value.message)])
      return []
    })
  }
}

/** The rows with these ids in the auditor's books, by id. One that cannot be read counts as not there. */
async function find<T extends Identified>(
  { store, account, livemode }: Auditor,
  table: Table<T>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>()
  if (ids.length === 0) return found
  for (const row of await store.all(table.byIds, [account, livemode ? 1 : 0, ...padded(ids)])) {
    const value = readRow(table, row)
    if (!(value instanceof Unreadable)) found.set(idOf(row), value)
  }
  return found
}

function questionMarks(): string {
  return Array.from({ length: PAGE }, () => '?').join(', ')
}

function padded(ids: readonly string[]): (string | null)[] {
  return Array.from({ length: PAGE }, (_, n) => ids[n] ?? null)
}

class Unreadable extends Error {}

function idOf(row: Row): string {
  return String(row.id ?? row.key)
}

function readRow<T extends Identified>(table: Table<T>, row: Row): T | Unreadable {
  try {
    const value = table.read(row)
    return value.id === idOf(row) ? value : new Unreadable(`its text is that of ${value.id}`)
  } catch (error) {
    return new Unreadable(error instanceof Error ? error.message : String(error))
  }
}

/** All rows of a query, in pages: `fixed` are its first values, then come those of the cursor's columns. */
async function* pages(
  store: Pick<Store, 'all'>,
  query: Statement,
  fixed: readonly SqlValue[],
  cursor: readonly string[],
): AsyncGenerator<readonly Row[], void> {
  let from: SqlValue[] = cursor.map(() => '')
  for (;;) {
    const page = await store.all(query, [...fixed, ...from])
    const last = page.at(-1)
    if (!last) return
    yield page
    if (page.length < PAGE) return
    from = cursor.map((column) => last[column] ?? '')
  }
}

/** An iterator whose next value can be seen before it is taken. */
async function lookAhead<T>(values: AsyncGenerator<T, void>) {
  const ahead = {
    head: undefined as T | undefined,
    async advance(): Promise<void> {
      const { done, value } = await values.next()
      ahead.head = done ? undefined : (value as T)
    },
  }
  await ahead.advance()
  return ahead
}
