/**
 * What must be true of the books, row by row. Each check is given what stands in the database and answers what is
 * wrong; `undefined` is an object that is not there in the same account and mode. Amounts are in the smallest unit.
 */

import type { Charge } from '../charges/charge.ts'
import type { Customer } from '../customers/customer.ts'
import type { TransactionId } from '../ids.ts'
import type { Currency, Minor } from '../money.ts'
import type { Refund } from '../refunds/refund.ts'
import type { CustomerSource } from '../sources/source.ts'
import { isMerchants, type LedgerAccount, type LedgerTransaction, type Posting } from './ledger.ts'

export type FindingKind =
  | 'transaction_postings_not_zero'
  | 'transaction_net_wrong'
  | 'transaction_merchant_share_wrong'
  | 'transaction_source_missing'
  | 'transaction_not_of_its_source'
  | 'balance_wrong'
  | 'charge_above_authorized'
  | 'charge_refunded_above_captured'
  | 'charge_moved_uncaptured'
  | 'charge_transaction_missing'
  | 'charge_transaction_differs'
  | 'charge_refunded_differs'
  | 'charge_released_differs'
  | 'charge_refund_count_differs'
  | 'refund_charge_missing'
  | 'refund_currency_differs'
  | 'refund_transaction_missing'
  | 'refund_transaction_differs'
  | 'dispute_charge_missing'
  | 'dispute_transaction_differs'
  | 'dispute_rows_differ'
  | 'charge_disputed_differs'
  | 'refund_failure_differs'
  | 'charge_customer_missing'
  | 'customer_default_missing'
  | 'source_customer_missing'
  | 'source_not_default'
  | 'source_number_missing'
  | 'payout_destination_missing'
  | 'payout_transaction_differs'
  | 'payout_return_differs'
  | 'payout_rows_differ'
  | 'due_work_missing'
  | 'due_work_differs'
  | 'due_work_object_missing'
  | 'due_work_settled'
  | 'due_work_sleeps'
  | 'event_object_missing'
  | 'event_of_creation_missing'
  | 'answer_object_missing'
  | 'row_unreadable'

/** Something that is wrong, with the id (a balance: its currency and ledger account) and one line for people. */
export type Wrong = { readonly kind: FindingKind; readonly id: string; readonly line: string }

export type Say = (kind: FindingKind, what: string) => void

/** Gathers what is wrong with one thing. */
export function judge(noun: string, id: string, check: (say: Say) => void): Wrong[] {
  const wrong: Wrong[] = []
  check((kind, what) => wrong.push({ kind, id, line: `${noun} ${id}: ${what}` }))
  return wrong
}

/** What a ledger transaction's source is asked for: the transactions that moved its money, and moved it back. */
export type Source = Pick<Charge | Refund, 'balanceTransaction'> & {
  readonly failureBalanceTransaction?: TransactionId | null | undefined
}

/** What comes back of a refund that failed, of a payout that did, or was called off. */
const GIVEN_BACK: ReadonlySet<string> = new Set(['adjustment', 'payout_failure', 'payout_cancel'])

/**
 * A transaction balances, and its source names it in turn. As each charge names one at most, and each refund or
 * payout one more where it failed, this is what proves that there is no other one.
 */
export function checkTransaction(transaction: LedgerTransaction, source: Source | undefined): Wrong[] {
  const { id, type, amount, fee, net, postings } = transaction
  return judge('ledger transaction', id, (say) => {
    const total = sumOf(postings)
    if (total !== 0) say('transaction_postings_not_zero', `its postings sum to ${total}, not to zero`)
    if (net !== amount - fee) say('transaction_net_wrong', `net ${net} is not amount ${amount} less fee ${fee}`)
    const share = sumOf(postings.filter(({ ledgerAccount }) => isMerchants(ledgerAccount)))
    if (share !== net) say('transaction_merchant_share_wrong', `${share} is posted to the merchant, not the net ${net}`)
    const named = `its source, ${type} ${transaction.source},`
    if (!source) say('transaction_source_missing', `${named} does not exist`)
    else {
      const back = GIVEN_BACK.has(type)
      const namedInTurn = back ? (source.failureBalanceTransaction ?? null) : source.balanceTransaction
      if (namedInTurn === id) return
      say('transaction_not_of_its_source', `${named} names ${namedInTurn ?? 'no ledger transaction'}`)
    }
  })
}

function sumOf(postings: readonly Posting[]): Minor {
  return postings.reduce((sum, { amount }) => sum + amount, 0)
}

