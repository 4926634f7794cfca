import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { refusals } from './refusals.ts'
import { type Body, expanded, type Form, NEW, OLD, startTestServer } from './server.ts'
import { assertKeyOrder, assertKeys, CARD_KEYS, CUSTOMER_KEYS, OLD_CUSTOMER_KEYS } from './shapes.ts'

const shop = await startTestServer()
const refuses = refusals(shop)

const CUSTOMERS = 'POST /v1/customers'
const create = (form: Form = {}, version = OLD) => shop.made(CUSTOMERS, form, { version })
const read = (id: string, version = OLD) => shop.made(`GET /v1/customers/${id}`, {}, { version })
const ids = (bodies: readonly Body[]) => bodies.map(({ id }) => id)
const CARD = { number: '4242424242424242', exp_month: 8, exp_year: 2030, cvc: '123' }

const ADDRESS = { line1: '1 Main Street', city: 'San Francisco', postal_code: '94107' }
const WHOLE_ADDRESS = { ...ADDRESS, country: null, line2: null, state: null }

describe('a customer', () => {
  for (const { version, keys } of [
    { version: OLD, keys: OLD_CUSTOMER_KEYS },
    { version: NEW, keys: CUSTOMER_KEYS },
  ]) {
    it(`has every key of ${version} and no other, in Stripe's order`, async () => {
      const made = await create({}, version)
      assertKeys(made, keys)
      assertKeyOrder(made)
      assert.match(made.id, /^cus_[0-9A-Za-z]{14}$/)
      assert.deepEqual(await read(made.id, version), made)
      const list = await shop.made('GET /v1/customers', { limit: 1 }, { version })
      assert.deepEqual(list.data, [made])
    })
  }

  it('who is new has nothing', async () => {
    const { id, created, invoice_prefix, ...rest } = await create({}, NEW)
    assert.match(String(invoice_prefix), /^[0-9A-Z]{8}$/)
    assert.deepEqual(rest, {
      ...{ object: 'customer', address: null, balance: 0, currency: null, customer_account: null },
      ...{ default_source: null, delinquent: false, description: null, discount: null, email: null },
      invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
      ...{ livemode: false, metadata: {}, name: null, next_invoice_sequence: 1, phone: null, preferred_locales: [] },
      ...{ shipping: null, tax_exempt: 'none', test_clock: null },
    })
  })

  const EVERYTHING = {
    address: ADDRESS,
    balance: -500,
    business_name: 'Lamps and Sons',
    description: 'A regular',
    email: 'jenny@example.com',
    individual_name: 'Jenny Rosen',
    invoice_prefix: 'JENNY1',
    invoice_settings: {
      custom_fields: [{ name: 'Order', value: '7' }] as unknown as Form,
      footer: 'Thank you',
      rendering_options: { amount_tax_display: 'exclude_tax' },
    },
    metadata: { color: 'red' },
    name: 'Jenny',
    next_invoice_sequence: 12,
    phone: '+15555555555',
    preferred_locales: ['en', 'ja'],
    shipping: { address: ADDRESS, name: 'Jenny', phone: '+15555555555' },
    tax_exempt: 'exempt',
  }
  const KEPT = {
    ...EVERYTHING,
    address: WHOLE_ADDRESS,
    invoice_settings: {
      ...{ custom_fields: [{ name: 'Order', value: '7' }], default_payment_method: null, footer: 'Thank you' },
      rendering_options: { amount_tax_display: 'exclude_tax', template: null },
    },
    shipping: { ...EVERYTHING.shipping, address: WHOLE_ADDRESS },
  }

  it('keeps all that can be known of it, from the start or later', async () => {
    const made = await create(EVERYTHING, NEW)
    const { id } = await create({}, NEW)
    const changed = await shop.made(`POST /v1/customers/${id}`, EVERYTHING, { version: NEW })
    for (const customer of [made, changed]) {
      assert.deepEqual({ ...customer, ...KEPT }, customer)
      assertKeyOrder(customer)
      assert.deepEqual(await read(customer.id, NEW), customer)
    }
  })

  it('forgets what is unset, and keeps what is not named', async () => {
    const { id } = await create(EVERYTHING, NEW)
    const unset = { address: null, email: null, shipping: null, phone: null, description: null, tax_exempt: null }
    const changed = await shop.made(`POST /v1/customers/${id}`, { ...unset, name: null, business_name: null })
    for (const key of ['address', 'email', 'shipping', 'phone', 'description', 'name']) {
      assert.equal(changed[key], null, key)
    }
    assert.equal(changed.tax_exempt, 'none')
    assert.equal('business_name' in changed, false)
    assert.deepEqual([changed.balance, changed.metadata], [-500, { color: 'red' }])
    const settings = await shop.made(`POST /v1/customers/${id}`, { invoice_settings: { footer: 'Bye' } })
    assert.deepEqual(settings.invoice_settings, { ...KEPT.invoice_settings, footer: 'Bye' })
  })

  it('merges its metadata by key', async () => {
    const { id } = await create({ metadata: { color: 'red', size: 'L' } })
    const change = (metadata: Form | null) => shop.made(`POST /v1/customers/${id}`, { metadata })
    assert.deepEqual((await change({ size: null, shape: 'round' })).metadata, { color: 'red', shape: 'round' })
    assert.deepEqual((await change(null)).metadata, {})
  })

  it('carries its lists in the old version, and in the new one when they are asked for', async () => {
    const { id, sources, subscriptions, tax_ids } = await create({ source: 'tok_visa' })
    const url = `/v1/customers/${id}`
    assert.deepEqual([sources.total_count, sources.has_more, sources.url], [1, false, `${url}/sources`])
    assertKeys(sources.data[0], CARD_KEYS)
    const empty = { object: 'list', data: [], has_more: false, total_count: 0 }
    assert.deepEqual(subscriptions, { ...empty, url: `${url}/subscriptions` })
    assert.deepEqual(tax_ids, { ...empty, url: `${url}/tax_ids` })
    assert.equal('sources' in (await read(id, NEW)), false)
    const expand = ['sources', 'subscriptions', 'tax_ids', 'default_source']
    const asked = await shop.made(`GET ${url}`, { expand }, { version: NEW })
    assertKeyOrder(asked)
    assert.deepEqual([asked.sources, asked.subscriptions, asked.tax_ids], [sources, subscriptions, tax_ids])
    assert.deepEqual(asked.default_source as unknown, sources.data[0])
  })

  it('carries ten of its cards at most, the newest first', async () => {
    const { id } = await create()
    const cards: string[] = []
    for (let n = 0; n < 11; n++) {
      cards.unshift((await shop.made(`POST /v1/customers/${id}/sources`, { source: 'tok_visa' })).id)
    }
    const { sources, default_source } = await read(id)
    assert.deepEqual(ids(sources.data), cards.slice(0, 10))
    assert.deepEqual([sources.total_count, sources.has_more], [11, true])
    assert.equal(default_source, cards.at(-1))
  })

  it('by both libraries', async () => {
    const form = { email: 'both@example.com', source: 'tok_visa', metadata: { color: 'red' } }
    const old = await shop.oldStripe.customers.create(form)
    const today = await shop.stripe.customers.create(form)
    assert.equal((await shop.oldStripe.customers.retrieve(today.id)).email, form.email)
    const listed = await shop.stripe.customers.list({ email: form.email })
    assert.deepEqual(
      listed.data.map(({ id }) => id),
      [today.id, old.id],
    )
    assert.equal((await shop.oldStripe.customers.update(old.id, { name: 'Jenny' })).name, 'Jenny')
    assert.equal((await shop.stripe.customers.update(today.id, { name: 'Jane' })).name, 'Jane')
    const gone = { object: 'customer', deleted: true }
    assert.deepEqual({ ...(await shop.oldStripe.customers.del(old.id)) }, { id: old.id, ...gone })
    const { lastResponse: _, ...deleted } = await shop.stripe.customers.del(today.id)
    assert.deepEqual(deleted, { id: today.id, ...gone })
  })
})

