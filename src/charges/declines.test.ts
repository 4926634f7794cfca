import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { errorBody, errors } from '../errors.ts'
import { turnBackError } from '../http/versions/chain.ts'
import { DECLINES, type DeclineReason } from '../network/simulator/declines.ts'
import { declineText } from './declines.ts'
import { answered, blocked } from './outcome.ts'

const NORMAL = { level: 'normal', score: 20, alwaysBlocked: false } as const
const HIGHEST = { level: 'highest', score: 90, alwaysBlocked: true } as const
const CHECKS = { cvc: 'pass', line1: null, zip: null } as const
const LENIENT = { cvcFailure: false, avsFailure: false }
const STRICT = { cvcFailure: true, avsFailure: true }

const DECLINED = 'Your card was declined.'
const CVC = "Your card's security code is incorrect."
const ZIP =
  'Your card could not be authorized using the postal code provided. Please update the postal code, or contact your card issuer for further details.'

describe('the text of a decline', () => {
  // Stripe: declines; the order is that of the reference: code, decline code, message, param.
  const table: [declineCode: string, code: string, message: string, param?: string][] = [
    ['generic_decline', 'card_declined', DECLINED],
    ['insufficient_funds', 'card_declined', 'Your card has insufficient funds.'],
    ['fraudulent', 'card_declined', DECLINED],
    ['lost_card', 'card_declined', DECLINED],
    ['stolen_card', 'card_declined', DECLINED],
    [
      'card_velocity_exceeded',
      'card_declined',
      'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
    ],
    [
      'live_mode_test_card',
      'card_declined',
      'Your card was declined. Your request was in live mode, but used a known test card.',
    ],
    ['incorrect_cvc', 'incorrect_cvc', CVC, 'cvc'],
    ['expired_card', 'expired_card', 'Your card has expired.', 'exp_month'],
    [
      'processing_error',
      'processing_error',
      'An error occurred while processing your card. Try again in a little bit.',
    ],
    [
      'authentication_required',
      'authentication_required',
      'Your card was declined. This transaction requires authentication.',
    ],
    ['incorrect_zip', 'incorrect_zip', ZIP, 'address_zip'],
    ['incorrect_number', 'incorrect_number', 'Your card number is incorrect.', 'number'],
    ['a code of tomorrow', 'card_declined', DECLINED],
  ]
  for (const [declineCode, code, message, param] of table) {
    it(`${declineCode}: ${code}, ${message}`, () => {
      assert.deepEqual(declineText(declineCode), { code, message, ...(param && { param }) })
    })
  }
})

/** The members of the error that a merchant gets for an issuer's no, in the order in which they are sent. */
function errorOf({ declineCode, ...advice }: DeclineReason, version: string) {
  const { code, message, param } = declineText(declineCode)
  const { error } = errorBody(errors.cardDeclined(code, declineCode, message, param, { charge: 'ch_1', ...advice }))
  turnBackError(error, version)
  return JSON.stringify(error, null, 1).replaceAll('\n', '')
}

describe('a declined charge', () => {
  it('in the newest version names what the network said', () => {
    assert.equal(
      errorOf(DECLINES.insufficientFunds, '2026-10-28.endive'),
      '{ "advice_code": "try_again_later", "charge": "ch_1", "code": "card_declined",' +
        ' "decline_code": "insufficient_funds",' +
        ' "doc_url": "https://stripe.com/docs/error-codes/card-declined",' +
        ' "message": "Your card has insufficient funds.", "network_advice_code": "02",' +
        ' "network_decline_code": "51", "type": "card_error"}',
    )
    assert.equal(
      errorOf(DECLINES.expiredCard, '2026-10-28.endive'),
      '{ "advice_code": "confirm_card_data", "charge": "ch_1", "code": "expired_card",' +
        ' "decline_code": "expired_card",' +
        ' "doc_url": "https://stripe.com/docs/error-codes/expired-card",' +
        ' "message": "Your card has expired.", "network_advice_code": "03",' +
        ' "network_decline_code": "54", "param": "exp_month", "type": "card_error"}',
    )
  })

  it('leaves out what the network did not say', () => {
    assert.equal(
      errorOf(DECLINES.authenticationRequired, '2026-10-28.endive'),
      '{ "charge": "ch_1", "code": "authentication_required", "decline_code": "authentication_required",' +
        ' "doc_url": "https://stripe.com/docs/error-codes/authentication-required",' +
        ' "message": "Your card was declined. This transaction requires authentication.", "type": "card_error"}',
    )
  })

  it('in 2019-05-16 has no decline code beside a code that says the same', () => {
    const declineCodeOf = (reason: DeclineReason) => JSON.parse(errorOf(reason, '2019-05-16')).decline_code
    assert.equal(declineCodeOf(DECLINES.expiredCard), undefined)
    assert.equal(declineCodeOf(DECLINES.incorrectCvc), undefined)
    assert.equal(declineCodeOf(DECLINES.processingError), undefined)
    assert.equal(declineCodeOf(DECLINES.generic), 'generic_decline')
    assert.equal(declineCodeOf(DECLINES.authenticationRequired), 'authentication_required')
  })

  it('is a 402, with doc_url', () => {
    const error = errors.cardDeclined('card_declined', 'lost_card', DECLINED, undefined, { charge: 'ch_1' })
    assert.equal(error.fields.status, 402)
    assert.equal(errorBody(error).error.doc_url, 'https://stripe.com/docs/error-codes/card-declined')
    assert.equal('param' in JSON.parse(JSON.stringify(errorBody(error).error)), false)
  })
})

