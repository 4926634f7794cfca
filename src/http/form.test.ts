import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StripeError } from '../errors.ts'
import { type FormHash, type FormValue, mergeForms, parseForm, parseFormText } from './form.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

/** As ordinary objects, to be compared. */
function plain(value: FormValue): unknown {
  if (typeof value === 'string') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

const read = (text: string) => plain(parseForm(bytesOf(text)))

function refusalOf(parse: () => FormHash) {
  try {
    parse()
  } catch (error) {
    assert.ok(error instanceof StripeError, String(error))
    assert.equal(error.fields.status, 400)
    assert.equal(error.fields.type, 'invalid_request_error')
    return { message: error.message, param: error.fields.param }
  }
  return assert.fail('it was to be refused')
}

const refused = (text: string) => refusalOf(() => parseForm(bytesOf(text))).message

describe('a form', () => {
  const table: [sent: string, read: FormHash, why?: string][] = [
    ['', {}],
    ['amount=999&currency=usd', { amount: '999', currency: 'usd' }],
    ['description=', { description: '' }, 'empty'],
    ['description', { description: '' }, 'without an equals sign'],
    ['&&amount=1&', { amount: '1' }, 'with separators to spare'],
    ['a=b=c', { a: 'b=c' }, 'with an equals sign in the value'],
    ['metadata[order_id]=6735', { metadata: { order_id: '6735' } }],
    ['metadata%5Border_id%5D=6735', { metadata: { order_id: '6735' } }, 'as the SDKs send it'],
    ['shipping[address][line1]=x&shipping[name]=y', { shipping: { address: { line1: 'x' }, name: 'y' } }],
    ['expand[]=customer&expand[]=refunds', { expand: { 0: 'customer', 1: 'refunds' } }],
    ['expand[0]=customer&expand[1]=refunds', { expand: { 0: 'customer', 1: 'refunds' } }],
    ['expand[]=a&expand[1]=b', { expand: { 0: 'a', 1: 'b' } }],
    ['items[][price]=a&items[][price]=b', { items: { 0: { price: 'a' }, 1: { price: 'b' } } }],
    ['description=a+b%20c d', { description: 'a b c d' }, 'with a plus, an escape and a literal blank'],
    ['description=1%2B1', { description: '1+1' }, 'with an escaped plus'],
    ['description=%26%3D%25', { description: '&=%' }],
    ['description=%E5%B0%8F%E5%88%A4', { description: '小判' }],
    ['description=小判', { description: '小判' }, 'with UTF-8 as it is'],
    ['description=%f0%9f%92%b0', { description: '💰' }, 'with escapes in lower case'],
    ['description=a%0D%0Ab', { description: 'a\r\nb' }],
    ['=5', { '': '5' }, 'without a name: it is nothing that any endpoint knows'],
    ['a]=1', { 'a]': '1' }, 'with a bracket that closes nothing: likewise'],
    ['constructor=1&toString[x]=2', { constructor: '1', toString: { x: '2' } } as unknown as FormHash],
  ]
  for (const [sent, expected, why] of table) {
    it(`${sent || 'nothing'}${why ? `, ${why}` : ''}`, () => assert.deepEqual(read(sent), plain(expected)))
  }

  it('is read from a query as from a body', () => {
    assert.deepEqual(plain(parseFormText('limit=3&created[gte]=5')), { limit: '3', created: { gte: '5' } })
  })

  it('knows nothing that was not sent', () => {
    const form = parseForm(bytesOf('metadata[a]=1'))
    assert.equal(form.constructor, undefined)
    assert.equal(form.toString, undefined)
    assert.equal((form.metadata as FormHash).hasOwnProperty, undefined)
  })
})

describe('a form is refused', () => {
  const UTF8 = 'Invalid request: parameters must be valid UTF-8.'

  it('where its bytes are no UTF-8', () => {
    for (const bytes of [
      [0x61, 0x3d, 0xff],
      [0x61, 0x3d, 0xc3],
      [0x61, 0x3d, 0xed, 0xa0, 0x80], // half a surrogate pair
      [0x61, 0x3d, 0xc0, 0xaf], // a slash, the long way
    ]) {
      assert.equal(refusalOf(() => parseForm(Uint8Array.from(bytes))).message, UTF8)
    }
  })

  it('where its escapes are none, or no UTF-8', () => {
    for (const sent of ['a=%', 'a=%4', 'a=%zz', 'a=%ff', 'a=%C3%28', 'a=%ED%A0%80', '%zz=1', 'a[%E0%A4]=1']) {
      assert.equal(refused(sent), UTF8, sent)
    }
  })

  it('where it holds NUL, as it is or escaped', () => {
    for (const sent of ['a=x\0y', 'a=%00', 'a\0=1', 'a[%00]=1']) assert.equal(refused(sent), UTF8, sent)
  })

  it('where a parameter is given twice, and says which', () => {
    for (const [sent, name] of [
      ['amount=1&amount=2', 'amount'],
      ['amount=1&amount=1', 'amount'],
      ['metadata[a]=1&metadata[a]=2', 'metadata[a]'],
      ['expand[0]=a&expand[0]=b', 'expand[0]'],
      ['metadata=1&metadata[a]=2', 'metadata[a]'],
      ['metadata[a]=2&metadata=1', 'metadata'],
      ['a[b]=1&a[b][c]=2', 'a[b][c]'],
      ['a[b][c]=1&a[b]=2', 'a[b]'],
    ] as const) {
      assert.deepEqual(
        refusalOf(() => parseFormText(sent)),
        { message: `Invalid request: the parameter ${name} was given more than once.`, param: name },
      )
    }
  })

  it('where brackets do not close, stand in each other, or begin a name', () => {
    for (const name of [
      'a[b',
      'a[',
      'a[b]c',
      'a[b]c[d]',
      'a[b]]',
      '[a]',
      '[]',
      '[',
      'a[b][',
      'a[[b]]',
      'a[b[c]',
      'a[b[]',
    ]) {
      assert.equal(refused(`${name}=1`), `Invalid request: malformed parameter name ${name}.`)
    }
  })

  it('where __proto__ is a name, anywhere', () => {
    for (const name of ['__proto__', '__proto__[a]', 'a[__proto__]', 'a[__proto__][b]', 'a[b][__proto__]']) {
      assert.equal(refused(`${name}=1`), `Invalid request: malformed parameter name ${name}.`)
      assert.equal(refused(`${name.replace('__proto__', '%5F_proto_%5F')}=1`).startsWith('Invalid request'), true)
    }
    assert.equal(({} as Record<string, unknown>).a, undefined)
  })

  it('where it nests deeper than ten levels', () => {
    const nested = (levels: number) => `a${'[b]'.repeat(levels - 1)}=1`
    parseForm(bytesOf(nested(10)))
    const message = 'Invalid request: parameters may be nested 10 levels deep.'
    for (const levels of [11, 50, 10_000]) assert.equal(refused(nested(levels)), message)
    assert.equal(refused(`a${'[]'.repeat(10)}=1`), message)
  })

  it('where it holds more than 500 parameters', () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => `metadata[k${at}]=x`).join('&')
    parseForm(bytesOf(many(500)))
    const message = 'Invalid request: at most 500 parameters may be sent.'
    for (const count of [501, 1000]) assert.equal(refused(many(count)), message)
    assert.equal(refused('expand[]=a&'.repeat(1000)), message)
  })
})

