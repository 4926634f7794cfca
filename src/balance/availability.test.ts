import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { availableOn, standardDelayDays } from './availability.ts'

const at = (instant: string) => Date.parse(instant) / 1000
const dateOf = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10)
const after = (country: string, date: string, delayDays?: number) =>
  dateOf(
    availableOn({ country, capturedAt: at(`${date}T16:09:00Z`), ...(delayDays === undefined ? {} : { delayDays }) }),
  )

describe('when funds become available', () => {
  const table: [country: string, captured: string, available: string, why: string][] = [
    ['US', '2019-05-17', '2019-05-21', 'Friday → Tuesday'],
    ['US', '2019-05-16', '2019-05-20', 'Thursday → Monday'],
    ['US', '2019-05-14', '2019-05-16', 'Tuesday → Thursday'],
    ['US', '2019-05-19', '2019-05-21', 'Sunday → Tuesday'],
    ['US', '2019-05-18', '2019-05-21', 'Saturday → Tuesday'],
    ['US', '2025-02-13', '2025-02-18', "Thursday → Tuesday, over Presidents' Day"],
    ['US', '2019-10-11', '2019-10-16', 'Friday → Wednesday, over Columbus Day'],
    ['US', '2025-01-19', '2025-01-22', 'Sunday → Wednesday, over Martin Luther King Day'],
    ['US', '2024-12-31', '2025-01-03', 'over the New Year'],
    ['GB', '2019-05-16', '2019-05-21', 'Thursday → Tuesday'],
    ['GI', '2019-05-16', '2019-05-21', 'as in GB'],
    ['DE', '2026-04-01', '2026-04-08', 'Wednesday → Wednesday, over Easter'],
    ['NO', '2026-04-01', '2026-04-08', 'as in the EU'],
    ['JP', '2026-06-01', '2026-06-05', 'Monday → Friday'],
    ['JP', '2026-12-28', '2027-01-05', 'over the end of the year: 29, 30, 4, 5'],
    ['CA', '2019-05-16', '2019-05-23', 'seven calendar days'],
    ['AU', '2019-05-18', '2019-05-25', 'seven calendar days, a Saturday too'],
    ['BR', '2019-05-01', '2019-05-31', 'thirty calendar days'],
  ]
  for (const [country, captured, available, why] of table) {
    it(`${country}, ${captured} → ${available} (${why})`, () => assert.equal(after(country, captured), available))
  }

  it('is cut at midnight UTC', () => {
    const on = (instant: string) => availableOn({ country: 'US', capturedAt: at(instant) })
    assert.equal(on('2019-05-14T00:00:00Z'), at('2019-05-16T00:00:00Z'))
    assert.equal(on('2019-05-14T23:59:59Z'), at('2019-05-16T00:00:00Z'))
    assert.equal(on('2019-05-15T00:00:00Z'), at('2019-05-17T00:00:00Z'))
  })

  it("follows the account's delay_days where they are set", () => {
    assert.equal(standardDelayDays('US'), 2)
    assert.equal(standardDelayDays('ZZ'), 7)
    assert.equal(after('US', '2019-05-14', 5), '2019-05-21')
    assert.equal(after('CA', '2019-05-14', 5), '2019-05-19')
    assert.equal(after('US', '2019-05-14', 0), '2019-05-14')
    assert.throws(() => after('US', '2019-05-14', -1), /number of days/)
  })

  it('is midnight UTC of a weekday, later than the capture, and never earlier for a later capture', () => {
    const instant = fc.integer({ min: at('2019-01-01T00:00:00Z'), max: at('2099-12-01T00:00:00Z') })
    const country = fc.constantFrom('US', 'GB', 'JP', 'DE')
    fc.assert(
      fc.property(country, instant, fc.integer({ min: 0, max: 500_000 }), (country, capturedAt, later) => {
        const available = availableOn({ country, capturedAt })
        assert.equal(available % 86_400, 0)
        assert.ok(available > capturedAt && available < capturedAt + 21 * 86_400)
        assert.ok(![0, 6].includes(new Date(available * 1000).getUTCDay()))
        assert.ok(availableOn({ country, capturedAt: capturedAt + later }) >= available)
      }),
    )
  })
})

/** Weekdays of a year on which no funds become available. */
function holidaysOn(country: string, year: number): string {
  const closed: string[] = []
  for (let day = at(`${year}-01-01T00:00:00Z`); new Date(day * 1000).getUTCFullYear() === year; day += 86_400) {
    const weekend = [0, 6].includes(new Date(day * 1000).getUTCDay())
    if (!weekend && availableOn({ country, capturedAt: day - 86_400, delayDays: 1 }) !== day) closed.push(dateOf(day))
  }
  return closed.map((date) => date.slice(5)).join(' ')
}

describe('bank holidays', () => {
  const published: [country: string, year: number, dates: string][] = [
    ['US', 2019, '01-01 01-21 02-18 05-27 07-04 09-02 10-14 11-11 11-28 12-25'],
    ['US', 2021, '01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25'], // Juneteenth and Christmas on Saturdays
    ['US', 2022, '01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26'],
    ['US', 2026, '01-01 01-19 02-16 05-25 06-19 09-07 10-12 11-11 11-26 12-25'], // July 4 a Saturday: open on the 3rd
    ['GB', 2019, '01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26'],
    ['GB', 2020, '01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28'],
    ['GB', 2021, '01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28'],
    ['GB', 2022, '01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27'],
    ['GB', 2023, '01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26'],
    ['GB', 2026, '01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28'],
    ['FR', 2024, '01-01 03-29 04-01 05-01 12-25 12-26'],
    [
      'JP',
      2019,
      '01-01 01-02 01-03 01-14 02-11 03-21 04-29 04-30 05-01 05-02 05-03 05-06 ' +
        '07-15 08-12 09-16 09-23 10-14 10-22 11-04 12-31',
    ],
    [
      'JP',
      2020,
      '01-01 01-02 01-03 01-13 02-11 02-24 03-20 04-29 05-04 05-05 05-06 ' +
        '07-23 07-24 08-10 09-21 09-22 11-03 11-23 12-31',
    ],
    ['JP', 2021, '01-01 01-11 02-11 02-23 04-29 05-03 05-04 05-05 07-22 07-23 08-09 09-20 09-23 11-03 11-23 12-31'],
    [
      'JP',
      2026,
      '01-01 01-02 01-12 02-11 02-23 03-20 04-29 05-04 05-05 05-06 ' +
        '07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23 12-31',
    ],
  ]
  for (const [country, year, dates] of published) {
    it(`${country} ${year}`, () => assert.equal(holidaysOn(country, year), dates))
  }
})
