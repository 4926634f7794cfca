import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Body, NEW, OLD, refusalOf, startTestServer } from './server.ts'
import { assertKeyOrder, assertKeys, CHARGE_KEYS, OLD_CHARGE_KEYS } from './shapes.ts'

const shop = await startTestServer()

type Decline = {
  readonly code: string
  readonly declineCode: string
  readonly message: string
  readonly param?: string
  /** advice_code, network_advice_code, network_decline_code; a dash where there is none. */
  readonly advice?: string
}

const DECLINED = 'Your card was declined.'
const issuer = (declineCode: string, advice: string, message = DECLINED): Decline => ({
  code: 'card_declined',
  declineCode,
  message,
  advice,
})
const own = (code: string, advice: string, message: string, param?: string): Decline => ({
  code,
  declineCode: code,
  message,
  advice,
  ...(param && { param }),
})

const GENERIC = issuer('generic_decline', 'try_again_later - 01')
const NO_FUNDS = issuer('insufficient_funds', 'try_again_later 02 51', 'Your card has insufficient funds.')
const LOST = issuer('lost_card', 'do_not_try_again 01 41')
const STOLEN = issuer('stolen_card', 'do_not_try_again 01 43')
const VELOCITY = issuer(
  'card_velocity_exceeded',
  'try_again_later 02 61',
  'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
)
const EXPIRED = own('expired_card', 'confirm_card_data 03 54', 'Your card has expired.', 'exp_month')
const CVC = own('incorrect_cvc', 'confirm_card_data 03 N7', "Your card's security code is incorrect.", 'cvc')
const PROCESSING = own(
  'processing_error',
  'try_again_later - 06',
  'An error occurred while processing your card. Try again in a little bit.',
)
const BLOCKED = issuer('fraudulent', '- - -')
const AUTHENTICATION = own(
  'authentication_required',
  '- - -',
  'Your card was declined. This transaction requires authentication.',
)
const LIVE_CARD = issuer(
  'test_mode_live_card',
  '- - -',
  'Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
)

const TOKENS: Readonly<Record<string, Decline>> = {
  tok_chargeDeclined: GENERIC,
  tok_visa_chargeDeclined: GENERIC,
  tok_chargeCustomerFail: GENERIC,
  tok_chargeDeclinedInsufficientFunds: NO_FUNDS,
  tok_visa_debit_chargeDeclinedInsufficientFunds: NO_FUNDS,
  tok_visa_chargeDeclinedLostCard: LOST,
  tok_visa_chargeDeclinedStolenCard: STOLEN,
  tok_visa_chargeDeclinedVelocityLimitExceeded: VELOCITY,
  tok_chargeDeclinedExpiredCard: EXPIRED,
  tok_chargeDeclinedIncorrectCvc: CVC,
  tok_chargeDeclinedProcessingError: PROCESSING,
  tok_chargeDeclinedFraudulent: BLOCKED,
  tok_radarBlock: BLOCKED,
  tok_riskLevelHighest: BLOCKED,
  tok_threeDSecure2Required: AUTHENTICATION,
  tok_threeDSecureRequiredChargeDeclined: GENERIC,
}

const NUMBERS: Readonly<Record<string, Decline>> = {
  '4000000000000002': GENERIC,
  '4000000000000341': GENERIC,
  '4000000000009995': NO_FUNDS,
  '4000000000009987': LOST,
  '4000000000009979': STOLEN,
  '4000000000006975': VELOCITY,
  '4000000000000069': EXPIRED,
  '4000000000000127': CVC,
  '4000000000000119': PROCESSING,
  '4100000000000019': BLOCKED,
  '4000000000004954': BLOCKED,
  '4000002500003155': AUTHENTICATION,
  '4000002760003184': AUTHENTICATION,
  '4000008260003178': NO_FUNDS,
  '4929000000006': LIVE_CARD,
}

