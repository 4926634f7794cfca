import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { refund as refundCharge } from '../charges/charge.ts'
import { decodeCharge } from '../charges/encoding.ts'
import { decodeRefund, encodeRefund } from './encoding.ts'
import { fail, succeed } from './result.ts'

const NOW = 1_558_000_000

/** A charge of 1,000 whose funds become available tomorrow. */
const CHARGE = decodeCharge(
  JSON.stringify({
    id: 'ch_1',
    created: NOW,
    amount: 1000,
    currency: 'usd',
    amountCaptured: 1000,
    balanceTransaction: 'txn_1',
    fundsAvailableOn: NOW + 86_400,
    card: { id: 'card_1', fingerprint: 'f', brand: 'visa', funding: 'credit', country: 'US', last4: '7726' },
    outcome: { riskScore: 20 },
    calculatedStatementDescriptor: 'KOBAN TEST',
  }),
)

const refunded = (amount: number | null, isPending = false) => {
  const wanted = { id: 're_1', amount, reason: null, metadata: {}, transaction: 'txn_2', isPending }
  const decision = refundCharge(CHARGE, wanted, [], NOW)
  assert.ok(!decision.refused)
  return decision.value
}

const FAILURE = { reason: 'expired_or_canceled_card', transaction: 'txn_3' } as const

describe('a pending refund', () => {
  it('succeeds, which moves no money and is told in both words', () => {
    const { refund } = refunded(400, true)
    assert.equal(refund.status, 'pending')
    const decision = succeed(refund)
    assert.ok(!decision.refused)
    const after = { ...refund, status: 'succeeded' as const }
    assert.deepEqual(decision.value, after)
    assert.deepEqual(decision.transactions, [])
    assert.deepEqual(decision.events, [
      { type: 'refund.updated', object: 'refund', before: refund, after },
      { type: 'charge.refund.updated', object: 'refund', before: refund, after },
    ])
  })

  it('succeeds once, and not after it has failed', () => {
    const { charge, refund } = refunded(400, true)
    assert.throws(() => succeed(refunded(400).refund))
    const failed = fail(charge, refund, FAILURE, NOW)
    assert.ok(!failed.refused)
    assert.throws(() => succeed(failed.value.refund))
  })
})

describe('a refund that fails', () => {
  it('is told of first, then what changed', () => {
    const { charge, refund } = refunded(400)
    const decision = fail(charge, refund, FAILURE, NOW + 5)
    assert.ok(!decision.refused)
    const { refund: after } = decision.value
    assert.deepEqual(after, {
      ...refund,
      status: 'failed',
      failureReason: 'expired_or_canceled_card',
      failureBalanceTransaction: 'txn_3',
    })
    assert.deepEqual(decodeRefund(encodeRefund(after)), after)
    assert.deepEqual(decision.events, [
      { type: 'refund.failed', object: 'refund', before: null, after },
      { type: 'refund.updated', object: 'refund', before: refund, after },
      { type: 'charge.refund.updated', object: 'refund', before: refund, after },
    ])
  })

  it('leaves the charge as if it had not been made, and the money available, at any time and of any part', () => {
    const seconds = fc.integer({ min: 0, max: 40 * 86_400 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), seconds, fc.boolean(), (amount, later, isPending) => {
        const { charge, refund } = refunded(amount, isPending)
        const decision = fail(charge, refund, FAILURE, NOW + later)
        assert.ok(!decision.refused)
        assert.deepEqual(decision.value.charge, { ...CHARGE, refundCount: 1 })
        const [back, ...more] = decision.transactions
        assert.deepEqual(more, [])
        assert.ok(back)
        assert.deepEqual([back.amount, back.fee, back.net, back.source], [amount, 0, amount, 're_1'])
        assert.deepEqual([back.type, back.reportingCategory], ['adjustment', 'refund_failure'])
        assert.deepEqual(back.postings, [
          { ledgerAccount: 'network', amount: -amount },
          { ledgerAccount: 'available', amount },
        ])
        assert.deepEqual([back.created, back.availableOn], [NOW + later, NOW + later])
      }),
    )
  })

  it('fails once, and only what moved money', () => {
    const { charge, refund } = refunded(400)
    const failed = fail(charge, refund, FAILURE, NOW)
    assert.ok(!failed.refused)
    assert.throws(() => fail(failed.value.charge, failed.value.refund, FAILURE, NOW))
    assert.throws(() => fail(charge, { ...refund, balanceTransaction: null }, FAILURE, NOW))
  })
})
