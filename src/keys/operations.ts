import { errors } from '../errors.ts'
import type { AccountId, Ids } from '../ids.ts'
import { newApiKey } from '../ids.ts'
import type { UnixSeconds } from '../money.ts'
import type { Store, Write } from '../store/store.ts'
import type { Vault } from '../vault/vault.ts'
import { type ApiKey, type KeyKind, keyPrefix } from './key.ts'
import { changeGrants, type Grants, type GrantsChange } from './permissions.ts'
import { expireKey, insertKey, keyByHash, keyById, keysOfAccount, updateGrants } from './repository.ts'

export type KeyPorts = { readonly store: Store; readonly vault: Vault; readonly ids: Ids }

export type NewKey = {
  readonly account: AccountId
  readonly kind: KeyKind
  readonly livemode: boolean
  readonly now: UnixSeconds
  /** What a restricted key may do. */
  readonly grants?: Grants | null
  /** A text of one's own (the guide's keys); else a random one. */
  readonly text?: string
}

/** Makes a key: its text, which for a live secret or restricted key is told only now, and the writes that keep it. */
export function makeKey({ vault, ids }: Pick<KeyPorts, 'vault' | 'ids'>, wanted: NewKey) {
  const { account, kind, livemode, now } = wanted
  const text = wanted.text ?? newApiKey(ids, keyPrefix(kind, livemode))
  const id = ids.next('mk')
  const shownOnce = kind !== 'publishable' && livemode
  const key: ApiKey = {
    id,
    account,
    livemode,
    kind,
    created: now,
    last4: text.slice(-4),
    sealed: shownOnce ? null : vault.sealSecret(account, id, text),
    expires: null,
    grants: kind === 'restricted' ? (wanted.grants ?? {}) : null,
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
export async function listKeys(ports: KeyPorts, account: AccountId) {
  const keys = await keysOfAccount(ports.store, account)
  return keys.map((key) => ({ key, text: keptText(ports, key) }))
}

/** A key's text where it is kept; null for a live key that may do more than a publishable one. */
export function keptText({ vault }: Pick<KeyPorts, 'vault'>, { account, id, sealed }: ApiKey): string | null {
  return sealed === null ? null : vault.openSecret(account, id, sealed)
}

export function findKeyById({ store }: KeyPorts, account: AccountId, id: string): Promise<ApiKey | undefined> {
  return keyById(store, account, id)
}

/** The writes that replace a key: a new one that may do the same, and the old one's end. */
export function rollKey(ports: KeyPorts, old: ApiKey, now: UnixSeconds, expires: UnixSeconds) {
  const made = makeKey(ports, { account: old.account, kind: old.kind, livemode: old.livemode, grants: old.grants, now })
  return { ...made, writes: [expireKey(old, expires), ...made.writes] }
}

/** The key as it is after a change of what it may do, and the write of that. Throws where it is no restricted key. */
export function changeKey(key: ApiKey, change: GrantsChange): { key: ApiKey; write: Write } {
  if (key.grants === null) throw errors.permissionsOfRestrictedKeysOnly()
  const grants = changeGrants(key.grants, change)
  return { key: { ...key, grants }, write: updateGrants(key, grants) }
}

/** The write that ends a key at once. */
export function revokeKey(key: ApiKey, now: UnixSeconds): Write {
  return expireKey(key, now)
}
