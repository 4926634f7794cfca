import type { CardDescription } from '../cards/card.ts'
import type { UnixSeconds } from '../money.ts'

/** A token that exists in test mode in every account and can be used for ever, a new card each time. */
export type BuiltInToken = {
  readonly card: CardDescription & { readonly number: string }
  readonly expMonth: number
  readonly expYear: number
  /** A CVC comes with it; which one does not matter. */
  readonly cvc: boolean
  readonly line1: string | null
  readonly zip: string | null
}

/** What is known of cards in test mode only. Live mode has nothing of the kind: there a number tells its brand. */
export interface TestCards {
  /** What a card object shows of the issuer of a card number (digits only). */
  describe(pan: string): CardDescription
  /** The built-in token with this name (`tok_visa`); undefined where there is none. */
  token(name: string, now: UnixSeconds): BuiltInToken | undefined
  /** The card numbers with these last four digits whose money is available as soon as it is captured; most have none. */
  fundsAtOnce(last4: string): readonly string[] | undefined
}
