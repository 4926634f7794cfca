import type { SealedBank } from '../bank-accounts/bank-account.ts'
import type { Card } from '../cards/card.ts'
import type { BankTokenId, TokenId } from '../ids.ts'
import { SECONDS_PER_DAY, type UnixSeconds } from '../money.ts'

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

/**
 * A token that was used, or was not in time, is told so for as long as a request is repeated under its Idempotency-Key.
 * Then there is no such token any more.
 */
export const TOKEN_KEPT_SECONDS = SECONDS_PER_DAY

/** Whether nobody need know any more at `now` that the token was there. */
export function isForgotten({ created }: Pick<Token, 'created'>, now: UnixSeconds): boolean {
  return now >= created + TOKEN_KEPT_SECONDS
}

/** Whether the token is too old to be used at `now`. */
export function isExpired(token: Token, now: UnixSeconds): boolean {
  return now >= token.created + TOKEN_LIFE_SECONDS
}
