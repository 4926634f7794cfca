import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { CardChecks } from '../../cards/card.ts'
import type { AuthorizationRequest } from '../acquirer.ts'
import { TEST_CARDS } from './cards.ts'
import { simulateAuthorization, simulator } from './simulator.ts'
import { builtInToken } from './tokens.ts'

const NOTHING_SENT = { cvc: false, line1: false, zip: false }
const ALL_SENT = { cvc: true, line1: true, zip: true }
const ALL_PASS: CardChecks = { cvc: 'pass', line1: 'pass', zip: 'pass' }
const NONE_CHECKED: CardChecks = { cvc: null, line1: null, zip: null }
const NOT_ASKED: CardChecks = { cvc: 'unavailable', line1: 'unavailable', zip: 'unavailable' }

const request = (pan: string, change: Partial<AuthorizationRequest> = {}): AuthorizationRequest => ({
  reference: 'ch_1',
  livemode: false,
  pan,
  expMonth: 5,
  expYear: 2020,
  sent: NOTHING_SENT,
  amount: 999,
  currency: 'usd',
  ...change,
})

const charge = (pan: string, change: Partial<AuthorizationRequest> = {}) => simulateAuthorization(request(pan, change))
const save = (pan: string, change: Partial<AuthorizationRequest> = {}) => charge(pan, { amount: 0, ...change })

const chargeToken = (name: string, amount = 999) => {
  const token = builtInToken(name, 1558000000)
  assert.ok(token)
  const sent = { cvc: true, line1: token.line1 !== null, zip: token.zip !== null }
  return simulateAuthorization(request(token.card.number, { sent, amount }))
}

describe('a card that declines', () => {
  const DECLINES = [
    ['4000000000000002', 'generic_decline', '01', null, 'try_again_later', 'on saving'],
    ['4000000000000341', 'generic_decline', '01', null, 'try_again_later', 'on payment'],
    ['4000000000009995', 'insufficient_funds', '51', '02', 'try_again_later', 'on saving'],
    ['4000000000009987', 'lost_card', '41', '01', 'do_not_try_again', 'on saving'],
    ['4000000000009979', 'stolen_card', '43', '01', 'do_not_try_again', 'on saving'],
    ['4000000000006975', 'card_velocity_exceeded', '61', '02', 'try_again_later', 'on saving'],
    ['4000000000000069', 'expired_card', '54', '03', 'confirm_card_data', 'on saving'],
    ['4000000000000119', 'processing_error', '06', null, 'try_again_later', 'on saving'],
    ['4000050000009958', 'insufficient_funds', '51', '02', 'try_again_later', 'on saving'],
    ['4000000003419878', 'lost_card', '41', '01', 'do_not_try_again', 'on payment'],
    ['4000000003419795', 'stolen_card', '43', '01', 'do_not_try_again', 'on payment'],
    ['4000002500003155', 'authentication_required', null, null, null, 'on payment'],
    ['4000002760003184', 'authentication_required', null, null, null, 'on payment'],
    ['4000003800000446', 'authentication_required', null, null, null, 'on payment'],
    ['4000008260003178', 'insufficient_funds', '51', '02', 'try_again_later', 'on payment'],
    ['4000000000003220', 'authentication_required', null, null, null, 'on payment'],
    ['4000000000003063', 'authentication_required', null, null, null, 'on payment'],
    ['4000008400001629', 'generic_decline', '01', null, 'try_again_later', 'on payment'],
    ['4000008400001280', 'generic_decline', '01', null, 'try_again_later', 'on payment'],
    ['4000582600000094', 'authentication_required', null, null, null, 'on payment'],
    ['4000582600000045', 'authentication_required', null, null, null, 'on payment'],
    ['4000582600000102', 'authentication_required', null, null, null, 'on payment'],
    ['4000582600000110', 'authentication_required', null, null, null, 'on payment'],
  ] as const
  for (const [pan, declineCode, networkDeclineCode, networkAdviceCode, adviceCode, when] of DECLINES) {
    const codes = { declineCode, networkDeclineCode, networkAdviceCode, adviceCode }

    it(`${pan} declines with ${declineCode}, ${when}, and what was sent is right`, () => {
      assert.deepEqual(charge(pan), { approved: false, checks: NONE_CHECKED, ...codes })
      assert.deepEqual(charge(pan, { sent: ALL_SENT }), { approved: false, checks: ALL_PASS, ...codes })
      assert.equal(save(pan).approved, when === 'on payment')
    })
  }

  it('4000000000000127 declines for its CVC, where one was sent', () => {
    const declined = charge('4000000000000127', { sent: ALL_SENT })
    assert.deepEqual(declined, {
      approved: false,
      checks: { cvc: 'fail', line1: 'pass', zip: 'pass' },
      declineCode: 'incorrect_cvc',
      networkDeclineCode: 'N7',
      networkAdviceCode: '03',
      adviceCode: 'confirm_card_data',
    })
    const withoutCvc = charge('4000000000000127', { sent: { cvc: false, line1: true, zip: true } })
    assert.equal(withoutCvc.approved, true)
    assert.equal(withoutCvc.checks.cvc, null)
    assert.equal(save('4000000000000127', { sent: ALL_SENT }).approved, false)
    assert.equal(save('4000000000000127').approved, true)
  })

  it('4000003800000446 pays once it is saved, 4000002760003184 never', () => {
    assert.equal(charge('4000003800000446', { storedCredential: true }).approved, true)
    assert.equal(charge('4000002760003184', { storedCredential: true }).approved, false)
  })

  it('is in this test, if it is in the table', () => {
    const tested = new Set<string>([...DECLINES.map(([pan]) => pan), '4000000000000127'])
    const declining = TEST_CARDS.filter((card) => card.behaviour.kind === 'decline').map((card) => card.number)
    assert.deepEqual(new Set(declining), tested)
  })
})

