import { isLonger } from '../characters.ts'
import { isCurrency, SUPPORTED_CURRENCIES } from '../currencies.ts'
import { errors } from '../errors.ts'
import type { MetadataChange } from '../metadata.ts'
import type { Currency } from '../money.ts'
import type { FormHash, FormValue } from './form.ts'

/**
 * The schema language of parameters. A parameter is described once; the description validates it, gives the command
 * its type, and generates docs/compatibility.md.
 */
export type Parameter<T> = {
  /** For the documentation: `integer`, `string`, … */
  readonly kind: string
  readonly required: boolean
  /** `ignored`: taken in silence; `refused`: known to Stripe, not there in Koban. */
  readonly support: 'done' | 'ignored' | 'refused'
  /** The members of a hash; an open hash (metadata) has none. */
  readonly fields?: Fields
  /** The members are those of each hash in an array. */
  readonly isArray?: boolean
  /** Turns what was sent into a value. Throws Stripe's error for it. */
  readonly decode: (sent: FormValue, name: string) => T
  readonly fallback: T | undefined
}

// biome-ignore lint/suspicious/noExplicitAny: the element type of a heterogeneous record; Values<> recovers it.
export type Fields = { readonly [name: string]: Parameter<any> }
export type Values<F extends Fields> = { [K in keyof F]: F[K] extends Parameter<infer T> ? T : never }

export type Optional<T> = Parameter<T | undefined>

/** A parameter of its own kind. `decode` throws Stripe's error for what it cannot take. */
export function parameter<T>(kind: string, decode: (sent: FormValue, name: string) => T, fields?: Fields): Optional<T> {
  return { kind, required: false, support: 'done', decode, fallback: undefined, ...(fields && { fields }) }
}

/** The parameter must be sent; else `Missing required param`. */
export function required<T>(inner: Optional<T>): Parameter<T> {
  return { ...inner, required: true, fallback: undefined } as Parameter<T>
}

/** The value where nothing was sent. */
export function withDefault<T>(inner: Optional<T>, fallback: T): Parameter<T> {
  return { ...inner, fallback } as Parameter<T>
}

/** Stripe: an empty string unsets a value, where the field can be unset. It decodes to null. */
export function unsettable<T>(inner: Optional<T>): Parameter<T | null | undefined> {
  return { ...inner, decode: (sent, name) => (sent === '' ? null : inner.decode(sent, name)) }
}

/** Taken in silence, as Stripe does with what old gateways and plugins send. */
export function ignored(): Parameter<undefined> {
  return { kind: 'anything', required: false, support: 'ignored', decode: () => undefined, fallback: undefined }
}

/** Known to Stripe and not there in Koban: refused clearly instead of ignored. */
export function refused(): Parameter<undefined> {
  const decode = (_sent: FormValue, name: string): never => {
    throw errors.parameterNotSupported(name)
  }
  return { kind: 'anything', required: false, support: 'refused', decode, fallback: undefined }
}

// --- scalars --------------------------------------------------------------------------------------------------------

/** At most `maximum` characters (Stripe: 5000 where nothing else is said). Empty is refused; see unsettable. */
export function string(maximum = 5000): Optional<string> {
  return parameter(`string, at most ${maximum} characters`, (sent, name) => decodeString(sent, name, maximum))
}

/** A string that no error may repeat: a card number, a CVC. */
export function unseen(inner: Optional<string>): Optional<string> {
  const decode = (sent: FormValue, name: string) => {
    if (typeof sent !== 'string') throw errors.stringInvalid(name, {})
    return inner.decode(sent, name)
  }
  return { ...inner, decode }
}

const INTEGER = /^[+-]?\d{1,15}$/

/** A whole number; below `minimum` is refused by Stripe's words. */
export function integer(minimum?: number): Optional<number> {
  return parameter('integer', (sent, name) => {
    const text = decodeString(sent, name)
    if (!INTEGER.test(text)) throw errors.integerInvalid(name, text)
    const value = Number(text)
    if (minimum !== undefined && value < minimum) throw errors.integerTooSmall(name, minimum)
    return value
  })
}

