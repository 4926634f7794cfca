import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StripeError } from '../errors.ts'
import type { Searchable, SearchField } from './fields.ts'
import { matches, parseQuery, required } from './query.ts'

type Thing = {
  readonly name: string | null
  readonly amount: number | null
  readonly ok: boolean
  readonly metadata: Readonly<Record<string, string>>
}

const FIELDS: Readonly<Record<string, SearchField<Thing>>> = {
  name: { kind: 'text', of: ({ name }) => name },
  amount: { kind: 'number', of: ({ amount }) => amount },
  'details.card.ok': { kind: 'boolean', of: ({ ok }) => ok },
}

const THINGS: Searchable<Thing> = {
  resource: 'things',
  field: (name, key) => (key === null ? FIELDS[name] : { kind: 'text', of: ({ metadata }) => metadata[key] ?? null }),
}

const thing = (more: Partial<Thing> = {}): Thing => ({ name: 'Pear', amount: 1000, ok: true, metadata: {}, ...more })
const finds = (query: string, more: Partial<Thing> = {}) => matches(parseQuery(query, THINGS), thing(more))

describe('a search query', () => {
  const held: readonly (readonly [query: string, more?: Partial<Thing>])[] = [
    ['name:"Pear"'],
    ['name:"pEAR"'],
    ["name:'pear'"],
    ['  name : "pear"  '],
    ['name~"EAR"'],
    ['name:"a \\"b\\" \\\\ c"', { name: 'A "b" \\ c' }],
    ["name:'it\\'s'", { name: "it's" }],
    ['name:"a AND b:c"', { name: 'a AND b:c' }],
    ['name:""', { name: '' }],
    ['name:null', { name: null }],
    ['-name:"apple"'],
    ['-name:"apple"', { name: null }],
    ['-name:null'],
    ['amount:1000'],
    ['amount:"1000"'],
    ['amount>999 amount<1001 amount>=1000 amount<=1000'],
    ['amount>-1'],
    ['-amount>1000'],
    ['details.card.ok:true'],
    ['details.card.ok:"TRUE"'],
    ['-details.card.ok:false'],
    ['metadata["order id"]:"6735"', { metadata: { 'order id': '6735' } }],
    ["metadata['k']:'v'", { metadata: { k: 'V' } }],
    ['metadata["k"]:null'],
    ['-metadata["k"]:NULL', { metadata: { k: 'v' } }],
    ['metadata["it\\"s"]~"673"', { metadata: { 'it"s': '96735' } }],
    ['name:"pear" and amount:1000'],
    ['name:"pear" AND amount:1000'],
    ['name:"apple" or amount:1000'],
    ['name:"apple" OR amount:1 OR name:"pear"'],
  ]
  for (const [query, more] of held) it(`finds ${query}`, () => assert.equal(finds(query, more), true))

  const missed: readonly (readonly [query: string, more?: Partial<Thing>])[] = [
    ['name:"Pea"'],
    ['name~"apple"'],
    ['name:"null"', { name: null }],
    ['-name:"pear"'],
    ['amount>1000'],
    ['amount>0', { amount: null }],
    ['amount<5', { amount: null }],
    ['metadata["k"]:"v"'],
    ['name:"pear" amount:1'],
    ['name:"apple" OR amount:1'],
  ]
  for (const [query, more] of missed) it(`does not find ${query}`, () => assert.equal(finds(query, more), false))

  it('names the clauses without which nothing is found', () => {
    const count = (query: string) => required(parseQuery(query, THINGS)).length
    assert.deepEqual([count('amount>1 name:"x"'), count('amount>1 OR name:"x"')], [2, 0])
    assert.deepEqual([count('-amount>1 name:"x"'), count('amount>1')], [1, 1])
  })
})