describe('customers', () => {
  it('are listed with the newest first, by time, and by e-mail as it stands', async () => {
    const { created } = await create()
    shop.clock.advance(10)
    const a = await create({ email: 'Who@example.com' })
    const b = await create({ email: 'Who@example.com' })
    await create({ email: 'who@example.com' })
    const list = async (form: Form) => ids((await shop.made('GET /v1/customers', form)).data)
    assert.deepEqual(await list({ email: 'Who@example.com' }), [b.id, a.id])
    assert.deepEqual(await list({ email: 'Who@example.com', starting_after: b.id }), [a.id])
    assert.equal((await list({ created: { gt: created } })).length, 3)
    assert.deepEqual(await list({ email: 'nobody@example.com' }), [])
  })

  it('who were deleted are not listed, and keep their place', async () => {
    const [first, gone, last] = [await create(), await create(), await create()]
    await shop.made(`DELETE /v1/customers/${gone.id}`)
    const list = async (form: Form) => ids((await shop.made('GET /v1/customers', { limit: 1, ...form })).data)
    assert.deepEqual(await list({ starting_after: last.id }), [first.id])
    assert.deepEqual(await list({ starting_after: gone.id }), [first.id])
    assert.deepEqual(await list({ ending_before: gone.id }), [last.id])
  })
})