/** `true` or `false` in any spelling of case: the Python and .NET libraries send `False`. */
export function boolean(): Optional<boolean> {
  return parameter('boolean', (sent, name) => {
    const text = decodeString(sent, name)
    const lower = text.toLowerCase()
    if (lower !== 'true' && lower !== 'false') throw errors.booleanInvalid(name, text)
    return lower === 'true'
  })
}

/** One of a list of words. */
export function choice<const C extends readonly string[]>(...choices: C): Optional<C[number]> {
  return parameter(choices.join(' | '), (sent, name) => {
    const text = decodeString(sent, name)
    if (!choices.includes(text)) throw errors.choiceInvalid(name, choices)
    return text
  })
}

/** A supported currency in any case. */
export function currency(): Optional<Currency> {
  return parameter('currency', (sent, name) => {
    const code = decodeString(sent, name).toLowerCase()
    if (!isCurrency(code)) throw errors.currencyInvalid(name, code, SUPPORTED_CURRENCIES)
    return code
  })
}

// Deliberately loose: an address is proven by mail, not by a pattern.
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@.]+$/
const EMAIL_MAXIMUM = 512

export function email(): Optional<string> {
  return parameter('e-mail address', (sent, name) => {
    const text = decodeString(sent, name, EMAIL_MAXIMUM)
    if (!EMAIL.test(text)) throw errors.emailInvalid(name, text)
    return text
  })
}

function decodeString(sent: FormValue, name: string, maximum = Number.POSITIVE_INFINITY): string {
  if (typeof sent !== 'string') throw errors.stringInvalid(name, sent)
  if (sent === '') throw errors.parameterEmpty(name)
  if (isLonger(sent, maximum)) throw errors.stringTooLong(name, sent, maximum)
  return sent
}

// --- hashes and arrays ----------------------------------------------------------------------------------------------

/** A hash with named members. */
export function hash<F extends Fields>(fields: F): Optional<Values<F>> {
  const decode = (sent: FormValue, name: string): Values<F> => {
    if (typeof sent === 'string') throw errors.objectInvalid(name)
    return decodeFields(fields, sent, name)
  }
  return parameter('hash', decode, fields)
}

/** Text (an id), or a hash with named members; the hash is told apart by being no string. */
export function stringOr<F extends Fields>(fields: F, maximum = 5000): Optional<string | Values<F>> {
  const inner = hash(fields)
  const decode = (sent: FormValue, name: string) => {
    if (sent === '') throw errors.sourceObjectInvalid()
    return typeof sent === 'string' ? decodeString(sent, name, maximum) : (inner.decode(sent, name) as Values<F>)
  }
  return parameter('string or hash', decode, fields)
}

const boundary = integer()
const CREATED_FIELDS = { gt: boundary, gte: boundary, lt: boundary, lte: boundary }

/** `created=<UNIX seconds>`, or `created[gte]=…` and the like; all must hold. */
export function createdFilter(): Optional<number | Values<typeof CREATED_FIELDS>> {
  const range = hash(CREATED_FIELDS)
  const decode = (sent: FormValue, name: string) =>
    typeof sent === 'string'
      ? (boundary.decode(sent, name) as number)
      : (range.decode(sent, name) as Values<typeof CREATED_FIELDS>)
  return parameter('UNIX seconds, or a hash of gt, gte, lt, lte', decode, CREATED_FIELDS)
}

/** An array of strings: `name[]=a&name[]=b` or `name[0]=a&name[1]=b`. */
export function strings(): Optional<string[]> {
  return parameter('array of strings', (sent, name) => {
    if (typeof sent === 'string') throw errors.arrayInvalid(name)
    return Object.entries(sent).map(([index, value]) => decodeString(value, `${name}[${index}]`))
  })
}

