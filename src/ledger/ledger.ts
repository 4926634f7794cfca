import { AssertionError } from 'node:assert'
import type { TransactionId } from '../ids.ts'
import { type Currency, type Minor, SECONDS_PER_DAY, type UnixSeconds } from '../money.ts'

/**
 * Double entry. Every movement of money is one ledger transaction whose postings sum to zero in its currency.
 * A positive posting is owed by Koban to the name of the ledger account, a negative one is owed to Koban.
 *
 * - `network`: what the card networks owe for captured charges (so it is negative)
 * - `fees`: what Koban has earned
 * - `available`: the merchant's money that can be paid out
 * - `pending:<day>`: the merchant's money that becomes available on that day (days since 1970-01-01, UTC)
 * - `payouts`: what has been paid out to the merchant's bank, less what came back from it
 */
export type LedgerAccount = 'network' | 'fees' | 'available' | 'payouts' | `pending:${number}`

export type Posting = { readonly ledgerAccount: LedgerAccount; readonly amount: Minor }

/** One line of a balance transaction's `fee_details`. */
export type FeeDetail = {
  readonly amount: Minor
  readonly currency: Currency
  readonly description: string
  readonly type: string
}

export type TransactionType = 'charge' | 'refund' | 'adjustment' | 'payout' | 'payout_failure' | 'payout_cancel'

/** What a transaction is in reports, where its type does not say it. */
export type ReportingCategory = 'dispute' | 'dispute_reversal' | 'refund_failure' | 'payout_reversal'

/** A ledger transaction is also what the API calls a balance transaction. Amounts in the smallest unit of `currency`. */
export type LedgerTransaction = {
  readonly id: TransactionId
  readonly type: TransactionType
  /** Left out where it is the type. */
  readonly reportingCategory?: ReportingCategory | undefined
  /** The id of the charge, refund, dispute or payout that moved the money. */
  readonly source: string
  readonly currency: Currency
  /** Signed: what the merchant is owed more (or less) before the fee. */
  readonly amount: Minor
  readonly fee: Minor
  readonly feeDetails: readonly FeeDetail[]
  readonly net: Minor
  readonly description: string | null
  readonly created: UnixSeconds
  readonly availableOn: UnixSeconds
  readonly postings: readonly Posting[]
  /** Of the row of an automatic payout alone: the payout, whose rows it completes to a sum of zero. */
  readonly payout?: string
}

/** Transactions of a currency that stand beside each other among those that no payout has taken up. */
export type Run = { readonly first: TransactionId; readonly last: TransactionId; readonly count: number }

/** Whether a ledger account holds the merchant's money: of each transaction that part is the net. */
export function isMerchants(ledgerAccount: LedgerAccount): boolean {
  return ledgerAccount === 'available' || ledgerAccount.startsWith('pending:')
}

/** Where money stands that becomes available at `availableOn`: pending until then. */
function merchantAccount(availableOn: UnixSeconds, now: UnixSeconds): LedgerAccount {
  return availableOn > now ? pendingUntil(availableOn) : 'available'
}

/** The ledger account of money that becomes available at `availableOn` (00:00 UTC of a day). */
export function pendingUntil(availableOn: UnixSeconds): LedgerAccount {
  return `pending:${Math.floor(availableOn / SECONDS_PER_DAY)}`
}

/** Whether what stands on `ledgerAccount` can be paid out at `now`; null where it is not the merchant's money. */
export function isAvailable(ledgerAccount: LedgerAccount, now: UnixSeconds): boolean | null {
  if (ledgerAccount === 'available') return true
  if (!ledgerAccount.startsWith('pending:')) return null
  return Number(ledgerAccount.slice('pending:'.length)) * SECONDS_PER_DAY <= now
}

type Sale = {
  readonly id: TransactionId
  readonly charge: string
  readonly currency: Currency
  readonly amount: Minor
  readonly fee: { readonly fee: Minor; readonly details: readonly FeeDetail[] }
  readonly description: string | null
  readonly now: UnixSeconds
  readonly availableOn: UnixSeconds
}

