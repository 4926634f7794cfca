import type { CardChecks, SentData } from '../cards/card.ts'
import type { Currency, Minor } from '../money.ts'

/** What is asked of the acquirer. The only place beside the vault where a card number is in clear. */
export type AuthorizationRequest = {
  /** Ours, and unique: the charge's id. */
  readonly reference: string
  readonly livemode: boolean
  readonly pan: string
  readonly expMonth: number
  readonly expYear: number
  /** What was collected and can therefore be checked by the issuer. The CVC itself is never kept. */
  readonly sent: SentData
  /** The card is one that the customer has left on file: the networks' stored-credential indicator. */
  readonly storedCredential?: boolean
  /** Zero asks only whether the card is good (the networks' account verification), as when a customer's card is saved. */
  readonly amount: Minor
  readonly currency: Currency
}

export type AdviceCode = 'confirm_card_data' | 'do_not_try_again' | 'try_again_later'

export type Approval = {
  readonly approved: true
  readonly checks: CardChecks
  /** Six characters, as the issuer gave it. */
  readonly authorizationCode: string
  readonly networkTransactionId: string
}

export type Decline = {
  readonly approved: false
  readonly checks: CardChecks
  /** Stripe's `decline_code`, e.g. `insufficient_funds`, `expired_card`, `incorrect_cvc`. */
  readonly declineCode: string
  /** ISO 8583 field 39, e.g. `51`; null where the network gave none. */
  readonly networkDeclineCode: string | null
  readonly networkAdviceCode: string | null
  readonly adviceCode: AdviceCode | null
}

export type AuthorizationResponse = Approval | Decline

/** The link to the card networks. In test mode the simulator in `network/simulator/`. */
export interface Acquirer {
  /**
   * Whether asking it changes anything outside this process. Then a request must not ask twice, and its Idempotency-Key
   * is looked up before.
   */
  readonly isOutside: boolean
  authorize(request: AuthorizationRequest): AuthorizationResponse | Promise<AuthorizationResponse>
}
