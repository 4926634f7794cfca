import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { refusals } from './refusals.ts'
import { type Body, expanded, type Form, NEW, newStripe, OLD, PUBLISHABLE_KEY, startTestServer } from './server.ts'
import { assertKeyOrder, assertKeys, SOURCE_KEYS } from './shapes.ts'

const shop = await startTestServer()
const refuses = refusals(shop)

const SAMPLE = { amount: 1000, currency: 'usd' }
const CARD = { number: '4242424242424242', exp_month: 8, exp_year: 2030, cvc: '123' }
const ADDRESS = { line1: '1 Main Street', city: 'San Francisco', postal_code: '94107' }
const WHOLE_ADDRESS = { ...ADDRESS, country: null, line2: null, state: null }

const source = (form: Form = { card: CARD }, version = OLD) =>
  shop.made('POST /v1/sources', { type: 'card', ...form }, { version })
const read = (id: string) => shop.made(`GET /v1/sources/${id}`)
const create = (form: Form = {}) => shop.made('POST /v1/customers', form)
const charge = (form: Form) => shop.made('POST /v1/charges', { ...SAMPLE, ...form })
const attach = (id: string, form: Form) => shop.made(`POST /v1/customers/${id}/sources`, form)
const ids = (bodies: readonly Body[]) => bodies.map(({ id }) => id)

const CONSUMED =
  'The reusable source you provided is consumed because it was previously charged without being attached to a customer or was detached from a customer. To charge a reusable source multiple time you must attach it to a customer first.'

describe('a Source', () => {
  for (const version of [OLD, NEW]) {
    it(`has every key of ${version} and no other, in Stripe's order`, async () => {
      const made = await source({ card: CARD }, version)
      assertKeys(made, SOURCE_KEYS)
      assertKeyOrder(made)
      assert.match(made.id, /^src_[0-9A-Za-z]{24}$/)
      assert.match(String(made.client_secret), /^src_client_secret_[0-9A-Za-z]{24}$/)
      assert.deepEqual([made.status, made.usage, made.type, made.flow], ['chargeable', 'reusable', 'card', 'none'])
      assert.deepEqual(await shop.made(`GET /v1/sources/${made.id}`, {}, { version }), made)
    })
  }

  it('keeps its owner, to whom it is billed, and what is kept with it', async () => {
    const owner = { address: ADDRESS, email: 'jenny@example.com', name: 'Jenny Rosen', phone: '+15555555555' }
    const made = await source({ card: CARD, owner, metadata: { color: 'red' }, amount: 5, currency: 'EUR' })
    const verified = { verified_address: null, verified_email: null, verified_name: null, verified_phone: null }
    assert.deepEqual(made.owner, { ...owner, address: WHOLE_ADDRESS, ...verified })
    assert.deepEqual([made.metadata, made.amount, made.currency], [{ color: 'red' }, 5, 'eur'])
    assert.deepEqual([made.card.address_line1_check, made.card.address_zip_check], ['unchecked', 'unchecked'])
    const { billing_details, payment_method_details } = await charge({ source: made.id })
    assert.deepEqual((billing_details as Body).address, WHOLE_ADDRESS)
    assert.equal((billing_details as Body).name, 'Jenny Rosen')
    assert.equal(payment_method_details.card.checks.address_postal_code_check, 'pass')
  })

  it('of a token knows what the token knows, and uses it', async () => {
    const card = { ...CARD, name: 'Jenny Rosen', address_zip: '94107' }
    const token = await shop.made('POST /v1/tokens', { card })
    const made = await source({ token: token.id, owner: { name: 'Jane', email: 'jane@example.com' } })
    const { name, email, address } = made.owner as Body
    const nothing = { city: null, country: null, line1: null, line2: null, state: null }
    assert.deepEqual([name, email, address], ['Jenny Rosen', 'jane@example.com', { ...nothing, postal_code: '94107' }])
    const { error } = await shop.refused('POST /v1/sources', { type: 'card', token: token.id })
    assert.equal(error.code, 'token_already_used')
  })

  it('is made by a page, and read by it with its secret only', async () => {
    const key = PUBLISHABLE_KEY
    const made = await shop.made('POST /v1/sources', { type: 'card', card: CARD }, { key })
    const { id, client_secret } = made
    const form = { client_secret: String(client_secret) }
    assert.deepEqual(await shop.made(`GET /v1/sources/${id}`, form, { key }), made)
    const without = await shop.refused(`GET /v1/sources/${id}`, {}, { key })
    assert.deepEqual([without.status, without.error.message], [400, 'Missing required param: client_secret.'])
    const wrong = await shop.refused(`GET /v1/sources/${id}`, { client_secret: 'src_client_secret_x' }, { key })
    assert.deepEqual([wrong.status, wrong.error.param], [400, 'client_secret'])
    assert.equal((await shop.refused(`POST /v1/sources/${id}`, { metadata: { a: '1' } }, { key })).status, 401)
  })

  it('can be told more about', async () => {
    const { id } = await source()
    const changed = await shop.made(`POST /v1/sources/${id}`, {
      owner: { address: ADDRESS, email: 'jenny@example.com' },
      metadata: { color: 'red' },
    })
    const { address, email, name } = changed.owner as Body
    assert.deepEqual(
      [address, email, name, changed.metadata],
      [WHOLE_ADDRESS, 'jenny@example.com', null, { color: 'red' }],
    )
    const again = await shop.made(`POST /v1/sources/${id}`, { owner: { email: null, name: 'Jenny' }, metadata: null })
    assert.deepEqual(
      [(again.owner as Body).address, (again.owner as Body).email, again.metadata],
      [WHOLE_ADDRESS, null, {}],
    )
    assert.deepEqual(await read(id), again)
  })

  it('is told of when it can be charged', async () => {
    const made = await source()
    const { data } = await shop.made('GET /v1/events', { limit: 1 })
    assert.equal(data[0]?.type, 'source.chargeable')
    assert.deepEqual((expanded(data[0]).data as unknown as { object: Body }).object, made)
  })

  it('by both libraries', async () => {
    const page = newStripe(shop.port, PUBLISHABLE_KEY)
    const today = await page.sources.create({ type: 'card', token: 'tok_visa' })
    const old = await shop.oldStripe.sources.create({ type: 'card', token: 'tok_visa' })
    const { id } = await create()
    assert.equal((await shop.oldStripe.customers.createSource(id, { source: old.id })).customer, id)
    const attached = await shop.stripe.customers.createSource(id, { source: today.id })
    assert(attached.object === 'source')
    assert.equal(attached.customer, id)
    await shop.stripe.sources.update(today.id, { metadata: { color: 'red' } })
    assert.deepEqual((await shop.oldStripe.sources.retrieve(today.id)).metadata, { color: 'red' })
    const charged = await shop.stripe.charges.create({ ...SAMPLE, customer: id, source: today.id })
    assert.equal(charged.payment_method, today.id)
    const detached = await shop.oldStripe.customers.deleteSource(id, old.id)
    assert.deepEqual([detached.id, detached.status], [old.id, 'consumed'])
  })
})

