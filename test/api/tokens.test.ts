import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ENDPOINTS } from '../../src/server.ts'
import { MINUTE } from './clock.ts'
import { NEW, newStripe, OLD, PUBLISHABLE_KEY, refusalOf, startTestServer } from './server.ts'

const shop = await startTestServer()

// The shop's clock shows May 2019.
const VISA = { number: '4242424242424242', exp_month: 12, exp_year: 2020, cvc: '123' }

const tokenOf = async (card: object) => (await shop.made('POST /v1/tokens', { card: { ...VISA, ...card } })).id
const charge = (source: string) => ({ amount: 999, currency: 'usd', source })

describe('a token', () => {
  for (const version of [OLD, NEW]) {
    it(`is made of card data in the browser, in ${version}`, async () => {
      const page = { key: PUBLISHABLE_KEY, version }
      const token = await shop.made(
        'POST /v1/tokens',
        { card: { ...VISA, name: 'Jenny Rosen', address_zip: '12345' } },
        page,
      )
      assert.match(token.id, /^tok_[0-9A-Za-z]{24}$/)
      assert.match(token.card.id, /^card_[0-9A-Za-z]{24}$/)
      assert.match(token.card.fingerprint, /^[0-9A-Za-z]{16}$/)
      const card = {
        id: token.card.id,
        object: 'card',
        address_city: null,
        address_country: null,
        address_line1: null,
        address_line1_check: null,
        address_line2: null,
        address_state: null,
        address_zip: '12345',
        address_zip_check: 'unchecked',
        allow_redisplay: 'unspecified',
        brand: 'Visa',
        country: 'US',
        cvc_check: 'unchecked',
        dynamic_last4: null,
        exp_month: 12,
        exp_year: 2020,
        fingerprint: token.card.fingerprint,
        funding: 'credit',
        last4: '4242',
        metadata: {},
        name: 'Jenny Rosen',
        networks: { preferred: null },
        regulated_status: 'unregulated',
        tokenization_method: null,
        wallet: null,
      }
      const expected = {
        id: token.id,
        object: 'token',
        card,
        client_ip: '127.0.0.1',
        created: shop.clock.seconds,
        livemode: false,
        type: 'card',
        used: false,
      }
      // As text, so that the order of the keys counts: `customer` is not among them.
      assert.equal(JSON.stringify(token), JSON.stringify(expected))
    })
  }

  it('is made with the secret key too, by both libraries', async () => {
    const ofToday = await shop.stripe.tokens.create({ card: { ...VISA, exp_month: '12', exp_year: '2020' } })
    const ofOld = await shop.oldStripe.tokens.create({ card: VISA })
    assert.equal(ofToday.card?.fingerprint, ofOld.card.fingerprint)
    assert.notEqual(ofToday.card?.id, ofOld.card.id)
  })

  it('is made where an old page sends its key as a form field', async () => {
    const form = {
      key: PUBLISHABLE_KEY,
      card: VISA,
      payment_user_agent: 'stripe.js/303cf2d',
      referrer: 'https://shop.test',
    }
    const token = await shop.made('POST /v1/tokens', form, { key: null })
    assert.equal(token.card.last4, '4242')
  })

  it('has the currency of the card only where it was sent', async () => {
    const sent = await shop.made('POST /v1/tokens', { card: { ...VISA, currency: 'USD' } })
    const unsent = await shop.made('POST /v1/tokens', { card: VISA })
    assert.equal(sent.card.currency, 'usd')
    assert.equal('currency' in unsent.card, false)
  })

  it('can be looked at, before and after its use', async () => {
    const id = await tokenOf({})
    const fresh = await shop.stripe.tokens.retrieve(id)
    assert.equal(fresh.used, false)
    await shop.made('POST /v1/charges', charge(id))
    const used = await shop.oldStripe.tokens.retrieve(id)
    assert.equal(used.used, true)
    assert.deepEqual(used.card, JSON.parse(JSON.stringify(fresh.card)))
  })

  it('is unknown where it does not exist', async () => {
    const { status, error } = await shop.refused('GET /v1/tokens/tok_nope')
    assert.equal(status, 404)
    assert.deepEqual(
      [error.code, error.param, error.message],
      ['resource_missing', 'token', "No such token: 'tok_nope'"],
    )
  })
})

