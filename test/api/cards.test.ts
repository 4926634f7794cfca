import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { refusals } from './refusals.ts'
import { type Body, type Form, NEW, OLD, refusalOf, startTestServer } from './server.ts'
import { assertKeyOrder, assertKeys, CARD_KEYS, CUSTOMER_KEYS } from './shapes.ts'

const shop = await startTestServer()
const refuses = refusals(shop)

const create = (form: Form = {}) => shop.made('POST /v1/customers', form)
const read = (id: string) => shop.made(`GET /v1/customers/${id}`)
const attach = (id: string, form: Form = { source: 'tok_visa' }) => shop.made(`POST /v1/customers/${id}/sources`, form)
const ids = (bodies: readonly Body[]) => bodies.map(({ id }) => id)
const NUMBER = '4242424242424242'
const CARD = { number: NUMBER, exp_month: 8, exp_year: 2030, cvc: '123' }
const JENNY = { name: 'Jenny Rosen', address_line1: '1 Main Street', address_zip: '94107' }
const tokenOf = async (card: Form = CARD) => (await shop.made('POST /v1/tokens', { card: { ...CARD, ...card } })).id

describe('a saved card', () => {
  for (const version of [OLD, NEW]) {
    it(`has every key of ${version} and no other, and its customer`, async () => {
      const { id } = await create()
      const card = await shop.made(`POST /v1/customers/${id}/sources`, { source: 'tok_visa' }, { version })
      assertKeys(card, CARD_KEYS)
      assertKeyOrder(card)
      assert.equal(card.customer, id)
      for (const path of ['sources', 'cards']) {
        assert.deepEqual(await shop.made(`GET /v1/customers/${id}/${path}/${card.id}`, {}, { version }), card)
      }
      const form = { expand: ['customer'] }
      const asked = await shop.made(`GET /v1/customers/${id}/sources/${card.id}`, form, { version: NEW })
      assertKeys(asked.customer, CUSTOMER_KEYS)
    })
  }

  it('is the card of its token, which is used by that', async () => {
    const { id } = await create()
    const token = await shop.made('POST /v1/tokens', { card: { ...CARD, ...JENNY } })
    const card = await attach(id, { source: token.id, metadata: { color: 'red' } })
    assert.deepEqual(
      [card.id, card.fingerprint, card.metadata],
      [token.card.id, token.card.fingerprint, { color: 'red' }],
    )
    assert.deepEqual([card.cvc_check, card.address_line1_check, card.address_zip_check], ['pass', 'pass', 'pass'])
    assert.equal((await shop.made(`GET /v1/tokens/${token.id}`)).used, true)
    const { error } = await shop.refused(`POST /v1/customers/${id}/sources`, { source: token.id })
    assert.equal(error.code, 'token_already_used')
  })

  it('can be sent as raw data, under each name', async () => {
    for (const form of [{ source: { object: 'card', ...CARD } }, { card: CARD }, { card: 'tok_visa' }]) {
      const { id } = await create()
      for (const path of ['sources', 'cards']) {
        const card = await shop.made(`POST /v1/customers/${id}/${path}`, form)
        assert.equal(card.last4, '4242')
      }
      assert.equal((await create(form)).sources.data[0]?.last4, '4242')
    }
    const { sources } = await create({ source: { object: 'card', ...CARD, metadata: { color: 'red' } } })
    assert.deepEqual(sources.data[0]?.metadata, { color: 'red' })
  })

  it('changes in what is named', async () => {
    const { id } = await create()
    const card = await attach(id, { source: await tokenOf(JENNY) })
    const form = { name: null, address_zip: '10001', exp_month: 12, exp_year: 2031, metadata: { color: 'red' } }
    const changed = await shop.made(`POST /v1/customers/${id}/sources/${card.id}`, form)
    const now = { name: null, address_zip: '10001', address_zip_check: 'unchecked', exp_month: 12, exp_year: 2031 }
    assert.deepEqual(changed, { ...card, ...now, metadata: { color: 'red' } })
    assert.deepEqual(await shop.made(`GET /v1/customers/${id}/cards/${card.id}`), changed)
    const again = await shop.made(`POST /v1/customers/${id}/cards/${card.id}`, { name: 'Jane', metadata: null })
    assert.deepEqual(again, { ...changed, name: 'Jane', metadata: {} })
  })

  it('never shows its number, and is one card of many with it', async () => {
    const { id } = await create()
    const token = await tokenOf()
    const cards = [await attach(id), await attach(id, { source: token }), await attach(id, { card: CARD })]
    assert.deepEqual(new Set(cards.map(({ fingerprint }) => fingerprint)).size, 1)
    assert.equal(new Set(ids(cards)).size, 3)
    const texts = [
      await shop.call(`GET /v1/customers/${id}`),
      await shop.call(`GET /v1/customers/${id}/sources`),
      await shop.call('GET /v1/events', { limit: 100 }),
    ]
    for (const { text } of texts) assert.equal(text.includes(NUMBER), false)
  })

  it('by both libraries', async () => {
    const { id } = await create()
    const old = await shop.oldStripe.customers.createSource(id, { source: 'tok_visa' })
    const today = await shop.stripe.customers.createSource(id, { source: 'tok_mastercard' })
    const older = await shop.made(`POST /v1/customers/${id}/cards`, { card: 'tok_amex' })
    const named = { name: 'Jenny' }
    assert.equal((await shop.oldStripe.customers.updateSource(id, old.id, named)).name, 'Jenny')
    await shop.stripe.customers.updateSource(id, today.id, { exp_year: '2031' })
    const read = await shop.stripe.customers.retrieveSource(id, today.id)
    assert(read.object === 'card')
    assert.deepEqual([read.brand, read.exp_year, read.customer], ['MasterCard', 2031, id])
    const all = [older.id, today.id, old.id]
    assert.deepEqual(ids((await shop.made(`GET /v1/customers/${id}/cards`)).data), all)
    assert.deepEqual(ids((await shop.oldStripe.customers.listSources(id, { object: 'card' })).data), all)
    const paged: string[] = []
    for await (const source of shop.stripe.customers.listSources(id, { limit: 1 })) paged.push(source.id)
    assert.deepEqual(paged, all)
    const gone = await shop.oldStripe.customers.deleteSource(id, old.id)
    assert.deepEqual({ ...gone }, { id: old.id, object: 'card', deleted: true })
    assert.deepEqual(
      { ...(await shop.made(`DELETE /v1/customers/${id}/cards/${older.id}`)) },
      { ...gone, id: older.id },
    )
    const { lastResponse: _, ...deleted } = await shop.stripe.customers.deleteSource(id, today.id)
    assert.deepEqual(deleted, { ...gone, id: today.id })
  })
})