/**
 * A charge's refunds, summed: those of captured money (they have a transaction) and those that released a hold. One that
 * failed is there, and has returned nothing.
 */
export type RefundSums = { readonly count: number; readonly returned: Minor; readonly released: Minor }

export const NO_REFUNDS: RefundSums = { count: 0, returned: 0, released: 0 }

export function addRefund(sums: RefundSums, { amount, balanceTransaction, status }: Refund): RefundSums {
  const { count, returned, released } = sums
  if (status === 'failed') return { ...sums, count: count + 1 }
  return balanceTransaction === null
    ? { count: count + 1, returned, released: released + amount }
    : { count: count + 1, returned: returned + amount, released }
}

/** A charge agrees with its ledger transaction, and its amounts with each other and with its refunds. */
export function checkCharge(
  charge: Charge,
  transaction: LedgerTransaction | undefined,
  { count, returned, released }: RefundSums,
): Wrong[] {
  const { id, currency, amount, amountCaptured, amountReleased, amountRefunded, refundCount } = charge
  const releasedByRefund = charge.releaseIsRefund ? amountReleased : 0
  return judge('charge', id, (say) => {
    if (amountCaptured + amountReleased > amount) {
      say(
        'charge_above_authorized',
        `captured ${amountCaptured} and released ${amountReleased} are more than the ${amount} authorized (${currency})`,
      )
    }
    if (amountRefunded > amountCaptured) {
      say('charge_refunded_above_captured', `refunded ${amountRefunded} of ${amountCaptured} captured (${currency})`)
    }
    checkMovement(charge, transaction, say)
    if (amountRefunded !== returned) {
      say('charge_refunded_differs', `says ${amountRefunded} refunded, its refunds sum to ${returned} (${currency})`)
    }
    if (releasedByRefund !== released) {
      say('charge_released_differs', `says ${releasedByRefund} released, its refunds sum to ${released} (${currency})`)
    }
    if (refundCount !== count) say('charge_refund_count_differs', `says ${refundCount} refunds, there are ${count}`)
  })
}

/** A captured charge has its transaction, over what was captured; any other has none. */
function checkMovement(charge: Charge, transaction: LedgerTransaction | undefined, say: Say): void {
  const { id, state, currency, amountCaptured, balanceTransaction, fundsAvailableOn } = charge
  if (state !== 'captured') {
    if (amountCaptured === 0 && balanceTransaction === null) return
    const named = balanceTransaction ?? 'no ledger transaction'
    say('charge_moved_uncaptured', `is ${state}, but has ${amountCaptured} captured and names ${named}`)
    return
  }
  if (!transaction) {
    say('charge_transaction_missing', `is captured, but ${missing(balanceTransaction)}`)
    return
  }
  const difference =
    differenceOf(transaction, { type: 'charge', source: id, amount: amountCaptured, currency }) ??
    (transaction.availableOn === fundsAvailableOn
      ? null
      : `is available on ${transaction.availableOn}, not on ${fundsAvailableOn}`)
  if (difference !== null) say('charge_transaction_differs', `its ledger transaction ${transaction.id} ${difference}`)
}

/**
 * A refund has its charge, and the transaction that it names gives its amount back. One that failed names another, by
 * which the amount came back to the merchant.
 */
export function checkRefund(
  refund: Refund,
  charge: Charge | undefined,
  transaction: LedgerTransaction | undefined,
  returned: LedgerTransaction | undefined,
): Wrong[] {
  const { id, currency, amount, balanceTransaction } = refund
  return judge('refund', id, (say) => {
    if (!charge) say('refund_charge_missing', `its charge ${refund.charge} does not exist`)
    else if (charge.currency !== currency) {
      say('refund_currency_differs', `is in ${currency}, its charge ${charge.id} in ${charge.currency}`)
    }
    if (balanceTransaction === null) return // it released a hold: no money moved
    if (!transaction) {
      say('refund_transaction_missing', missing(balanceTransaction))
      return
    }
    const difference = differenceOf(transaction, { type: 'refund', source: id, amount: -amount, currency })
    if (difference !== null) say('refund_transaction_differs', `its ledger transaction ${transaction.id} ${difference}`)
    checkFailure(refund, returned, say)
  })
}

