import type { Cleaning } from '../clock/cleaner.ts'
import { errors } from '../errors.ts'
import type { UnixSeconds } from '../money.ts'
import type { Store, Write } from '../store/store.ts'
import { statement, write, writeAny } from '../store/store.ts'
import type { Vault } from '../vault/vault.ts'
import type { FormHash } from './form.ts'
import type { ApiVersion } from './versions/version.ts'

/** Stripe: keys are kept at least 24 hours; then a key is new again. */
const KEY_LIFE_SECONDS = 24 * 3600
const KEY_MAXIMUM = 255

/** A request that names an Idempotency-Key. */
export type KeyedRequest = {
  readonly account: string
  readonly livemode: boolean
  readonly key: string
  readonly path: string
  /** A keyed hash of the decoded, sorted parameters. */
  readonly parameters: string
}

/** The first answer under a key, as it was sent. */
export type KeptAnswer = {
  readonly requestId: string
  readonly version: ApiVersion
  readonly status: number
  readonly body: string
}

const byKey = statement(
  'idempotency key',
  `SELECT created, request_id, path, parameters, api_version, status, body FROM idempotency_keys
   WHERE account = ? AND livemode = ? AND key = ?`,
)
// A key that has lapsed is new again: its row is taken over. One that lives is a guard that fails.
const keep = statement(
  'keep idempotency key',
  `INSERT INTO idempotency_keys
     (account, livemode, key, created, request_id, path, parameters, api_version, status, body)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
   ON CONFLICT (account, livemode, key) DO UPDATE SET created = excluded.created, request_id = excluded.request_id,
     path = excluded.path, parameters = excluded.parameters, api_version = excluded.api_version,
     status = excluded.status, body = excluded.body
   WHERE idempotency_keys.created <= ?`,
)

const lapsedKey = statement(
  'lapsed idempotency key',
  'SELECT key FROM idempotency_keys WHERE account = ? AND livemode = ? AND created <= ? LIMIT 1',
)
const deleteLapsed = statement(
  'delete lapsed idempotency keys',
  `DELETE FROM idempotency_keys WHERE account = ? AND livemode = ? AND created <= ? AND key IN (
     SELECT key FROM idempotency_keys WHERE account = ? AND livemode = ? AND created <= ? ORDER BY created LIMIT 200)`,
)

/** Keys that are new again: their answers are told to nobody any more. */
export const lapsedKeys: Cleaning = async ({ store, account, livemode, now }) => {
  const lapsed = [account, livemode ? 1 : 0, now - KEY_LIFE_SECONDS]
  return (await store.get(lapsedKey, lapsed)) ? [writeAny(deleteLapsed, ...lapsed, ...lapsed)] : []
}

/** Checks the header's text. Throws Stripe's error for an empty or too long key. */
export function checkKey(key: string): void {
  if (key === '') throw errors.idempotencyKeyEmpty()
  if (key.length > KEY_MAXIMUM) throw errors.idempotencyKeyTooLong(KEY_MAXIMUM)
}

/** A hash that is equal for equal parameters in any order. Keyed, because they may hold a card number. */
export function parametersHash(vault: Pick<Vault, 'comparisonHash'>, form: FormHash): string {
  return vault.comparisonHash(canonical(form))
}

/** Each text with its length before it: so no text can look like two. */
function canonical(value: FormHash): string {
  let text = '{'
  for (const name of Object.keys(value).sort()) {
    const member = value[name] ?? ''
    text += `${name.length}:${name}${typeof member === 'object' ? canonical(member) : `${member.length}:${member}`}`
  }
  return `${text}}`
}

/**
 * The answer that was kept under the request's key, or null where the key is new or has lapsed. Throws Stripe's
 * idempotency errors where the key was first used for another path or with other parameters.
 */
export async function keptAnswer(
  store: Pick<Store, 'get'>,
  request: KeyedRequest,
  now: UnixSeconds,
): Promise<KeptAnswer | null> {
  const row = await store.get(byKey, [request.account, request.livemode ? 1 : 0, request.key])
  if (!row || Number(row.created) <= now - KEY_LIFE_SECONDS) return null
  if (row.path !== request.path) throw errors.idempotencyPathDiffers(request.key, request.path, String(row.path))
  if (row.parameters !== request.parameters) throw errors.idempotencyParametersDiffer(request.key)
  return {
    requestId: String(row.request_id),
    version: String(row.api_version),
    status: Number(row.status),
    body: String(row.body),
  }
}

/** The write that keeps an answer under its key; fails its guard where another request was first. */
export function keepAnswer(request: KeyedRequest, answer: KeptAnswer, now: UnixSeconds): Write {
  const { account, livemode, key, path, parameters } = request
  const { requestId, version, status, body } = answer
  const mode = livemode ? 1 : 0
  const lapsed = now - KEY_LIFE_SECONDS
  return write(keep, account, mode, key, now, requestId, path, parameters, version, status, body, lapsed)
}

/** Whether a failed guard means that another request was first under the same key. */
export function isKeyConflict(guard: string): boolean {
  return guard === keep.name
}

/** The keys of requests that this process is at work on: a second one is told so at once. */
export type RunningKeys = {
  /** Throws Stripe's 409 where a request under this key is running; else returns what ends the claim. */
  claim(request: Pick<KeyedRequest, 'account' | 'livemode' | 'key'>): () => void
}

export function runningKeys(): RunningKeys {
  const running = new Set<string>()
  return {
    claim({ account, livemode, key }) {
      const name = `${account} ${livemode} ${key}`
      if (running.has(name)) throw errors.idempotencyKeyInUse(key)
      running.add(name)
      return () => running.delete(name)
    },
  }
}
