import type { AccountId, ApiKeyPrefix } from '../ids.ts'
import type { UnixSeconds } from '../money.ts'
import type { Grants } from './permissions.ts'

export type KeyKind = 'secret' | 'publishable' | 'restricted'

/** An API key as it is kept: found by a keyed hash of its text, which only test keys and publishable ones keep, sealed. */
export type ApiKey = {
  readonly id: string
  readonly account: AccountId
  readonly livemode: boolean
  readonly kind: KeyKind
  /** Real time: a key's age has nothing to do with the account's clock. */
  readonly created: UnixSeconds
  readonly last4: string
  /** The key's text, sealed by the vault; null for a live secret or restricted key, which is shown once. */
  readonly sealed: string | null
  /** From then on it is refused as expired; null while it is in use. */
  readonly expires: UnixSeconds | null
  /** What a restricted key may do; null for a key of another kind. */
  readonly grants: Grants | null
}

/** The guide's keys, which every fresh server knows. They are public, so they count only where nobody else can call. */
export const GUIDE_SECRET_KEY = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc'
export const GUIDE_PUBLISHABLE_KEY = 'pk_test_TYooMQauvdEDq54NiTphI7jx'

const LETTER = { secret: 's', publishable: 'p', restricted: 'r' } as const

/** The prefix of a key's text. */
export function keyPrefix(kind: KeyKind, livemode: boolean): ApiKeyPrefix {
  return `${LETTER[kind]}k_${livemode ? 'live' : 'test'}`
}
