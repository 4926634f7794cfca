import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY } from './clock.ts'
import { type Answer, type Body, NEW, OLD, SECRET_KEY, startTestServer } from './server.ts'
import { assertKeyOrder, assertKeys, CHARGE_KEYS, OLD_CHARGE_KEYS } from './shapes.ts'

const shop = await startTestServer()

const SAMPLE = { amount: 999, currency: 'usd', description: 'Example charge', source: 'tok_visa' }
const SHIPPING = {
  name: 'Jenny Rosen',
  address: { line1: '1 Main Street', city: 'San Francisco', postal_code: '94107' },
}

describe("the guide's samples", () => {
  const libraries = {
    'stripe 7.1.0': { create: (form: object) => shop.oldStripe.charges.create({ ...form }) },
    'stripe 23.1.0': {
      create: (form: object) => shop.stripe.charges.create(form as typeof SAMPLE) as unknown as Promise<Body>,
    },
    curl: { create: basicAuth },
  }

  /** `curl -u sk_test_…: -d …` */
  async function basicAuth(form: object): Promise<Body> {
    const headers = { authorization: `Basic ${Buffer.from(`${SECRET_KEY}:`).toString('base64')}` }
    return shop.made('POST /v1/charges', { ...form }, { key: null, headers })
  }

  for (const [name, { create }] of Object.entries(libraries)) {
    it(`1, a charge, by ${name}`, async () => {
      const charge = await create(SAMPLE)
      assert.match(charge.id, /^ch_[0-9A-Za-z]{24}$/)
      assert.deepEqual([charge.object, charge.amount, charge.currency], ['charge', 999, 'usd'])
      assert.deepEqual([charge.paid, charge.captured, charge.status], [true, true, 'succeeded'])
      assert.deepEqual([charge.description, charge.livemode, charge.refunded], ['Example charge', false, false])
      assert.match(charge.balance_transaction, /^txn_[0-9A-Za-z]{24}$/)
      assert.equal(charge.source.last4, '4242')
    })

    it(`2, its own statement descriptor, by ${name}`, async () => {
      const charge = await create({ ...SAMPLE, statement_descriptor: 'Custom descriptor' })
      assert.equal(charge.statement_descriptor, 'Custom descriptor')
      assert.equal(charge.calculated_statement_descriptor, 'KOBAN TEST* CUSTOM DES')
    })

    it(`3, only authorized, by ${name}`, async () => {
      const charge = await create({ ...SAMPLE, capture: false })
      assert.deepEqual([charge.captured, charge.paid, charge.status], [false, true, 'succeeded'])
      assert.equal(charge.balance_transaction, null)
    })

    it(`5, metadata, by ${name}`, async () => {
      const charge = await create({ ...SAMPLE, metadata: { order_id: '6735' } })
      assert.deepEqual(charge.metadata, { order_id: '6735' })
    })
  }

  it('4, a capture, by both libraries and curl', async () => {
    const authorize = () => shop.made('POST /v1/charges', { ...SAMPLE, capture: false })
    const old = await shop.oldStripe.charges.capture((await authorize()).id)
    const today = await shop.stripe.charges.capture((await authorize()).id)
    const curl = await shop.made(`POST /v1/charges/${(await authorize()).id}/capture`)
    for (const { captured, amount_captured } of [old, today, curl])
      assert.deepEqual([captured, amount_captured], [true, 999])
  })
})

