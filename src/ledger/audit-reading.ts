/**
 * Reads the books for their audit: account by account and mode by mode, a page at a time. What a page refers to is
 * looked up by primary key; charges and refunds, which are one to many, are walked side by side in the order of ids.
 * So memory is bounded by a page, and every row is read once or twice.
 */

import { BANK_ACCOUNTS_TABLE } from '../bank-accounts/repository.ts'
import type { Charge } from '../charges/charge.ts'
import { CHARGES_TABLE, readCharge } from '../charges/repository.ts'
import { CUSTOMERS_TABLE, readCustomer } from '../customers/repository.ts'
import type { Dispute } from '../disputes/dispute.ts'
import { DISPUTES_TABLE, readDispute } from '../disputes/repository.ts'
import { WARNINGS_TABLE } from '../early-fraud-warnings/repository.ts'
import { EVENTS_TABLE } from '../events/repository.ts'
import { FILES_TABLE } from '../files/repository.ts'
import type { UnixSeconds } from '../money.ts'
import { PAYOUTS_TABLE, readPayout } from '../payouts/repository.ts'
import type { Refund } from '../refunds/refund.ts'
import { REFUNDS_TABLE, readRefund } from '../refunds/repository.ts'
import { readSource, SOURCES_TABLE } from '../sources/repository.ts'
import type { Row, Store } from '../store/store.ts'
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
  type Wrong,
} from './audit.ts'
import { Creations, type Told } from './audit-creations-reading.ts'
import { addDispute, checkDispute, checkDisputesOfCharge, NOTHING_DISPUTED } from './audit-disputes.ts'
import { awaitedByCharge, awaitedByDispute, awaitedByPayout, awaitedByRefund } from './audit-due.ts'
import { Awaiting, auditDueWork } from './audit-due-reading.ts'
import { checkPayout, PayoutSums } from './audit-payouts.ts'
import {
  type Auditor,
  type Checked,
  type Finding,
  find,
  type Identified,
  lookAhead,
  PAGE,
  padded,
  pages,
  questionMarks,
  rows,
  type Table,
  tableOf,
} from './audit-tables.ts'
import type { LedgerTransaction } from './ledger.ts'
import { keptBalances, readTransaction, TRANSACTIONS_TABLE } from './repository.ts'

/**
 * Audits all accounts and reports each finding as it is found. `store` must stand still meanwhile (a snapshot): what
 * is written between two reads would show as wrong. `real` is real time, from which the accounts' clocks count. Throws
 * StoreUnavailable.
 */
export async function auditBooks(
  store: Pick<Store, 'all'>,
  real: UnixSeconds,
  report: (finding: Finding) => void,
): Promise<Checked> {
  const checked: Checked = {
    ...{ accounts: 0, charges: 0, refunds: 0, disputes: 0, payouts: 0, customers: 0, sources: 0 },
    ...{ transactions: 0, balances: 0, events: 0, answers: 0 },
  }
  for await (const page of pages(store, accountPage, [], ['account'])) {
    for (const row of page) {
      checked.accounts += 1
      await auditAccount(store, String(row.account), real, checked, report)
    }
  }
  return checked
}

async function auditAccount(
  store: Pick<Store, 'all'>,
  account: string,
  real: UnixSeconds,
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
    await auditEvents(auditor, real)
    for await (const page of rows(auditor, ANSWERS)) await auditNames(auditor, 'answer', page)
    await auditDueWork(auditor)
  }
}

async function auditLedger(auditor: Auditor): Promise<void> {
  const { store, account, livemode, checked, report } = auditor
  const sums = new PostingSums()
  const payoutSums = new PayoutSums()
  for await (const page of rows(auditor, TRANSACTIONS)) {
    const sourcesOf = (wanted: string) => page.filter(({ type }) => type === wanted).map(({ source }) => source)
    const charges = await find(auditor, CHARGES, sourcesOf('charge'))
    const refunds = await find(auditor, REFUNDS, [...sourcesOf('refund'), ...sourcesOf('adjustment')])
    const disputes = await find(auditor, DISPUTES, sourcesOf('adjustment'))
    const payouts = await find(auditor, PAYOUTS, PAYOUT_TYPES.flatMap(sourcesOf))
    for (const transaction of page) {
      checked.transactions += 1
      sums.add(transaction)
      payoutSums.add(transaction)
      const { id, source } = transaction
      const dispute = disputes.get(source)
      const moved = dispute ? movedBy(dispute, id) : undefined
      report(checkTransaction(transaction, moved ?? charges.get(source) ?? refunds.get(source) ?? payouts.get(source)))
    }
  }
  const kept = await keptBalances(store, account, livemode)
  checked.balances += kept.length
  report(sums.check(kept))
  report(payoutSums.check())
}