describe('a deleted customer', () => {
  it('says that and no more, and cannot be changed, charged or given a card', async () => {
    const { id, default_source } = await create({ source: 'tok_visa' })
    const charge = await shop.made('POST /v1/charges', { amount: 500, currency: 'usd', customer: id })
    const deleted = { id, object: 'customer', deleted: true }
    for (const version of [OLD, NEW]) {
      if (version === OLD) assert.deepEqual(await shop.made(`DELETE /v1/customers/${id}`), deleted)
      assert.deepEqual(await read(id, version), deleted)
      const after = await shop.made(`GET /v1/charges/${charge.id}`, { expand: ['customer'] }, { version })
      assert.deepEqual(after.customer as unknown, deleted)
      assert.deepEqual([after.source.id, after.source.customer], [default_source, id])
    }
    const message = `No such customer: '${id}'`
    for (const [route, form, status, param] of [
      [`POST /v1/customers/${id}`, { name: 'x' }, 404, 'id'],
      [`DELETE /v1/customers/${id}`, {}, 404, 'id'],
      [`POST /v1/customers/${id}/sources`, { source: 'tok_visa' }, 404, 'customer'],
      [`GET /v1/customers/${id}/sources`, {}, 404, 'customer'],
      [`GET /v1/customers/${id}/sources/${default_source}`, {}, 404, 'customer'],
      ['POST /v1/charges', { amount: 500, currency: 'usd', customer: id }, 400, 'customer'],
    ] as const) {
      const answer = await shop.refused(route, form)
      assert.deepEqual([answer.status, answer.error.message, answer.error.param], [status, message, param], route)
    }
    assert.deepEqual(ids((await shop.made('GET /v1/charges', { customer: id })).data), [charge.id])
  })
})

describe('a customer is refused', () => {
  const EMAIL = 'not-an-email'
  refuses('with a bad e-mail address', CUSTOMERS, { email: EMAIL }, [
    ...([400, 'email_invalid', 'email'] as const),
    `Invalid email address: ${EMAIL}`,
  ])
  refuses('with a tax exemption that there is not', CUSTOMERS, { tax_exempt: 'perhaps' }, [
    ...([400, null, 'tax_exempt'] as const),
    'Invalid tax_exempt: must be one of none, reverse, or exempt',
  ])
  refuses('with an unknown setting', CUSTOMERS, { invoice_settings: { nope: '1' } }, [
    ...([400, 'parameter_unknown', 'invoice_settings[nope]'] as const),
    'Received unknown parameter: invoice_settings[nope]',
  ])
  refuses(
    'with an unknown member of a list',
    CUSTOMERS,
    { invoice_settings: { custom_fields: [{ nope: '1' }] as unknown as Form } },
    [
      ...([400, 'parameter_unknown', 'invoice_settings[custom_fields][0][nope]'] as const),
      'Received unknown parameter: invoice_settings[custom_fields][0][nope]',
    ],
  )
  refuses('with shipping to nobody', CUSTOMERS, { shipping: { address: ADDRESS } }, [
    ...([400, 'parameter_missing', 'shipping[name]'] as const),
    'Missing required param: shipping[name].',
  ])
  refuses('with a prefix of invoices that is none', CUSTOMERS, { invoice_prefix: 'a' }, [
    ...([400, null, 'invoice_prefix'] as const),
    'The invoice prefix must be between 3 and 12 uppercase letters or numbers.',
  ])
  for (const param of [
    'coupon',
    'payment_method',
    'plan',
    'promotion_code',
    'tax_id_data',
    'test_clock',
    'trial_end',
  ]) {
    refuses(`with ${param}, which is not there`, CUSTOMERS, { [param]: 'x' }, [
      ...([400, null, param] as const),
      `Koban does not support the parameter ${param}. See docs/compatibility.md for what is not there.`,
    ])
  }
  refuses('where it is not there', 'GET /v1/customers/cus_nope', {}, [
    ...([404, 'resource_missing', 'id'] as const),
    "No such customer: 'cus_nope'",
  ])
  refuses('as a cursor that names none', 'GET /v1/customers', { starting_after: 'cus_aaa' }, [
    ...([400, 'resource_missing', 'starting_after'] as const),
    "No such customer: 'cus_aaa'",
  ])
})

