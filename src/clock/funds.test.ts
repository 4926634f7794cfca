import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Context } from '../operation.ts'
import { currencyOfFunds, FundsDays, scheduleFunds } from './funds.ts'

const DAY = 86_400
const MIDNIGHT = 1_558_051_200 // 2019-05-17
const NOON = MIDNIGHT - DAY / 2

function account(id = 'acct_1', fundsDays = new FundsDays()) {
  const at = (now: number, livemode = false) => ({ account: { id }, livemode, now, fundsDays }) as Context
  /** The days that are put on the list of due work. */
  const scheduled = (context: Context, availableOn: number, currency = 'usd') => {
    const { writes, committed } = scheduleFunds(context, { currency, availableOn })
    committed?.()
    const [due] = writes
    return due ? [due.values[2], due.values[4]] : null
  }
  return { at, scheduled, fundsDays }
}

describe('the day on which funds become available', () => {
  it('is put on the list once, for each currency and mode', () => {
    const { at, scheduled } = account()
    const day = MIDNIGHT / DAY + 3
    const due = MIDNIGHT + 3 * DAY
    assert.deepEqual(scheduled(at(NOON), due), [`usd:test:${day}`, due])
    assert.equal(scheduled(at(NOON + 60), due), null)
    assert.deepEqual(scheduled(at(NOON), due, 'eur'), [`eur:test:${day}`, due])
    assert.deepEqual(scheduled(at(NOON, true), due), [`usd:live:${day}`, due])
    assert.deepEqual(scheduled(at(NOON), due + DAY), [`usd:test:${day + 1}`, due + DAY])
    assert.equal(currencyOfFunds(`usd:test:${day}`), 'usd')
  })

  it('is the next one for what is available already, at midnight too', () => {
    for (const now of [NOON, MIDNIGHT - 1]) {
      const { at, scheduled } = account()
      assert.equal(scheduled(at(now), now)?.[1], MIDNIGHT)
      assert.equal(scheduled(at(now), now - 30 * DAY), null)
    }
    const { at, scheduled } = account()
    assert.equal(scheduled(at(MIDNIGHT), MIDNIGHT)?.[1], MIDNIGHT + DAY)
  })

  it('is forgotten where others have cleared the list, and is no other account’s', () => {
    const { at, scheduled, fundsDays } = account()
    const other = account('acct_2', fundsDays)
    assert(scheduled(at(NOON), MIDNIGHT))
    assert(other.scheduled(other.at(NOON), MIDNIGHT))
    fundsDays.forget()
    assert(scheduled(at(NOON), MIDNIGHT))
  })

  it('is known only once it is durable', () => {
    const { at, scheduled } = account()
    assert.equal(scheduleFunds(at(NOON), { currency: 'usd', availableOn: MIDNIGHT }).writes.length, 2)
    assert(scheduled(at(NOON), MIDNIGHT))
  })
})