describe('a publishable key', () => {
  const page = newStripe(shop.port, PUBLISHABLE_KEY)

  for (const { method, path, keys } of ENDPOINTS) {
    if (keys === 'any') continue
    it(`may not ${method} ${path}`, async () => {
      const { status, error } = await shop.refused(
        `${method} ${path.replaceAll(/:\w+/g, 'x')}`,
        {},
        { key: PUBLISHABLE_KEY },
      )
      assert.equal(status, 401)
      assert.deepEqual([error.type, error.code], ['invalid_request_error', 'secret_key_required'])
      assert.match(
        error.message,
        /^This API call cannot be made with a publishable API key\. Please use a secret API key\./,
      )
    })
  }

  it('charges nothing', async () => {
    const before = (await shop.made('GET /v1/charges', { limit: 100 })).data.length
    const refusal = await refusalOf(page.charges.create({ amount: 999, currency: 'usd', source: 'tok_visa' }))
    assert.equal(refusal.code, 'secret_key_required')
    assert.equal((await shop.made('GET /v1/charges', { limit: 100 })).data.length, before)
  })

  it('may make tokens and Sources only, and read a Source', () => {
    assert.deepEqual(
      ENDPOINTS.filter(({ keys }) => keys === 'any').map(({ method, path }) => `${method} ${path}`),
      ['POST /v1/tokens', 'POST /v1/sources', 'GET /v1/sources/:source'],
    )
  })
})

describe('a token pays once', () => {
  const usedUp = (id: string) => ({
    status: 400,
    error: {
      code: 'token_already_used',
      doc_url: 'https://stripe.com/docs/error-codes/token-already-used',
      message: `You cannot use a Stripe token more than once: ${id}.`,
      type: 'invalid_request_error',
    },
  })

  it('and is refused the second time', async () => {
    const id = await tokenOf({})
    await shop.made('POST /v1/charges', charge(id))
    const { status, error } = await shop.refused('POST /v1/charges', charge(id))
    assert.deepEqual({ status, error }, usedUp(id))
  })

  it('also where the first charge was declined', async () => {
    const id = await tokenOf({ number: '4000000000000002' })
    assert.equal((await shop.call('POST /v1/charges', charge(id))).status, 402)
    const { status, error } = await shop.refused('POST /v1/charges', charge(id))
    assert.deepEqual({ status, error }, usedUp(id))
  })

  it('is not used up by a request that was malformed, or broke a rule', async () => {
    const id = await tokenOf({})
    assert.equal((await shop.call('POST /v1/charges', { ...charge(id), amount: 'abc' })).status, 400)
    assert.equal((await shop.call('POST /v1/charges', { ...charge(id), amount: 10 })).status, 400)
    assert.equal((await shop.made('POST /v1/charges', charge(id))).paid, true)
  })

  it('even when fifty charges arrive at once', async () => {
    const id = await tokenOf({})
    const answers = await Promise.all(Array.from({ length: 50 }, () => shop.call('POST /v1/charges', charge(id))))
    const paid = answers.filter(({ status }) => status === 200)
    const refused = answers.filter(({ status }) => status !== 200)
    assert.equal(paid.length, 1)
    for (const { status, body } of refused) assert.deepEqual({ status, error: body.error }, usedUp(id))
  })
})

describe('a token lives ten minutes', () => {
  it('and is good in its last second', async () => {
    const id = await tokenOf({})
    shop.clock.advance(10 * MINUTE - 1)
    assert.equal((await shop.made('POST /v1/charges', charge(id))).paid, true)
  })

  it('and is unknown after them', async () => {
    const id = await tokenOf({})
    shop.clock.advance(10 * MINUTE)
    const { status, error } = await shop.refused('POST /v1/charges', charge(id))
    assert.equal(status, 400)
    assert.deepEqual([error.code, error.param, error.message], ['resource_missing', 'source', `No such token: '${id}'`])
  })
})