describe('a charge as it is answered', () => {
  const versions = [
    { version: OLD, keys: OLD_CHARGE_KEYS },
    { version: NEW, keys: CHARGE_KEYS },
  ]
  for (const { version, keys } of versions) {
    it(`has every key of ${version} and no other, in Stripe's order`, async () => {
      const charge = await shop.made('POST /v1/charges', SAMPLE, { version })
      assertKeys(charge, keys)
      assertKeyOrder(charge)
    })

    it(`also when it is read, listed, changed and expanded in ${version}`, async () => {
      const made = await shop.made('POST /v1/charges', SAMPLE, { version })
      const read = await shop.made(`GET /v1/charges/${made.id}`, {}, { version })
      const list = await shop.made('GET /v1/charges', { limit: 1 }, { version })
      assert.deepEqual(read, made)
      assert.deepEqual(list.data, [made])
      assertKeyOrder(list)
      const changed = await shop.made(`POST /v1/charges/${made.id}`, { description: 'other' }, { version })
      assert.deepEqual(changed, { ...made, description: 'other' })
    })

    it(`tells until when it can be captured only while it can, in ${version}`, async () => {
      const held = await shop.made('POST /v1/charges', { ...SAMPLE, capture: false }, { version })
      assertKeys(held, [...keys, 'payment_method_details.card.capture_before'])
      assert.equal(held.payment_method_details.card.capture_before, held.created + 7 * DAY)
      const captured = await shop.made(`POST /v1/charges/${held.id}/capture`, {}, { version })
      assertKeys(captured, keys)
    })
  }

  it('carries the versions apart: refunds and invoice in the old one only', async () => {
    const { id } = await shop.made('POST /v1/charges', SAMPLE)
    const old = await shop.made(`GET /v1/charges/${id}`, {}, { version: OLD })
    const today = await shop.made(`GET /v1/charges/${id}`, {}, { version: NEW })
    const url = `/v1/charges/${id}/refunds`
    assert.deepEqual(old.refunds, { object: 'list', data: [], has_more: false, total_count: 0, url })
    assert.equal(old.invoice, null)
    assert.deepEqual({ ...today, invoice: old.invoice, refunds: old.refunds }, old)
  })

  it('is pretty-printed with two spaces', async () => {
    const { text, body } = await shop.call('POST /v1/charges', SAMPLE)
    assert.equal(text, JSON.stringify(body, null, 2))
  })

  it('tells the payment complete', async () => {
    const { outcome, payment_method_details: details, ...charge } = await shop.made('POST /v1/charges', SAMPLE)
    assert.equal(typeof outcome.risk_score, 'number')
    assert.deepEqual(
      { ...outcome, risk_score: 0 },
      {
        advice_code: null,
        network_advice_code: null,
        network_decline_code: null,
        network_status: 'approved_by_network',
        reason: null,
        risk_level: 'normal',
        risk_score: 0,
        seller_message: 'Payment complete.',
        type: 'authorized',
      },
    )
    assert.deepEqual([charge.metadata, charge.fraud_details, charge.amount_captured], [{}, {}, 999])
    assert.equal(details.card.amount_authorized, 999)
    assert.deepEqual(details.card.overcapture, { maximum_amount_capturable: 999, status: 'unavailable' })
  })

  it('links to a receipt that cannot be guessed, on the server that was asked', async () => {
    const { receipt_url: url } = await shop.made('POST /v1/charges', SAMPLE)
    assert(String(url).startsWith(`${shop.url}/receipts/payment/`), String(url))
    assert.match(String(url).split('/').at(-1) ?? '', /^[0-9A-Za-z_-]{60,}$/)
  })

  it('says in its headers who answered what', async () => {
    const headersOf = ({ headers }: Answer) =>
      Object.fromEntries(['content-type', 'cache-control', 'stripe-version'].map((name) => [name, headers.get(name)]))
    const answer = await shop.call('POST /v1/charges', SAMPLE)
    assert.match(answer.headers.get('request-id') ?? '', /^req_[0-9A-Za-z]{14}$/)
    assert.deepEqual(headersOf(answer), {
      'content-type': 'application/json',
      'cache-control': 'no-cache, no-store',
      'stripe-version': OLD,
    })
    const other = await shop.call('POST /v1/charges', SAMPLE, { version: NEW })
    assert.equal(other.headers.get('stripe-version'), NEW)
    assert.notEqual(other.headers.get('request-id'), answer.headers.get('request-id'))
  })
})

describe('a charge is made', () => {
  it('with a currency in upper case, answered in lower case', async () => {
    assert.equal((await shop.made('POST /v1/charges', { ...SAMPLE, currency: 'EUR' })).currency, 'eur')
  })

  it('with the old name of the source', async () => {
    const { source, ...rest } = SAMPLE
    assert.equal((await shop.made('POST /v1/charges', { ...rest, card: source })).source.last4, '4242')
  })

  it('with the card data itself', async () => {
    const { source, ...rest } = SAMPLE
    const card = { object: 'card', number: '5555555555554444', exp_month: 8, exp_year: 2021, cvc: '123' }
    for (const name of ['source', 'card']) {
      const charge = await shop.made('POST /v1/charges', { ...rest, [name]: card })
      assert.deepEqual([charge.source.brand, charge.source.cvc_check], ['MasterCard', 'pass'])
    }
  })

  it('with what old gateways send beside the documented parameters', async () => {
    const beside = {
      payment_user_agent: 'a',
      external_id: '7',
      ip: '203.0.113.7',
      user_agent: 'b',
      referrer: 'c',
      recurring: 'true',
      validate: 'false',
    }
    assert.equal((await shop.made('POST /v1/charges', { ...SAMPLE, ...beside })).paid, true)
    const { id } = await shop.made('POST /v1/customers', beside)
    assert.equal((await shop.made(`POST /v1/customers/${id}`, beside)).id, id)
    const card = await shop.made(`POST /v1/customers/${id}/cards`, { card: 'tok_visa', ...beside })
    assert.equal(card.customer, id)
  })

  it('with shipping, answered with all its keys', async () => {
    const charge = await shop.made('POST /v1/charges', { ...SAMPLE, shipping: SHIPPING })
    const address = {
      city: 'San Francisco',
      country: null,
      line1: '1 Main Street',
      line2: null,
      postal_code: '94107',
      state: null,
    }
    const expected = { address, carrier: null, name: 'Jenny Rosen', phone: null, tracking_number: null }
    assert.equal(JSON.stringify(charge.shipping), JSON.stringify(expected))
  })

  it('in yen, and at the bounds of what can be charged', async () => {
    for (const [amount, currency] of [
      [50, 'jpy'],
      [99_999_999, 'jpy'],
      [50, 'usd'],
      [99_999_999, 'usd'],
      [30, 'gbp'],
      [999_999_999_999, 'idr'],
    ] as const) {
      assert.equal((await shop.made('POST /v1/charges', { ...SAMPLE, amount, currency })).amount, amount)
    }
  })

  it('without a description, which is then null', async () => {
    const { description, ...rest } = SAMPLE
    assert.equal((await shop.made('POST /v1/charges', rest)).description, null)
    assert.equal((await shop.made('POST /v1/charges', { ...rest, description: '' })).description, null)
  })

  it('with text of every script, kept as it was sent', async () => {
    const description = 'ご注文 №6735 — “naïve” 🍣 + & = %'
    const { id } = await shop.made('POST /v1/charges', { ...SAMPLE, description })
    assert.equal((await shop.stripe.charges.retrieve(id)).description, description)
  })
})

