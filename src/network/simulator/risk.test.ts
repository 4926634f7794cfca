import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { TEST_CARDS } from './cards.ts'
import { assessTestCard } from './risk.ts'

describe('the risk of a test card', () => {
  it('is the highest for two cards, of which one is blocked even without the rule', () => {
    const always = assessTestCard('4100000000000019')
    assert.equal(always.level, 'highest')
    assert.equal(always.alwaysBlocked, true)
    const byRule = assessTestCard('4000000000004954')
    assert.equal(byRule.level, 'highest')
    assert.equal(byRule.alwaysBlocked, false)
    for (const { score } of [always, byRule]) assert.ok(score >= 75 && score <= 99)
    assert.equal(TEST_CARDS.filter((card) => assessTestCard(card.number).level === 'highest').length, 2)
  })

  it('is elevated for three cards, below the highest', () => {
    const elevated = TEST_CARDS.filter((card) => assessTestCard(card.number).level === 'elevated')
    assert.deepEqual(
      elevated.map(({ number }) => number),
      ['4000058400307872', '4000058400306072', '4000000000009235'],
    )
    for (const { number } of elevated) {
      const { score, alwaysBlocked } = assessTestCard(number)
      assert.ok(score >= 65 && score <= 74)
      assert.equal(alwaysBlocked, false)
    }
  })

  it('is normal for any other number, below 65 and the same each time', () => {
    const anyNumber = fc.stringMatching(/^[0-9]{12,19}$/)
    const anyCard = fc.constantFrom(...TEST_CARDS.filter(({ risk }) => risk === 'normal').map(({ number }) => number))
    fc.assert(
      fc.property(fc.oneof(anyNumber, anyCard), (pan) => {
        const risk = assessTestCard(pan)
        assert.equal(risk.level, 'normal')
        assert.ok(risk.score >= 0 && risk.score <= 64 && Number.isInteger(risk.score))
        assert.deepEqual(assessTestCard(pan), risk)
      }),
    )
  })

  it('spreads the scores over the whole range', () => {
    const scores = new Set(Array.from({ length: 2000 }, (_, i) => assessTestCard(String(4242424242420000 + i)).score))
    assert.equal(scores.size, 65)
  })
})