describe('a card whose checks fail', () => {
  const CHECKS = [
    ['4000000000000101', { cvc: 'fail', line1: 'pass', zip: 'pass' }],
    ['4000000000000036', { cvc: 'pass', line1: 'pass', zip: 'fail' }],
    ['4000000000000028', { cvc: 'pass', line1: 'fail', zip: 'pass' }],
    ['4000000000000010', { cvc: 'pass', line1: 'fail', zip: 'fail' }],
    ['4000000000000044', { cvc: 'pass', line1: 'unavailable', zip: 'unavailable' }],
    ['4000058400307872', { cvc: 'fail', line1: 'pass', zip: 'pass' }],
    ['4000058400306072', { cvc: 'pass', line1: 'pass', zip: 'fail' }],
  ] as const
  for (const [pan, checks] of CHECKS) {
    it(`${pan} is approved by its issuer with ${JSON.stringify(checks)}`, () => {
      const answer = charge(pan, { sent: ALL_SENT })
      assert.equal(answer.approved, true)
      assert.deepEqual(answer.checks, checks)
      assert.deepEqual(save(pan, { sent: ALL_SENT }).checks, checks)
    })
  }

  it('is checked for nothing that was not sent', () => {
    const datum = fc.record({ cvc: fc.boolean(), line1: fc.boolean(), zip: fc.boolean() })
    fc.assert(
      fc.property(fc.constantFrom(...TEST_CARDS), datum, fc.boolean(), (card, sent, livemode) => {
        const { checks } = charge(card.number, { sent, livemode })
        assert.deepEqual([checks.cvc !== null, checks.line1 !== null, checks.zip !== null], Object.values(sent))
      }),
    )
  })
})

