import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { type Form, NEW, OLD, PUBLISHABLE_KEY, SECRET_KEY, startTestServer } from './server.ts'

const shop = await startTestServer()

// The shop's clock shows May 2019.
const VISA = { number: '4242424242424242', exp_month: 12, exp_year: 2020, cvc: '123' }

const docUrl = (code: string) => `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`

const NUMBER = ['number', 'Your card number is incorrect.'] as const
const NO_NUMBER = ['number', 'The card number is not a valid credit card number.'] as const
const MONTH = ['exp_month', "Your card's expiration month is invalid."] as const
const YEAR = ['exp_year', "Your card's expiration year is invalid."] as const
const CVC = ['cvc', "Your card's security code is invalid."] as const

describe('card data is refused with a card error', () => {
  const cases: readonly (readonly [
    what: string,
    card: Form,
    code: string,
    problem: readonly [param: string, message: string],
  ])[] = [
    ['a number that fails its check digit', { number: '4242424242424241' }, 'incorrect_number', NUMBER],
    ['the same with blanks', { number: '4242 4242 4242 4241' }, 'incorrect_number', NUMBER],
    ['a number much too short', { number: '4444' }, 'invalid_number', NO_NUMBER],
    ['a negative number', { number: '-1' }, 'invalid_number', NO_NUMBER],
    ['letters', { number: 'four two four two' }, 'invalid_number', NO_NUMBER],
    ['twenty digits', { number: '42424242424242424242' }, 'invalid_number', NO_NUMBER],
    ['month 13', { exp_month: 13 }, 'invalid_expiry_month', MONTH],
    ['month 0', { exp_month: 0 }, 'invalid_expiry_month', MONTH],
    ['a month in letters', { exp_month: 'May' }, 'invalid_expiry_month', MONTH],
    ['last month', { exp_month: 4, exp_year: 2019 }, 'invalid_expiry_month', MONTH],
    ['last year', { exp_month: 12, exp_year: 2018 }, 'invalid_expiry_year', YEAR],
    ['last year in two digits', { exp_year: 18 }, 'invalid_expiry_year', YEAR],
    ['a year in letters', { exp_year: 'xx' }, 'invalid_expiry_year', YEAR],
    ['a year in the far future', { exp_year: 2070 }, 'invalid_expiry_year', YEAR],
    ['a security code of two digits', { cvc: '12' }, 'invalid_cvc', CVC],
    ['a negative security code', { cvc: '-1' }, 'invalid_cvc', CVC],
    ['a security code in letters', { cvc: 'abc' }, 'invalid_cvc', CVC],
    ['four digits of security code on a Visa', { cvc: '1234' }, 'invalid_cvc', CVC],
  ]
  for (const [what, card, code, [param, message]] of cases) {
    const told = { code, doc_url: docUrl(code), message, param, type: 'card_error' }
    const data = { ...VISA, ...card }
    const charge = { amount: 999, currency: 'usd' }

    it(what, async () => {
      for (const key of [SECRET_KEY, PUBLISHABLE_KEY]) {
        const { status, error } = await shop.refused('POST /v1/tokens', { card: data }, { key })
        assert.deepEqual([status, error], [402, told])
      }
    })

    it(`${what}, sent with the charge itself`, async () => {
      for (const form of [{ card: data }, { source: { object: 'card', ...data } }]) {
        const { status, error } = await shop.refused('POST /v1/charges', { ...charge, ...form })
        assert.deepEqual([status, error], [402, told])
      }
    })
  }

  it('keeping no charge of it', async () => {
    assert.deepEqual((await shop.made('GET /v1/charges')).data, [])
  })

  it('never with a decline: what can be a number makes a token, of whatever length', async () => {
    const { id } = await shop.made('POST /v1/tokens', { card: { ...VISA, number: '424242424242' } })
    const { error } = await shop.refused('POST /v1/charges', { amount: 999, currency: 'usd', source: id })
    assert.equal(error.decline_code, 'test_mode_live_card')
  })
})