/** The error as it must read: members without a value are absent, not null. */
function errorOf({ code, declineCode, message, param, advice = '' }: Decline, version: string, charge: unknown) {
  const ownCodeInOldVersion = version === OLD && ['expired_card', 'incorrect_cvc', 'processing_error'].includes(code)
  const [adviceCode, networkAdvice, networkDecline] = advice.split(' ').map((part) => (part === '-' ? undefined : part))
  const members = {
    advice_code: adviceCode,
    charge,
    code,
    decline_code: ownCodeInOldVersion ? undefined : declineCode,
    doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`,
    message,
    network_advice_code: networkAdvice,
    network_decline_code: networkDecline,
    param,
    type: 'card_error',
  }
  return JSON.stringify(members)
}

function outcomeOf({ declineCode, advice = '' }: Decline) {
  const [adviceCode, networkAdvice, networkDecline] = advice.split(' ').map((part) => (part === '-' ? null : part))
  const blocked = declineCode === 'fraudulent'
  const generic = declineCode === 'generic_decline'
  const bankSays = generic
    ? 'The bank did not return any further details with this decline.'
    : `The bank returned the decline code \`${declineCode}\`.`
  return {
    advice_code: adviceCode,
    network_advice_code: networkAdvice,
    network_decline_code: networkDecline,
    network_status: blocked ? 'not_sent_to_network' : 'declined_by_network',
    reason: blocked ? 'highest_risk_level' : declineCode,
    risk_level: blocked ? 'highest' : 'normal',
    ...(blocked && { rule: 'block_if_high_risk' }),
    seller_message: blocked ? 'Stripe blocked this payment as too risky.' : bankSays,
    type: blocked ? 'blocked' : 'issuer_declined',
  }
}

async function assertKeptAsFailed(id: string | undefined, decline: Decline): Promise<void> {
  const { outcome, ...charge } = await shop.made(`GET /v1/charges/${id}`)
  const { risk_score, ...told } = outcome
  assert.equal(typeof risk_score, 'number')
  assert.deepEqual(told, outcomeOf(decline))
  assert.deepEqual([charge.status, charge.paid, charge.captured, charge.refunded], ['failed', false, false, false])
  assert.deepEqual([charge.failure_code, charge.failure_message], [decline.code, decline.message])
  assert.deepEqual([charge.amount, charge.amount_captured, charge.amount_refunded], [999, 0, 0])
  assert.deepEqual([charge.balance_transaction, charge.receipt_url], [null, null])
  assert.deepEqual(charge.fraud_details, decline === BLOCKED ? { stripe_report: 'fraudulent' } : {})
  assert.equal(charge.payment_method_details.card.amount_authorized, null)
}

describe('a declined charge is a 402 and kept as failed', () => {
  for (const version of [OLD, NEW]) {
    for (const [token, decline] of Object.entries(TOKENS)) {
      it(`${token} in ${version}`, async () => {
        const { status, error } = await shop.refused(
          'POST /v1/charges',
          { amount: 999, currency: 'usd', source: token },
          { version },
        )
        assert.equal(status, 402)
        assert.match(String(error.charge), /^ch_[0-9A-Za-z]{24}$/)
        assert.equal(JSON.stringify(error), errorOf(decline, version, error.charge))
        await assertKeptAsFailed(error.charge, decline)
      })
    }
  }

  for (const [number, decline] of Object.entries(NUMBERS)) {
    it(`the card ${number}, through a token`, async () => {
      const card = { number, exp_month: 12, exp_year: 2020, cvc: '123' }
      const { id, card: tokenized } = await shop.made('POST /v1/tokens', { card })
      assert.equal(tokenized.cvc_check, 'unchecked')
      const { status, error } = await shop.refused('POST /v1/charges', { amount: 999, currency: 'usd', source: id })
      assert.equal(status, 402)
      assert.equal(JSON.stringify(error), errorOf(decline, OLD, error.charge))
      await assertKeptAsFailed(error.charge, decline)
    })
  }

  for (const [version, keys] of [
    [OLD, OLD_CHARGE_KEYS],
    [NEW, CHARGE_KEYS],
  ] as const) {
    it(`with every key of a charge in ${version}`, async () => {
      const { error } = await shop.refused('POST /v1/charges', {
        amount: 999,
        currency: 'usd',
        source: 'tok_chargeDeclined',
      })
      const charge = await shop.made(`GET /v1/charges/${error.charge}`, {}, { version })
      assertKeys(charge, keys)
      assertKeyOrder(charge)
    })
  }
})

describe('a decline', () => {
  it('is a card error in both libraries', async () => {
    const sent = { amount: 999, currency: 'usd', source: 'tok_chargeDeclinedInsufficientFunds' }
    for (const promise of [shop.stripe.charges.create(sent), shop.oldStripe.charges.create(sent)]) {
      await assert.rejects(promise, (error: { type: string }) => error.type === 'StripeCardError')
    }
    const refusal = await refusalOf(shop.stripe.charges.create(sent))
    assert.deepEqual([refusal.statusCode, refusal.decline_code], [402, 'insufficient_funds'])
  })

  it('is listed among the charges, newest first', async () => {
    const { error } = await shop.refused('POST /v1/charges', {
      amount: 999,
      currency: 'usd',
      source: 'tok_chargeDeclined',
    })
    const { data } = await shop.made('GET /v1/charges', { limit: 1 })
    assert.deepEqual(
      data.map(({ id }) => id),
      [error.charge],
    )
  })

  it('moves no money', async () => {
    const balance = async () => JSON.stringify(await shop.made('GET /v1/balance'))
    const before = await balance()
    await shop.refused('POST /v1/charges', { amount: 999, currency: 'usd', source: 'tok_chargeDeclined' })
    await shop.refused('POST /v1/charges', { amount: 999, currency: 'usd', source: 'tok_radarBlock', capture: false })
    assert.equal(await balance(), before)
    assert.deepEqual((await shop.made('GET /v1/balance_transactions')).data, [])
  })

  it('cannot be captured or refunded', async () => {
    const { error } = await shop.refused('POST /v1/charges', {
      amount: 999,
      currency: 'usd',
      source: 'tok_chargeDeclined',
      capture: false,
    })
    const capture = await shop.refused(`POST /v1/charges/${error.charge}/capture`)
    assert.deepEqual([capture.status, capture.error.code], [400, 'charge_invalid_parameter'])
    const refund = await shop.refused('POST /v1/refunds', { charge: error.charge })
    assert.deepEqual([refund.status, refund.error.code], [400, 'charge_not_refundable'])
  })

  it('can still be annotated', async () => {
    const { error } = await shop.refused('POST /v1/charges', {
      amount: 999,
      currency: 'usd',
      source: 'tok_chargeDeclined',
    })
    const charge: Body = await shop.made(`POST /v1/charges/${error.charge}`, { metadata: { tried: 'twice' } })
    assert.deepEqual([charge.metadata, charge.status], [{ tried: 'twice' }, 'failed'])
  })

  it('of what was blocked leaves the checks unavailable; of what the bank declined they passed', async () => {
    const card = { exp_month: 12, exp_year: 2020, cvc: '123', address_zip: '94107' }
    const checksOf = async (number: string) => {
      const { error } = await shop.refused('POST /v1/charges', {
        amount: 999,
        currency: 'usd',
        card: { ...card, number },
      })
      return (await shop.made(`GET /v1/charges/${error.charge}`)).payment_method_details.card.checks
    }
    const checks = (cvc: string, zip: string) => ({
      address_line1_check: null,
      address_postal_code_check: zip,
      cvc_check: cvc,
    })
    assert.deepEqual(await checksOf('4100000000000019'), checks('unavailable', 'unavailable'))
    assert.deepEqual(await checksOf('4000000000000002'), checks('pass', 'pass'))
    assert.deepEqual(await checksOf('4000000000000127'), checks('fail', 'pass'))
  })
})