describe('the built-in tokens', () => {
  const brands: readonly (readonly [
    token: string,
    brand: string,
    spelled: string,
    last4: string,
    funding: string,
    country: string,
  ])[] = [
    ['tok_visa', 'Visa', 'visa', '4242', 'credit', 'US'],
    ['tok_us', 'Visa', 'visa', '4242', 'credit', 'US'],
    ['tok_visa_debit', 'Visa', 'visa', '5556', 'debit', 'US'],
    ['tok_mastercard', 'MasterCard', 'mastercard', '4444', 'credit', 'US'],
    ['tok_mastercard_debit', 'MasterCard', 'mastercard', '8210', 'debit', 'US'],
    ['tok_mastercard_prepaid', 'MasterCard', 'mastercard', '5100', 'prepaid', 'US'],
    ['tok_amex', 'American Express', 'amex', '8431', 'credit', 'US'],
    ['tok_discover', 'Discover', 'discover', '1117', 'credit', 'US'],
    ['tok_diners', 'Diners Club', 'diners', '0004', 'credit', 'US'],
    ['tok_jcb', 'JCB', 'jcb', '0505', 'credit', 'JP'],
    ['tok_unionpay', 'UnionPay', 'unionpay', '0005', 'credit', 'CN'],
    ['tok_jp', 'Visa', 'visa', '0003', 'credit', 'JP'],
    ['tok_fr', 'Visa', 'visa', '0003', 'credit', 'FR'],
    ['tok_gb_debit', 'Visa', 'visa', '0005', 'debit', 'GB'],
    ['tok_th_credit', 'Visa', 'visa', '0003', 'credit', 'TH'],
  ]
  for (const [token, brand, spelled, last4, funding, country] of brands) {
    it(`${token} pays with a card of ${brand}`, async () => {
      const { source, payment_method_details: details } = await shop.made('POST /v1/charges', charge(token))
      assert.deepEqual([source.brand, source.last4, source.funding, source.country], [brand, last4, funding, country])
      const { card } = details
      assert.deepEqual([card.brand, card.last4, card.funding, card.country], [spelled, last4, funding, country])
      assert.deepEqual([card.exp_month, card.exp_year], [5, 2020])
    })
  }

  it('pay for ever: ten times, ten cards, one fingerprint', async () => {
    const charges = await Promise.all(
      Array.from({ length: 10 }, () => shop.made('POST /v1/charges', charge('tok_visa'))),
    )
    assert.equal(new Set(charges.map(({ source }) => source.id)).size, 10)
    assert.equal(new Set(charges.map(({ source }) => source.fingerprint)).size, 1)
  })

  it('are told apart by case, and one that is not there is unknown', async () => {
    for (const name of ['tok_VISA', 'tok_nope', 'tok_']) {
      const { status, error } = await shop.refused('POST /v1/charges', charge(name))
      assert.deepEqual(
        [status, error.code, error.param, error.message],
        [400, 'resource_missing', 'source', `No such token: '${name}'`],
      )
    }
  })
})

describe('a fingerprint', () => {
  it('is the same for a number whatever the expiry, and over a restart', async () => {
    const first = await shop.made('POST /v1/tokens', { card: VISA })
    await shop.restart()
    const second = await shop.made('POST /v1/tokens', {
      card: { ...VISA, number: '4242 4242 4242 4242', exp_year: 2030 },
    })
    const builtIn = await shop.made('POST /v1/charges', charge('tok_visa'))
    assert.equal(second.card.fingerprint, first.card.fingerprint)
    assert.equal(builtIn.source.fingerprint, first.card.fingerprint)
  })

  it('differs for another number, and for the same in another account', async () => {
    const first = await shop.made('POST /v1/tokens', { card: VISA })
    const otherNumber = await shop.made('POST /v1/tokens', { card: { ...VISA, number: '4012888888881881' } })
    assert.notEqual(otherNumber.card.fingerprint, first.card.fingerprint)
    const { body: account } = await shop.control<{ secret_key: string }>('POST /accounts', {})
    const elsewhere = await shop.made('POST /v1/tokens', { card: VISA }, { key: account.secret_key })
    assert.notEqual(elsewhere.card.fingerprint, first.card.fingerprint)
  })
})
