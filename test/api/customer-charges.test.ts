import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { refusals } from './refusals.ts'
import { type Body, expanded, type Form, NEW, OLD, startTestServer } from './server.ts'
import { assertKeyOrder, assertKeys, CHARGE_KEYS, CUSTOMER_KEYS, OLD_CHARGE_KEYS } from './shapes.ts'

const shop = await startTestServer()
const refuses = refusals(shop)

const SAMPLE = { amount: 1000, currency: 'usd' }
const create = (form: Form = {}) => shop.made('POST /v1/customers', form)
const charge = (form: Form, version = OLD) => shop.made('POST /v1/charges', { ...SAMPLE, ...form }, { version })
const attach = (id: string, source = 'tok_visa') => shop.made(`POST /v1/customers/${id}/sources`, { source })
const ids = (bodies: readonly Body[]) => bodies.map(({ id }) => id)
const CARD = { number: '4242424242424242', exp_month: 8, exp_year: 2030, cvc: '123' }
const JENNY = {
  name: 'Jenny Rosen',
  address_line1: '1 Main Street',
  address_city: 'San Francisco',
  address_zip: '94107',
}
const tokenOf = async (card: Form = {}) => (await shop.made('POST /v1/tokens', { card: { ...CARD, ...card } })).id

describe('a charge of a customer', () => {
  for (const { version, keys } of [
    { version: OLD, keys: OLD_CHARGE_KEYS },
    { version: NEW, keys: CHARGE_KEYS },
  ]) {
    it(`takes the default source, and looks like any other in ${version}`, async () => {
      const { id, default_source } = await create({ source: 'tok_visa' })
      await attach(id, 'tok_mastercard')
      const made = await charge({ customer: id }, version)
      assertKeys(made, keys)
      assertKeyOrder(made)
      assert.deepEqual([made.customer, made.source.id, made.payment_method], [id, default_source, default_source])
      assert.deepEqual([made.source.customer, made.paid, made.captured], [id, true, true])
      assert.deepEqual(await shop.made(`GET /v1/charges/${made.id}`, {}, { version }), made)
    })
  }

  it('takes the card that is named', async () => {
    const { id } = await create({ source: 'tok_visa' })
    const second = await attach(id, 'tok_mastercard')
    const made = await charge({ customer: id, source: second.id })
    assert.deepEqual([made.source.id, made.source.brand], [second.id, 'MasterCard'])
    assert.equal((await charge({ customer: id, card: second.id })).source.id, second.id)
  })

  it('is billed to the name and address of the card, and shows what was checked when it was saved', async () => {
    const { id } = await create({ source: await tokenOf(JENNY) })
    const { billing_details, payment_method_details, source } = await charge({ customer: id })
    assert.deepEqual(billing_details, {
      address: {
        city: 'San Francisco',
        country: null,
        line1: '1 Main Street',
        line2: null,
        postal_code: '94107',
        state: null,
      },
      ...{ email: null, name: 'Jenny Rosen', phone: null, tax_id: null },
    })
    const pass = { address_line1_check: 'pass', address_postal_code_check: 'pass', cvc_check: 'pass' }
    assert.deepEqual(payment_method_details.card.checks, pass)
    assert.equal(source.cvc_check, 'pass')
  })

  it('tells the issuer that the card is on file', async () => {
    // 0446 asks for 3-D Secure until it has been saved.
    const card = { ...CARD, number: '4000003800000446' }
    const { error } = await shop.refused('POST /v1/charges', { ...SAMPLE, source: card })
    assert.equal(error.code, 'authentication_required')
    const { id } = await create({ source: { object: 'card', ...card } })
    assert.equal((await charge({ customer: id })).status, 'succeeded')
  })

  it('sends no CVC: 0127 can only be wrong when it is saved', async () => {
    const { id } = await create({
      source: { object: 'card', number: '4000000000000127', exp_month: 8, exp_year: 2030 },
    })
    const { status, payment_method_details } = await charge({ customer: id })
    assert.deepEqual([status, payment_method_details.card.checks.cvc_check], ['succeeded', null])
  })

  it('can be authorized, captured and refunded', async () => {
    const { id } = await create({ source: 'tok_visa' })
    const hold = await charge({ customer: id, capture: false })
    const captured = await shop.made(`POST /v1/charges/${hold.id}/capture`, { amount: 700 })
    assert.deepEqual([captured.customer, captured.source.customer, captured.amount_captured], [id, id, 700])
    await shop.made('POST /v1/refunds', { charge: hold.id })
    const after = await shop.made(`GET /v1/charges/${hold.id}`)
    assert.deepEqual([after.customer, after.amount_refunded], [id, 1000])
  })

  it('by both libraries', async () => {
    const old = await shop.oldStripe.customers.create({ source: 'tok_visa' })
    const first = await shop.oldStripe.charges.create({ ...SAMPLE, customer: old.id, source: old.default_source })
    const today = await shop.stripe.charges.create({ ...SAMPLE, customer: old.id, expand: ['customer'] })
    assert.equal(first.customer, old.id)
    assert(typeof today.customer === 'object' && today.customer && !today.customer.deleted)
    assert.equal(today.customer.default_source, old.default_source)
  })

  it('has its customer and its card expanded', async () => {
    const { id } = await create({ source: 'tok_visa', email: 'jenny@example.com' })
    const expand = ['customer.default_source', 'source.customer']
    const made = await charge({ customer: id, expand }, NEW)
    assertKeyOrder(made)
    const customer = expanded(made.customer)
    assert.deepEqual(expanded(customer.default_source).id, made.source.id)
    assertKeys(expanded(made.source.customer), CUSTOMER_KEYS)
    const old = await shop.made(`GET /v1/charges/${made.id}`, { expand: ['customer'] })
    assert.deepEqual(old.customer as unknown, await shop.made(`GET /v1/customers/${id}`))
    const { data } = await shop.made('GET /v1/charges', { customer: id, expand: ['data.customer'] })
    assert.deepEqual(data, [old])
  })

  it('stays as it is when the card is changed or removed', async () => {
    const { id } = await create({ source: 'tok_visa' })
    const card = await shop.made(`POST /v1/customers/${id}/sources`, { source: 'tok_visa', metadata: { color: 'red' } })
    const made = await charge({ customer: id, source: card.id })
    assert.deepEqual(made.source.metadata, { color: 'red' })
    await shop.made(`POST /v1/customers/${id}/sources/${card.id}`, { name: 'Jenny', metadata: { color: 'blue' } })
    await shop.made(`DELETE /v1/customers/${id}/sources/${card.id}`)
    assert.deepEqual(await shop.made(`GET /v1/charges/${made.id}`), made)
    const { status, error } = await shop.refused('POST /v1/charges', { ...SAMPLE, customer: id, source: card.id })
    assert.deepEqual([status, error.code], [404, 'missing'])
  })

  it('is listed by its customer', async () => {
    const { id } = await create({ source: 'tok_visa' })
    const made = [await charge({ customer: id }), await charge({ customer: id }), await charge({ customer: id })]
    await charge({ source: 'tok_visa' })
    const list = async (form: Form) => ids((await shop.made('GET /v1/charges', { customer: id, ...form })).data)
    assert.deepEqual(await list({}), ids(made.toReversed()))
    assert.deepEqual(await list({ limit: 1, starting_after: made[1]?.id }), [made[0]?.id])
    assert.deepEqual(await list({ transfer_group: 'x' }), [])
    assert.deepEqual(ids((await shop.made('GET /v1/charges', { customer: (await create()).id })).data), [])
  })
})

