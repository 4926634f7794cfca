import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ApiObject } from '../answer.ts'
import { step } from './2022-11-15.ts'
import { alwaysExpanded, turnBackEvent } from './chain.ts'

/** `charge.refunded` of a charge whose refunds, newest first, are these now. */
function refundedEvent(refunds: string[], previous: Record<string, unknown>, type = 'charge.refunded') {
  const list = {
    object: 'list',
    data: refunds.map((id) => ({ id, object: 'refund' })),
    has_more: false,
    total_count: refunds.length,
    url: '/v1/charges/ch_1/refunds',
  }
  const charge = { id: 'ch_1', object: 'charge', refunds: list }
  const data = { object: charge, previous_attributes: previous }
  return { id: 'evt_1', object: 'event', data, type } satisfies ApiObject
}

describe('before 2022-11-15', () => {
  it('a charge carries its refunds without being asked', () => {
    assert.equal(step.version, '2022-11-15')
    assert.deepEqual(alwaysExpanded('2022-08-01', 'charge'), ['refunds'])
    assert.deepEqual(alwaysExpanded('2019-05-16', 'charge'), ['refunds'])
    assert.deepEqual(alwaysExpanded('2022-08-01', 'refund'), [])
  })

  it('the event of the first refund tells that there was none before it', () => {
    const event = refundedEvent(['re_1'], { amount_refunded: 0, refunded: false })
    turnBackEvent(event, '2022-08-01')
    assert.deepEqual(event.data.previous_attributes, {
      amount_refunded: 0,
      refunded: false,
      refunds: { data: [], total_count: 0 },
    })
  })

  it('the event of a later refund tells of those before it', () => {
    const event = refundedEvent(['re_2', 're_1'], { amount_refunded: 300 })
    turnBackEvent(event, '2019-05-16')
    assert.deepEqual(event.data.previous_attributes, {
      amount_refunded: 300,
      refunds: { data: [{ id: 're_1', object: 'refund' }], total_count: 1 },
    })
    assert.deepEqual(event.data.object.refunds.data.length, 2)
  })

  it('so does the capture in part, whose rest is a refund', () => {
    const event = refundedEvent(['re_1'], { amount_refunded: 0, captured: false }, 'charge.captured')
    turnBackEvent(event, '2019-05-16')
    assert.deepEqual(event.data.previous_attributes.refunds, { data: [], total_count: 0 })
  })

  it('other events of a charge with refunds have nothing to tell of them', () => {
    for (const event of [
      refundedEvent(['re_1'], { description: null }, 'charge.updated'),
      refundedEvent(['re_1'], { captured: false }, 'charge.captured'),
    ]) {
      turnBackEvent(event, '2019-05-16')
      assert.equal('refunds' in event.data.previous_attributes, false)
    }
  })
})

describe('from 2022-11-15 on', () => {
  it('a charge carries its refunds only when expanded', () => {
    for (const version of ['2022-11-15', '2025-02-24.acacia', '2026-10-28.endive']) {
      assert.deepEqual(alwaysExpanded(version, 'charge'), [])
    }
  })

  it('an event tells nothing of the list', () => {
    const event = refundedEvent(['re_1'], { amount_refunded: 0 })
    turnBackEvent(event, '2022-11-15')
    assert.deepEqual(event.data.previous_attributes, { amount_refunded: 0 })
  })
})