describe('a token without', () => {
  const cases: readonly (readonly [what: string, form: Form, error: Readonly<Record<string, string>>])[] = [
    [
      'an expiry month',
      { card: { ...VISA, exp_month: undefined } },
      { code: 'parameter_missing', param: 'card[exp_month]', message: 'Missing required param: card[exp_month].' },
    ],
    [
      'an expiry year',
      { card: { ...VISA, exp_year: undefined } },
      { code: 'parameter_missing', param: 'card[exp_year]', message: 'Missing required param: card[exp_year].' },
    ],
    ['a number', { card: { ...VISA, number: undefined } }, { message: 'Could not find payment information' }],
    [
      'anything',
      {},
      {
        code: 'parameter_missing',
        message:
          'You must supply either a card, customer, PII data, bank account, or account legal entity to create a token.',
      },
    ],
  ]
  for (const [what, form, { code, param, message }] of cases) {
    it(`${what} is refused`, async () => {
      const { status, error } = await shop.refused('POST /v1/tokens', form)
      const told = { ...(code && { code, doc_url: docUrl(code) }), message, ...(param && { param }) }
      assert.deepEqual([status, error], [400, { ...told, type: 'invalid_request_error' }])
    })
  }
})

describe('card data is taken', () => {
  const cases: readonly (readonly [what: string, card: Form, shown: Readonly<Record<string, unknown>>])[] = [
    ['with blanks in the number', { number: '4000 0566 5566 5556' }, { last4: '5556', funding: 'debit' }],
    ['with dashes in the number', { number: '4000-0566-5566-5556' }, { last4: '5556', funding: 'debit' }],
    ['with a year of two digits', { exp_year: 22 }, { exp_year: 2022 }],
    ['with a month of two digits', { exp_month: '02', exp_year: 2021 }, { exp_month: 2 }],
    ['in the month in which the card expires', { exp_month: 5, exp_year: 2019 }, { exp_month: 5, exp_year: 2019 }],
    ['fifty years ahead', { exp_year: 2069 }, { exp_year: 2069 }],
    ['without a security code', { cvc: undefined }, { cvc_check: null }],
    ['with a security code that begins with zeros', { cvc: '000' }, { cvc_check: 'unchecked' }],
    [
      'with four digits of security code on an American Express',
      { number: '378282246310005', cvc: '1234' },
      { brand: 'American Express', last4: '0005' },
    ],
    ['of 14 digits', { number: '36227206271667' }, { brand: 'Diners Club' }],
    ['of 19 digits', { number: '6205500000000000004' }, { brand: 'UnionPay', last4: '0004' }],
  ]
  for (const [what, card, shown] of cases) {
    it(what, async () => {
      const token = await shop.made('POST /v1/tokens', { card: { ...VISA, ...card } })
      const { card: made } = token
      assert.deepEqual(Object.fromEntries(Object.keys(shown).map((name) => [name, made[name]])), shown)
    })
  }
})

describe('what the issuer finds about the card', () => {
  const ADDRESS = { address_line1: '1 Main Street', address_zip: '94107' }
  const UNCHECKED = ['unchecked', 'unchecked', 'unchecked']
  const cases: readonly (readonly [number: string, checks: readonly (string | null)[]])[] = [
    ['4242424242424242', ['pass', 'pass', 'pass']],
    ['4000000000000101', ['fail', 'pass', 'pass']],
    ['4000000000000036', ['pass', 'pass', 'fail']],
    ['4000000000000028', ['pass', 'fail', 'pass']],
    ['4000000000000010', ['pass', 'fail', 'fail']],
    ['4000000000000044', ['pass', 'unavailable', 'unavailable']],
  ]
  for (const [number, [cvc, line1, zip]] of cases) {
    it(`${number}: unchecked before the charge, then ${cvc}, ${line1}, ${zip}`, async () => {
      const token = await shop.made('POST /v1/tokens', { card: { ...VISA, ...ADDRESS, number } })
      const { cvc_check, address_line1_check, address_zip_check } = token.card
      assert.deepEqual([cvc_check, address_line1_check, address_zip_check], UNCHECKED)
      const charge = await shop.made('POST /v1/charges', { amount: 999, currency: 'usd', source: token.id })
      const { source, payment_method_details: details } = charge
      assert.deepEqual([source.cvc_check, source.address_line1_check, source.address_zip_check], [cvc, line1, zip])
      assert.deepEqual(details.card.checks, {
        address_line1_check: line1,
        address_postal_code_check: zip,
        cvc_check: cvc,
      })
    })
  }

  it('is nothing where nothing was sent, also of a card whose postal code would fail', async () => {
    const source = { object: 'card', number: '4000000000000036', exp_month: 1, exp_year: 2020 }
    const charge = await shop.made('POST /v1/charges', { amount: 999, currency: 'usd', source })
    const nothing = { address_line1_check: null, address_postal_code_check: null, cvc_check: null }
    assert.deepEqual(charge.payment_method_details.card.checks, nothing)
  })

  it('declines a wrong security code only where one was sent', async () => {
    const card = { ...VISA, number: '4000000000000127' }
    const { error } = await shop.refused('POST /v1/charges', { amount: 999, currency: 'usd', card })
    assert.deepEqual([error.code, error.param], ['incorrect_cvc', 'cvc'])
    const charge = await shop.made('POST /v1/charges', {
      amount: 999,
      currency: 'usd',
      card: { ...card, cvc: undefined },
    })
    assert.equal(charge.source.cvc_check, null)
  })
})