describe('the default source', () => {
  it('is the first card; a second one leaves it alone', async () => {
    const { id, default_source } = await create()
    assert.equal(default_source, null)
    const first = await attach(id)
    await attach(id)
    assert.equal((await read(id)).default_source, first.id)
  })

  it('can be another of those on file', async () => {
    const { id } = await create({ source: 'tok_visa' })
    const second = await attach(id)
    assert.equal((await shop.made(`POST /v1/customers/${id}`, { default_source: second.id })).default_source, second.id)
    const third = await attach(id)
    assert.equal((await shop.made(`POST /v1/customers/${id}`, { default_card: third.id })).default_source, third.id)
  })

  it('is replaced, and gone, where the customer is given another source', async () => {
    const { id, default_source } = await create({ source: 'tok_visa' })
    const second = await attach(id)
    const changed = await shop.made(`POST /v1/customers/${id}`, { source: 'tok_mastercard' })
    assert.deepEqual(ids(changed.sources.data), [changed.default_source, second.id])
    assert.equal(changed.sources.data[0]?.brand, 'MasterCard')
    assert.equal((await shop.refused(`GET /v1/customers/${id}/sources/${default_source}`)).status, 404)
  })

  it('is the newest that is left, when it is removed; then none', async () => {
    const { id, default_source } = await create({ source: 'tok_visa' })
    const [second, third] = [await attach(id), await attach(id)]
    const remove = async (card: string) => {
      const answer = await shop.made(`DELETE /v1/customers/${id}/sources/${card}`)
      assert.deepEqual(answer, { id: card, object: 'card', deleted: true })
      return (await read(id)).default_source
    }
    assert.equal(await remove(default_source), third.id)
    assert.equal(await remove(second.id), third.id)
    assert.equal(await remove(third.id), null)
  })
})

