import type { LedgerTransaction } from '../ledger/ledger.ts'
import type { Currency, Minor, UnixSeconds } from '../money.ts'
import type { Funds } from './funds.ts'

/** Stripe's balance transaction, newest version. Its `status` depends on the time it is looked at. */
export function renderBalanceTransaction(transaction: LedgerTransaction, now: UnixSeconds) {
  return {
    id: transaction.id,
    object: 'balance_transaction',
    amount: transaction.amount,
    available_on: transaction.availableOn,
    balance_type: 'payments',
    created: transaction.created,
    currency: transaction.currency,
    description: transaction.description,
    exchange_rate: null,
    fee: transaction.fee,
    fee_details: transaction.feeDetails.map(({ amount, currency, description, type }) => ({
      amount,
      application: null,
      currency,
      description,
      type,
    })),
    net: transaction.net,
    reporting_category: transaction.reportingCategory ?? transaction.type,
    source: transaction.source,
    status: transaction.availableOn <= now ? 'available' : 'pending',
    type: transaction.type,
  } as const
}

/** Stripe's balance object: one entry a currency, the account's own first. */
export function renderBalance(funds: readonly Funds[], livemode: boolean) {
  const entry = (amount: Minor, currency: Currency) => ({ amount, currency, source_types: { card: amount } })
  return {
    object: 'balance',
    available: funds.map(({ available, currency }) => entry(available, currency)),
    livemode,
    pending: funds.map(({ pending, currency }) => entry(pending, currency)),
  } as const
}
