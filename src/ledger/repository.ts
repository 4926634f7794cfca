import type { Currency, UnixSeconds } from '../money.ts'
import type { BalanceChange, Row, Store, Write } from '../store/store.ts'
import { statement, write, writeAny } from '../store/store.ts'
import type { LedgerAccount, LedgerTransaction, ReportingCategory, Run, TransactionType } from './ledger.ts'

const COLUMNS = 'id, created, type, source, currency, body'

const insertLedgerTransaction = statement(
  'insert ledger transaction',
  `INSERT INTO ledger_transactions (account, id, livemode, created, type, source, currency, body)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
)
const insertPayoutsOwn = statement(
  'insert ledger transaction of a payout',
  `INSERT INTO ledger_transactions (account, id, livemode, created, type, source, currency, body, payout)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
)
const ledgerTransactionById = statement(
  'ledger transaction by id',
  `SELECT ${COLUMNS}, livemode FROM ledger_transactions WHERE account = ? AND id = ?`,
)
const balancesOfAccount = statement(
  'balances of an account',
  'SELECT currency, ledger_account, amount FROM balances WHERE account = ? AND livemode = ?',
)

/** What a row's body holds: the rest of the transaction, and its postings as pairs. */
type Body = Pick<LedgerTransaction, 'amount' | 'fee' | 'net' | 'availableOn'> & {
  description?: string
  reportingCategory?: ReportingCategory
  feeDetails?: LedgerTransaction['feeDetails']
  postings: Record<string, number>
}

export function insertTransaction(account: string, livemode: boolean, transaction: LedgerTransaction): Write {
  const { id, created, type, source, currency, amount, fee, feeDetails, net, availableOn, description } = transaction
  const postings: Record<string, number> = {}
  for (const posting of transaction.postings) postings[posting.ledgerAccount] = posting.amount
  const body: Body = {
    amount,
    fee,
    net,
    availableOn,
    ...(description !== null && { description }),
    ...(transaction.reportingCategory && { reportingCategory: transaction.reportingCategory }),
    ...(feeDetails.length > 0 && { feeDetails }),
    postings,
  }
  const mode = livemode ? 1 : 0
  const text = JSON.stringify(body)
  return transaction.payout === undefined
    ? write(insertLedgerTransaction, account, id, mode, created, type, source, currency, text)
    : write(insertPayoutsOwn, account, id, mode, created, type, source, currency, text, transaction.payout)
}

/** What a transaction changes in the kept balances. */
export function balanceChanges(account: string, livemode: boolean, transaction: LedgerTransaction): BalanceChange[] {
  const { currency, postings } = transaction
  return postings.map(({ ledgerAccount, amount }) => ({ account, livemode, currency, ledgerAccount, amount }))
}

export const TRANSACTIONS_TABLE = { table: 'ledger_transactions', columns: COLUMNS } as const

/** The transaction with this id and whether it is a live one, or undefined. */
export async function transactionById(store: Pick<Store, 'get'>, account: string, id: string) {
  const row = await store.get(ledgerTransactionById, [account, id])
  return row && { livemode: row.livemode === 1, value: readTransaction(row) }
}

export function readTransaction(row: Row): LedgerTransaction {
  const body = JSON.parse(String(row.body)) as Body
  return {
    id: String(row.id),
    type: row.type as TransactionType,
    ...(body.reportingCategory && { reportingCategory: body.reportingCategory }),
    source: String(row.source),
    currency: String(row.currency),
    amount: body.amount,
    fee: body.fee,
    feeDetails: body.feeDetails ?? [],
    net: body.net,
    description: body.description ?? null,
    created: Number(row.created) as UnixSeconds,
    availableOn: body.availableOn,
    postings: Object.entries(body.postings).map(([ledgerAccount, amount]) => ({
      ledgerAccount: ledgerAccount as LedgerAccount,
      amount,
    })),
  }
}

export type KeptBalance = { readonly currency: string; readonly ledgerAccount: LedgerAccount; readonly amount: number }

