import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { refusals, type Told } from './refusals.ts'
import { newStripe, PUBLISHABLE_KEY, SECRET_KEY, startTestServer } from './server.ts'

const shop = await startTestServer()
const refuses = refusals(shop)

const SAMPLE = { amount: 999, currency: 'usd', source: 'tok_visa' }
const CREATE = 'POST /v1/charges'

describe('a key', () => {
  const NONE: Told = [
    401,
    null,
    null,
    "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
  ]
  const BLANKS: Told = [
    401,
    null,
    null,
    'Invalid API Key provided: nil. This key contains at least one space. Please delete the spaces and try again. If you have any questions, we can help at https://support.stripe.com/.',
  ]
  const wrong = (shown: string): Told => [401, null, null, `Invalid API Key provided: ${shown}`]
  const by = (authorization: string) => ({ key: null, headers: { authorization } })
  const basic = (text: string) => by(`Basic ${Buffer.from(text).toString('base64')}`)

  refuses('is missing', 'GET /v1/charges', {}, NONE, { key: null })
  refuses('is empty', 'GET /v1/charges', {}, NONE, basic(':'))
  refuses('is of another scheme', 'GET /v1/charges', {}, NONE, by('Digest username="x"'))
  refuses('is wrong', 'GET /v1/charges', {}, wrong('sk_test_********************Aso0'), {
    key: 'sk_test_abcdefghijklmnopqrstAso0',
  })
  refuses('is short and wrong', 'GET /v1/charges', {}, wrong('*****ined'), { key: 'undefined' })
  refuses('is the password, not the user', 'GET /v1/charges', {}, NONE, basic(`:${SECRET_KEY}`))
  refuses('has blanks', 'GET /v1/charges', {}, BLANKS, by(`Bearer ${SECRET_KEY} x`))
  refuses('is a card number, which is not repeated', 'GET /v1/charges', {}, wrong('424242******4242'), {
    key: '4242424242424242',
  })
  refuses('is looked at before the URL', 'GET /v1/nothing', {}, NONE, { key: null })
  refuses('is looked at before the parameters', CREATE, { wat: 1 }, NONE, { key: null })
  refuses(
    'is publishable, for a secret call',
    CREATE,
    SAMPLE,
    [
      401,
      'secret_key_required',
      null,
      'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.',
    ],
    { key: PUBLISHABLE_KEY },
  )
  refuses(
    'has no access to a connected account',
    CREATE,
    SAMPLE,
    [
      403,
      'account_invalid',
      null,
      "The provided key 'sk_test_********************p7dc' does not have access to account 'acct_1F1xavAWOtgoysog' (or that account does not exist). Application access may have been revoked.",
    ],
    { headers: { 'stripe-account': 'acct_1F1xavAWOtgoysog' } },
  )

  it('that is missing is asked for by name', async () => {
    const { headers } = await shop.refused('GET /v1/charges', {}, { key: null })
    assert.equal(headers.get('www-authenticate'), 'Basic realm="Stripe"')
  })

  it('acts on its own account when that is named, which the answer repeats', async () => {
    const own = 'acct_1KobanTestAccount'
    const named = { headers: { 'stripe-account': own } }
    const { body, headers } = await shop.call('GET /v1/account', {}, named)
    assert.deepEqual([body.id, headers.get('stripe-account')], [own, own])
    const { headers: ofRefusal } = await shop.refused('POST /v1/charges', { wat: 1 }, named)
    assert.equal(ofRefusal.get('stripe-account'), own)
  })

  it('repeats no other account, and none that was not named', async () => {
    const { headers } = await shop.refused('GET /v1/account', {}, { headers: { 'stripe-account': 'acct_other' } })
    assert.equal(headers.get('stripe-account'), null)
    assert.equal((await shop.call('GET /v1/account')).headers.get('stripe-account'), null)
  })
})

describe('a URL', () => {
  const unknown = (method: string, path: string): Told => [
    404,
    null,
    null,
    `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  ]
  const slash = (method: string, path: string): Told => [
    404,
    null,
    null,
    `Unrecognized request URL (${method}: ${path}). If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  ]
  refuses('is unknown', 'GET /v1/chargez', {}, unknown('GET', '/v1/chargez'))
  refuses('is unknown, and has a query', 'GET /v1/chargez', { a: 1 }, unknown('GET', '/v1/chargez'))
  refuses('is the root', 'GET /', {}, slash('GET', '/'))
  refuses('has a slash at its end', 'GET /v1/charges/', {}, slash('GET', '/v1/charges/'))
  refuses('has an empty segment', 'POST /v1/charges//capture', {}, slash('POST', '/v1/charges//capture'))
  refuses('does not know the method', 'DELETE /v1/charges/ch_1', {}, unknown('DELETE', '/v1/charges/ch_1'))
  refuses('does not know PUT', 'PUT /v1/charges', {}, unknown('PUT', '/v1/charges'))
  refuses(
    'does not repeat a card number',
    'GET /v1/cards/4242424242424242',
    {},
    unknown('GET', '/v1/cards/424242******4242'),
  )
})

describe('the content type', () => {
  const told: Told = [
    400,
    null,
    null,
    'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.',
  ]
  for (const type of ['application/json', 'multipart/form-data; boundary=x', 'text/plain', 'nonsense']) {
    refuses(`is not ${type}`, CREATE, SAMPLE, told, { headers: { 'content-type': type } })
  }
  for (const type of [
    'application/x-www-form-urlencoded;charset=UTF-8',
    'application/x-www-form-urlencoded; charset=utf-8',
    'APPLICATION/X-WWW-FORM-URLENCODED',
  ]) {
    it(`may be ${type}`, async () =>
      assert.equal((await shop.made(CREATE, SAMPLE, { headers: { 'content-type': type } })).paid, true))
  }
})

describe('the libraries tell by their exceptions', () => {
  const { stripe, oldStripe } = shop
  const wrongKey = newStripe(shop.port, 'sk_test_wrong')
  const elsewhere = { stripeAccount: 'acct_1F1xavAWOtgoysog' }
  const cases: readonly (readonly [what: string, type: string, ask: () => Promise<unknown>])[] = [
    ['a wrong key', 'StripeAuthenticationError', () => wrongKey.charges.list()],
    ['an account that is not theirs', 'StripePermissionError', () => stripe.charges.list({}, elsewhere)],
    ['what is not there', 'StripeInvalidRequestError', () => stripe.charges.retrieve('ch_nope')],
    ['what is not there, the old one', 'StripeInvalidRequestError', () => oldStripe.charges.retrieve('ch_nope')],
    ['a missing parameter', 'StripeInvalidRequestError', () => oldStripe.charges.create({ amount: 999 })],
    ['a decline', 'StripeCardError', () => stripe.charges.create({ ...SAMPLE, source: 'tok_chargeDeclined' })],
    [
      'a wrong card number',
      'StripeCardError',
      () => oldStripe.tokens.create({ card: { number: '4444', exp_month: 1, exp_year: 2020 } }),
    ],
  ]
  for (const [what, type, ask] of cases) {
    it(what, () =>
      assert.rejects(
        ask(),
        (error: { type: string; requestId: string }) => error.type === type && /^req_/.test(error.requestId),
      ),
    )
  }
})
