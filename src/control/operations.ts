import type { Account, AccountUpdate } from '../accounts/account.ts'
import { type CreateAccount, changeAccount, createAccount, findAccount } from '../accounts/operations.ts'
import { type Clock, realSeconds } from '../clock/clock.ts'
import { errors } from '../errors.ts'
import type { Directory } from '../keys/directory.ts'
import type { ApiKey, KeyKind } from '../keys/key.ts'
import {
  changeKey,
  findKeyById,
  type KeyPorts,
  keptText,
  listKeys,
  makeKey,
  revokeKey,
  rollKey,
} from '../keys/operations.ts'
import { changeGrants, type GrantsChange } from '../keys/permissions.ts'
import { GuardFailed, type Unit } from '../store/store.ts'

/** What the server's own control endpoints need. */
export type ControlPorts = KeyPorts & {
  readonly clock: Clock
  readonly directory: Directory
  readonly adminToken: string
  /** Whether the guide's secret key, which everybody knows, opens the control endpoints of its account. */
  readonly guideKeyControls: boolean
}

/** An account's keys of one mode, as its own key sees them; of both (null), as the operator does. */
export type KeysOf = { readonly account: string; readonly mode: boolean | null }

/** A key and its text, which for a live secret or restricted key is told only when it is made. */
export type ShownKey = { readonly key: ApiKey; readonly text: string | null }

/** Makes an account with test keys of its own. */
export async function openAccount(ports: ControlPorts, command: CreateAccount) {
  const made = createAccount(ports, command, realSeconds(ports.clock))
  await commit(ports, made.unit)
  return made
}

/** The account with this id. Throws Stripe's `No such account`. */
export async function accountNamed({ store }: ControlPorts, id: string): Promise<Account> {
  const found = await findAccount(store, id)
  if (!found) throw errors.noSuch('account', id, 'account', 'url')
  return found
}

/** Changes the settings of an account, its default API version among them. Throws Stripe's errors of descriptors. */
export async function reviseAccount(ports: ControlPorts, id: string, change: AccountUpdate): Promise<Account> {
  const { account, unit } = changeAccount(await accountNamed(ports, id), change)
  await commit(ports, unit)
  return account
}

/** The keys that are to be seen, each with its text where that is kept. */
export async function keysOf(ports: ControlPorts, { account, mode }: KeysOf): Promise<ShownKey[]> {
  const { id } = await accountNamed(ports, account)
  return (await listKeys(ports, id)).filter(({ key }) => mode === null || key.livemode === mode)
}

export type CreateKey = {
  readonly kind: KeyKind
  /** The mode of the caller's own key where nothing is said; test mode for the operator. */
  readonly livemode: boolean | undefined
  readonly permissions: GrantsChange | undefined
}

/** Makes one more key of an account. Throws where its own key asks for one of the other mode. */
export async function createKey(ports: ControlPorts, of: KeysOf, command: CreateKey): Promise<ShownKey> {
  const { kind, permissions, livemode = of.mode ?? false } = command
  const { id } = await accountNamed(ports, of.account)
  if (of.mode !== null && livemode !== of.mode) throw errors.keyOfOtherMode(of.mode)
  if (permissions && kind !== 'restricted') throw errors.permissionsOfRestrictedKeysOnly()
  const grants = changeGrants({}, permissions ?? {})
  const { key, text, writes } = makeKey(ports, { account: id, kind, livemode, grants, now: realSeconds(ports.clock) })
  await commit(ports, { account: id, writes, balances: [] })
  return { key, text }
}

/** Makes a key in the place of one that ends in `expiresInSeconds`. */
export async function replaceKey(
  ports: ControlPorts,
  of: KeysOf,
  id: string,
  expiresInSeconds: number,
): Promise<ShownKey> {
  const old = await usedKey(ports, of, id)
  if (old.expires !== null) throw errors.keyRolledBefore(id)
  const now = realSeconds(ports.clock)
  const { key, text, writes } = rollKey(ports, old, now, now + expiresInSeconds)
  await commit(ports, { account: old.account, writes, balances: [] })
  return { key, text }
}

/** Ends a key at once. */
export async function endKey(ports: ControlPorts, of: KeysOf, id: string): Promise<ApiKey> {
  const key = await usedKey(ports, of, id)
  await commit(ports, { account: key.account, writes: [revokeKey(key, realSeconds(ports.clock))], balances: [] })
  return key
}

/** Changes what a restricted key may do, from the next request on. */
export async function changePermissions(
  ports: ControlPorts,
  of: KeysOf,
  id: string,
  change: GrantsChange,
): Promise<ShownKey> {
  const before = await usedKey(ports, of, id)
  const { key, write } = changeKey(before, change)
  await commit(ports, { account: key.account, writes: [write], balances: [] })
  return { key, text: keptText(ports, key) }
}

async function usedKey(ports: ControlPorts, { account, mode }: KeysOf, id: string): Promise<ApiKey> {
  const key = await findKeyById(ports, (await accountNamed(ports, account)).id, id)
  const ended = key && key.expires !== null && key.expires <= realSeconds(ports.clock)
  if (!key || ended) throw errors.noSuch('key', id, 'key', 'url')
  if (mode !== null && key.livemode !== mode) throw errors.noSuchInThisMode('key', id, 'key', 'url', mode)
  return key
}

async function commit(ports: ControlPorts, unit: Unit): Promise<void> {
  try {
    await ports.store.commit(unit)
  } catch (error) {
    if (error instanceof GuardFailed) throw errors.lockTimeout()
    throw error
  } finally {
    ports.directory.forget()
  }
}