function checkFailure(refund: Refund, back: LedgerTransaction | undefined, say: Say): void {
  const { id, amount, currency, failureBalanceTransaction: named = null, status } = refund
  if ((status === 'failed') !== (named !== null)) {
    say('refund_failure_differs', `is ${status}, but ${named ?? 'no ledger transaction'} is named for its failure`)
  }
  if (named === null) return
  if (!back) {
    say('refund_transaction_missing', missing(named))
    return
  }
  const difference = differenceOf(back, { type: 'adjustment', source: id, amount, currency })
  if (difference !== null) say('refund_transaction_differs', `its ledger transaction ${back.id} ${difference}`)
}

function missing(transaction: string | null): string {
  return transaction === null
    ? 'it names no ledger transaction'
    : `its ledger transaction ${transaction} does not exist`
}

type Movement = Pick<LedgerTransaction, 'type' | 'source' | 'amount' | 'currency'>

export function differenceOf(found: LedgerTransaction, expected: Movement): string | null {
  if (found.type !== expected.type || found.source !== expected.source) return `is of ${found.type} ${found.source}`
  if (found.amount === expected.amount && found.currency === expected.currency) return null
  return `is over ${found.amount} ${found.currency}, not over ${expected.amount} ${expected.currency}`
}

/** A customer is charged by something that it has on file; who was deleted has nothing. */
export function checkCustomer(customer: Customer, source: CustomerSource | undefined): Wrong[] {
  const { id, defaultSource } = customer
  return judge('customer', id, (say) => {
    if (defaultSource === null) return
    if (source?.customer === id && source.attached) return
    say('customer_default_missing', `its default source ${defaultSource} is not on file`)
  })
}

/** What is on file has its customer, who has a default then, and its number is in the vault. */
export function checkSource(source: CustomerSource, customer: Customer | undefined, hasNumber: boolean): Wrong[] {
  return judge(source.object === 'card' ? 'card' : 'source', source.id, (say) => {
    if (source.customer !== null && !customer) {
      say('source_customer_missing', `its customer ${source.customer} does not exist`)
    }
    if (source.attached && customer?.defaultSource === null) {
      say('source_not_default', `is on file, but its customer ${customer.id} has no default source`)
    }
    if (!hasNumber) say('source_number_missing', 'its card number is not in the vault')
  })
}

/** A charge's customer exists, deleted or not. */
export function checkCustomerOfCharge(charge: string, customer: string, exists: boolean): Wrong[] {
  if (exists) return []
  return judge('charge', charge, (say) => say('charge_customer_missing', `its customer ${customer} does not exist`))
}

/** What an event shows, or an answer under an Idempotency-Key tells of, exists. */
export function checkNamed(what: 'event' | 'answer', id: string, object: string, exists: boolean): Wrong[] {
  if (exists) return []
  const noun = what === 'event' ? 'event' : 'answer under Idempotency-Key'
  return judge(noun, id, (say) => say(`${what}_object_missing`, `its object ${object} does not exist`))
}

/** What was made has the event that told of it. */
export function checkCreation(id: string): Wrong[] {
  return judge('object', id, (say) => say('event_of_creation_missing', 'no event tells that it was made'))
}

/** A row whose text cannot be read, or is another's. It counts as not there for all that refers to it. */
export function unreadable(table: string, id: string, why: string): Wrong {
  return { kind: 'row_unreadable', id, line: `row ${id} of ${table}: ${why}` }
}

type Balance = { readonly currency: Currency; readonly ledgerAccount: LedgerAccount; readonly amount: Minor }

/** Running sums of postings by currency and ledger account: some hundred a year. */
export class PostingSums {
  readonly #sums = new Map<string, Minor>()

  add({ currency, postings }: Pick<LedgerTransaction, 'currency' | 'postings'>): void {
    for (const { ledgerAccount, amount } of postings) {
      const name = `${currency} ${ledgerAccount}`
      this.#sums.set(name, (this.#sums.get(name) ?? 0) + amount)
    }
  }

  /** Kept balances equal the sums; one that is not kept is zero. */
  check(kept: readonly Balance[]): Wrong[] {
    const balances = new Map(
      kept.map(({ currency, ledgerAccount, amount }) => [`${currency} ${ledgerAccount}`, amount]),
    )
    const names = [...new Set([...balances.keys(), ...this.#sums.keys()])].sort()
    return names.flatMap((name) => {
      const amount = balances.get(name) ?? 0
      const sum = this.#sums.get(name) ?? 0
      if (amount === sum) return []
      return judge('balance', name, (say) => say('balance_wrong', `is kept as ${amount}, its postings sum to ${sum}`))
    })
  }
}
