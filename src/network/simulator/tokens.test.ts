import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { BuiltInToken } from '../test-cards.ts'
import { BUILT_IN_TOKEN_NAMES, builtInToken, tokenNamesOf } from './tokens.ts'

const NOW = Date.parse('2019-05-16T12:00:00Z') / 1000

function token(name: string): BuiltInToken {
  const found = builtInToken(name, NOW)
  assert.ok(found, name)
  return found
}

describe('a built-in token', () => {
  const LAST_DIGITS = [
    ['tok_visa', '4242424242424242'],
    ['tok_us', '4242424242424242'],
    ['tok_visa_debit', '5556'],
    ['tok_mastercard', '4444'],
    ['tok_mastercard_debit', '8210'],
    ['tok_mastercard_prepaid', '5100'],
    ['tok_amex', '8431'],
    ['tok_discover', '1117'],
    ['tok_diners', '3056930009020004'],
    ['tok_jcb', '0505'],
    ['tok_unionpay', '0005'],
    ['tok_visa_cartesBancaires', '4000002500001001'],
    ['tok_mx', '8001'],
    ['tok_gb', '4000008260000000'],
    ['tok_gb_debit', '4000058260000005'],
    ['tok_gb_mastercard', '4449'],
    ['tok_th_credit', '4000007640000003'],
    ['tok_th_debit', '4000057640000008'],
    ['tok_jp', '4000003920000003'],
    ['tok_chargeDeclined', '4000000000000002'],
    ['tok_visa_chargeDeclined', '4000000000000002'],
    ['tok_chargeDeclinedInsufficientFunds', '9995'],
    ['tok_visa_chargeDeclinedInsufficientFunds', '9995'],
    ['tok_visa_chargeDeclinedLostCard', '9987'],
    ['tok_visa_chargeDeclinedStolenCard', '9979'],
    ['tok_chargeDeclinedExpiredCard', '0069'],
    ['tok_visa_chargeDeclinedExpiredCard', '0069'],
    ['tok_chargeDeclinedIncorrectCvc', '0127'],
    ['tok_chargeDeclinedProcessingError', '0119'],
    ['tok_visa_chargeDeclinedVelocityLimitExceeded', '6975'],
    ['tok_chargeCustomerFail', '0341'],
    ['tok_visa_chargeCustomerFail', '0341'],
    ['tok_chargeDeclinedFraudulent', '0019'],
    ['tok_radarBlock', '0019'],
    ['tok_riskLevelHighest', '4954'],
    ['tok_cvcCheckFail', '0101'],
    ['tok_avsZipFail', '0036'],
    ['tok_avsLine1Fail', '0028'],
    ['tok_avsFail', '4000000000000010'],
    ['tok_avsUnchecked', '0044'],
    ['tok_threeDSecure2Required', '3220'],
    ['tok_amex_threeDSecureNotSupported', '378282246310005'],
    ['tok_riskLevelElevated', '9235'],
    ['tok_cvcCheckFailElevatedRisk', '7872'],
    ['tok_avsZipFailElevatedRisk', '6072'],
    ['tok_createDispute', '0259'],
    ['tok_visa_createDisputeInquiry', '1976'],
    ['tok_pendingRefund', '7726'],
    ['tok_bypassPending', '0077'],
  ] as const
  for (const [name, lastDigits] of LAST_DIGITS) {
    it(`${name} is the card …${lastDigits}`, () => assert.ok(token(name).card.number.endsWith(lastDigits)))
  }

  it('expires in the current month of next year', () => {
    assert.deepEqual([token('tok_visa').expMonth, token('tok_visa').expYear], [5, 2020])
    const inDecember = builtInToken('tok_visa', Date.parse('2026-12-31T23:59:59Z') / 1000)
    assert.deepEqual([inDecember?.expMonth, inDecember?.expYear], [12, 2027])
  })

  it('is found by its exact name only', () => {
    for (const name of ['tok_Visa', 'TOK_VISA', 'tok_visa ', 'visa', 'tok_', 'tok_chargedeclined', 'tok_zz', '']) {
      assert.equal(builtInToken(name, NOW), undefined, name)
    }
    for (const name of ['constructor', '__proto__', 'tok_toString']) assert.equal(builtInToken(name, NOW), undefined)
  })

  it('has all the names of its card', () => {
    assert.deepEqual(tokenNamesOf('4000000000000259'), ['tok_createDispute', 'tok_visa_createDispute'])
    assert.deepEqual(tokenNamesOf('4012888888881881'), [])
  })

  it('is absent where Stripe has none', () => {
    for (const name of ['tok_sa', 'tok_th', 'tok_authenticationRequired', 'pm_card_visa']) {
      assert.equal(builtInToken(name, NOW), undefined, name)
    }
  })

  it('has a name of its own', () => assert.equal(new Set(BUILT_IN_TOKEN_NAMES).size, BUILT_IN_TOKEN_NAMES.length))

  it('is a card of the country that it is named after', () => {
    const countries = BUILT_IN_TOKEN_NAMES.filter((name) => /^tok_[a-z]{2}(_|$)/.test(name))
    assert.ok(countries.length > 55)
    for (const name of countries) assert.equal(token(name).card.country, name.slice(4, 6).toUpperCase(), name)
  })
})

describe('what a built-in token carries to be checked', () => {
  it('is nothing beside the CVC for most', () => {
    const { line1, zip } = token('tok_visa')
    assert.deepEqual([line1, zip], [null, null])
  })

  it('is what the failure in its name needs', () => {
    for (const name of ['tok_avsZipFail', 'tok_avsFail', 'tok_avsUnchecked']) assert.ok(token(name).zip, name)
    for (const name of ['tok_avsLine1Fail', 'tok_avsFail', 'tok_avsUnchecked']) assert.ok(token(name).line1, name)
    assert.ok(token('tok_avsZipFailElevatedRisk').zip)
    assert.equal(token('tok_avsZipFail').line1, null)
    assert.equal(token('tok_avsLine1Fail').zip, null)
  })
})
