import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Body, type Form, NEW, OLD, startTestServer } from './server.ts'

// What Stripe answers to mistakes with customers and their cards: a row each.

const shop = await startTestServer()

const SALE = { amount: 999, currency: 'usd' }
const CARD = { number: '4242424242424242', exp_month: 12, exp_year: 2020, cvc: '123', address_zip: '94107' }

const customer = async (form: Form = {}) => (await shop.made('POST /v1/customers', form)).id
const token = async (card: Form = {}) => (await shop.made('POST /v1/tokens', { card: { ...CARD, ...card } })).id
const cardOf = async (id: string) => (await shop.made(`POST /v1/customers/${id}/sources`, { source: 'tok_visa' })).id

const docUrl = (code: string) => `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`

type Request = readonly [route: string, form?: Form]
type Expected = {
  readonly status: number
  readonly code?: string
  readonly param?: string
  readonly type?: string
  readonly message: string
}
type Row = readonly [what: string, ask: () => Promise<readonly [Request, Expected]>]

const missing = (status: number, param: string, message: string) => ({
  status,
  code: 'resource_missing',
  param,
  message,
})

const NO_SAVED_CARD =
  "This Customer doesn't have any saved payment details. Attach a legacy Token, Card, Bank Account, or Source to this Customer and then try this request again, or use Payment Intents and Payment Methods instead."

const noLinkedSource = (id: string, source: string) => ({
  status: 404,
  code: 'missing',
  param: 'source',
  message: `Customer ${id} does not have a linked source with ID ${source}.`,
})

const ROWS: readonly Row[] = [
  [
    'a charge of a customer without a card',
    async () => [
      ['POST /v1/charges', { ...SALE, customer: await customer() }],
      { status: 402, type: 'card_error', code: 'missing', param: 'card', message: NO_SAVED_CARD },
    ],
  ],
  [
    'a charge of a customer by a fresh token',
    async () => {
      const [id, source] = [await customer({ source: 'tok_visa' }), await token()]
      return [['POST /v1/charges', { ...SALE, customer: id, source }], noLinkedSource(id, source)]
    },
  ],
  [
    'a charge of a customer by the card of another',
    async () => {
      const [id, source] = [await customer({ source: 'tok_visa' }), await cardOf(await customer())]
      return [['POST /v1/charges', { ...SALE, customer: id, source }], noLinkedSource(id, source)]
    },
  ],
  [
    'a charge of a customer by a card that was deleted',
    async () => {
      const id = await customer({ source: 'tok_visa' })
      const source = await cardOf(id)
      await shop.made(`DELETE /v1/customers/${id}/sources/${source}`)
      return [['POST /v1/charges', { ...SALE, customer: id, source }], noLinkedSource(id, source)]
    },
  ],
  [
    'a charge of a customer that is not there',
    async () => [
      ['POST /v1/charges', { ...SALE, customer: 'cus_nope' }],
      missing(400, 'customer', "No such customer: 'cus_nope'"),
    ],
  ],
  [
    'charges of a customer that is not there',
    async () => [
      ['GET /v1/charges', { customer: 'cus_nope' }],
      missing(400, 'customer', "No such customer: 'cus_nope'"),
    ],
  ],
  [
    'a customer that is not there',
    async () => [['GET /v1/customers/cus_nope'], missing(404, 'id', "No such customer: 'cus_nope'")],
  ],
  [
    'a customer that is not there, to change',
    async () => [
      ['POST /v1/customers/cus_nope', { description: 'x' }],
      missing(404, 'id', "No such customer: 'cus_nope'"),
    ],
  ],
  [
    'the cards of a customer that is not there',
    async () => [
      ['POST /v1/customers/cus_nope/sources', { source: 'tok_visa' }],
      missing(404, 'customer', "No such customer: 'cus_nope'"),
    ],
  ],
  [
    'a card that is not there',
    async () => [
      [`GET /v1/customers/${await customer()}/sources/card_nope`],
      missing(404, 'id', "No such source: 'card_nope'"),
    ],
  ],
  [
    'a default card that is not there',
    async () => [
      [`POST /v1/customers/${await customer()}`, { default_source: 'card_nope' }],
      missing(400, 'source', "No such source: 'card_nope'"),
    ],
  ],
  [
    'a customer of a token that is not there',
    async () => [['POST /v1/customers', { source: 'tok_nope' }], missing(400, 'source', "No such token: 'tok_nope'")],
  ],
  [
    'a customer of a token that was used',
    async () => {
      const source = await token()
      await customer({ source })
      const message = `You cannot use a Stripe token more than once: ${source}.`
      return [['POST /v1/customers', { source }], { status: 400, code: 'token_already_used', message }]
    },
  ],
  [
    'a card without a source',
    async () => [
      [`POST /v1/customers/${await customer()}/sources`],
      { status: 400, code: 'parameter_missing', param: 'source', message: 'Missing required param: source.' },
    ],
  ],
  [
    'an e-mail address that is none',
    async () => [
      ['POST /v1/customers', { email: 'not-an-email' }],
      { status: 400, code: 'email_invalid', param: 'email', message: 'Invalid email address: not-an-email' },
    ],
  ],
  [
    'a kind of tax exemption that is none',
    async () => [
      ['POST /v1/customers', { tax_exempt: 'so' }],
      {
        status: 400,
        param: 'tax_exempt',
        message: 'Invalid tax_exempt: must be one of none, reverse, or exempt',
      },
    ],
  ],
]

