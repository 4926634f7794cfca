import type { SealedBank } from '../bank-accounts/bank-account.ts'
import type { Card } from '../cards/card.ts'
import type { BankTokenId, TokenId } from '../ids.ts'
import type { UnixSeconds } from '../money.ts'

/** A card or a bank account on its way from the browser to the merchant's server. */
export type Token = {
  readonly id: TokenId | BankTokenId
  readonly created: UnixSeconds
  readonly card?: Card | undefined
  readonly bank?: SealedBank | undefined
  /** Who asked for it: the shopper, where the browser did. */
  readonly clientIp: string | null
  readonly used: boolean
}

/** Stripe: a token expires within minutes. */
const TOKEN_LIFE_SECONDS = 10 * 60

/** Whether the token is too old to be used at `now`. */
export function isExpired(token: Token, now: UnixSeconds): boolean {
  return now >= token.created + TOKEN_LIFE_SECONDS
}
