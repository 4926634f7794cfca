import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { checkExpiry, yearMonthOf } from './expiry.ts'

const at = (iso: string) => Date.parse(iso) / 1000
const MAY_2019 = at('2019-05-16T12:00:00Z')

describe('an expiry date, in May 2019', () => {
  const ACCEPTED = [
    ['5', '2019', 5, 2019],
    ['05', '19', 5, 2019],
    ['12', '2020', 12, 2020],
    ['02', '22', 2, 2022],
    ['1', '2069', 1, 2069],
    ['12', '68', 12, 2068],
  ] as const
  for (const [month, year, m, y] of ACCEPTED) {
    it(`${month}/${year} is accepted`, () => {
      assert.deepEqual(checkExpiry(month, year, MAY_2019), { ok: true, month: m, year: y })
    })
  }

  const REFUSED = [
    ['4', '2019', 'invalid_expiry_month'],
    ['04', '19', 'invalid_expiry_month'],
    ['0', '2020', 'invalid_expiry_month'],
    ['13', '2020', 'invalid_expiry_month'],
    ['-1', '2020', 'invalid_expiry_month'],
    ['', '2020', 'invalid_expiry_month'],
    ['1.5', '2020', 'invalid_expiry_month'],
    ['May', '2020', 'invalid_expiry_month'],
    ['13', 'xx', 'invalid_expiry_month'],
    ['12', '2018', 'invalid_expiry_year'],
    ['12', '18', 'invalid_expiry_year'],
    ['12', '95', 'invalid_expiry_year'],
    ['12', '69', 'invalid_expiry_year'],
    ['12', '2070', 'invalid_expiry_year'],
    ['12', 'xx', 'invalid_expiry_year'],
    ['12', '', 'invalid_expiry_year'],
    ['12', '9', 'invalid_expiry_year'],
    ['12', '020', 'invalid_expiry_year'],
    ['12', '-1', 'invalid_expiry_year'],
    ['12', '20200', 'invalid_expiry_year'],
  ] as const
  for (const [month, year, code] of REFUSED) {
    it(`${month || '(empty)'}/${year || '(empty)'} is refused with ${code}`, () => {
      assert.deepEqual(checkExpiry(month, year, MAY_2019), { ok: false, code })
    })
  }
})

describe('an expiry date at the turn of a month', () => {
  it('is good through the last second of its month', () => {
    assert.equal(checkExpiry('12', '2026', at('2026-12-31T23:59:59Z')).ok, true)
    assert.deepEqual(checkExpiry('12', '2026', at('2027-01-01T00:00:00Z')), { ok: false, code: 'invalid_expiry_year' })
    assert.deepEqual(checkExpiry('1', '2027', at('2027-02-01T00:00:00Z')), { ok: false, code: 'invalid_expiry_month' })
  })

  it('was accepted fifty years ahead in 2021, as Stripe did', () => {
    assert.equal(checkExpiry('1', '2071', at('2021-06-01T00:00:00Z')).ok, true)
  })

  it('reads two digits in the next century where that is nearer', () => {
    assert.deepEqual(checkExpiry('1', '03', at('2098-06-01T00:00:00Z')), { ok: true, month: 1, year: 2103 })
  })
})

describe('any expiry date', () => {
  const instant = fc.integer({ min: at('2010-01-01T00:00:00Z'), max: at('2110-01-01T00:00:00Z') })
  const month = fc.integer({ min: 1, max: 12 })
  const yearsAhead = fc.integer({ min: 0, max: 49 })

  it('of the months from now on means the same with two digits of the year as with four', () => {
    fc.assert(
      fc.property(instant, month, yearsAhead, (now, m, ahead) => {
        const year = yearMonthOf(now).year + ahead
        const short = String(year % 100).padStart(2, '0')
        assert.deepEqual(checkExpiry(String(m), short, now), checkExpiry(String(m), String(year), now))
      }),
    )
  })

  it('is accepted exactly from the current month to fifty years ahead', () => {
    fc.assert(
      fc.property(instant, month, fc.integer({ min: 1900, max: 2200 }), (now, m, y) => {
        const current = yearMonthOf(now)
        const good = y * 12 + m >= current.year * 12 + current.month && y <= current.year + 50
        assert.equal(checkExpiry(String(m), String(y), now).ok, good)
      }),
    )
  })
})
