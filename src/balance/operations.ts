import { isAvailable, type LedgerTransaction } from '../ledger/ledger.ts'
import { keptBalances, readTransaction, TRANSACTIONS_TABLE, transactionById } from '../ledger/repository.ts'
import { type CreatedFilter, isWithin, type ListCommand, listPage, visible } from '../lookup.ts'
import { type Context, found, type Operation } from '../operation.ts'
import { requireAutomatic } from '../payouts/operations.ts'
import type { Condition, Page } from '../store/paging.ts'
import type { Funds } from './funds.ts'

/** What the account has, available and pending, a currency each: its own first, then by code. */
export const retrieveBalance: Operation<unknown, Funds[]> = async (context) => found(await fundsOf(context))

/** As retrieveBalance, for whoever tells of it. */
export async function fundsOf(context: Context): Promise<Funds[]> {
  const { account, livemode, now, store } = context
  const sums = new Map([[account.defaultCurrency, { available: 0, pending: 0 }]])
  for (const { currency, ledgerAccount, amount } of await keptBalances(store, account.id, livemode)) {
    const available = isAvailable(ledgerAccount, now)
    if (available === null) continue
    const sum = sums.get(currency) ?? { available: 0, pending: 0 }
    sum[available ? 'available' : 'pending'] += amount
    sums.set(currency, sum)
  }
  const [own, ...others] = [...sums].map(([currency, sum]) => ({ currency, ...sum }))
  others.sort((a, b) => (a.currency < b.currency ? -1 : 1))
  return own ? [own, ...others] : others
}

export const retrieveBalanceTransaction: Operation<{ id: string }, LedgerTransaction> = async (context, { id }) => {
  const stored = await transactionById(context.store, context.account.id, id)
  return found(visible(context, stored, id, { word: 'balance transaction', param: 'id', where: 'url' }).value)
}

export type ListBalanceTransactions = ListCommand & {
  readonly available_on?: CreatedFilter | undefined
  readonly currency?: string | undefined
  readonly payout?: string | undefined
  readonly source?: string | undefined
  readonly type?: string | undefined
}

/**
 * Balance transactions, newest first; those of an automatic payout begin with its own. A currency, type or source that no
 * row has gives an empty page, and a dispute is no source to ask for (observed). What is asked for by `available_on` or
 * `currency` is walked: few ask, and no index has it.
 */
export const listBalanceTransactions: Operation<ListBalanceTransactions, Page<LedgerTransaction>> = async (
  context,
  command,
) => {
  const { available_on: availableOn, currency, payout, source, type } = command
  if (payout !== undefined) await requireAutomatic(context, payout)
  const listed = {
    ...TRANSACTIONS_TABLE,
    keep: keepOf(currency?.toLowerCase(), availableOn),
    word: 'balance transaction',
    read: readTransaction,
    byId: (id: string) => transactionById(context.store, context.account.id, id),
  }
  const conditions: Condition[] = []
  if (payout !== undefined) conditions.push({ sql: 'payout = ?', values: [payout] })
  if (source !== undefined) {
    const isDispute = /^d[pu]_/.test(source)
    conditions.push(isDispute ? { sql: '1 = 0', values: [] } : { sql: 'source = ?', values: [source] })
  }
  if (type !== undefined) {
    // The index of types has no charges, and is used where a query says that it wants none.
    conditions.push({ sql: type === 'charge' ? 'type = ?' : "type = ? AND type <> 'charge'", values: [type] })
  }
  return found(await listPage(context, listed, command, conditions))
}

function keepOf(currency: string | undefined, availableOn: CreatedFilter | undefined) {
  if (currency === undefined && availableOn === undefined) return undefined
  return (one: LedgerTransaction) =>
    (currency === undefined || one.currency === currency) &&
    (availableOn === undefined || isWithin(one.availableOn, availableOn))
}
