import type { CardDescription } from '../cards/card.ts'
import type { UnixSeconds } from '../money.ts'

/**
 * A token that exists in test mode in every account and can be used for ever, a new card each time. A CVC comes with
 * it; which one does not matter.
 */
export type BuiltInToken = {
  readonly card: CardDescription & { readonly number: string }
  readonly expMonth: number
  readonly expYear: number
  readonly line1: string | null
  readonly zip: string | null
}

/** What the bank of some test cards does when a payment's money has been captured. */
export type BankSequel =
  | 'dispute'
  | 'dispute_not_received'
  | 'dispute_compelling_evidence'
  | 'dispute_compliance'
  | 'disputes'
  | 'inquiry'
  | 'early_fraud_warning'

/**
 * What comes after a payment with some test cards: what the bank does; its refund is `pending` at first, or fails after it
 * has succeeded; its funds are available at once.
 */
export type Sequel = BankSequel | 'refund_pending' | 'refund_failing' | 'funds_at_once'

/** What is known of cards in test mode only. Live mode has nothing of the kind: there a number tells its brand. */
export interface TestCards {
  /** What a card object shows of the issuer of a card number (digits only). */
  describe(pan: string): CardDescription
  /** The built-in token with this name (`tok_visa`); undefined where there is none. */
  token(name: string, now: UnixSeconds): BuiltInToken | undefined
  /** The card with these last four digits after whose payments something comes, and what; undefined for most. */
  sequel(last4: string): { readonly number: string; readonly sequel: Sequel } | undefined
}