describe("a charge's customer", () => {
  it('can be told later, once', async () => {
    const { id } = await create()
    const made = await charge({ source: 'tok_visa' })
    const told = await shop.made(`POST /v1/charges/${made.id}`, { customer: id })
    assert.deepEqual(told, { ...made, customer: id })
    assert.equal(told.source.customer, null)
    assert.deepEqual(ids((await shop.made('GET /v1/charges', { customer: id })).data), [made.id])
    assert.deepEqual(await shop.made(`POST /v1/charges/${made.id}`, { customer: id }), told)
    const other = (await create()).id
    const { status, error } = await shop.refused(`POST /v1/charges/${made.id}`, { customer: other })
    assert.deepEqual([status, error.param], [400, 'customer'])
    assert.deepEqual(await shop.made(`GET /v1/charges/${made.id}`), told)
    const { data } = await shop.made('GET /v1/events', { type: 'charge.updated' })
    assert.deepEqual(
      data.map((event) => (event.data as unknown as { previous_attributes: unknown }).previous_attributes),
      [{ customer: null }],
    )
  })
})

describe('a charge is refused', async () => {
  const { id } = await create({ source: 'tok_visa' })
  const other = (await create({ source: 'tok_visa' })).default_source
  const token = await tokenOf()
  const CREATE = 'POST /v1/charges'
  for (const [what, source] of [
    ['a fresh token', token],
    ['a built-in token', 'tok_visa'],
    ['a card of somebody else', other],
    ['nothing that is there', 'card_nope'],
  ] as const) {
    refuses(`of a customer and ${what}`, CREATE, { ...SAMPLE, customer: id, source }, [
      ...([404, 'missing', 'source'] as const),
      `Customer ${id} does not have a linked source with ID ${source}.`,
    ])
  }
  refuses('of a customer who is not there', CREATE, { ...SAMPLE, customer: 'cus_nope' }, [
    ...([400, 'resource_missing', 'customer'] as const),
    "No such customer: 'cus_nope'",
  ])
  refuses('of a customer and raw card data', CREATE, { ...SAMPLE, customer: id, source: { object: 'card', ...CARD } }, [
    ...([400, null, 'customer'] as const),
    'You may only specify one of these parameters: customer, source.',
  ])
  refuses('of a saved card without its customer', CREATE, { ...SAMPLE, source: other }, [
    ...([400, 'resource_missing', 'source'] as const),
    `No such token: '${other}'`,
  ])
  refuses(
    'for an update with a customer who is not there',
    `POST /v1/charges/${(await charge({ source: 'tok_visa' })).id}`,
    { customer: 'cus_nope' },
    [...([400, 'resource_missing', 'customer'] as const), "No such customer: 'cus_nope'"],
  )

  it('of a customer who has no card', async () => {
    const { id } = await create()
    const { status, error } = await shop.refused(CREATE, { ...SAMPLE, customer: id })
    assert.equal(status, 402)
    assert.deepEqual(error, {
      code: 'missing',
      doc_url: 'https://stripe.com/docs/error-codes/missing',
      message:
        "This Customer doesn't have any saved payment details. Attach a legacy Token, Card, Bank Account, or Source to this Customer and then try this request again, or use Payment Intents and Payment Methods instead.",
      param: 'card',
      type: 'card_error',
    })
  })

  it('with nothing done: the token is as it was, and nothing is charged', async () => {
    assert.equal((await shop.made(`GET /v1/tokens/${token}`)).used, false)
    assert.deepEqual((await shop.made('GET /v1/charges', { customer: id })).data, [])
  })
})
