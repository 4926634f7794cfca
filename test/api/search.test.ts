import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { HOUR, START } from './clock.ts'
import { refusals } from './refusals.ts'
import { type Body, expanded, type Form, NEW, OLD, startTestServer } from './server.ts'

const shop = await startTestServer()

const SAMPLE = { amount: 1000, currency: 'usd', source: 'tok_visa' }
const ROUTE = 'GET /v1/charges/search'
const search = (query: string, form: Form = {}, version = NEW) =>
  shop.made(ROUTE, { query, limit: 100, ...form }, { version })

/** By what they are looked for. */
const charges: Record<string, Body> = {}
const nameOf = new Map<string, string>()

async function keep(name: string, charge: Promise<Body>): Promise<void> {
  charges[name] = await charge
  nameOf.set(String(charges[name]?.id), name)
  shop.clock.advance(HOUR)
}

before(async () => {
  const made = (form: Form) => shop.made('POST /v1/charges', { ...SAMPLE, ...form })
  await keep('pears', made({ metadata: { order_id: '6735', 'a "key"': 'x' } }))
  await keep('euros', made({ currency: 'eur', amount: 2500, source: 'tok_mastercard' }))
  await keep('zip', made({ source: { ...CARD, address_zip: '94103' }, metadata: { order_id: 'Order 9' } }))
  await keep('refunded', made({}))
  await shop.made('POST /v1/refunds', { charge: charges.refunded?.id })
  await keep('hold', made({ capture: false, amount: 700 }))
  await shop.refused('POST /v1/charges', { ...SAMPLE, source: 'tok_chargeDeclined' })
  const { data } = await shop.made('GET /v1/charges', { limit: 1 })
  nameOf.set(String(data[0]?.id), 'declined')
})

const CARD = { number: '4242424242424242', exp_month: 12, exp_year: 2034, cvc: '123' }

const foundBy = async (query: string) => (await search(query)).data.map(({ id }) => nameOf.get(id))

describe('charges are found', () => {
  const cases: readonly (readonly [query: string, found: string])[] = [
    ['amount:2500', 'euros'],
    ['amount>1000', 'euros'],
    ['amount<1000', 'hold'],
    ['amount>=700 amount<1000', 'hold'],
    ['currency:"EUR"', 'euros'],
    ['-currency:"usd"', 'euros'],
    ['status:"failed"', 'declined'],
    ['status:"succeeded" currency:"eur"', 'euros'],
    ['refunded:"true"', 'refunded'],
    ['refunded:true AND amount:1000', 'refunded'],
    ['disputed:"true"', ''],
    ['metadata["order_id"]:"6735"', 'pears'],
    ["metadata['order_id']:'order 9'", 'zip'],
    ['metadata["order_id"]~"der"', 'zip'],
    ['-metadata["order_id"]:null', 'zip pears'],
    ['metadata["order_id"]:null amount:1000', 'declined refunded'],
    ['metadata["a \\"key\\""]:"x"', 'pears'],
    ['billing_details.address.postal_code:"94103"', 'zip'],
    ['payment_method_details.card.last4:"4444"', 'euros'],
    ['payment_method_details.card.brand:"mastercard"', 'euros'],
    [
      'payment_method_details.card.exp_year:2034 payment_method_details.card.exp_month:12 amount:1000 metadata["order_id"]:"order 9"',
      'zip',
    ],
    ['payment_method_details.sepa_debit.last4:"4242"', ''],
    ['customer:null amount:700', 'hold'],
    [`created<${START + HOUR}`, 'pears'],
    [`created>=${START + HOUR} created<${START + 3 * HOUR}`, 'zip euros'],
    [`-created>${START}`, 'pears'],
    [`created:${START} OR amount:2500`, 'euros pears'],
  ]
  for (const [query, found] of cases) {
    it(`by ${query}`, async () => assert.equal((await foundBy(query)).join(' '), found))
  }

  it('by the fingerprint of their card', async () => {
    const { fingerprint } = charges.euros?.payment_method_details.card ?? assert.fail('no charge')
    assert.deepEqual(await foundBy(`payment_method_details.card.fingerprint:"${fingerprint}"`), ['euros'])
  })

  it('as soon as they are made or changed', async () => {
    const { id } = await shop.made('POST /v1/charges', { ...SAMPLE, metadata: { now: 'yes' } })
    assert.deepEqual(
      (await search('metadata["now"]:"yes"')).data.map(({ id }) => id),
      [id],
    )
    await shop.made(`POST /v1/charges/${id}`, { metadata: { now: 'no' } })
    assert.deepEqual((await search('metadata["now"]:"yes"')).data, [])
  })
})