describe('a card that succeeds', () => {
  const unremarkable = TEST_CARDS.filter((card) => card.behaviour.kind === 'approve')
  const anyRequest = fc.record({
    pan: fc.constantFrom(...unremarkable.map((card) => card.number)),
    expMonth: fc.integer({ min: 1, max: 12 }),
    expYear: fc.integer({ min: 2019, max: 2076 }),
    amount: fc.integer({ min: 0, max: 99_999_999 }),
    currency: fc.constantFrom('usd', 'eur', 'jpy'),
  })

  it('is approved whatever the amount, currency and expiry, and what was sent passes', () => {
    fc.assert(
      fc.property(anyRequest, ({ pan, ...change }) => {
        const answer = charge(pan, { ...change, sent: ALL_SENT })
        assert.ok(answer.approved)
        assert.deepEqual(answer.checks, ALL_PASS)
        assert.match(answer.authorizationCode, /^[0-9A-Z]{6}$/)
        assert.match(answer.networkTransactionId, /^[0-9]{15}$/)
      }),
    )
  })

  it('is answered the same when asked the same, and has its own ids when asked otherwise', () => {
    assert.deepEqual(charge('4242424242424242'), charge('4242424242424242'))
    const answers = Array.from({ length: 1000 }, (_, i) => charge('4242424242424242', { reference: `ch_${i}` }))
    const ids = answers.map((answer) => answer.approved && answer.networkTransactionId)
    assert.equal(new Set(ids).size, answers.length)
  })

  it('is approved if Radar lets it through', () => {
    for (const pan of ['4100000000000019', '4000000000004954']) {
      assert.equal(charge(pan).approved, true)
      assert.equal(save(pan).approved, true)
    }
  })

  it('is answered through the port', async () => {
    assert.deepEqual(await simulator().authorize(request('4242424242424242')), charge('4242424242424242'))
  })
})

describe('a card in the wrong mode', () => {
  const withoutNetworkCodes = { networkDeclineCode: null, networkAdviceCode: null, adviceCode: null }
  const refused = (declineCode: string) => ({ approved: false, checks: NOT_ASKED, declineCode, ...withoutNetworkCodes })

  it('is refused in test mode where it is no test card, on payment and on saving', () => {
    for (const pan of ['4111111111111111', '424242424242', '4000000000000267']) {
      assert.deepEqual(charge(pan, { sent: ALL_SENT }), refused('test_mode_live_card'))
      assert.deepEqual(save(pan, { sent: ALL_SENT }), refused('test_mode_live_card'))
    }
  })

  it('is refused in live mode where it is a test card, even one that declines', () => {
    for (const { number } of TEST_CARDS) {
      assert.deepEqual(charge(number, { sent: ALL_SENT, livemode: true }), refused('live_mode_test_card'))
    }
  })

  it('is never approved by the simulator in live mode', () => {
    const answer = charge('4111111111111111', { sent: ALL_SENT, livemode: true })
    assert.deepEqual(answer, refused('issuer_not_available'))
  })
})

describe('a built-in token that is charged', () => {
  it('shows that the CVC of tok_visa has passed', () =>
    assert.deepEqual(chargeToken('tok_visa').checks, { ...NONE_CHECKED, cvc: 'pass' }))

  const EFFECTS = [
    ['tok_cvcCheckFail', { cvc: 'fail', line1: null, zip: null }],
    ['tok_avsZipFail', { cvc: 'pass', line1: null, zip: 'fail' }],
    ['tok_avsLine1Fail', { cvc: 'pass', line1: 'fail', zip: null }],
    ['tok_avsFail', { cvc: 'pass', line1: 'fail', zip: 'fail' }],
    ['tok_avsUnchecked', { cvc: 'pass', line1: 'unavailable', zip: 'unavailable' }],
  ] as const
  for (const [name, checks] of EFFECTS) {
    it(`has the effect that ${name} names`, () => {
      const answer = chargeToken(name)
      assert.equal(answer.approved, true)
      assert.deepEqual(answer.checks, checks)
    })
  }

  it('declines for its CVC with tok_chargeDeclinedIncorrectCvc, though none was typed', () => {
    const answer = chargeToken('tok_chargeDeclinedIncorrectCvc')
    assert.ok(!answer.approved)
    assert.equal(answer.declineCode, 'incorrect_cvc')
  })

  it('can be saved and then fails with tok_chargeCustomerFail', () => {
    for (const name of ['tok_chargeCustomerFail', 'tok_visa_chargeCustomerFailLostCard']) {
      assert.equal(chargeToken(name, 0).approved, true)
      assert.equal(chargeToken(name).approved, false)
    }
  })
})