/** Every kept balance of an account in one mode. */
export async function keptBalances(
  store: Pick<Store, 'all'>,
  account: string,
  livemode: boolean,
): Promise<KeptBalance[]> {
  const rows = await store.all(balancesOfAccount, [account, livemode ? 1 : 0])
  return rows.map((row) => ({
    currency: String(row.currency),
    ledgerAccount: row.ledger_account as LedgerAccount,
    amount: Number(row.amount),
  }))
}

/** How many are read at a time. */
const BATCH = 500

const unpaidStatement = statement(
  'ledger transactions that no payout has taken up',
  `SELECT ${COLUMNS} FROM ledger_transactions
   WHERE account = ? AND livemode = ? AND currency = ? AND payout IS NULL AND id > ? ORDER BY id LIMIT ${BATCH}`,
)
// The number of rows is the guard: what came in between meanwhile would be one too many.
const takeUpStatement = statement(
  'take ledger transactions up into a payout',
  `UPDATE ledger_transactions SET payout = ?
   WHERE account = ? AND livemode = ? AND currency = ? AND payout IS NULL AND id BETWEEN ? AND ?`,
)
const dropEmptyStatement = statement(
  'drop empty balances',
  'DELETE FROM balances WHERE account = ? AND livemode = ? AND currency = ? AND amount = 0',
)

/** Whose books, in which currency. */
export type CurrencyBooks = { readonly account: string; readonly livemode: boolean; readonly currency: Currency }

/** Ledger transactions that no automatic payout has taken up yet, behind the id `after`, oldest first, in batches. */
export async function* unpaidTransactions(
  store: Pick<Store, 'all'>,
  { account, livemode, currency }: CurrencyBooks,
  after: string,
): AsyncGenerator<LedgerTransaction[], void> {
  for (let from = after; ; ) {
    const rows = await store.all(unpaidStatement, [account, livemode ? 1 : 0, currency, from])
    yield rows.map(readTransaction)
    const last = rows.at(-1)
    if (rows.length < BATCH || !last) return
    from = String(last.id)
  }
}

/** The write that gives a run of transactions to a payout; fails its guard where there are more or fewer meanwhile. */
export function takeUp({ account, livemode, currency }: CurrencyBooks, payout: string, run: Run): Write {
  const values = [payout, account, livemode ? 1 : 0, currency, run.first, run.last]
  return { statement: takeUpStatement, values, rows: run.count }
}

/** The write that forgets the kept balances of nothing: those of past days, once they are paid out. */
export function dropEmptyBalances({ account, livemode, currency }: CurrencyBooks): Write {
  return writeAny(dropEmptyStatement, account, livemode ? 1 : 0, currency)
}

/**
 * What an account's payouts and bank accounts in a currency are guarded by. All transactions up to the id `swept` have
 * been taken up by payouts.
 */
export type Settlement = { readonly version: number; readonly swept: string }

const settlementStatement = statement(
  'settlement of a currency',
  'SELECT version, swept FROM settlements WHERE account = ? AND livemode = ? AND currency = ?',
)
const insertSettlement = statement(
  'insert settlement',
  'INSERT INTO settlements (account, livemode, currency, version, swept) VALUES (?, ?, ?, 1, ?)',
)
const updateSettlement = statement(
  'update settlement',
  `UPDATE settlements SET version = version + 1, swept = ?
   WHERE account = ? AND livemode = ? AND currency = ? AND version = ?`,
)

export async function settlementOf(
  store: Pick<Store, 'get'>,
  { account, livemode, currency }: CurrencyBooks,
): Promise<Settlement> {
  const row = await store.get(settlementStatement, [account, livemode ? 1 : 0, currency])
  return row ? { version: Number(row.version), swept: String(row.swept) } : { version: 0, swept: '' }
}

/** The write of whoever pays out, or changes a bank account; fails its guard where another was faster. */
export function settle({ account, livemode, currency }: CurrencyBooks, { version }: Settlement, swept: string): Write {
  const mode = livemode ? 1 : 0
  return version === 0
    ? write(insertSettlement, account, mode, currency, swept)
    : write(updateSettlement, swept, account, mode, currency, version)
}
