import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { errorBody } from '../errors.ts'
import { decodeRefund, encodeRefund } from './encoding.ts'
import { REFUND_REASONS, type Refund, updateRefund } from './refund.ts'

const REFUND: Refund = Object.freeze({
  id: 're_1',
  charge: 'ch_1',
  created: 1_558_000_000,
  amount: 400,
  currency: 'usd',
  reason: 'requested_by_customer',
  metadata: Object.freeze({ ticket: '7', color: 'red' }),
  status: 'succeeded',
  balanceTransaction: 'txn_1',
})

describe('a refund', () => {
  it('has one of the reasons that a merchant can give', () => {
    assert.deepEqual(REFUND_REASONS, ['duplicate', 'fraudulent', 'requested_by_customer'])
  })

  it('is kept and read as it was', () => {
    const hold = { ...REFUND, reason: null, balanceTransaction: null, metadata: {} }
    for (const refund of [REFUND, hold]) assert.deepEqual(decodeRefund(encodeRefund(refund)), refund)
  })
})

describe('updating a refund', () => {
  it('merges its metadata, and tells of it in the old word and in the new', () => {
    const decision = updateRefund(REFUND, {
      clear: false,
      entries: [
        ['color', ''],
        ['size', 'L'],
      ],
    })
    assert.ok(!decision.refused)
    const after = { ...REFUND, metadata: { ticket: '7', size: 'L' } }
    assert.deepEqual(decision.value, after)
    assert.deepEqual(decision.transactions, [])
    assert.deepEqual(decision.events, [
      { type: 'charge.refund.updated', object: 'refund', before: REFUND, after },
      { type: 'refund.updated', object: 'refund', before: REFUND, after },
    ])
  })

  it('empties its metadata', () => {
    assert.deepEqual(updateRefund(REFUND, { clear: true, entries: [] }), {
      ...updateRefund(REFUND, {
        clear: false,
        entries: [
          ['ticket', ''],
          ['color', ''],
        ],
      }),
    })
  })

  it('leaves it as it was where nothing is said', () => {
    const decision = updateRefund(REFUND, undefined)
    assert.ok(!decision.refused)
    assert.deepEqual(decision.value, REFUND)
  })

  it('is refused where more than 50 keys would stand', () => {
    const entries = Array.from({ length: 49 }, (_, index) => [`key${index}`, 'x'] as const)
    const decision = updateRefund(REFUND, { clear: false, entries })
    assert.ok(decision.refused)
    assert.equal(
      JSON.stringify(errorBody(decision.refused)),
      `{"error":{"message":"Metadata can have up to 50 keys, but you've set 51. Email us at support+metadata@stripe.com for more information.","param":"metadata","type":"invalid_request_error"}}`,
    )
  })
})
