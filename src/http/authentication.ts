import { errors } from '../errors.ts'
import type { Directory, Principal } from '../keys/directory.ts'
import type { UnixSeconds } from '../money.ts'
import { Recent } from '../recent.ts'
import { maskKey, maskPans } from '../vault/mask-pans.ts'

/**
 * The key's text of an Authorization header: a bearer token, or the user name of Basic auth (curl's `-u sk_…:`). Null
 * where there is none. Throws Stripe's error for a key with blanks in it.
 */
export function keyOf(authorization: string | undefined): string | null {
  if (authorization === undefined) return null
  let key = keys.get(authorization)
  if (key === undefined) {
    key = readKey(authorization)
    if (authorization.length <= LONGEST_REMEMBERED) keys.set(authorization, key)
  }
  return key
}

/** The headers read last: a client sends the same one with every request. */
const keys = new Recent<string, string | null>(1_000)
const LONGEST_REMEMBERED = 200

function readKey(authorization: string): string | null {
  const blank = authorization.indexOf(' ')
  const scheme = authorization.slice(0, blank).toLowerCase()
  const rest = authorization.slice(blank + 1).trim()
  if (scheme === 'bearer') return nonEmpty(rest)
  if (scheme !== 'basic') return null
  return nonEmpty(Buffer.from(rest, 'base64').toString('utf8').split(':', 1)[0] ?? '')
}

function nonEmpty(text: string): string | null {
  if (/\s/.test(text)) throw errors.keyHasBlanks()
  return text === '' ? null : text
}

/** Whom the key stands for. Throws Stripe's errors for no key, a wrong one, and an expired one. `now` is real time. */
export function authenticate(
  directory: Pick<Directory, 'find'>,
  text: string | null,
  now: UnixSeconds,
): Principal | Promise<Principal> {
  if (text === null) throw errors.keyMissing()
  const found = directory.find(text)
  return found instanceof Promise
    ? found.then((principal) => admitted(principal, text, now))
    : admitted(found, text, now)
}

function admitted(principal: Principal | undefined, text: string, now: UnixSeconds): Principal {
  if (principal === undefined) throw errors.keyInvalid(shown(text))
  if (principal.expires !== null && principal.expires <= now) throw errors.keyExpired(shown(text))
  return principal
}

const RESTRICTED_LAST_SHOWN = 6

/** A restricted key as an error about its permissions shows it: with its last six characters (observed). */
export function shownRestricted(text: string): string {
  return maskKey(maskPans(text), RESTRICTED_LAST_SHOWN)
}

/** A key as an error may show it; whatever was sent in its place may have been a card number. */
export function shown(text: string): string {
  return maskKey(maskPans(text))
}
