import { isAvailable, type LedgerTransaction } from '../ledger/ledger.ts'
import { keptBalances, readTransaction, TRANSACTIONS_TABLE, transactionById } from '../ledger/repository.ts'
import { type CreatedFilter, isWithin, type ListCommand, listPage, visible } from '../lookup.ts'
import { type Context, found, type Operation } from '../operation.ts'
import { requireAutomatic } from '../payouts/operations.ts'
import type { Page } from '../store/paging.ts'
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

/** Balance transactions, newest first; those of an automatic payout begin with its own. What is asked for by `available_on` is walked: few ask. A currency, type or source that no row has gives an empty page (observed). */
export const listBalanceTransactions: Operation<ListBalanceTransactions, Page<LedgerTransaction>> = async (
  context,
  command,
) => {
  const { available_on: availableOn, currency, payout, source, type } = command
  if (payout !== undefined) await requireAutomatic(context, payout)
  const listed = {
    ...TRANSACTIONS_TABLE,
    keep: availableOn === undefined ? undefined : (one: LedgerTransaction) => isWithin(one.availableOn, availableOn),
    word: 'balance transaction',
    read: readTransaction,
    byId: (id: string) => transactionById(context.store, context.account.id, id),
  }
  const columns = { currency: currency?.toLowerCase(), payout, source, type }
  const conditions = Object.entries(columns).flatMap(([column, value]) =>
    value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }],
  )
  return found(await listPage(context, listed, command, conditions))
}
