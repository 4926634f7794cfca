import type { AccountId } from '../ids.ts'
import type { UnixSeconds } from '../money.ts'

export type KeyKind = 'secret' | 'publishable'

/** An API key as it is kept: found by a keyed hash of its text, which only test keys and publishable ones keep, sealed. */
export type ApiKey = {
  readonly id: string
  readonly account: AccountId
  readonly livemode: boolean
  readonly kind: KeyKind
  /** Real time: a key's age has nothing to do with the account's clock. */
  readonly created: UnixSeconds
  readonly last4: string
  /** The key's text, sealed by the vault; null for a live secret key, which is shown once. */
  readonly sealed: string | null
  /** From then on it is refused as expired; null while it is in use. */
  readonly expires: UnixSeconds | null
}

/** The guide's keys, which every fresh server knows. They are public, so they count only where nobody else can call. */
export const GUIDE_SECRET_KEY = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc'
export const GUIDE_PUBLISHABLE_KEY = 'pk_test_TYooMQauvdEDq54NiTphI7jx'

/** The prefix of a key's text. */
export function keyPrefix(kind: KeyKind, livemode: boolean): 'sk_test' | 'pk_test' | 'sk_live' | 'pk_live' {
  if (kind === 'secret') return livemode ? 'sk_live' : 'sk_test'
  return livemode ? 'pk_live' : 'pk_test'
}