describe('a charge can be changed', () => {
  it('in what is told about it', async () => {
    const { id } = await shop.made('POST /v1/charges', SAMPLE)
    const change = {
      description: 'Order 17',
      receipt_email: 'jenny.rosen@example.com',
      transfer_group: 'ORDER17',
      shipping: SHIPPING,
    }
    const changed = await shop.made(`POST /v1/charges/${id}`, change)
    assert.deepEqual(
      [changed.description, changed.receipt_email, changed.transfer_group],
      ['Order 17', 'jenny.rosen@example.com', 'ORDER17'],
    )
    assert.deepEqual(await shop.made(`GET /v1/charges/${id}`), changed)
  })

  it('by the libraries', async () => {
    const { id } = await shop.made('POST /v1/charges', SAMPLE)
    assert.equal((await shop.stripe.charges.update(id, { description: 'new' })).description, 'new')
    assert.equal((await shop.oldStripe.charges.update(id, { description: 'old' })).description, 'old')
  })

  it('back to nothing by an empty value', async () => {
    const { id } = await shop.made('POST /v1/charges', { ...SAMPLE, receipt_email: 'jenny.rosen@example.com' })
    const changed = await shop.made(`POST /v1/charges/${id}`, { description: '', receipt_email: null })
    assert.deepEqual([changed.description, changed.receipt_email], [null, null])
  })

  it('in whether the merchant takes it for fraud', async () => {
    const { id } = await shop.made('POST /v1/charges', SAMPLE)
    const changed = await shop.made(`POST /v1/charges/${id}`, { fraud_details: { user_report: 'fraudulent' } })
    assert.deepEqual(changed.fraud_details, { user_report: 'fraudulent' })
    const kept = await shop.made(`POST /v1/charges/${id}`, { description: 'Looked at' })
    assert.deepEqual(kept.fraud_details, { user_report: 'fraudulent' })
    const undone = await shop.made(`POST /v1/charges/${id}`, { fraud_details: { user_report: '' } })
    assert.deepEqual(undone.fraud_details, {})
    const { error } = await shop.refused(`POST /v1/charges/${id}`, { fraud_details: { user_report: 'maybe' } })
    assert.deepEqual(
      [error.param, error.message],
      ['fraud_details[user_report]', 'Invalid fraud_details[user_report]: must be one of safe or fraudulent'],
    )
  })

  it('but not in amount, currency or source', async () => {
    const { id } = await shop.made('POST /v1/charges', SAMPLE)
    for (const [name, value] of Object.entries({
      amount: 1,
      currency: 'eur',
      source: 'tok_amex',
      capture: 'true',
      statement_descriptor: 'x',
    })) {
      const { status, error } = await shop.refused(`POST /v1/charges/${id}`, { [name]: value })
      assert.deepEqual(
        [status, error.code, error.param, error.message],
        [400, 'parameter_unknown', name, `Received unknown parameter: ${name}`],
      )
    }
  })

  it('all at once by many, losing none of the changes', async () => {
    const { id } = await shop.made('POST /v1/charges', SAMPLE)
    const keys = Array.from({ length: 20 }, (_, n) => `key_${n}`)
    await Promise.all(keys.map((key) => shop.made(`POST /v1/charges/${id}`, { metadata: { [key]: 'yes' } })))
    const { metadata } = await shop.made(`GET /v1/charges/${id}`)
    assert.deepEqual(Object.keys(metadata).sort(), keys.sort())
  })
})