describe('the outcome of a payment', () => {
  const NO_ADVICE = { adviceCode: null, networkAdviceCode: null, networkDeclineCode: null }
  const approval = { approved: true, authorizationCode: '123456', networkTransactionId: '1' } as const

  it('authorized', () => {
    assert.deepEqual(answered(NORMAL, { ...approval, checks: CHECKS }, STRICT), {
      declineCode: null,
      outcome: {
        type: 'authorized',
        networkStatus: 'approved_by_network',
        reason: null,
        riskLevel: 'normal',
        riskScore: 20,
        rule: null,
        sellerMessage: 'Payment complete.',
        ...NO_ADVICE,
      },
    })
  })

  const table: [reason: DeclineReason, message: string][] = [
    [DECLINES.generic, 'The bank did not return any further details with this decline.'],
    [DECLINES.insufficientFunds, 'The bank returned the decline code `insufficient_funds`.'],
    [DECLINES.expiredCard, 'The bank returned the decline code `expired_card`.'],
    [DECLINES.incorrectCvc, 'The bank returned the decline code `incorrect_cvc`.'],
    [DECLINES.processingError, 'The bank returned the decline code `processing_error`.'],
    [DECLINES.authenticationRequired, 'The bank returned the decline code `authentication_required`.'],
    [DECLINES.stolenCard, 'The bank returned the decline code `stolen_card`.'],
  ]
  for (const [reason, sellerMessage] of table) {
    it(`declined by the issuer: ${sellerMessage}`, () => {
      const { declineCode, ...advice } = reason
      assert.deepEqual(answered(NORMAL, { approved: false, checks: CHECKS, ...reason }, LENIENT), {
        declineCode,
        outcome: {
          type: 'issuer_declined',
          networkStatus: 'declined_by_network',
          reason: declineCode,
          riskLevel: 'normal',
          riskScore: 20,
          rule: null,
          sellerMessage,
          ...advice,
        },
      })
    })
  }

  it('blocked before the network was asked: the shopper reads of a decline only', () => {
    const { outcome, declineCode } = blocked(HIGHEST)
    assert.deepEqual(outcome, {
      type: 'blocked',
      networkStatus: 'not_sent_to_network',
      reason: 'highest_risk_level',
      riskLevel: 'highest',
      riskScore: 90,
      rule: 'block_if_high_risk',
      sellerMessage: 'Stripe blocked this payment as too risky.',
      ...NO_ADVICE,
    })
    assert.deepEqual(declineText(declineCode ?? ''), { code: 'card_declined', message: DECLINED })
  })

  it('reversed after approval, where the account insists on a check that failed', () => {
    const verdictOf = (checks: typeof FAILED_CVC | typeof FAILED_ZIP, declineOn: typeof STRICT) =>
      answered(NORMAL, { ...approval, checks }, declineOn)
    const FAILED_CVC = { ...CHECKS, cvc: 'fail' } as const
    const FAILED_ZIP = { ...CHECKS, zip: 'fail' } as const

    for (const [checks, declineCode] of [
      [FAILED_CVC, 'incorrect_cvc'],
      [FAILED_ZIP, 'incorrect_zip'],
    ] as const) {
      const { outcome, ...verdict } = verdictOf(checks, STRICT)
      assert.equal(verdict.declineCode, declineCode)
      assert.equal(outcome.type, 'blocked')
      assert.equal(outcome.networkStatus, 'reversed_after_approval')
      assert.equal(outcome.reason, declineCode)
      assert.equal(verdictOf(checks, LENIENT).declineCode, null)
    }
    assert.equal(verdictOf(FAILED_ZIP, { cvcFailure: true, avsFailure: false }).declineCode, null)
  })
})
