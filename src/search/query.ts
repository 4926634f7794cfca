import { errors } from '../errors.ts'
import type { Searchable, SearchField } from './fields.ts'

/**
 * Stripe's search query language: `status:"succeeded" AND amount>1000 -metadata["order"]:null`. Clauses are combined by
 * AND (written or not) or by OR, never by both; there are no brackets.
 */

export type Operator = ':' | '~' | '>' | '<' | '>=' | '<='

export type Clause<T> = {
  readonly field: SearchField<T>
  readonly operator: Operator
  /** Text is in lower case: search does not tell upper from lower case. Null: the field has no value. */
  readonly value: string | number | boolean | null
  readonly isNegated: boolean
}

export type Query<T> = { readonly combination: 'and' | 'or'; readonly clauses: readonly Clause<T>[] }

const MAXIMUM_CLAUSES = 10 // Stripe: "up to 10 query clauses"
const LEAST_SUBSTRING = 3 // Stripe: substring matching needs three characters

/** Reads a query over the fields of `searchable`. Throws a StripeError (400, `query`) that says what is wrong with it. */
export function parseQuery<T>(text: string, searchable: Searchable<T>): Query<T> {
  const reader = new QueryReader(text)
  const clauses: Clause<T>[] = []
  const combinations = new Set<'and' | 'or'>()
  for (;;) {
    clauses.push(clauseOf(reader, searchable))
    if (clauses.length > MAXIMUM_CLAUSES) throw errors.searchTooLong(MAXIMUM_CLAUSES)
    if (reader.isAtEnd()) break
    combinations.add(reader.combination())
  }
  if (combinations.size > 1) throw errors.searchMixed()
  return { combination: combinations.has('or') ? 'or' : 'and', clauses }
}

/** Whether an object is what the query looks for. */
export function matches<T>({ combination, clauses }: Query<T>, object: T): boolean {
  const holds = (clause: Clause<T>) => isMet(clause, clause.field.of(object)) !== clause.isNegated
  return combination === 'or' ? clauses.some(holds) : clauses.every(holds)
}

/** The clauses without which nothing is found: a store may look for them first. */
export function required<T>({ combination, clauses }: Query<T>): readonly Clause<T>[] {
  return combination === 'and' || clauses.length === 1 ? clauses.filter(({ isNegated }) => !isNegated) : []
}

function isMet<T>({ operator, value }: Clause<T>, found: string | number | boolean | null): boolean {
  if (value === null || found === null) return value === found
  const actual = typeof found === 'string' ? found.toLowerCase() : found
  switch (operator) {
    case ':':
      return actual === value
    case '~':
      return String(actual).includes(String(value))
    case '>':
      return actual > value
    case '<':
      return actual < value
    case '>=':
      return actual >= value
    case '<=':
      return actual <= value
    default:
      return operator satisfies never
  }
}

// --- clauses ----------------------------------------------------------------------------------------------------------

function clauseOf<T>(reader: QueryReader, searchable: Searchable<T>): Clause<T> {
  const isNegated = reader.takes('-')
  const name = reader.name()
  const key = reader.key()
  const operator = reader.operator()
  const sent = reader.value()
  const field = searchable.field(name, key)
  if (!field) throw errors.searchFieldUnsupported(key === null ? name : `${name}["${key}"]`, searchable.resource)
  return { field, operator, value: wantedValue(sent, field, operator, name), isNegated }
}

type SentValue = { readonly text: string; readonly isQuoted: boolean }

function wantedValue<T>(
  { text, isQuoted }: SentValue,
  { kind }: SearchField<T>,
  operator: Operator,
  name: string,
): Clause<T>['value'] {
  if (!isQuoted && text.toLowerCase() === 'null') {
    if (operator !== ':') throw errors.searchOperatorUnsupported(operator, 'null')
    return null
  }
  switch (kind) {
    case 'number':
      if (operator === '~') throw errors.searchOperatorUnsupported(operator, name)
      if (!/^-?\d{1,15}$/.test(text)) throw errors.searchValueInvalid(name, 'a whole number')
      return Number(text)
    case 'boolean':
      if (operator !== ':') throw errors.searchOperatorUnsupported(operator, name)
      if (!/^(true|false)$/i.test(text)) throw errors.searchValueInvalid(name, 'true or false')
      return text.toLowerCase() === 'true'
    case 'text':
      if (operator !== ':' && operator !== '~') throw errors.searchOperatorUnsupported(operator, name)
      if (!isQuoted) throw errors.searchUnreadable()
      if (operator === '~' && [...text].length < LEAST_SUBSTRING) throw errors.searchSubstringTooShort(LEAST_SUBSTRING)
      return text.toLowerCase()
    default:
      return kind satisfies never
  }
}

// --- characters -------------------------------------------------------------------------------------------------------

const QUOTED = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/suy
const NAME = /[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*/iuy
const OPERATOR = /\s*(:|~|>=|<=|>|<)\s*/uy
const BARE = /-?[a-z0-9_.]+/iuy
const BLANKS = /\s*/uy
const COMBINATION = /(?:\s+(and|or)\b)?\s+/iuy

/** Reads a query from left to right. What it does not understand it refuses. */
class QueryReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
    this.#take(BLANKS)
  }

  isAtEnd(): boolean {
    return this.#text.slice(this.#at).trim() === ''
  }

  takes(character: string): boolean {
    const isThere = this.#text[this.#at] === character
    if (isThere) this.#at += 1
    return isThere
  }

  name(): string {
    return this.#must(NAME)[0]
  }

  /** The key in brackets: `order_id` of `metadata["order_id"]`, or null. */
  key(): string | null {
    if (!this.takes('[')) return null
    const key = this.#quoted() ?? this.#fail()
    if (!this.takes(']')) this.#fail()
    return key
  }

  operator(): Operator {
    return this.#must(OPERATOR)[1] as Operator
  }

  value(): SentValue {
    const quoted = this.#quoted()
    if (quoted !== null) return { text: quoted, isQuoted: true }
    return { text: this.#must(BARE)[0], isQuoted: false }
  }

  /** What stands between two clauses: blanks alone mean AND. */
  combination(): 'and' | 'or' {
    const [, word = 'and'] = this.#must(COMBINATION)
    return word.toLowerCase() === 'or' ? 'or' : 'and'
  }

  #quoted(): string | null {
    const found = this.#take(QUOTED)
    if (!found) return null
    const [, double, single] = found
    return (double ?? single ?? '').replace(/\\(.)/gsu, '$1')
  }

  #must(pattern: RegExp): RegExpExecArray {
    return this.#take(pattern) ?? this.#fail()
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found) this.#at = pattern.lastIndex
    return found
  }

  #fail(): never {
    throw errors.searchUnreadable()
  }
}
