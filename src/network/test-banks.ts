import type { FailureCode, PayoutMethod } from '../payouts/payout.ts'

/** A bank account that a built-in token of test mode stands for. */
export type BuiltInBank = {
  readonly country: string
  readonly currency: string
  readonly routingNumber: string
  readonly accountNumber: string
}

/** What test mode alone knows of banks. */
export interface TestBanks {
  /** What the bank behind an account number makes of a payout; null where it is no number of test mode. */
  answer(country: string, accountNumber: string, method: PayoutMethod): FailureCode | 'accepted' | null
  /** The built-in token with this name (`btok_us_verified`); undefined where there is none. */
  token(name: string): BuiltInBank | undefined
}