describe('a Source is charged', () => {
  it('once by itself, and shown in the charge', async () => {
    const made = await source()
    const paid = await charge({ source: made.id })
    assert.deepEqual([paid.status, paid.payment_method, paid.customer], ['succeeded', made.id, null])
    const consumed = await read(made.id)
    assert.equal(consumed.status, 'consumed')
    assert.deepEqual([paid.source.id, paid.source.object, paid.source.status], [made.id, 'source', 'consumed'])
    assert.equal((paid.source.card as Body).cvc_check, 'pass')
    const { error, status } = await shop.refused('POST /v1/charges', { ...SAMPLE, source: made.id })
    assert.deepEqual([status, error.message], [400, CONSUMED])
    assert.deepEqual(await shop.made(`GET /v1/charges/${paid.id}`), paid)
  })

  it('once where it is for a single use', async () => {
    const made = await source({ card: CARD, usage: 'single_use', amount: 1000, currency: 'usd' })
    await charge({ source: made.id })
    const { error } = await shop.refused('POST /v1/charges', { ...SAMPLE, source: made.id })
    assert.match(error.message, /^The provided source has already been used to make another payment\./)
  })

  it('by one of two requests at once', async () => {
    const made = await source()
    const pay = () => shop.call('POST /v1/charges', { ...SAMPLE, source: made.id })
    const statuses = (await Promise.all([pay(), pay(), pay(), pay()])).map(({ status }) => status)
    assert.deepEqual(statuses.sort(), [200, 400, 400, 400])
  })

  it('in vain where its card is declined, and is used up by that', async () => {
    const made = await source({ token: 'tok_chargeDeclined' })
    const { status, error } = await shop.refused('POST /v1/charges', { ...SAMPLE, source: made.id })
    assert.deepEqual([status, error.code], [402, 'card_declined'])
    assert.equal((await shop.made(`GET /v1/charges/${error.charge}`)).source.id, made.id)
    assert.equal((await read(made.id)).status, 'consumed')
  })

  it('as often as one likes where it is attached, with its customer', async () => {
    const { id } = await create()
    const made = await source()
    await attach(id, { source: made.id })
    for (const form of [{ customer: id, source: made.id }, { customer: id }]) {
      const paid = await charge(form)
      assert.deepEqual([paid.customer, paid.source.id, paid.source.customer], [id, made.id, id])
    }
    assert.equal((await read(made.id)).status, 'chargeable')
    const alone = await shop.refused('POST /v1/charges', { ...SAMPLE, source: made.id })
    assert.deepEqual([alone.status, alone.error.param], [400, 'source'])
  })
})

