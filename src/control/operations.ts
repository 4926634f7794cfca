import type { Account } from '../accounts/account.ts'
import { type CreateAccount, createAccount, findAccount } from '../accounts/operations.ts'
import { type Clock, realSeconds } from '../clock/clock.ts'
import { errors } from '../errors.ts'
import type { Directory } from '../keys/directory.ts'
import type { ApiKey, KeyKind } from '../keys/key.ts'
import { findKeyById, type KeyPorts, makeKey, revokeKey, rollKey } from '../keys/operations.ts'
import { GuardFailed, type Unit } from '../store/store.ts'

/** What the server's own control endpoints need. */
export type ControlPorts = KeyPorts & {
  readonly clock: Clock
  readonly directory: Directory
  readonly adminToken: string
}

/** A key and its text, which for a live secret is told only when it is made. */
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

/** Makes one more key of an account. */
export async function createKey(
  ports: ControlPorts,
  account: string,
  kind: KeyKind,
  livemode: boolean,
): Promise<ShownKey> {
  const { id } = await accountNamed(ports, account)
  const { key, text, writes } = makeKey(ports, { account: id, kind, livemode, now: realSeconds(ports.clock) })
  await commit(ports, { account: id, writes, balances: [] })
  return { key, text }
}

/** Makes a key in the place of one that ends in `expiresInSeconds`. */
export async function replaceKey(
  ports: ControlPorts,
  account: string,
  id: string,
  expiresInSeconds: number,
): Promise<ShownKey> {
  const old = await usedKey(ports, account, id)
  if (old.expires !== null) throw errors.keyRolledBefore(id)
  const now = realSeconds(ports.clock)
  const { key, text, writes } = rollKey(ports, old, now, now + expiresInSeconds)
  await commit(ports, { account: old.account, writes, balances: [] })
  return { key, text }
}

/** Ends a key at once. */
export async function endKey(ports: ControlPorts, account: string, id: string): Promise<ApiKey> {
  const key = await usedKey(ports, account, id)
  await commit(ports, { account: key.account, writes: [revokeKey(key, realSeconds(ports.clock))], balances: [] })
  return key
}

async function usedKey(ports: ControlPorts, account: string, id: string): Promise<ApiKey> {
  const key = await findKeyById(ports, (await accountNamed(ports, account)).id, id)
  const ended = key && key.expires !== null && key.expires <= realSeconds(ports.clock)
  if (!key || ended) throw errors.noSuch('key', id, 'key', 'url')
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
