import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Card, CardChecks } from '../cards/card.ts'
import type { Charge, Shipping } from './charge.ts'
import { decodeCharge, encodeCharge } from './encoding.ts'
import type { ChargeOutcome } from './outcome.ts'

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('', 'null', '{}'))
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary)
/** As what is read from text: with the prototype of every object. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record<T>(model, { noNullPrototype: true })

const amount = fc.nat(999_999_999_999)
const time = fc.integer({ min: 1_500_000_000, max: 4_000_000_000 })

const check = fc.constantFrom<CardChecks['cvc']>(null, 'pass', 'fail', 'unavailable', 'unchecked')

const card: fc.Arbitrary<Card> = record({
  id: text,
  fingerprint: text,
  brand: fc.constantFrom('visa', 'amex', 'unknown'),
  funding: fc.constantFrom('credit', 'debit', 'prepaid', 'unknown'),
  country: fc.constantFrom('US', 'JP'),
  last4: text,
  expMonth: fc.integer({ min: 1, max: 12 }),
  expYear: fc.integer({ min: 2019, max: 2099 }),
  name: maybe(text),
  address: record({
    line1: maybe(text),
    line2: maybe(text),
    city: maybe(text),
    state: maybe(text),
    zip: maybe(text),
    country: maybe(text),
  }),
  checks: record({ cvc: check, line1: check, zip: check }),
  currency: fc.constantFrom(null, 'usd'),
})

const outcome: fc.Arbitrary<ChargeOutcome> = record({
  type: fc.constantFrom('authorized', 'issuer_declined', 'blocked'),
  networkStatus: fc.constantFrom('approved_by_network', 'declined_by_network', 'not_sent_to_network'),
  reason: maybe(text),
  riskLevel: fc.constantFrom('normal', 'elevated', 'highest'),
  riskScore: fc.nat(99),
  rule: maybe(text),
  sellerMessage: fc.oneof(text, fc.constant('Payment complete.')),
  adviceCode: fc.constantFrom(null, 'try_again_later'),
  networkAdviceCode: maybe(text),
  networkDeclineCode: maybe(text),
})

const shipping: fc.Arbitrary<Shipping> = record({
  address: record({
    city: maybe(text),
    country: maybe(text),
    line1: maybe(text),
    line2: maybe(text),
    postal_code: maybe(text),
    state: maybe(text),
  }),
  carrier: maybe(text),
  name: text,
  phone: maybe(text),
  tracking_number: maybe(text),
})

const charge: fc.Arbitrary<Charge> = record({
  id: text,
  created: time,
  state: fc.constantFrom('failed', 'authorized', 'captured', 'released'),
  amount,
  currency: fc.constantFrom('usd', 'jpy'),
  amountCaptured: amount,
  amountRefunded: amount,
  amountReleased: amount,
  releaseIsRefund: fc.boolean(),
  refundCount: fc.nat(3),
  customer: maybe(text),
  dispute: maybe(text),
  amountInquired: amount,
  amountWithheld: amount,
  earlyFraudWarning: maybe(text),
  source: fc.constant(null),
  card,
  outcome,
  failure: maybe(record({ code: text, message: text })),
  authorization: maybe(record({ code: text, networkTransactionId: text })),
  balanceTransaction: maybe(text),
  fundsAvailableOn: maybe(time),
  description: maybe(text),
  metadata: fc.dictionary(fc.oneof(text, fc.constantFrom('constructor', '__proto__', 'toString')), text, {
    noNullPrototype: true,
  }),
  receiptEmail: maybe(text),
  receiptSecret: maybe(text),
  shipping: maybe(shipping),
  statementDescriptor: maybe(text),
  statementDescriptorSuffix: maybe(text),
  calculatedStatementDescriptor: text,
  transferGroup: maybe(text),
  userReport: fc.constantFrom(null, 'safe', 'fraudulent'),
  stripeReport: fc.constantFrom(null, 'fraudulent'),
})

const PLAIN: Charge = {
  id: 'ch_1',
  created: 1_558_000_000,
  state: 'captured',
  amount: 999,
  currency: 'usd',
  amountCaptured: 999,
  amountRefunded: 0,
  amountReleased: 0,
  releaseIsRefund: false,
  refundCount: 0,
  customer: null,
  dispute: null,
  amountInquired: 0,
  amountWithheld: 0,
  earlyFraudWarning: null,
  source: null,
  card: {
    id: 'card_1',
    fingerprint: 'Xt5EWLLDS7FJjR1c',
    brand: 'visa',
    funding: 'credit',
    country: 'US',
    last4: '4242',
    expMonth: 8,
    expYear: 2020,
    name: null,
    address: { line1: null, line2: null, city: null, state: null, zip: null, country: null },
    checks: { cvc: null, line1: null, zip: null },
    currency: null,
  },
  outcome: {
    type: 'authorized',
    networkStatus: 'approved_by_network',
    reason: null,
    riskLevel: 'normal',
    riskScore: 20,
    rule: null,
    sellerMessage: 'Payment complete.',
    adviceCode: null,
    networkAdviceCode: null,
    networkDeclineCode: null,
  },
  failure: null,
  authorization: { code: '123456', networkTransactionId: '1' },
  balanceTransaction: 'txn_1',
  fundsAvailableOn: 1_558_310_400,
  description: null,
  metadata: {},
  receiptEmail: null,
  receiptSecret: 'secret',
  shipping: null,
  statementDescriptor: null,
  statementDescriptorSuffix: null,
  calculatedStatementDescriptor: 'KOBAN TEST',
  transferGroup: null,
  userReport: null,
  stripeReport: null,
}

describe('a charge as text', () => {
  it('is read as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(charge, (charge) => assert.deepEqual(decodeCharge(encodeCharge(charge)), charge)),
      { numRuns: 2000 },
    )
  })

  it('does not hold what is as usual', () => {
    const written = JSON.parse(encodeCharge(PLAIN))
    assert.deepEqual(written, {
      id: 'ch_1',
      created: 1_558_000_000,
      amount: 999,
      currency: 'usd',
      amountCaptured: 999,
      card: {
        id: 'card_1',
        fingerprint: 'Xt5EWLLDS7FJjR1c',
        brand: 'visa',
        funding: 'credit',
        country: 'US',
        last4: '4242',
        expMonth: 8,
        expYear: 2020,
      },
      outcome: { riskScore: 20 },
      authorization: { code: '123456', networkTransactionId: '1' },
      balanceTransaction: 'txn_1',
      fundsAvailableOn: 1_558_310_400,
      receiptSecret: 'secret',
      calculatedStatementDescriptor: 'KOBAN TEST',
    })
    assert.deepEqual(decodeCharge(encodeCharge(PLAIN)), PLAIN)
  })

  it('holds a hash whole as soon as one member is not as usual', () => {
    const card = { ...PLAIN.card, checks: { cvc: 'pass', line1: null, zip: null } } as const
    const written = JSON.parse(encodeCharge({ ...PLAIN, card }))
    assert.deepEqual(written.card.checks, { cvc: 'pass', line1: null, zip: null })
    assert.equal('address' in written.card, false)
  })
})
