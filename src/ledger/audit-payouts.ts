/** What must be true of payouts. Each check answers what is wrong; amounts are in the smallest unit of the currency. */

import type { BankAccount } from '../bank-accounts/bank-account.ts'
import type { Minor } from '../money.ts'
import type { Payout } from '../payouts/payout.ts'
import { differenceOf, judge, type Wrong } from './audit.ts'
import { isMerchants, type LedgerTransaction } from './ledger.ts'

/** What of a payout there is beside it. */
export type PaidBy = {
  readonly transaction: LedgerTransaction | undefined
  readonly returned: LedgerTransaction | undefined
  readonly bank: Pick<BankAccount, 'id'> | undefined
}

/** A payout's row takes its amount from the balance; one that failed or was cancelled has a row that gave it back. */
export function checkPayout(payout: Payout, { transaction, returned, bank }: PaidBy): Wrong[] {
  const { id, amount, currency, status, destination, balanceTransaction, failureBalanceTransaction } = payout
  return judge('payout', id, (say) => {
    if (!bank) say('payout_destination_missing', `its bank account ${destination} does not exist`)
    const differs = transaction
      ? differenceOf(transaction, { type: 'payout', source: id, amount: -amount, currency })
      : 'does not exist'
    if (differs !== null) say('payout_transaction_differs', `its ledger transaction ${balanceTransaction} ${differs}`)
    const type = status === 'failed' ? 'payout_failure' : status === 'canceled' ? 'payout_cancel' : null
    if (type === null) {
      if (failureBalanceTransaction !== null) say('payout_return_differs', `is ${status}, but was given back`)
      return
    }
    const returnDiffers = returned ? differenceOf(returned, { type, source: id, amount, currency }) : 'does not exist'
    if (returnDiffers !== null) {
      say(
        'payout_return_differs',
        `the ledger transaction that gave it back, ${failureBalanceTransaction}, ${returnDiffers}`,
      )
    }
  })
}

/**
 * Running sums of what payouts have taken up, by the merchant's ledger accounts. A payout's own row comes last, so that
 * few are open at a time.
 */
export class PayoutSums {
  readonly #sums = new Map<string, Minor>()

  add({ payout, postings }: Pick<LedgerTransaction, 'payout' | 'postings'>): void {
    if (payout === undefined) return
    for (const { ledgerAccount, amount } of postings) {
      if (!isMerchants(ledgerAccount)) continue
      const name = `${payout} ${ledgerAccount}`
      const sum = (this.#sums.get(name) ?? 0) + amount
      if (sum === 0) this.#sums.delete(name)
      else this.#sums.set(name, sum)
    }
  }

  /** An automatic payout is what its rows are worth, and takes it from where they put it: with its own they sum to zero. */
  check(): Wrong[] {
    return [...this.#sums].flatMap(([name, sum]) => {
      const [payout = '', ledgerAccount] = name.split(' ')
      return judge('payout', payout, (say) =>
        say('payout_rows_differ', `its ledger transactions leave ${sum} in ${ledgerAccount}, not nothing`),
      )
    })
  }
}
