import type { UnixSeconds } from '../money.ts'
import type { BalanceChange, Row, Store, Write } from '../store/store.ts'
import { statement, write } from '../store/store.ts'
import type { LedgerAccount, LedgerTransaction, ReportingCategory, TransactionType } from './ledger.ts'

const COLUMNS = 'id, created, type, source, currency, body'

const insertLedgerTransaction = statement(
  'insert ledger transaction',
  `INSERT INTO ledger_transactions (account, id, livemode, created, type, source, currency, body)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
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
  return write(insertLedgerTransaction, account, id, mode, created, type, source, currency, JSON.stringify(body))
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