describe('a search query is refused', () => {
  const unreadable =
    'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for metadata or key:"value" to query for other fields.'
  const clauses = (count: number) => Array(count).fill('amount:1').join(' ')
  const wrong: readonly (readonly [query: string, message: string])[] = [
    ['asdf', unreadable],
    ['   ', unreadable],
    ['name', unreadable],
    ['name:', unreadable],
    ['name:pear', unreadable],
    ['name:"pear', unreadable],
    ['name="pear"', unreadable],
    ['name:"a"amount:1', unreadable],
    ['name:"a" AND', unreadable],
    ['AND name:"a"', unreadable],
    ['name:"a" AND OR amount:1', unreadable],
    ['(name:"a")', unreadable],
    ['--name:"a"', unreadable],
    ['name:"a";', unreadable],
    ['metadata[k]:"v"', unreadable],
    ['metadata["k":"v"', unreadable],
    [
      'foo:"bar"',
      'Field `foo` is an unsupported search field for resource `things`. See http://stripe.com/docs/search#query-fields-for-things for a list of supported fields.',
    ],
    ['amount:1 AND name:"a" OR name:"b"', 'A search query can combine its clauses by AND or by OR, but not by both.'],
    ['amount:1 name:"a" OR name:"b"', 'A search query can combine its clauses by AND or by OR, but not by both.'],
    [clauses(11), 'A search query can have at most 10 clauses.'],
    ['name>"a"', 'The operator > cannot be used with name.'],
    ['amount~100', 'The operator ~ cannot be used with amount.'],
    ['details.card.ok>true', 'The operator > cannot be used with details.card.ok.'],
    ['amount>null', 'The operator > cannot be used with null.'],
    ['amount:many', 'Invalid value for amount: it must be a whole number.'],
    ['amount:"10.5"', 'Invalid value for amount: it must be a whole number.'],
    ['details.card.ok:"maybe"', 'Invalid value for details.card.ok: it must be true or false.'],
    ['name~"ab"', 'The operator ~ needs a value of at least 3 characters.'],
  ]
  for (const [query, message] of wrong) {
    it(query, () => {
      assert.throws(
        () => parseQuery(query, THINGS),
        (error) => {
          assert.ok(error instanceof StripeError)
          assert.deepEqual(error.fields, { status: 400, type: 'invalid_request_error', message, param: 'query' })
          return true
        },
      )
    })
  }

  it('but ten clauses are read', () => assert.equal(parseQuery(clauses(10), THINGS).clauses.length, 10))

  it('whatever is sent: a query is read or refused, in no time', () => {
    const characters = fc.constantFrom(...'ab"\'\\:~<>=- []().AND OR null 019\n\u{1F600}')
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 60 }), (text) => {
        try {
          parseQuery(text.join(''), THINGS)
        } catch (error) {
          assert.ok(error instanceof StripeError)
        }
      }),
    )
  })
})

// --- the model --------------------------------------------------------------------------------------------------------

type Asked = {
  readonly field: 'name' | 'amount' | 'details.card.ok' | 'metadata'
  readonly operator: ':' | '~' | '>' | '<' | '>=' | '<='
  readonly value: string | number | boolean | null
  readonly isNegated: boolean
}

const texts = fc.constantFrom('pear', 'Pear', 'spear', 'apple "x"', "o'neil \\", 'ÄPFEL', 'äpfel')
const numbers = fc.constantFrom(-5, 0, 999, 1000, 1001)
const isNegated = fc.boolean()
const clause: fc.Arbitrary<Asked> = fc.oneof(
  fc.record({
    field: fc.constantFrom('name', 'metadata'),
    operator: fc.constantFrom(':', '~'),
    value: texts,
    isNegated,
  }),
  fc.record({
    field: fc.constant('amount' as const),
    operator: fc.constantFrom(':', '>', '<', '>=', '<='),
    value: numbers,
    isNegated,
  }),
  fc.record({
    field: fc.constant('details.card.ok' as const),
    operator: fc.constant(':'),
    value: fc.boolean(),
    isNegated,
  }),
  fc.record({
    field: fc.constantFrom('name', 'amount', 'metadata'),
    operator: fc.constant(':'),
    value: fc.constant(null),
    isNegated,
  }),
)
const things: fc.Arbitrary<Thing> = fc.record({
  name: fc.option(texts),
  amount: fc.option(numbers),
  ok: fc.boolean(),
  metadata: fc.oneof(
    fc.constant({}),
    texts.map((value) => ({ key: value })),
  ),
})

function written({ field, operator, value, isNegated }: Asked): string {
  const name = field === 'metadata' ? 'metadata["key"]' : field
  const shown = typeof value === 'string' ? `"${value.replaceAll(/(["\\])/g, '\\$1')}"` : String(value)
  return `${isNegated ? '-' : ''}${name}${operator}${shown}`
}

function holds({ field, operator, value, isNegated }: Asked, { name, amount, ok, metadata }: Thing): boolean {
  const actual = { name, amount, 'details.card.ok': ok, metadata: metadata.key ?? null }[field]
  return isNegated !== compared(typeof actual === 'string' ? actual.toLowerCase() : actual)

  function compared(actual: string | number | boolean | null): boolean {
    if (actual === null || value === null) return actual === value
    if (typeof value === 'string') {
      return operator === ':' ? actual === value.toLowerCase() : String(actual).includes(value.toLowerCase())
    }
    const difference = Number(actual) - Number(value)
    return {
      ':': difference === 0,
      '>': difference > 0,
      '<': difference < 0,
      '>=': difference >= 0,
      '<=': difference <= 0,
    }[operator as ':']
  }
}

describe('any query', () => {
  it('finds what each of its clauses says, all of them or one', () => {
    fc.assert(
      fc.property(
        fc.array(clause, { minLength: 1, maxLength: 10 }),
        fc.constantFrom(' ', ' AND ', ' and ', ' OR ', ' or '),
        things,
        (asked, between, object) => {
          const isOr = between.trim().toLowerCase() === 'or'
          const expected = isOr ? asked.some((one) => holds(one, object)) : asked.every((one) => holds(one, object))
          assert.equal(matches(parseQuery(asked.map(written).join(between), THINGS), object), expected)
        },
      ),
      { numRuns: 1000 },
    )
  })
})