/** A captured charge: the network owes the amount, the merchant gets it less the fee, later or at once. */
export function sale({ id, charge, currency, amount, fee, description, now, availableOn }: Sale): LedgerTransaction {
  const net = amount - fee.fee
  return balanced({
    id,
    type: 'charge',
    source: charge,
    currency,
    amount,
    fee: fee.fee,
    feeDetails: fee.details,
    net,
    description,
    created: now,
    availableOn,
    postings: [
      { ledgerAccount: 'network', amount: -amount },
      { ledgerAccount: merchantAccount(availableOn, now), amount: net },
      { ledgerAccount: 'fees', amount: fee.fee },
    ],
  })
}

type Return = {
  readonly id: TransactionId
  readonly refund: string
  readonly currency: Currency
  readonly amount: Minor
  readonly chargeDescription: string | null
  readonly now: UnixSeconds
  /** When the charge's own money becomes, or became, available: a refund takes from where that money is. */
  readonly chargeAvailableOn: UnixSeconds
}

/** Refunded money goes back to the network. The fee of the charge is not returned. */
export function returnOfSale(refund: Return): LedgerTransaction {
  const { amount, now, chargeAvailableOn, chargeDescription } = refund
  const pending = now < chargeAvailableOn
  return balanced({
    id: refund.id,
    type: 'refund',
    source: refund.refund,
    currency: refund.currency,
    amount: -amount,
    fee: 0,
    feeDetails: [],
    net: -amount,
    description: chargeDescription === null ? 'REFUND FOR CHARGE' : `REFUND FOR CHARGE (${chargeDescription})`,
    created: now,
    availableOn: pending ? chargeAvailableOn : now,
    postings: [
      { ledgerAccount: 'network', amount },
      { ledgerAccount: pending ? pendingUntil(chargeAvailableOn) : 'available', amount: -amount },
    ],
  })
}

type Withdrawal = {
  readonly id: TransactionId
  readonly dispute: string
  readonly charge: string
  readonly currency: Currency
  readonly amount: Minor
  readonly fee: Minor
  readonly now: UnixSeconds
  /** When the charge's own money becomes, or became, available: it is taken from where that money is. */
  readonly chargeAvailableOn: UnixSeconds
}

/** A dispute takes its amount back to the network, and the fee besides. */
export function chargeback(withdrawal: Withdrawal): LedgerTransaction {
  const { amount, fee, charge } = withdrawal
  const told = {
    category: 'dispute',
    description: `Chargeback withdrawal for ${charge}`,
    feeName: 'Dispute fee',
  } as const
  return adjustment({ ...withdrawal, amount: -amount, fee, ...told })
}

/** A dispute that was won brings its amount back; `fee` is what comes back of its fee. */
export function chargebackReversal(reversal: Withdrawal): LedgerTransaction {
  const { fee, charge } = reversal
  const told = {
    category: 'dispute_reversal',
    description: `Chargeback reversal for ${charge}`,
    feeName: 'Dispute fee refund',
  } as const
  return adjustment({ ...reversal, fee: fee === 0 ? 0 : -fee, ...told })
}

type Adjustment = Withdrawal & {
  readonly category: ReportingCategory
  readonly description: string
  readonly feeName: string
}

function adjustment({ id, dispute, currency, amount, fee, now, chargeAvailableOn, ...told }: Adjustment) {
  const pending = now < chargeAvailableOn
  const details = { amount: fee, currency, description: told.feeName, type: 'stripe_fee' }
  return balanced({
    id,
    type: 'adjustment',
    reportingCategory: told.category,
    source: dispute,
    currency,
    amount,
    fee,
    feeDetails: fee === 0 ? [] : [details],
    net: amount - fee,
    description: told.description,
    created: now,
    availableOn: pending ? chargeAvailableOn : now,
    postings: [
      { ledgerAccount: 'network', amount: -amount },
      { ledgerAccount: pending ? pendingUntil(chargeAvailableOn) : 'available', amount: amount - fee },
      ...(fee === 0 ? [] : [{ ledgerAccount: 'fees' as const, amount: fee }]),
    ],
  })
}