describe('what a search answers', () => {
  it('is a search result, its members whole charges', async () => {
    const found = await search('amount:2500')
    assert.deepEqual(Object.keys(found), ['object', 'data', 'has_more', 'next_page', 'url'])
    assert.deepEqual(
      [found.object, found.has_more, found.next_page, found.url],
      ['search_result', false, null, '/v1/charges/search'],
    )
    assert.deepEqual(found.data[0], await shop.made(`GET /v1/charges/${charges.euros?.id}`, {}, { version: NEW }))
    const empty = await search('amount:1')
    assert.deepEqual([empty.object, empty.data, empty.next_page], ['search_result', [], null])
  })

  it('counts itself and expands where it is asked to, in every version that searches', async () => {
    for (const version of ['2020-08-27', NEW]) {
      const form = { expand: ['total_count', 'data.balance_transaction'], limit: 1 }
      const found = await search('refunded:true OR amount:2500', form, version)
      assert.deepEqual(Object.keys(found), ['object', 'data', 'has_more', 'next_page', 'total_count', 'url'])
      assert.deepEqual([found.total_count, found.data.length, found.has_more], [2, 1, true])
      assert.equal(expanded(found.data[0]?.balance_transaction).source, found.data[0]?.id)
      assert.equal('invoice' in (found.data[0] ?? {}), version !== NEW)
    }
  })

  it('comes in pages that stay as they are', async () => {
    const query = 'amount:4321'
    const ids: string[] = []
    const add = async () => ids.unshift((await shop.made('POST /v1/charges', { ...SAMPLE, amount: 4321 })).id)
    for (let n = 0; n < 5; n++) await add()
    const [...expected] = ids
    const first = await search(query, { limit: 2 })
    await add()
    const second = await search(query, { limit: 2, page: String(first.next_page) })
    const third = await search(query, { limit: 2, page: String(second.next_page) })
    const seen = [first, second, third].flatMap(({ data }) => data.map(({ id }) => id))
    assert.deepEqual(seen, expected)
    assert.deepEqual([third.has_more, third.next_page], [false, null])
    assert.deepEqual(await search(query, { limit: 2, page: String(first.next_page) }), second)
    assert.equal((await search(query, { limit: 0 })).data.length, 1)
  })

  it('is walked by the library of today', async () => {
    const seen: string[] = []
    for await (const { id } of shop.stripe.charges.search({ query: 'amount<3000', limit: 2 })) seen.push(id)
    assert.deepEqual(
      seen,
      (await search('amount<3000')).data.map(({ id }) => id),
    )
    assert.ok(seen.length > 4)
  })

  it('holds nothing of the other mode', async () => {
    const sent = { kind: 'secret', livemode: true }
    const { body } = await shop.control<{ key: string }>('POST /accounts/acct_1KobanTestAccount/keys', sent)
    const found = await shop.made(ROUTE, { query: 'amount>0' }, { key: body.key, version: NEW })
    assert.deepEqual(found.data, [])
  })
})

describe('a search is refused', () => {
  const refused = refusals(shop)
  const now = { version: NEW }

  refused(
    'under versions that have none',
    ROUTE,
    { query: 'amount:1' },
    [
      400,
      null,
      null,
      'Search is not supported on api version 2019-05-16. Update your API version, or set the API Version of this request to 2020-08-27 or greater.',
    ],
    { version: OLD },
  )
  refused('without a query', ROUTE, {}, [400, 'parameter_missing', 'query', 'Missing required param: query.'], now)
  refused(
    'that cannot be read',
    ROUTE,
    { query: 'asdf' },
    [
      400,
      null,
      'query',
      'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for metadata or key:"value" to query for other fields.',
    ],
    now,
  )
  for (const field of ['foo', 'payment_method_details.card.wat', 'constructor', 'billing_details["a"]']) {
    refused(
      `by ${field}`,
      ROUTE,
      { query: `${field}:"x"` },
      [
        400,
        null,
        'query',
        `Field \`${field}\` is an unsupported search field for resource \`charges\`. See http://stripe.com/docs/search#query-fields-for-charges for a list of supported fields.`,
      ],
      now,
    )
  }
  for (const page of ['nope', 'Y2hfMQ==', 'JTAw']) {
    refused(
      `from the page ${page}`,
      ROUTE,
      { query: 'amount:1', page },
      [400, null, 'page', `Invalid page: ${page}`],
      now,
    )
  }
  refused(
    'with the cursor of a list',
    ROUTE,
    { query: 'amount:1', starting_after: 'ch_1' },
    [400, 'parameter_unknown', 'starting_after', 'Received unknown parameter: starting_after'],
    now,
  )
  refused(
    'with what old lists include',
    ROUTE,
    { query: 'amount:1', include: ['total_count'] },
    [400, 'parameter_unknown', 'include', 'Received unknown parameter: include'],
    { version: '2020-08-27' },
  )

  it('of customers, which there is not', async () => {
    const { status } = await shop.refused('GET /v1/customers/search', { query: 'email:"a@b.c"' }, now)
    assert.equal(status, 404)
  })
})