describe('the cards of a customer', () => {
  it('are listed a page at a time, the newest first, and those of nobody else', async () => {
    const { id } = await create()
    await create({ source: 'tok_visa' })
    const made: string[] = []
    for (let n = 0; n < 5; n++) made.unshift((await attach(id)).id)
    const [e = '', d = '', c = '', b = '', a = ''] = made
    const url = `/v1/customers/${id}/sources`
    const page = async (form: Form) => {
      const list = await shop.made(`GET ${url}`, form)
      assert.deepEqual([list.object, list.url], ['list', url])
      return [ids(list.data), list.has_more]
    }
    assert.deepEqual(await page({}), [made, false])
    assert.deepEqual(await page({ limit: 2 }), [[e, d], true])
    assert.deepEqual(await page({ limit: 2, starting_after: d }), [[c, b], true])
    assert.deepEqual(await page({ limit: 2, starting_after: b }), [[a], false])
    assert.deepEqual(await page({ limit: 2, ending_before: a }), [[c, b], true])
    assert.deepEqual(await page({ limit: 3, ending_before: c }), [[e, d], false])
    assert.deepEqual(await page({ limit: 0 }), [[e], true])
    assert.deepEqual(await page({ object: 'card', limit: 200 }), [made, false])
    assert.deepEqual(await page({ object: 'bank_account' }), [[], false])
    // One that was removed keeps its place.
    await shop.made(`DELETE ${url}/${c}`)
    assert.deepEqual(await page({ starting_after: c }), [[b, a], false])
    assert.deepEqual(await page({ ending_before: c }), [[e, d], false])
  })

  it('have their customer expanded', async () => {
    const { id } = await create({ source: 'tok_visa' })
    const { data } = await shop.made(`GET /v1/customers/${id}/cards`, { expand: ['data.customer'] }, { version: NEW })
    assert.deepEqual(data[0]?.customer as unknown, await shop.made(`GET /v1/customers/${id}`, {}, { version: NEW }))
  })
})