type FailedReturn = Pick<Return, 'id' | 'refund' | 'currency' | 'amount' | 'now'>

/** A refund that failed: the network gives the money back, and it is available at once (Stripe's reference of refunds). */
export function returnFailed({ id, refund, currency, amount, now }: FailedReturn): LedgerTransaction {
  return balanced({
    id,
    type: 'adjustment',
    reportingCategory: 'refund_failure',
    source: refund,
    currency,
    amount,
    fee: 0,
    feeDetails: [],
    net: amount,
    description: 'REFUND FAILURE',
    created: now,
    availableOn: now,
    postings: [
      { ledgerAccount: 'network', amount: -amount },
      { ledgerAccount: 'available', amount },
    ],
  })
}

type ToBank = {
  readonly id: TransactionId
  readonly payout: string
  readonly currency: Currency
  /** What goes to the bank; negative where the bank is debited. */
  readonly amount: Minor
  readonly description: string
  readonly now: UnixSeconds
  /** The merchant's ledger accounts that pay it: what each gives up, `amount` in all. */
  readonly from: readonly Posting[]
  /** Whether it takes up rows of its own, so that its own row is one of them. */
  readonly isAutomatic: boolean
}

/** Money on its way to the merchant's bank: it leaves the balance at once. */
export function payment(toBank: ToBank): LedgerTransaction {
  const { id, payout, currency, amount, description, now, from, isAutomatic } = toBank
  return balanced({
    id,
    type: 'payout',
    source: payout,
    currency,
    amount: -amount,
    fee: 0,
    feeDetails: [],
    net: -amount,
    description,
    created: now,
    availableOn: now,
    postings: [
      ...from.filter(({ amount }) => amount !== 0).map((one) => ({ ...one, amount: -one.amount })),
      { ledgerAccount: 'payouts', amount },
    ],
    ...(isAutomatic && { payout }),
  })
}

type FromBank = Pick<ToBank, 'id' | 'payout' | 'currency' | 'amount' | 'description' | 'now'> & {
  readonly type: 'payout_failure' | 'payout_cancel'
}

/** A payout that did not arrive, or was called off: its money is available again at once. */
export function returnOfPayment({ id, type, payout, currency, amount, description, now }: FromBank): LedgerTransaction {
  return balanced({
    id,
    type,
    reportingCategory: 'payout_reversal',
    source: payout,
    currency,
    amount,
    fee: 0,
    feeDetails: [],
    net: amount,
    description: `REFUND FOR PAYOUT (${description})`,
    created: now,
    availableOn: now,
    postings: [
      { ledgerAccount: 'payouts', amount: -amount },
      { ledgerAccount: 'available', amount },
    ],
  })
}

/** Proves what only a bug can get wrong: postings sum to zero, and the merchant's part of them is the net. */
export function assertBalanced(transaction: LedgerTransaction): void {
  const { id, postings, amount, fee, net } = transaction
  let sum = 0
  let merchant = 0
  for (const posting of postings) {
    if (!Number.isSafeInteger(posting.amount)) throw unbalanced(id, 'postings are integers')
    sum += posting.amount
    if (isMerchants(posting.ledgerAccount)) merchant += posting.amount
  }
  if (sum !== 0) throw unbalanced(id, 'postings sum to zero')
  if (net !== amount - fee) throw unbalanced(id, 'net is amount less fee')
  if (merchant !== net) throw unbalanced(id, "the merchant's postings are the net")
}

function unbalanced(id: TransactionId, law: string): AssertionError {
  return new AssertionError({ message: `${id}: ${law}` })
}

function balanced(transaction: LedgerTransaction): LedgerTransaction {
  assertBalanced(transaction)
  return transaction
}
