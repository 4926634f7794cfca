import { errors } from '../errors.ts'

/** A parsed form: text, or a hash of more. Arrays are hashes with the indexes as keys, as they were sent. */
export type FormValue = string | FormHash
export type FormHash = { readonly [key: string]: FormValue }

/** The media type of a form. */
export const FORM = 'application/x-www-form-urlencoded'

type OpenHash = { [key: string]: FormValue }

/** No endpoint nests deeper than `shipping[address][line1]`, or four levels of `expand`. */
const MAXIMUM_DEPTH = 10
/** 50 metadata keys and every parameter of the largest endpoint fit many times. */
const MAXIMUM_PARAMETERS = 500

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads `application/x-www-form-urlencoded` bytes in Stripe's bracket notation (`metadata[order_id]=6735`,
 * `expand[]=customer`, `expand[0]=customer`). Throws a StripeError (400) for what cannot be read.
 */
export function parseForm(bytes: Uint8Array): FormHash {
  if (bytes.length === 0) return emptyHash()
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    throw errors.encodingInvalid()
  }
  return parseFormText(text)
}

/** As parseForm, of a query string without its question mark. */
export function parseFormText(text: string): FormHash {
  const root = emptyHash()
  let count = 0
  let start = 0
  while (start < text.length) {
    let end = text.indexOf('&', start)
    if (end === -1) end = text.length
    if (end > start) {
      count += 1
      if (count > MAXIMUM_PARAMETERS) throw errors.parametersTooMany(MAXIMUM_PARAMETERS)
      const equals = text.indexOf('=', start)
      const nameEnd = equals === -1 || equals > end ? end : equals
      place(root, decode(text.slice(start, nameEnd)), nameEnd === end ? '' : decode(text.slice(nameEnd + 1, end)))
    }
    start = end + 1
  }
  return root
}

/** Both hashes as one; a name in both is refused as given twice. */
export function mergeForms(first: FormHash, second: FormHash): FormHash {
  const merged: OpenHash = Object.assign(emptyHash(), first)
  for (const [name, value] of Object.entries(second)) {
    if (name in merged) throw errors.parameterRepeated(name)
    merged[name] = value
  }
  return merged
}

function emptyHash(): OpenHash {
  return new (Empty as unknown as new () => OpenHash)()
}

/**
 * Makes hashes that inherit nothing. Not `Object.create(null)`: V8 keeps such an object as a hash table from the start,
 * and takes three times as long to fill and to read it.
 */
function Empty() {}
Empty.prototype = Object.create(null)

function decode(part: string): string {
  let text = part
  if (text.includes('+')) text = text.replaceAll('+', ' ')
  if (text.includes('%')) {
    try {
      text = decodeURIComponent(text)
    } catch {
      throw errors.encodingInvalid()
    }
  }
  // PostgreSQL's text cannot hold NUL, and no parameter has a use for it.
  if (text.includes('\0')) throw errors.encodingInvalid()
  return text
}

function place(root: OpenHash, name: string, value: string): void {
  const bracket = name.indexOf('[')
  if (bracket === -1) {
    put(root, name, value, name)
    return
  }
  const keys = [name.slice(0, bracket), ...bracketKeys(name, bracket)]
  let hash = root
  for (let level = 0; level < keys.length - 1; level++) {
    const key = keys[level] || nextIndex(hash)
    refuseUnsafe(key, name)
    const inner = hash[key]
    if (typeof inner === 'string') throw errors.parameterRepeated(name)
    hash = (inner as OpenHash | undefined) ?? open(hash, key)
  }
  put(hash, keys.at(-1) || nextIndex(hash), value, name)
}

function open(hash: OpenHash, key: string): OpenHash {
  const inner = emptyHash()
  hash[key] = inner
  return inner
}

function put(hash: OpenHash, key: string, value: string, name: string): void {
  refuseUnsafe(key, name)
  if (key in hash) throw errors.parameterRepeated(name)
  hash[key] = value
}

function refuseUnsafe(key: string, name: string): void {
  if (key === '__proto__') throw errors.parameterMalformed(name)
}

/** The keys of `[a][b][]` in `name` from the first bracket on; an empty one means the next index. */
function bracketKeys(name: string, from: number): string[] {
  const keys: string[] = []
  let at = from
  while (at < name.length) {
    const close = name[at] === '[' ? name.indexOf(']', at) : -1
    const key = name.slice(at + 1, close)
    if (close === -1 || from === 0 || key.includes('[')) throw errors.parameterMalformed(name)
    keys.push(key)
    if (keys.length >= MAXIMUM_DEPTH) throw errors.nestingTooDeep(MAXIMUM_DEPTH)
    at = close + 1
  }
  return keys
}

function nextIndex(hash: OpenHash): string {
  return String(Object.keys(hash).length)
}
