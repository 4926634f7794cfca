import type { Currency, Minor } from '../money.ts'

/** What an account has of one currency. */
export type Funds = { readonly currency: Currency; readonly available: Minor; readonly pending: Minor }