describe('what older versions could say of a customer', () => {
  const unknown = (param: string) => [400, 'parameter_unknown', param, `Received unknown parameter: ${param}`] as const

  it('its account_balance, before 2019-10-17', async () => {
    const { id, balance } = await create({ account_balance: -500 }, '2019-10-08')
    assert.equal(balance, -500)
    const changed = await shop.made(`POST /v1/customers/${id}`, { account_balance: 7 })
    assert.deepEqual([changed.balance, changed.account_balance], [7, 7])
    assert.equal((await shop.made(`POST /v1/customers/${id}`, { name: 'Jenny' })).balance, 7)
  })
  refuses('no account_balance from 2019-10-17 on', CUSTOMERS, { account_balance: 5 }, unknown('account_balance'), {
    version: '2019-10-17',
  })

  refuses(
    'no tax_info from 2019-12-03 on',
    CUSTOMERS,
    { tax_info: { tax_id: '1', type: 'vat' } },
    unknown('tax_info'),
    {
      version: '2019-12-03',
    },
  )
  it('its tax_info, before 2019-12-03, which later versions do not show', async () => {
    const tax_info = { tax_id: 'DE123456789', type: 'vat' }
    const made = await create({ tax_info }, '2019-11-05')
    assert.deepEqual(made.tax_info, tax_info)
    assert.deepEqual(made.tax_info_verification, { status: 'unverified', verified_name: null })
    await shop.made(`POST /v1/customers/${made.id}`, { name: 'Jenny' })
    const charge = await shop.made('POST /v1/charges', { amount: 999, currency: 'usd', source: 'tok_visa' })
    await shop.made(`POST /v1/charges/${charge.id}`, { customer: made.id })
    const expand = { expand: ['customer'] }
    const shown = async (version: string) =>
      expanded((await shop.made(`GET /v1/charges/${charge.id}`, expand, { version })).customer).tax_info
    assert.deepEqual(await shown(OLD), tax_info)
    assert.equal(await shown('2019-12-03'), undefined)
    const changed = await shop.made(`POST /v1/customers/${made.id}`, { tax_info: { tax_id: 'FR1', type: 'vat' } })
    assert.deepEqual(changed.tax_info, { tax_id: 'FR1', type: 'vat' })
  })
  refuses('no tax_info of another type', CUSTOMERS, { tax_info: { tax_id: '1', type: 'gst' } }, [
    ...([400, null, 'tax_info[type]', 'Invalid tax_info[type]: must be one of vat'] as const),
  ])

  for (const param of ['coupon', 'promotion_code']) {
    refuses(`no ${param} from 2025-03-31.basil on`, CUSTOMERS, { [param]: 'x' }, unknown(param), {
      version: '2025-03-31.basil',
    })
  }
})

describe('what is not there of a customer', () => {
  for (const [path, what] of [
    ['subscriptions', 'subscriptions'],
    ['payment_methods', 'PaymentMethods'],
    ['tax_ids', 'tax ids'],
    ['balance_transactions', 'customer balance transactions'],
  ] as const) {
    const url = `/v1/customers/cus_1/${path}`
    refuses(path, `GET ${url}`, {}, [
      ...([404, null, null] as const),
      `Unrecognized request URL (GET: ${url}). Koban does not have ${what}: docs/compatibility.md lists what is there.`,
    ])
  }
})

describe('two requests at once', () => {
  it('change a customer one after the other, and nothing is lost', async () => {
    const { id } = await create()
    const keys = Array.from({ length: 10 }, (_, n) => `key_${n}`)
    await Promise.all(keys.map((key) => shop.made(`POST /v1/customers/${id}`, { metadata: { [key]: '1' } })))
    assert.deepEqual(Object.keys((await read(id)).metadata).sort(), keys)
  })

  it('put two cards on file: one is the default, and both are there', async () => {
    const { id } = await create()
    const attach = () => shop.made(`POST /v1/customers/${id}/sources`, { source: 'tok_visa' })
    const cards = ids(await Promise.all(Array.from({ length: 8 }, attach)))
    const { sources, default_source } = await read(id)
    assert.deepEqual(ids(sources.data).sort(), cards.toSorted())
    assert.equal(default_source, sources.data.at(-1)?.id)
  })

  it('replace the default: one card is left', async () => {
    const { id } = await create({ source: 'tok_visa' })
    const replace = () => shop.made(`POST /v1/customers/${id}`, { source: 'tok_mastercard' })
    await Promise.all(Array.from({ length: 6 }, replace))
    const { sources, default_source } = await read(id)
    assert.deepEqual(ids(sources.data), [default_source])
  })

  it('delete a customer and give it cards: what came too late is refused, and nothing is on file', async () => {
    const { id } = await create({ source: 'tok_visa' })
    const token = await shop.made('POST /v1/tokens', { card: CARD })
    const attach = () => shop.call(`POST /v1/customers/${id}/sources`, { source: 'tok_visa' })
    const answers = await Promise.all([attach(), shop.call(`DELETE /v1/customers/${id}`), attach(), attach()])
    for (const { status, body } of answers) assert(status === 200 || body.error.message === `No such customer: '${id}'`)
    assert.equal((await read(id)).deleted, true)
    const { status } = await shop.refused(`POST /v1/customers/${id}/sources`, { source: token.id })
    assert.equal(status, 404)
    assert.equal((await shop.made(`GET /v1/tokens/${token.id}`)).used, false)
  })
})

