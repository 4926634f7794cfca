import type { Account } from '../accounts/account.ts'
import { findAccount } from '../accounts/operations.ts'
import type { UnixSeconds } from '../money.ts'
import { GUIDE_PUBLISHABLE_KEY, GUIDE_SECRET_KEY, type KeyKind } from './key.ts'
import { findKey, type KeyPorts } from './operations.ts'
import { allowedBy, type Permission } from './permissions.ts'

/** Who calls: the account, the mode, and what kind of key says so. */
export type Principal = {
  readonly account: Account
  readonly livemode: boolean
  readonly kind: KeyKind
  /** All that a restricted key allows; null for the other kinds, which are not asked for permissions. */
  readonly permissions: ReadonlySet<Permission> | null
  /** From then on (real time) the key is refused as expired; null while it is in use. */
  readonly expires: UnixSeconds | null
}

export type Directory = {
  /** Whom a key's text stands for, or undefined. At once where it is remembered, as for nearly every request. */
  find(text: string): Principal | Promise<Principal | undefined>
  /** To be called after a change of accounts or keys: what was found before is read again. */
  forget(): void
}

/** Enough for every key that a busy server sees; beyond it all is read again. */
const REMEMBERED = 10_000

/** Finds callers by their keys, and remembers them: every request asks, and keys and accounts rarely change. */
export function createDirectory(
  ports: Pick<KeyPorts, 'store' | 'vault'>,
  { guideKeysCount }: { readonly guideKeysCount: boolean },
): Directory {
  let remembered = new Map<string, Principal>()

  const read = async (text: string): Promise<Principal | undefined> => {
    if (!guideKeysCount && (text === GUIDE_SECRET_KEY || text === GUIDE_PUBLISHABLE_KEY)) return undefined
    const memory = remembered
    const key = await findKey(ports, text)
    const account = key && (await findAccount(ports.store, key.account))
    if (!key || !account) return undefined
    const { livemode, kind, expires, grants } = key
    const principal: Principal = { account, livemode, kind, permissions: grants && allowedBy(grants), expires }
    if (memory.size < REMEMBERED) memory.set(text, principal)
    return principal
  }

  return {
    find: (text) => remembered.get(text) ?? read(text),
    // A new map: what a read that began before the change still brings lands in the old one.
    forget: () => {
      remembered = new Map()
    },
  }
}