const PAYOUT_TYPES = ['payout', 'payout_failure', 'payout_cancel'] as const

/** Payouts, with what moved their money and where it went. */
async function auditPayouts(auditor: Auditor): Promise<void> {
  const awaiting = new Awaiting(auditor)
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
      await awaiting.add(awaitedByPayout(payout))
    }
  }
  await awaiting.finish()
}

/** Whether a dispute names this transaction, which is one of two at most. */
function movedBy({ transactions }: Dispute, id: string): Source {
  const named = transactions.some((one) => one.id === id)
  return named ? { balanceTransaction: id, failureBalanceTransaction: id } : { balanceTransaction: null }
}

/** Charges and refunds side by side. A refund that meets no charge has none. */
async function auditCharges(auditor: Auditor): Promise<void> {
  const { checked, report } = auditor
  const awaiting = new Awaiting(auditor)
  const refunds = await lookAhead(withTransactions(auditor, REFUNDS_BY_CHARGE))
  const takeRefund = async ({ value, transaction, returned }: Moved<Refund>, charge: Charge | undefined) => {
    checked.refunds += 1
    report(checkRefund(value, charge, transaction, returned))
    await awaiting.add(awaitedByRefund(value))
    await refunds.advance()
  }
  const disputes = await lookAhead(disputesWithTransactions(auditor))
  const takeDispute = async ({ value, found }: FoundDispute, charge: Charge | undefined) => {
    checked.disputes += 1
    report(checkDispute(value, charge, found))
    await awaiting.add(awaitedByDispute(value))
    await disputes.advance()
  }
  for await (const { value: charge, transaction } of withTransactions(auditor, CHARGES)) {
    checked.charges += 1
    await awaiting.add(awaitedByCharge(charge))
    while (disputes.head && disputes.head.value.charge < charge.id) await takeDispute(disputes.head, undefined)
    let disputed = NOTHING_DISPUTED
    while (disputes.head && disputes.head.value.charge === charge.id) {
      disputed = addDispute(disputed, disputes.head.value)
      await takeDispute(disputes.head, charge)
    }
    report(checkDisputesOfCharge(charge, disputed))
    while (refunds.head && refunds.head.value.charge < charge.id) await takeRefund(refunds.head, undefined)
    let sums = NO_REFUNDS
    while (refunds.head && refunds.head.value.charge === charge.id) {
      sums = addRefund(sums, refunds.head.value)
      await takeRefund(refunds.head, charge)
    }
    report(checkCharge(charge, transaction, sums))
  }
  while (refunds.head) await takeRefund(refunds.head, undefined)
  while (disputes.head) await takeDispute(disputes.head, undefined)
  await awaiting.finish()
}

type FoundDispute = { readonly value: Dispute; readonly found: ReadonlyMap<string, LedgerTransaction> }

async function* disputesWithTransactions(auditor: Auditor): AsyncGenerator<FoundDispute, void> {
  for await (const page of rows(auditor, DISPUTES_BY_CHARGE)) {
    for (const value of page) {
      yield {
        value,
        found: await find(
          auditor,
          TRANSACTIONS,
          value.transactions.map(({ id }) => id),
        ),
      }
    }
  }
}

type Moved<T> = {
  readonly value: T
  readonly transaction: LedgerTransaction | undefined
  /** Of a refund that failed: the transaction by which its money came back. */
  readonly returned: LedgerTransaction | undefined
}