describe('an account that declines on failed checks', () => {
  const insist = (decline_on: Form) => shop.made('POST /v1/account', { settings: { card_payments: { decline_on } } })
  const charge = { amount: 999, currency: 'usd' }
  after(() => insist({ avs_failure: false, cvc_failure: false }))

  type Told = { readonly code: string; readonly message: string; readonly param: string }

  /** The network approved, the account did not: the whole error, and the failed charge. */
  async function assertReversed(source: string, { code, message, param }: Told): Promise<void> {
    for (const version of [OLD, NEW]) {
      const { status, error } = await shop.refused('POST /v1/charges', { ...charge, source }, { version })
      const told = { charge: error.charge, code, doc_url: docUrl(code), message, param, type: 'card_error' }
      assert.deepEqual([status, error], [402, version === NEW ? { ...told, decline_code: code } : told])
      const { failure_code, failure_message, outcome } = await shop.made(`GET /v1/charges/${error.charge}`)
      assert.deepEqual([failure_code, failure_message], [code, message])
      assert.deepEqual(
        [outcome.type, outcome.network_status, outcome.reason],
        ['blocked', 'reversed_after_approval', code],
      )
    }
  }

  it('refuses a wrong postal code, after the network approved', async () => {
    await insist({ avs_failure: true })
    const message =
      'Your card could not be authorized using the postal code provided. Please update the postal code, or contact your card issuer for further details.'
    await assertReversed('tok_avsZipFail', { code: 'incorrect_zip', message, param: 'address_zip' })
  })

  it('refuses a wrong security code', async () => {
    await insist({ cvc_failure: true })
    const message = "Your card's security code is incorrect."
    await assertReversed('tok_cvcCheckFail', { code: 'incorrect_cvc', message, param: 'cvc' })
  })

  it('still takes a card whose street fails, or of which nothing could be checked', async () => {
    await insist({ avs_failure: true, cvc_failure: true })
    await shop.made('POST /v1/charges', { ...charge, source: 'tok_avsLine1Fail' })
    await shop.made('POST /v1/charges', { ...charge, source: 'tok_avsUnchecked' })
    await shop.made('POST /v1/charges', {
      ...charge,
      card: { number: '4000000000000036', exp_month: 1, exp_year: 2020 },
    })
  })
})

describe('the card in a charge', () => {
  it('brings its name and address into the billing details', async () => {
    const address = {
      address_line1: '東京都港区1-2-3',
      address_line2: 'Flat 2',
      address_city: 'Minato',
      address_state: 'Tokyo',
      address_zip: '106-0032',
      address_country: 'JP',
    }
    const token = await shop.made('POST /v1/tokens', { card: { ...VISA, ...address, name: '山田 花子' } })
    const charge = await shop.made('POST /v1/charges', { amount: 999, currency: 'jpy', source: token.id })
    assert.deepEqual(charge.billing_details, {
      address: {
        city: 'Minato',
        country: 'JP',
        line1: '東京都港区1-2-3',
        line2: 'Flat 2',
        postal_code: '106-0032',
        state: 'Tokyo',
      },
      email: null,
      name: '山田 花子',
      phone: null,
      tax_id: null,
    })
  })

  it('has no customer in a token, and null in a charge', async () => {
    const token = await shop.made('POST /v1/tokens', { card: VISA })
    const charge = await shop.made('POST /v1/charges', { amount: 999, currency: 'usd', source: token.id })
    assert.equal('customer' in token.card, false)
    assert.equal(charge.source.customer, null)
    assert.equal(charge.source.id, token.card.id)
    assert.equal(charge.payment_method, token.card.id)
  })
})
