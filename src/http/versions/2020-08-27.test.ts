import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { step } from './2020-08-27.ts'
import { alwaysExpanded, turnBack } from './chain.ts'

const BEFORE = '2020-03-02'
const FROM = '2020-08-27'

const charge = (three_d_secure: object | null) => ({
  id: 'ch_1',
  object: 'charge',
  payment_method_details: { card: { three_d_secure }, type: 'card' },
})

describe('before 2020-08-27', () => {
  it('a customer carries its lists without being asked', () => {
    assert.equal(step.version, FROM)
    for (const version of [BEFORE, '2019-05-16']) {
      assert.deepEqual(alwaysExpanded(version, 'customer'), ['sources', 'subscriptions', 'tax_ids'])
    }
  })

  for (const [result, authenticated, succeeded] of [
    ['authenticated', true, true],
    ['attempt_acknowledged', false, true],
    ['failed', false, false],
  ] as const) {
    it(`3-D Secure has two booleans beside its result: ${result}`, () => {
      const rendered = charge({ result, version: '2.1.0' })
      turnBack(rendered, BEFORE)
      assert.equal(
        JSON.stringify(rendered.payment_method_details.card.three_d_secure),
        JSON.stringify({ authenticated, result, succeeded, version: '2.1.0' }),
      )
    })
  }

  it('a charge without 3-D Secure has none', () => {
    const rendered = charge(null)
    turnBack(rendered, BEFORE)
    assert.equal(rendered.payment_method_details.card.three_d_secure, null)
  })
})

describe('from 2020-08-27 on', () => {
  it('a customer carries its lists only when expanded, and 3-D Secure its result', () => {
    assert.deepEqual(alwaysExpanded(FROM, 'customer'), [])
    const rendered = charge({ result: 'authenticated' })
    turnBack(rendered, FROM)
    assert.deepEqual(rendered.payment_method_details.card.three_d_secure, { result: 'authenticated' })
  })
})
