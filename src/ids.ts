import { createHash, randomFillSync } from 'node:crypto'
import type { UnixSeconds } from './money.ts'

declare const kind: unique symbol

/**
 * An id with its prefix. The brand is optional, so that a string from the database is taken as it is, and it names the
 * prefix, so that a charge's id is not taken where a refund's is wanted.
 */
export type Id<Prefix extends string> = string & { readonly [kind]?: Prefix }

export type AccountId = Id<'acct'>
export type BankAccountId = Id<'ba'>
export type BankTokenId = Id<'btok'>
export type ChargeId = Id<'ch'>
export type CustomerId = Id<'cus'>
export type DisputeId = Id<'dp' | 'du'>
export type EarlyFraudWarningId = Id<'issfr'>
export type EventId = Id<'evt'>
export type PayoutId = Id<'po'>
export type FileId = Id<'file'>
export type RefundId = Id<'re'>
export type RequestId = Id<'req'>
export type SourceId = Id<'src'>
export type TokenId = Id<'tok'>
export type TransactionId = Id<'txn'>

/** Where new ids come from. The order of ids made by `next` as text is the order in which they were made. */
export type Ids = {
  /** Prefix, `_` and 24 characters: `1`, 7 of time, 3 that count within the millisecond, 13 random. */
  next<Prefix extends string>(prefix: Prefix): Id<Prefix>
  /** `cus_` and 14 characters, in order like those of `next`: 7 of time, 3 of count, 4 random. */
  customerId(): CustomerId
  /** No id with the prefix that was made longer ago than this is greater. */
  madeBefore(prefix: string, agoMs: number): string
  /** `length` random base62 characters, for what must not be guessed: keys, links. */
  random(length: number): string
  /** `req_` and 14 random characters. */
  requestId(): RequestId
}

/** Fills `bytes` with random bytes and returns them. */
export type RandomBytes = (bytes: Uint8Array) => Uint8Array

export type IdSources = {
  /** Real time in milliseconds (not an account's clock). */
  readonly now: () => number
  /** node:crypto where none is given. */
  readonly random?: RandomBytes
}

/** Ids of one process, in order also where the clock steps back. Cheap: node:crypto is asked once in some 300 ids. */
export function createIds({ now, random = randomFillSync }: IdSources): Ids {
  const draw = base62Source(random)
  const tick = moments(now)
  const body = Buffer.alloc(BODY_LENGTH, '1')
  const randomText = (length: number) => {
    const characters = Buffer.allocUnsafe(length)
    draw(characters, 0, length)
    return characters.toString('latin1')
  }
  return {
    next: (prefix) => {
      tick(body)
      draw(body, RANDOM_AT, BODY_LENGTH)
      return `${prefix}_${body.toString('latin1')}`
    },
    customerId: () => {
      tick(body)
      return `cus_${body.toString('latin1', TIME_AT, RANDOM_AT)}${randomText(4)}`
    },
    madeBefore: (prefix, agoMs) => {
      const time = Buffer.alloc(RANDOM_AT - TIME_AT, '0')
      writeBase62(time, 0, COUNT_AT - TIME_AT, Math.max(0, Math.floor(now()) - agoMs))
      return `${prefix}_1${time.toString('latin1')}`
    },
    random: randomText,
    requestId: () => `req_${randomText(14)}`,
  }
}

/** Where the seeded ids begin: the moment at which the examples' clock stands. UNIX seconds. */
export const SEEDED_START: UnixSeconds = 1_558_000_000

/**
 * For tests and `--deterministic`: the same seed gives the same ids in the same order, whatever the time is. They can
 * be guessed. `start` (UNIX seconds) sets where they begin, for a later start on data that has ids already.
 */
export function seededIds(seed: number | string, start: UnixSeconds = SEEDED_START): Ids {
  return createIds({ now: () => start * 1000, random: seededRandom(seed) })
}

/** Bytes that follow from the seed alone (SHA-256 over seed and a counter). For tests and `--deterministic`. */
export function seededRandom(seed: number | string): RandomBytes {
  let block = 0
  return (bytes) => {
    for (let at = 0; at < bytes.length; at += 32) {
      const digest = createHash('sha256').update(`${seed}:${block++}`).digest()
      bytes.set(digest.subarray(0, bytes.length - at), at)
    }
    return bytes
  }
}

/** `acct_1` and 15 random characters. */
export function newAccountId(ids: Ids): AccountId {
  return `acct_1${ids.random(15)}`
}

export type ApiKeyPrefix = `${'s' | 'p' | 'r'}k_${'test' | 'live'}`

/** An API key: its prefix, `_` and 24 random characters (143 bits). */
export function newApiKey(ids: Ids, prefix: ApiKeyPrefix): string {
  return `${prefix}_${ids.random(24)}`
}

// In the order of ASCII, so that the order of texts is the order of times, in JavaScript and in every database
// (PostgreSQL: with the collation "C").
export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const ALPHABET = Buffer.from(BASE62, 'latin1')

const BODY_LENGTH = 24
const TIME_AT = 1
const COUNT_AT = 8
const RANDOM_AT = 11
const IDS_PER_MS = 62 ** 3
const END_OF_TIME_MS = 62 ** 7 // in the year 2081
const POOL_BYTES = 4096 // a refill takes 20 µs; larger saves nothing

/**
 * Returns a function that writes the next moment (7 characters of time, 3 of count) into an id's body. Each is later
 * than the one before: the time is carried forward where the count overflows, and stands where the clock steps back.
 */
function moments(now: () => number): (body: Uint8Array) => void {
  let ms = -1
  let count = 0
  return (body) => {
    const clock = Math.floor(now())
    if (clock > ms) {
      ms = clock
      count = 0
    } else if (++count === IDS_PER_MS) {
      ms += 1
      count = 0
    }
    if (!(ms >= 0 && ms < END_OF_TIME_MS)) throw new RangeError(`no id can be made at ${clock} ms`)
    if (count === 0) writeBase62(body, TIME_AT, COUNT_AT, ms)
    writeBase62(body, COUNT_AT, RANDOM_AT, count)
  }
}

/** When an id was made: real time in milliseconds. Its time is first, after the `1` that all but those of customers have. */
export function madeAtMs(id: string): number {
  const start = id.indexOf('_') + (id.startsWith('cus_') ? 1 : 1 + TIME_AT)
  let ms = 0
  for (let at = start; at < start + COUNT_AT - TIME_AT; at++) ms = ms * 62 + BASE62.indexOf(id[at] ?? '0')
  return ms
}

function writeBase62(into: Uint8Array, from: number, to: number, value: number): void {
  let rest = value
  for (let at = to - 1; at >= from; at--) {
    into[at] = ALPHABET[rest % 62] as number
    rest = Math.floor(rest / 62)
  }
}

/**
 * Returns a function that writes random base62 characters into `into` from `from` up to `to`. No bias: of 64 values of
 * six bits, the two that have no character are thrown away.
 */
function base62Source(random: RandomBytes): (into: Uint8Array, from: number, to: number) => void {
  const pool = Buffer.alloc(POOL_BYTES)
  let used = POOL_BYTES
  return (into, from, to) => {
    let at = from
    while (at < to) {
      if (used === POOL_BYTES) {
        random(pool)
        used = 0
      }
      const character = ALPHABET[(pool[used++] as number) & 63]
      if (character !== undefined) into[at++] = character
    }
  }
}
