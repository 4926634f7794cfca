import assert from 'node:assert/strict'
import { businessDayFrom } from '../balance/availability.ts'
import { accept, type Decision, refuse } from '../decision.ts'
import { errors } from '../errors.ts'
import type { BankAccountId, PayoutId, TransactionId } from '../ids.ts'
import { type Posting, payment, returnOfPayment } from '../ledger/ledger.ts'
import { type Metadata, type MetadataChange, mergeMetadata } from '../metadata.ts'
import { type Currency, type Minor, SECONDS_PER_DAY, type UnixSeconds } from '../money.ts'

/** `pending` → `in_transit` (given to the bank) → `paid`; or `failed`, or `canceled` while it is pending. No way back. */
export type PayoutStatus = 'pending' | 'in_transit' | 'paid' | 'failed' | 'canceled'

export type PayoutMethod = 'standard' | 'instant'

/** Money on its way from the balance to the merchant's bank; a negative amount is on its way from there. */
export type Payout = {
  readonly id: PayoutId
  readonly created: UnixSeconds
  /** Smallest unit of `currency`. */
  readonly amount: Minor
  readonly currency: Currency
  /** When it is expected at the bank: 00:00 UTC of a business day; of an instant one, at once. */
  readonly arrivalDate: UnixSeconds
  /** Made by the schedule: it takes rows of the ledger up, whose net it is. */
  readonly automatic: boolean
  readonly balanceTransaction: TransactionId
  readonly description: string
  readonly destination: BankAccountId
  /** The row that gave the money back, where it failed or was cancelled. */
  readonly failureBalanceTransaction: TransactionId | null
  readonly failureCode: FailureCode | null
  readonly metadata: Metadata
  readonly method: PayoutMethod
  readonly statementDescriptor: string | null
  readonly status: PayoutStatus
}

/** Stripe: what a payout is called where the merchant calls it nothing. */
export const STANDARD_DESCRIPTION = 'STRIPE PAYOUT'

/** What a bank says of a payout that it does not take, and how Stripe words it. */
export const FAILURE_MESSAGES = {
  account_closed: 'The bank account has been closed.',
  could_not_process: 'Stripe could not process this transfer.',
  debit_not_authorized:
    'Debit transactions are not approved on the bank account. (Stripe requires bank accounts to be set up for both credit and debit payouts.)',
  insufficient_funds: 'Your Stripe account has insufficient funds to cover the payout.',
  invalid_currency:
    'The bank was unable to process this payout because of its currency. This is probably because the bank account cannot accept payments in that currency.',
  no_account:
    'The bank account details on file are probably incorrect. No bank account could be located with those details.',
} as const

export type FailureCode = keyof typeof FAILURE_MESSAGES

/** A payout as it is wanted, before it is known what pays it. */
export type WantedPayout = Pick<
  Payout,
  'id' | 'amount' | 'currency' | 'automatic' | 'description' | 'destination' | 'metadata' | 'method'
> & { readonly statementDescriptor: string | null; readonly transaction: TransactionId }

/** Makes a payout: its money leaves the balance at once. `from`: what each ledger account of the merchant's gives up. */
export function pay(
  wanted: WantedPayout,
  from: readonly Posting[],
  country: string,
  now: UnixSeconds,
): Decision<Payout> {
  const { transaction, ...rest } = wanted
  const { id, amount, currency, automatic, description } = rest
  assert(amount !== 0 && (automatic || amount > 0), 'a payout moves money, and a merchant’s own to the bank')
  const payout: Payout = {
    ...rest,
    created: now,
    arrivalDate: arrivalOf(wanted, country, now),
    balanceTransaction: transaction,
    failureBalanceTransaction: null,
    failureCode: null,
    status: 'pending',
  }
  return accept(payout, {
    transactions: [
      payment({ id: transaction, payout: id, currency, amount, description, now, from, isAutomatic: automatic }),
    ],
    events: [{ type: 'payout.created', object: 'payout', before: null, after: payout }],
  })
}

/** How many business days a merchant's own payout takes where it is not one. */
const BUSINESS_DAYS: ReadonlyMap<string, number> = new Map([['JP', 2]])