describe('the query and the body', () => {
  it('are one form', () => {
    const merged = mergeForms(parseFormText('expand[]=refunds'), parseFormText('amount=1'))
    assert.deepEqual(plain(merged), { expand: { 0: 'refunds' }, amount: '1' })
  })

  it('may not name the same parameter', () => {
    assert.deepEqual(
      refusalOf(() => mergeForms(parseFormText('amount=1&a=2'), parseFormText('amount=2'))),
      { message: 'Invalid request: the parameter amount was given more than once.', param: 'amount' },
    )
    assert.equal(
      refusalOf(() => mergeForms(parseFormText('metadata[a]=1'), parseFormText('metadata[b]=2'))).param,
      'metadata',
    )
  })

  it('are merged without changing either', () => {
    const [query, body] = [parseFormText('a=1'), parseFormText('b=2')]
    mergeForms(query, body)
    assert.deepEqual([plain(query), plain(body)], [{ a: '1' }, { b: '2' }])
  })
})

describe('any form', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' })).filter((one) => !one.includes('\0'))
  const name = text.filter((one) => one !== '__proto__' && !one.includes('['))
  const key = text.filter((one) => !['', '__proto__'].includes(one) && !/[[\]]/.test(one))

  it('that URLSearchParams encodes is read as it was', () => {
    fc.assert(
      fc.property(fc.dictionary(name, text, { noNullPrototype: true }), (sent) => {
        assert.deepEqual(read(new URLSearchParams(sent).toString()), sent)
      }),
      { numRuns: 1000 },
    )
  })

  it('with hashes in it is read as it was', () => {
    const hashes = fc.dictionary(
      name.filter((one) => one !== ''),
      fc.dictionary(key, text, { noNullPrototype: true, minKeys: 1 }),
      { noNullPrototype: true },
    )
    fc.assert(
      fc.property(hashes, (sent) => {
        const pairs = Object.entries(sent).flatMap(([outer, hash]) =>
          Object.entries(hash).map(([inner, value]) => [`${outer}[${inner}]`, value] as [string, string]),
        )
        assert.deepEqual(read(new URLSearchParams(pairs).toString()), sent)
      }),
      { numRuns: 1000 },
    )
  })

  /** Bytes as nobody sends them, and text that is nearly a form. */
  const pieces = fc.constantFrom(...['a', '[', ']', '=', '&', '%', '%5B', '%00', '+', '__proto__', 'é', '0', '%ff'])
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(pieces, { maxLength: 40 }).map((parts) => bytesOf(parts.join(''))),
  )

  it('of any bytes is read, or refused as a mistake of the caller', () => {
    fc.assert(
      fc.property(anything, (bytes) => {
        try {
          const form = parseForm(bytes)
          assert.ok(!('toString' in form), 'nothing is inherited')
        } catch (error) {
          assert.ok(error instanceof StripeError, String(error))
          assert.equal(error.fields.status, 400)
        }
      }),
      { numRuns: 5000 },
    )
  })
})
