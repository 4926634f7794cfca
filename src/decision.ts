import type { StripeError } from './errors.ts'
import type { Happening } from './events/event.ts'
import type { LedgerTransaction } from './ledger/ledger.ts'

/** What a core function answers: why not, or the new value with all that follows from it. */
export type Decision<T> = Refused | Accepted<T>

export type Refused = { readonly refused: StripeError }

export type Accepted<T> = {
  readonly refused?: undefined
  readonly value: T
  readonly transactions: readonly LedgerTransaction[]
  readonly events: readonly Happening[]
}

export type Effects = { readonly transactions?: readonly LedgerTransaction[]; readonly events?: readonly Happening[] }

/** The rules say no; nothing changes. */
export function refuse(error: StripeError): Refused {
  return { refused: error }
}

/** The rules say yes: the new value, the money that moves, and what is told about it. */
export function accept<T>(value: T, { transactions = [], events = [] }: Effects = {}): Accepted<T> {
  return { value, transactions, events }
}