describe('a Source of a customer', () => {
  it('is attached from the start, or later, and is a default like a card', async () => {
    const made = await source()
    const { id, default_source, sources } = await create({ source: made.id })
    assert.deepEqual([default_source, ids(sources.data)], [made.id, [made.id]])
    assert.equal(sources.data[0]?.customer, id)
    const second = await source()
    const attached = await attach(id, { source: second.id, metadata: { color: 'red' } })
    assert.deepEqual([attached.customer, attached.metadata], [id, { color: 'red' }])
    const card = await attach(id, { source: 'tok_visa' })
    const list = async (form: Form) => ids((await shop.made(`GET /v1/customers/${id}/sources`, form)).data)
    assert.deepEqual(await list({}), [card.id, second.id, made.id])
    assert.deepEqual(await list({ object: 'source' }), [second.id, made.id])
    assert.deepEqual(ids((await shop.made(`GET /v1/customers/${id}/cards`)).data), [card.id])
    assert.deepEqual(await shop.made(`GET /v1/customers/${id}/sources/${second.id}`), attached)
    const changed = await shop.made(`POST /v1/customers/${id}/sources/${second.id}`, { owner: { name: 'Jenny' } })
    assert.equal((changed.owner as Body).name, 'Jenny')
    const expand = ['default_source']
    const asked = await shop.made(`GET /v1/customers/${id}`, { expand }, { version: NEW })
    assert.equal((asked.default_source as unknown as Body).object, 'source')
  })

  it('is consumed when it is detached, and answered so', async () => {
    const made = await source()
    const { id } = await create({ source: made.id })
    const paid = await charge({ customer: id })
    const detached = await shop.made(`DELETE /v1/customers/${id}/sources/${made.id}`)
    assertKeys(detached, SOURCE_KEYS)
    assert.deepEqual([detached.id, detached.status], [made.id, 'consumed'])
    assert.deepEqual(await read(made.id), detached)
    assert.equal((await shop.made(`GET /v1/customers/${id}`)).default_source, null)
    for (const route of ['POST /v1/charges', `POST /v1/customers/${id}/sources`]) {
      const form = route === 'POST /v1/charges' ? SAMPLE : {}
      const { status, error } = await shop.refused(route, { ...form, source: made.id })
      assert.deepEqual([status, error.message], [400, CONSUMED])
    }
    assert.deepEqual(await shop.made(`GET /v1/charges/${paid.id}`), paid)
  })

  it('is attached to one customer, where its card is good, and not for a single use', async () => {
    const { id } = await create()
    const taken = await source()
    await create({ source: taken.id })
    const single = await source({ card: CARD, usage: 'single_use' })
    for (const wrong of [taken, single]) {
      const { status, error } = await shop.refused(`POST /v1/customers/${id}/sources`, { source: wrong.id })
      assert.deepEqual([status, error.param], [400, 'source'])
    }
    const bad = await source({ token: 'tok_chargeDeclined' })
    const { status, error } = await shop.refused(`POST /v1/customers/${id}/sources`, { source: bad.id })
    assert.deepEqual([status, error.code, error.param], [402, 'card_declined', ''])
    assert.deepEqual(await read(bad.id), bad)
    assert.equal((await shop.made(`GET /v1/customers/${id}`)).default_source, null)
  })
})

describe('a Source is refused', () => {
  refuses('without a type', 'POST /v1/sources', { card: CARD }, [
    ...([400, 'parameter_missing', 'type'] as const),
    'Missing required param: type.',
  ])
  refuses('of another type', 'POST /v1/sources', { type: 'ideal' }, [
    ...([400, null, 'type'] as const),
    'Koban does not have sources of the type ideal, only of the type card. See docs/compatibility.md for what is not there.',
  ])
  refuses('with a flow that cards do not have', 'POST /v1/sources', { type: 'card', card: CARD, flow: 'redirect' }, [
    ...([400, null, 'flow'] as const),
    'Koban does not support the parameter flow. See docs/compatibility.md for what is not there.',
  ])
  refuses('without a card', 'POST /v1/sources', { type: 'card' }, [
    ...([400, 'parameter_missing', 'card'] as const),
    'Missing required param: card.',
  ])
  refuses('of an unknown token', 'POST /v1/sources', { type: 'card', token: 'tok_nope' }, [
    ...([400, 'resource_missing', 'token'] as const),
    "No such token: 'tok_nope'",
  ])
  refuses('where it is not there', 'GET /v1/sources/src_nope', {}, [
    ...([404, 'resource_missing', 'source'] as const),
    "No such source: 'src_nope'",
  ])
  refuses('to be charged where it is not there', 'POST /v1/charges', { ...SAMPLE, source: 'src_nope' }, [
    ...([400, 'resource_missing', 'source'] as const),
    "No such source: 'src_nope'",
  ])
  refuses('to be attached where it is not there', 'POST /v1/customers', { source: 'src_nope' }, [
    ...([400, 'resource_missing', 'source'] as const),
    "No such source: 'src_nope'",
  ])

  it('with a wrong number', async () => {
    const card = { ...CARD, number: '4242424242424241' }
    const { status, error } = await shop.refused('POST /v1/sources', { type: 'card', card })
    assert.deepEqual([status, error.code, error.param], [402, 'incorrect_number', 'number'])
  })

  it('where a card is meant', async () => {
    const { default_source } = await create({ source: 'tok_visa' })
    assert.equal((await shop.refused(`GET /v1/sources/${default_source}`)).status, 404)
  })
})
