import type { AccountId, Ids } from '../ids.ts'
import { newApiKey } from '../ids.ts'
import type { UnixSeconds } from '../money.ts'
import type { Store, Write } from '../store/store.ts'
import type { Vault } from '../vault/vault.ts'
import { type ApiKey, type KeyKind, keyPrefix } from './key.ts'
import { expireKey, insertKey, keyByHash, keyById, keysOfAccount } from './repository.ts'

export type KeyPorts = { readonly store: Store; readonly vault: Vault; readonly ids: Ids }

export type NewKey = {
  readonly account: AccountId
  readonly kind: KeyKind
  readonly livemode: boolean
  readonly now: UnixSeconds
  /** A text of one's own (the guide's keys); else a random one. */
  readonly text?: string
}

/** Makes a key: its text, which for a live secret is told only now, and the writes that keep it. */
export function makeKey({ vault, ids }: Pick<KeyPorts, 'vault' | 'ids'>, wanted: NewKey) {
  const { account, kind, livemode, now } = wanted
  const text = wanted.text ?? newApiKey(ids, keyPrefix(kind, livemode))
  const id = ids.next('mk')
  const shownOnce = kind === 'secret' && livemode
  const key: ApiKey = {
    id,
    account,
    livemode,
    kind,
    created: now,
    last4: text.slice(-4),
    sealed: shownOnce ? null : vault.sealSecret(account, id, text),
    expires: null,
  }
  const writes: Write[] = insertKey(key, vault.lookupHash(text))
  return { key, text, writes }
}

/** The key that a caller showed, or undefined. */
export function findKey(
  { store, vault }: Pick<KeyPorts, 'store' | 'vault'>,
  text: string,
): Promise<ApiKey | undefined> {
  return keyByHash(store, vault.lookupHash(text))
}

/** Every key of an account, with its text where that is kept. */
export async function listKeys({ store, vault }: KeyPorts, account: AccountId) {
  const keys = await keysOfAccount(store, account)
  return keys.map((key) => ({ key, text: key.sealed === null ? null : vault.openSecret(account, key.id, key.sealed) }))
}

export function findKeyById({ store }: KeyPorts, account: AccountId, id: string): Promise<ApiKey | undefined> {
  return keyById(store, account, id)
}

/** The writes that replace a key: a new one of the same kind, and the old one's end. */
export function rollKey(ports: KeyPorts, old: ApiKey, now: UnixSeconds, expires: UnixSeconds) {
  const made = makeKey(ports, { account: old.account, kind: old.kind, livemode: old.livemode, now })
  return { ...made, writes: [expireKey(old, expires), ...made.writes] }
}

/** The write that ends a key at once. */
export function revokeKey(key: ApiKey, now: UnixSeconds): Write {
  return expireKey(key, now)
}
