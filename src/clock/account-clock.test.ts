import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StripeError } from '../errors.ts'
import { type AccountClock, changed, LATEST, REAL_TIME, readDuration, timeOf } from './account-clock.ts'

const REAL = 1_790_000_000
const DAY = 86_400

describe('an account clock', () => {
  it('tells real time until somebody moves it', () => {
    assert.equal(timeOf(REAL_TIME, REAL), REAL)
  })

  it('runs on from where it was moved to', () => {
    const moved = changed(REAL_TIME, { advance: 8 * DAY }, REAL)
    assert.equal(timeOf(moved, REAL), REAL + 8 * DAY)
    assert.equal(timeOf(moved, REAL + 10), REAL + 8 * DAY + 10)
  })

  it('stands where it was frozen, moves when told to, and goes on from there', () => {
    const frozen = changed(REAL_TIME, { freeze: true }, REAL)
    assert.equal(timeOf(frozen, REAL + 1000), REAL)
    const moved = changed(frozen, { advance: 60 }, REAL + 1000)
    assert.equal(timeOf(moved, REAL + 2000), REAL + 60)
    const running = changed(moved, { resume: true }, REAL + 2000)
    assert.equal(timeOf(running, REAL + 2005), REAL + 65)
  })

  it('freezes at the time that it is moved to in the same breath', () => {
    const moved = changed(REAL_TIME, { freeze: true, to: REAL + DAY }, REAL)
    assert.deepEqual(moved, { offset: 0, frozenAt: REAL + DAY })
  })

  const refused: [string, Parameters<typeof changed>[1], RegExp][] = [
    ['to a time that has passed', { to: REAL - 1 }, /backwards/],
    ['beyond the end of time', { to: LATEST + 1 }, /later than/],
    ['by a span and to a time', { advance: 1, to: REAL + 1 }, /only specify one/],
    ['to stand and to run', { freeze: true, resume: true }, /only specify one/],
  ]
  for (const [how, change, text] of refused) {
    it(`cannot be moved ${how}`, () => {
      assert.throws(
        () => changed(REAL_TIME, change, REAL),
        (error) => error instanceof StripeError && text.test(error.message),
      )
    })
  }

  it('never goes backwards', () => {
    const step = fc.record(
      { advance: fc.nat(100 * DAY), freeze: fc.boolean(), passes: fc.nat(10_000) },
      { requiredKeys: ['advance', 'passes'] },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let clock: AccountClock = REAL_TIME
        let real = REAL
        let shown = timeOf(clock, real)
        for (const { advance, freeze, passes } of steps) {
          real += passes
          assert.ok(timeOf(clock, real) >= shown)
          clock = changed(clock, { advance, ...(freeze ? { freeze } : { resume: true }) }, real)
          shown = timeOf(clock, real)
        }
      }),
    )
  })
})

describe('a duration', () => {
  const rows: [string, number | null][] = [
    ['8d', 691_200],
    ['90m', 5400],
    ['36h', 129_600],
    ['30s', 30],
    ['604800', 604_800],
    ['0', 0],
    ['-1', null],
    ['1w', null],
    ['1.5h', null],
    ['', null],
  ]
  for (const [text, seconds] of rows)
    it(`${JSON.stringify(text)} is ${seconds}`, () => assert.equal(readDuration(text), seconds))
})