/** An array of hashes with the same members: `name[0][a]=…&name[1][a]=…`. */
export function hashes<F extends Fields>(fields: F): Optional<Values<F>[]> {
  const inner = hash(fields)
  const decode = (sent: FormValue, name: string) => {
    if (typeof sent === 'string') throw errors.arrayInvalid(name)
    return Object.entries(sent).map(([index, value]) => inner.decode(value, `${name}[${index}]`) as Values<F>)
  }
  return { ...parameter('array of hashes', decode, fields), isArray: true }
}

const METADATA_KEY_MAXIMUM = 40
const METADATA_VALUE_MAXIMUM = 500

/** Stripe: keys of at most 40 characters, values of at most 500; an empty value removes its key, `metadata=` all. */
export function metadata(): Optional<MetadataChange> {
  return parameter('hash of strings', (sent, name) => {
    if (sent === '') return { clear: true, entries: [] }
    if (typeof sent === 'string') throw errors.objectInvalid(name)
    return { clear: false, entries: Object.entries(sent).map(([key, value]) => metadataEntry(key, value)) }
  })
}

function metadataEntry(key: string, value: FormValue): [string, string] {
  if (isLonger(key, METADATA_KEY_MAXIMUM)) throw errors.metadataKeyTooLong(key)
  if (typeof value !== 'string') throw errors.metadataValueNested(value)
  if (isLonger(value, METADATA_VALUE_MAXIMUM)) throw errors.metadataValueTooLong(value)
  return [key, value]
}

// --- decoding -------------------------------------------------------------------------------------------------------

/**
 * Decodes a whole request. Unknown parameters are refused before anything else is looked at, then each parameter is
 * checked in the order of the schema, and the first failure wins (Stripe's observed order).
 */
export function decodeParameters<F extends Fields>(fields: F, sent: FormHash): Values<F> {
  const unknown: string[] = []
  collectUnknown(fields, sent, '', unknown)
  const [first, ...rest] = unknown
  if (first !== undefined) throw errors.parameterUnknown([first, ...rest])
  return decodeFields(fields, sent, '')
}

function collectUnknown(fields: Fields, sent: FormHash, prefix: string, unknown: string[]): void {
  const { byName } = compiled(fields)
  for (const key in sent) {
    const field = byName.get(key)
    if (field === undefined) {
      unknown.push(nameOf(key, prefix))
    } else if (field.fields) {
      const value = sent[key]
      if (typeof value !== 'object') continue
      const name = nameOf(key, prefix)
      if (field.isArray) collectUnknownOfEach(field.fields, value, name, unknown)
      else collectUnknown(field.fields, value, name, unknown)
    }
  }
}

function collectUnknownOfEach(fields: Fields, sent: FormHash, name: string, unknown: string[]): void {
  for (const [index, value] of Object.entries(sent)) {
    if (typeof value === 'object') collectUnknown(fields, value, nameOf(index, name), unknown)
  }
}

function decodeFields<F extends Fields>(fields: F, sent: FormHash, prefix: string): Values<F> {
  const { entries, fallbacks } = compiled(fields)
  const values = { ...fallbacks }
  for (const [key, field] of entries) {
    const value = sent[key]
    if (value !== undefined) values[key] = field.decode(value, nameOf(key, prefix))
    else if (field.required) throw errors.parameterMissing(nameOf(key, prefix))
  }
  return values as Values<F>
}

function nameOf(key: string, prefix: string): string {
  return prefix === '' ? key : `${prefix}[${key}]`
}

/** A schema as it is used with every request: worked out once. */
type Compiled = {
  readonly entries: readonly (readonly [name: string, field: Parameter<unknown>])[]
  readonly byName: ReadonlyMap<string, Parameter<unknown>>
  /** The values where nothing was sent; copying it gives all requests of an endpoint the same shape. */
  readonly fallbacks: Readonly<Record<string, unknown>>
}

const schemas = new WeakMap<Fields, Compiled>()

function compiled(fields: Fields): Compiled {
  let schema = schemas.get(fields)
  if (!schema) {
    const entries = Object.entries(fields)
    const fallbacks = Object.fromEntries(entries.map(([name, { fallback }]) => [name, fallback]))
    schema = { entries, byName: new Map(entries), fallbacks }
    schemas.set(fields, schema)
  }
  return schema
}
