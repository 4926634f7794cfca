import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StripeError } from '../errors.ts'
import {
  INTERVALS,
  type PayoutSettings,
  paydayFrom,
  STANDARD_PAYOUTS,
  updatePayoutSettings,
  WEEKDAYS,
} from './schedule.ts'

const DAY = 86_400
const at = (instant: string) => Date.parse(`${instant}Z`) / 1000
const dateOf = (seconds: number | null) => seconds && new Date(seconds * 1000).toISOString().slice(0, 10)

const weekly = (weeklyAnchor: PayoutSettings['weeklyAnchor']): PayoutSettings => ({
  ...STANDARD_PAYOUTS,
  interval: 'weekly',
  weeklyAnchor,
})
const monthly = (monthlyAnchor: number): PayoutSettings => ({ ...STANDARD_PAYOUTS, interval: 'monthly', monthlyAnchor })

describe('the day of the next automatic payout', () => {
  const table: [settings: PayoutSettings, country: string, from: string, payday: string | null, why: string][] = [
    [STANDARD_PAYOUTS, 'US', '2025-06-05T00:00:00', '2025-06-05', 'daily: midnight of a business day is that day'],
    [STANDARD_PAYOUTS, 'US', '2025-06-05T00:00:01', '2025-06-06', 'a second later it is the next'],
    [STANDARD_PAYOUTS, 'US', '2025-06-07T00:00:00', '2025-06-09', 'Saturday → Monday'],
    [STANDARD_PAYOUTS, 'US', '2025-07-04T00:00:00', '2025-07-07', 'Independence Day → Monday'],
    [STANDARD_PAYOUTS, 'JP', '2025-05-03T00:00:00', '2025-05-07', 'over the Golden Week'],
    [STANDARD_PAYOUTS, 'DE', '2025-04-18T00:00:00', '2025-04-22', 'over Easter'],
    [STANDARD_PAYOUTS, 'AU', '2025-04-26T00:00:00', '2025-04-28', 'no holidays are known: over the weekend'],
    [weekly('friday'), 'US', '2025-06-05T10:00:00', '2025-06-06', 'Thursday → Friday'],
    [weekly('friday'), 'US', '2025-06-06T00:00:00', '2025-06-06', 'Friday itself'],
    [weekly('friday'), 'US', '2025-06-06T00:00:01', '2025-06-13', 'a second later: a week'],
    [weekly('friday'), 'US', '2025-07-04T00:00:00', '2025-07-07', 'a holiday: Monday'],
    [weekly('friday'), 'US', '2025-07-05T00:00:00', '2025-07-07', 'the anchor has passed, its payday has not'],
    [weekly('saturday'), 'US', '2025-06-05T00:00:00', '2025-06-09', 'a weekend: Monday'],
    [monthly(31), 'US', '2025-02-01T00:00:00', '2025-02-28', 'cut to the last of the month'],
    [monthly(31), 'US', '2025-05-30T00:00:00', '2025-06-02', 'a Saturday: Monday, in the next month'],
    [monthly(31), 'US', '2025-06-01T00:00:00', '2025-06-02', 'seen from the next month'],
    [monthly(1), 'US', '2025-12-31T00:00:00', '2026-01-02', 'over the New Year'],
    [{ ...STANDARD_PAYOUTS, interval: 'manual' }, 'US', '2025-06-05T00:00:00', null, 'manual: never'],
  ]
  for (const [settings, country, from, payday, why] of table) {
    it(`${country} ${settings.interval}, ${from} → ${payday} (${why})`, () =>
      assert.equal(dateOf(paydayFrom(settings, country, at(from))), payday))
  }

  it('is midnight UTC of a weekday, not past, and itself a payday; no later time has an earlier one', () => {
    const settings = fc.oneof(
      fc.constant(STANDARD_PAYOUTS),
      fc.constantFrom(...WEEKDAYS).map(weekly),
      fc.integer({ min: 1, max: 31 }).map(monthly),
    )
    const instant = fc.integer({ min: at('2019-01-01T00:00:00'), max: at('2099-01-01T00:00:00') })
    const country = fc.constantFrom('US', 'GB', 'JP', 'DE', 'AU')
    fc.assert(
      fc.property(settings, country, instant, fc.nat(40 * DAY), (settings, country, from, later) => {
        const payday = paydayFrom(settings, country, from) ?? assert.fail('it is paid some day')
        assert.ok(payday >= from && payday % DAY === 0 && payday < from + 45 * DAY)
        assert.ok(![0, 6].includes(new Date(payday * 1000).getUTCDay()))
        assert.equal(paydayFrom(settings, country, payday), payday)
        assert.ok((paydayFrom(settings, country, from + later) ?? 0) >= payday)
      }),
    )
  })
})

describe('settings of payouts', () => {
  it('are never half a schedule, whatever is asked for', () => {
    const change = fc.record(
      {
        interval: fc.constantFrom(...INTERVALS),
        delayDays: fc.option(fc.integer({ min: 0, max: 40 })),
        weeklyAnchor: fc.constantFrom(...WEEKDAYS),
        monthlyAnchor: fc.integer({ min: 1, max: 40 }),
        debitNegativeBalances: fc.boolean(),
        statementDescriptor: fc.option(fc.constant('KOBAN')),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(change), fc.constantFrom('US', 'JP', 'AU'), (changes, country) => {
        let settings = STANDARD_PAYOUTS
        for (const one of changes) {
          const after = updatePayoutSettings(settings, one, country)
          if (after instanceof StripeError) continue
          settings = after
          const payday = paydayFrom(settings, country, at('2025-06-05T00:00:00'))
          assert.equal(payday === null, settings.interval === 'manual')
          assert.ok(settings.delayDays === null || (settings.delayDays >= 2 && settings.delayDays <= 31))
        }
      }),
    )
  })
})