describe('attaching', () => {
  const DECLINED = {
    advice_code: 'try_again_later',
    code: 'card_declined',
    decline_code: 'generic_decline',
    doc_url: 'https://stripe.com/docs/error-codes/card-declined',
    message: 'Your card was declined.',
    network_decline_code: '01',
    param: '',
    type: 'card_error',
  }

  it('a card that its issuer declines keeps nothing: no customer, no card, and the token can be used again', async () => {
    const before = (await shop.made('GET /v1/customers', { limit: 100 })).data.length
    const token = await tokenOf({ number: '4000000000000002' })
    const { id, ...customer } = await create({ source: 'tok_visa' })
    for (const route of ['/v1/customers', `/v1/customers/${id}`, `/v1/customers/${id}/sources`]) {
      const { status, error } = await shop.refused(`POST ${route}`, { source: token, metadata: { a: '1' } })
      assert.equal(status, 402, route)
      assert.equal(JSON.stringify(error), JSON.stringify(DECLINED), route)
    }
    assert.equal((await shop.made('GET /v1/customers', { limit: 100 })).data.length, before + 1)
    assert.deepEqual(await read(id), { id, ...customer })
    assert.equal((await shop.made(`GET /v1/tokens/${token}`)).used, false)
    const types = (await shop.made('GET /v1/events', { limit: 2 })).data.map(({ type }) => type)
    assert.deepEqual(types, ['customer.source.created', 'customer.created'])
  })

  for (const [token, code, param] of [
    ['tok_visa_chargeDeclinedInsufficientFunds', 'card_declined', ''],
    ['tok_visa_chargeDeclinedLostCard', 'card_declined', ''],
    ['tok_visa_chargeDeclinedVelocityLimitExceeded', 'card_declined', ''],
    ['tok_chargeDeclinedExpiredCard', 'expired_card', 'exp_month'],
    ['tok_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'cvc'],
    ['tok_chargeDeclinedProcessingError', 'processing_error', undefined],
    ['tok_cvcCheckFail', 'incorrect_cvc', 'cvc'],
    ['tok_avsZipFail', 'incorrect_zip', 'address_zip'],
  ] as const) {
    it(`${token} is refused with ${code}`, async () => {
      await shop.made('POST /v1/account', STRICT)
      for (const libraries of [shop.oldStripe.customers, shop.stripe.customers]) {
        const error = await refusalOf(libraries.create({ source: token }) as Promise<unknown>)
        assert.deepEqual([error.statusCode, error.type, error.code, error.param], [402, 'card_error', code, param])
        assert.equal('charge' in error, false)
      }
    })
  }

  const decline_on = (on: boolean) => ({
    settings: { card_payments: { decline_on: { cvc_failure: on, avs_failure: on } } },
  })
  const STRICT = decline_on(true)

  it('finds checks that failed, where the account does not insist on them', async () => {
    await shop.made('POST /v1/account', decline_on(false))
    const checks = async (source: string) => {
      const { cvc_check, address_line1_check, address_zip_check } = await attach((await create()).id, { source })
      return [cvc_check, address_line1_check, address_zip_check]
    }
    assert.deepEqual(await checks('tok_cvcCheckFail'), ['fail', null, null])
    assert.deepEqual(await checks('tok_avsZipFail'), ['pass', null, 'fail'])
    assert.deepEqual(await checks('tok_avsFail'), ['pass', 'fail', 'fail'])
    assert.deepEqual(await checks('tok_avsUnchecked'), ['pass', 'unavailable', 'unavailable'])
    assert.deepEqual(await checks('tok_visa'), ['pass', null, null])
    await shop.made('POST /v1/account', STRICT)
  })

  for (const token of [
    'tok_chargeCustomerFail',
    'tok_riskLevelHighest',
    'tok_radarBlock',
    'tok_threeDSecure2Required',
  ]) {
    it(`${token} goes well: it fails when it is charged`, async () => {
      const { id } = await create({ source: token })
      const { status, error } = await shop.refused('POST /v1/charges', { amount: 500, currency: 'usd', customer: id })
      assert.deepEqual([status, error.type], [402, 'card_error'])
      assert.match(String(error.charge), /^ch_/)
      const charge = await shop.made(`GET /v1/charges/${error.charge}`)
      assert.deepEqual([charge.status, charge.customer, charge.source.customer], ['failed', id, id])
    })
  }

  it('is answered once under one Idempotency-Key, also where it was declined', async () => {
    const { id } = await create()
    const route = `POST /v1/customers/${id}/sources`
    const send = (source: string, idempotencyKey: string) => shop.call(route, { source }, { idempotencyKey })
    for (const [source, status] of [
      ['tok_visa', 200],
      ['tok_chargeDeclined', 402],
    ] as const) {
      const [first, second] = [await send(source, source), await send(source, source)]
      assert.deepEqual([first.status, second.status, second.text], [status, status, first.text])
      assert.equal(second.headers.get('idempotent-replayed'), 'true')
    }
    assert.equal((await read(id)).sources.total_count, 1)
  })
})

describe('a card is refused', async () => {
  const { id } = await create({ source: 'tok_visa' })
  const other = (await create({ source: 'tok_visa' })).default_source
  const cards = `/v1/customers/${id}/sources`
  refuses('without source', `POST ${cards}`, {}, [
    ...([400, 'parameter_missing', 'source'] as const),
    'Missing required param: source.',
  ])
  refuses('of an unknown token', `POST ${cards}`, { source: 'tok_nope' }, [
    ...([400, 'resource_missing', 'source'] as const),
    "No such token: 'tok_nope'",
  ])
  refuses('as an empty source', `POST ${cards}`, { source: '' }, [
    ...([400, null, 'source'] as const),
    "Invalid source object: must be a dictionary or a non-empty string. See API docs at https://stripe.com/docs'",
  ])
  for (const path of ['sources', 'cards']) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      refuses(`of somebody else, ${method} ${path}`, `${method} /v1/customers/${id}/${path}/${other}`, {}, [
        ...([404, 'resource_missing', 'id'] as const),
        `No such source: '${other}'`,
      ])
    }
  }
  refuses('as a default that is not on file', `POST /v1/customers/${id}`, { default_source: other }, [
    ...([400, 'resource_missing', 'source'] as const),
    `No such source: '${other}'`,
  ])
  refuses('as two defaults', `POST /v1/customers/${id}`, { default_source: other, source: 'tok_visa' }, [
    ...([400, null, 'source'] as const),
    'You may only specify one of these parameters: source, default_source.',
  ])
  refuses('of a customer that is not there', 'GET /v1/customers/cus_nope/sources', {}, [
    ...([404, 'resource_missing', 'customer'] as const),
    "No such customer: 'cus_nope'",
  ])
  refuses('as a cursor of somebody else', `GET ${cards}`, { starting_after: other }, [
    ...([400, 'resource_missing', 'starting_after'] as const),
    `No such source: '${other}'`,
  ])
  refuses('with a bank account', `POST ${cards}`, { bank_account: 'btok_us' }, [
    ...([400, null, 'bank_account'] as const),
    'Koban does not support the parameter bank_account. See docs/compatibility.md for what is not there.',
  ])

  it('that has expired, or with a wrong number', async () => {
    const { default_source } = await read(id)
    const expired = await shop.refused(`POST ${cards}/${default_source}`, { exp_year: 2018 })
    assert.deepEqual([expired.status, expired.error.code], [402, 'invalid_expiry_year'])
    const wrong = await shop.refused(`POST ${cards}`, { card: { ...CARD, number: '4242424242424241' } })
    assert.deepEqual([wrong.status, wrong.error.code, wrong.error.param], [402, 'incorrect_number', 'number'])
  })
})

describe('a card number that came with a refused request', () => {
  it('is kept all the same when it comes again', async () => {
    const source = { object: 'card', number: '6011000990139424', exp_month: 12, exp_year: 2030 }
    const metadata = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`key ${n}`, 'x']))
    await shop.refused('POST /v1/customers', { source, metadata })
    const customer = await shop.made('POST /v1/customers', { source })
    const charge = await shop.made('POST /v1/charges', { amount: 1000, currency: 'usd', customer: customer.id })
    assert.equal(charge.status, 'succeeded')
  })
})