/**
 * When a payout arrives. Stripe: what the schedule pays arrives on the day on which its funds are available, or the next
 * business day; a merchant's own on the next business day, in Japan on the second.
 */
function arrivalOf({ automatic, method }: WantedPayout, country: string, now: UnixSeconds): UnixSeconds {
  if (method === 'instant') return now
  if (automatic) return businessDayFrom(country, now)
  return businessDayFrom(country, now + SECONDS_PER_DAY, (BUSINESS_DAYS.get(country) ?? 1) - 1)
}

const TAKEN_BACK_WITHIN_SECONDS = 3600 // a merchant can change its mind: a choice
const BANK_ANSWERS_WITHIN_SECONDS = 5 // Stripe: test accounts that fail do so shortly after

/** When a payout is given to the bank: what the schedule pays at once. */
export function sentAt({ automatic, method, created, arrivalDate }: Payout): UnixSeconds {
  if (automatic) return created
  if (method === 'instant') return created + BANK_ANSWERS_WITHIN_SECONDS
  return Math.min(created + TAKEN_BACK_WITHIN_SECONDS, arrivalDate)
}

/** When a bank refuses a payout that it will not take. */
export function failsAt({ created }: Payout): UnixSeconds {
  return created + BANK_ANSWERS_WITHIN_SECONDS
}

/** Gives a payout to the bank. */
export function send(payout: Payout): Decision<Payout> {
  assert(payout.status === 'pending', 'only what is pending is given to the bank')
  const after: Payout = { ...payout, status: 'in_transit' }
  return accept(after, { events: [{ type: 'payout.updated', object: 'payout', before: payout, after }] })
}

/** The payout is expected to have arrived. `reconciles`: whether the account's version tells that its rows can be listed. */
export function arrive(payout: Payout, reconciles: boolean): Decision<Payout> {
  assert(payout.status === 'in_transit', 'only what is in transit arrives')
  const after: Payout = { ...payout, status: 'paid' }
  const told = { object: 'payout', before: null, after } as const
  return accept(after, {
    events: [
      { type: 'payout.paid', ...told },
      ...(payout.automatic && reconciles ? [{ type: 'payout.reconciliation_completed', ...told } as const] : []),
    ],
  })
}

/** The bank refuses the payout: the money is back at once. */
export function fail(
  payout: Payout,
  code: FailureCode,
  transaction: TransactionId,
  now: UnixSeconds,
): Decision<Payout> {
  assert(payout.status === 'pending' || payout.status === 'in_transit', 'only what is under way fails')
  const after: Payout = {
    ...payout,
    status: 'failed',
    failureCode: code,
    failureBalanceTransaction: transaction,
  }
  return accept(after, {
    transactions: [returnOfPayment({ ...returned(payout), id: transaction, type: 'payout_failure', now })],
    events: [{ type: 'payout.failed', object: 'payout', before: null, after }],
  })
}

/** Calls off a payout that the merchant has made and that is still pending. Refuses any other. */
export function cancel(payout: Payout, transaction: TransactionId, now: UnixSeconds): Decision<Payout> {
  if (payout.automatic || payout.status !== 'pending') return refuse(errors.payoutNotCancelable())
  const after: Payout = { ...payout, status: 'canceled', failureBalanceTransaction: transaction }
  return accept(after, {
    transactions: [returnOfPayment({ ...returned(payout), id: transaction, type: 'payout_cancel', now })],
    events: [{ type: 'payout.canceled', object: 'payout', before: null, after }],
  })
}

function returned({ id, currency, amount, description }: Payout) {
  return { payout: id, currency, amount, description }
}

/** Only the metadata of a payout can change. Refuses where it would have too many keys. */
export function updatePayout(payout: Payout, change: MetadataChange | undefined): Decision<Payout> {
  const metadata = mergeMetadata(payout.metadata, change)
  if (metadata instanceof Error) return refuse(metadata)
  const after: Payout = { ...payout, metadata }
  return accept(after, { events: [{ type: 'payout.updated', object: 'payout', before: payout, after }] })
}