describe('the events of a customer', () => {
  const told = async (since: number) => {
    const { data } = await shop.made('GET /v1/events', { limit: 20, created: { gte: since } })
    return data
      .toReversed()
      .map((event) => [event.type, (event.data as unknown as { previous_attributes?: unknown }).previous_attributes])
  }
  const moment = async () => {
    shop.clock.advance(60)
    return (await create()).created + 1
  }
  const later = () => shop.clock.advance(5)

  it('tell of each change, with what was before', async () => {
    const since = await moment()
    later()
    const { id, default_source } = await create({ source: 'tok_visa', email: 'a@example.com' })
    await shop.made(`POST /v1/customers/${id}`, { email: 'b@example.com', metadata: { a: '1' }, balance: 5 })
    await shop.made(`POST /v1/customers/${id}`, { email: 'b@example.com' })
    const second = await shop.made(`POST /v1/customers/${id}/sources`, { source: 'tok_visa' })
    await shop.made(`POST /v1/customers/${id}/sources/${second.id}`, { name: 'Jenny' })
    await shop.made(`POST /v1/customers/${id}`, { default_source: second.id })
    await shop.made(`DELETE /v1/customers/${id}/sources/${second.id}`)
    await shop.made(`DELETE /v1/customers/${id}`)
    assert.deepEqual(await told(since), [
      ['customer.created', undefined],
      ['customer.source.created', undefined],
      // Before 2019-10-17 the balance has two names.
      ['customer.updated', { account_balance: 0, balance: 0, email: 'a@example.com', metadata: { a: null } }],
      ['customer.source.created', undefined],
      ['customer.source.updated', { name: null }],
      ['customer.updated', { default_source }],
      ['customer.source.deleted', undefined],
      ['customer.updated', { default_source: second.id }],
      ['customer.source.deleted', undefined],
      ['customer.deleted', undefined],
    ])
  })

  it('tell of the first card, and of one that replaces it', async () => {
    const { id } = await create()
    const since = await moment()
    later()
    const first = await shop.made(`POST /v1/customers/${id}/sources`, { source: 'tok_visa' })
    await shop.made(`POST /v1/customers/${id}`, { source: 'tok_mastercard' })
    assert.deepEqual(await told(since), [
      ['customer.source.created', undefined],
      ['customer.updated', { default_source: null }],
      ['customer.source.created', undefined],
      ['customer.source.deleted', undefined],
      ['customer.updated', { default_source: first.id }],
    ])
  })

  it("show the customer in the account's version, as it was then", async () => {
    const customer = await create({ source: 'tok_visa' })
    const { data } = await shop.made('GET /v1/events', { type: 'customer.created', limit: 1 })
    const { object } = expanded(data[0]).data as unknown as { object: Body }
    assertKeyOrder(object)
    assert.deepEqual(object, customer)
    assert.deepEqual(expanded(customer.sources.data[0]).customer, customer.id)
  })
})

describe('many changes of one customer at once', () => {
  it('end with one default among what is on file, and none in a failure of the server', async () => {
    const { id } = await shop.made('POST /v1/customers', { source: 'tok_visa' })
    const change = (n: number) => {
      if (n % 3 === 0) return shop.call(`POST /v1/customers/${id}`, { source: 'tok_mastercard' })
      if (n % 3 === 1) return shop.call(`POST /v1/customers/${id}/sources`, { source: 'tok_amex' })
      return shop.call('POST /v1/charges', { amount: 500, currency: 'usd', customer: id })
    }
    const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => change(n)))
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
    const customer = await shop.made(`GET /v1/customers/${id}`)
    const { data } = await shop.made(`GET /v1/customers/${id}/sources`, { limit: 100 })
    assert(data.some((card) => card.id === customer.default_source))
    assert.equal(data.length, 21)
  })
})