/** Each charge or refund with the ledger transactions that it names. */
async function* withTransactions<T extends Source & Identified>(
  auditor: Auditor,
  table: Table<T>,
): AsyncGenerator<Moved<T>, void> {
  for await (const page of rows(auditor, table)) {
    const transactions = await find(auditor, TRANSACTIONS, present(page.map((one) => one.balanceTransaction)))
    const failed = present(page.map((one) => one.failureBalanceTransaction ?? null))
    const returns = await find(auditor, TRANSACTIONS, failed)
    for (const value of page) {
      const returned = returns.get(value.failureBalanceTransaction ?? '')
      yield { value, transaction: transactions.get(value.balanceTransaction ?? ''), returned }
    }
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

/** Events tell of objects that exist, and there is one about the creation of each. */
async function auditEvents(auditor: Auditor, real: UnixSeconds): Promise<void> {
  const creations = await Creations.begin(auditor, real)
  for await (const page of rows(auditor, EVENTS)) {
    await auditNames(auditor, 'event', page)
    await creations.see(page)
  }
  await creations.finish()
}

/** Events, or answers under an Idempotency-Key: the object that each tells of exists. */
async function auditNames(auditor: Auditor, what: 'event' | 'answer', page: readonly Naming[]): Promise<void> {
  auditor.checked[`${what}s`] += page.length
  const named = (prefix: string) => page.flatMap(({ object }) => (object?.startsWith(prefix) ? [object] : []))
  const charges = await find(auditor, CHARGE_IDS, named('ch_'))
  const refunds = await find(auditor, REFUND_IDS, named('re_'))
  const customers = await find(auditor, CUSTOMER_IDS, named('cus_'))
  const sources = await find(auditor, SOURCE_IDS, [...named('card_'), ...named('src_')])
  const disputes = await find(auditor, DISPUTE_IDS, [...named('dp_'), ...named('du_')])
  const warnings = await find(auditor, WARNING_IDS, named('issfr_'))
  const files = await find(auditor, FILE_IDS, named('file_'))
  const payouts = await find(auditor, PAYOUT_IDS, named('po_'))
  const banks = await find(auditor, BANK_ACCOUNT_IDS, named('ba_'))
  const all = [charges, refunds, customers, sources, disputes, warnings, files, payouts, banks]
  for (const { id, object } of page) {
    if (object === null) continue
    const exists = all.some((found) => found.has(object))
    auditor.report(checkNamed(what, id, object, exists))
  }
}

const CHARGES = tableOf({ ...CHARGES_TABLE, columns: 'id, body', read: readCharge })
const REFUNDS = tableOf({ ...REFUNDS_TABLE, read: readRefund })
const REFUNDS_BY_CHARGE = tableOf({ ...REFUNDS_TABLE, read: readRefund, cursor: ['charge', 'id'] })
const DISPUTES = tableOf({ ...DISPUTES_TABLE, read: readDispute })
const DISPUTES_BY_CHARGE = tableOf({ ...DISPUTES_TABLE, read: readDispute, cursor: ['charge', 'id'] })
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
const DISPUTE_IDS = tableOf({ ...DISPUTES_TABLE, columns: 'id', read: ({ id }) => ({ id: String(id) }) })
const WARNING_IDS = tableOf({ ...WARNINGS_TABLE, columns: 'id', read: ({ id }) => ({ id: String(id) }) })
const FILE_IDS = tableOf({ ...FILES_TABLE, columns: 'id', read: ({ id }) => ({ id: String(id) }) })
const CUSTOMERS_OF_CHARGES = tableOf({
  ...CHARGES_TABLE,
  columns: 'id, customer',
  having: 'customer',
  read: ({ id, customer }) => ({ id: String(id), customer: String(customer) }),
})
const EVENTS = tableOf({ ...EVENTS_TABLE, columns: 'id, type, body', read: readEvent })
const ANSWERS = tableOf({ table: 'idempotency_keys', columns: 'key, body', cursor: ['key'], read: readAnswer })

/** Only which object it shows: reading the whole event costs three times as much. */
function readEvent({ id, type, body }: Row): Told {
  const { balance, ...shown } = JSON.parse(String(body))
  if (balance !== undefined) return { id: String(id), type: String(type), object: null } // it has no id
  const { charge, refund, customer, source, dispute, warning, file, payout, bank_account: bank } = shown
  const told = charge ?? refund ?? customer ?? source ?? dispute ?? warning ?? file ?? payout ?? bank
  return { id: String(id), type: String(type), object: String(told.id) }
}

/** Objects whose rows stay for ever. */
const KEPT = new Set([
  ...['charge', 'refund', 'customer', 'card', 'source', 'dispute', 'file', 'payout', 'bank_account'],
])

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