const DECLINED = 'Your card was declined.'
const ZIP =
  'Your card could not be authorized using the postal code provided. Please update the postal code, or contact your card issuer for further details.'

type Refusal = {
  readonly code: string
  readonly declineCode?: string
  readonly param: string
  readonly message: string
}

const issuer = (declineCode: string, message = DECLINED): Refusal => ({
  code: 'card_declined',
  declineCode,
  param: '',
  message,
})

/** What saving a card is refused with. Where the code says why, versions of 2019 leave the decline code out. */
const ATTACHING: Readonly<Record<string, Refusal>> = {
  '4000000000000002': issuer('generic_decline'),
  '4000000000009995': issuer('insufficient_funds', 'Your card has insufficient funds.'),
  '4000000000009987': issuer('lost_card'),
  '4000000000009979': issuer('stolen_card'),
  '4000000000006975': issuer(
    'card_velocity_exceeded',
    'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
  ),
  '4000000000000069': { code: 'expired_card', param: 'exp_month', message: 'Your card has expired.' },
  '4000000000000127': { code: 'incorrect_cvc', param: 'cvc', message: "Your card's security code is incorrect." },
  '4111111111111111': issuer(
    'test_mode_live_card',
    'Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
  ),
}

/** As above, while the account declines on failed checks. */
const ATTACHING_STRICTLY: Readonly<Record<string, Refusal>> = {
  '4000000000000101': { code: 'incorrect_cvc', param: 'cvc', message: "Your card's security code is incorrect." },
  '4000000000000036': { code: 'incorrect_zip', param: 'address_zip', message: ZIP },
}

const insist = (on: boolean) =>
  shop.made('POST /v1/account', { settings: { card_payments: { decline_on: { avs_failure: on, cvc_failure: on } } } })

async function assertNotSaved(number: string, refusal: Refusal, version: string): Promise<void> {
  const { code, declineCode, param, message } = refusal
  const there = await customer()
  for (const route of ['POST /v1/customers', `POST /v1/customers/${there}/sources`]) {
    const { status, error } = await shop.refused(route, { source: await token({ number }) }, { version })
    const { advice_code, network_advice_code, network_decline_code, ...told } = error
    const said = declineCode ?? (version === NEW ? code : undefined)
    assert.deepEqual(
      { status, ...told },
      {
        status: 402,
        code,
        ...(said && { decline_code: said }),
        doc_url: docUrl(code),
        message,
        param,
        type: 'card_error',
      },
      route,
    )
  }
  const { data } = await shop.made<Body>(`GET /v1/customers/${there}/sources`)
  assert.deepEqual(data, [])
}

describe('a mistake with a customer', () => {
  for (const [what, ask] of ROWS) {
    it(what, async () => {
      const [[route, form], { status, code, param, type = 'invalid_request_error', message }] = await ask()
      const refusal = await shop.refused(route, form)
      const expected = { ...(code && { code, doc_url: docUrl(code) }), message, ...(param && { param }), type }
      assert.deepEqual({ status: refusal.status, ...refusal.error }, { status, ...expected })
    })
  }
})

describe('a card is not saved', () => {
  for (const version of [OLD, NEW]) {
    for (const [number, refusal] of Object.entries(ATTACHING)) {
      it(`${number}, in ${version}`, () => assertNotSaved(number, refusal, version))
    }
    for (const [number, refusal] of Object.entries(ATTACHING_STRICTLY)) {
      it(`${number}, where failed checks decline, in ${version}`, async () => {
        await insist(true)
        await assertNotSaved(number, refusal, version)
        await insist(false)
      })
    }
  }
})
