import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { isRoundedFor, maximumCharge, SUPPORTED_CURRENCIES } from '../currencies.ts'
import { feeFor } from './fees.ts'

describe('the fee of a charge', () => {
  const table: [country: string, amount: number, currency: string, fee: number, why: string][] = [
    ['US', 2000, 'usd', 88, '58 + 30'],
    ['US', 999, 'usd', 59, '28.97 + 30 = 58.97'],
    ['US', 500, 'usd', 45, '14.5 + 30 = 44.5: half up'],
    ['US', 50, 'usd', 31, '1.45 + 30 = 31.45'],
    ['US', 0, 'usd', 30, 'the fixed part alone'],
    ['CA', 2000, 'cad', 88, '58 + 30'],
    ['JP', 999, 'jpy', 36, '35.964, no fixed part'],
    ['JP', 50, 'jpy', 2, '1.8'],
    ['EU as DE', 0, 'eur', 25, 'the fixed part alone'],
    ['DE', 50_000, 'eur', 725, '700 + 25, no VAT'],
    ['GB', 4400, 'gbp', 82, '61.6 + 20 = 81.6'],
    ['GB', 1000, 'gbp', 34, '14 + 20'],
    ['AU', 1000, 'aud', 48, '17.5 + 30 = 47.5: half up'],
    // the country's percentage, the currency's fixed part
    ['US', 1000, 'eur', 54, '29 + 25'],
    ['US', 1000, 'jpy', 29, '29'],
    ['JP', 1000, 'usd', 66, '36 + 30'],
    ['ZZ', 1000, 'usd', 59, "a country without a price of its own: the United States'"],
    // currencies that know no single smallest unit
    ['US', 100_000, 'isk', 2900, '2900'],
    ['US', 101_700, 'isk', 2900, '2949.3 → whole krónur'],
    ['US', 103_500, 'isk', 3000, '3001.5 → whole krónur'],
    ['US', 10_000, 'kwd', 290, '290'],
    ['US', 10_010, 'kwd', 290, '290.29'],
    ['US', 10_200, 'kwd', 300, '295.8'],
    ['US', 999_999_999_999, 'idr', 29_000_000_000, '28,999,999,999.971'],
  ]
  for (const [country, amount, currency, fee, why] of table) {
    it(`${country}, ${amount} ${currency}: ${fee} (${why})`, () => {
      assert.equal(feeFor({ country: country.slice(-2), amount, currency }).fee, fee)
    })
  }

  it('is told in one line', () => {
    assert.deepEqual(feeFor({ country: 'US', amount: 999, currency: 'usd' }), {
      fee: 59,
      details: [{ amount: 59, currency: 'usd', description: 'Stripe processing fees', type: 'stripe_fee' }],
    })
  })

  it('is told in no line where there is none', () => {
    assert.deepEqual(feeFor({ country: 'US', amount: 1, currency: 'jpy' }), { fee: 0, details: [] })
  })

  it('is taken of whole amounts that are not negative', () => {
    for (const amount of [-1, 0.5, Number.NaN]) {
      assert.throws(() => feeFor({ country: 'US', amount, currency: 'usd' }), /captured amount/)
    }
  })

  const country = fc.constantFrom('US', 'CA', 'DE', 'SE', 'GB', 'JP', 'AU', 'BR', 'SG', 'ZZ')
  const chargeIn = fc.constantFrom(...SUPPORTED_CURRENCIES).chain((currency) =>
    fc.record({
      country,
      currency: fc.constant(currency),
      amount: fc.integer({ min: 0, max: maximumCharge(currency) }),
    }),
  )

  it('is a whole amount of the currency, and never negative', () => {
    fc.assert(
      fc.property(chargeIn, (charge) => {
        const { fee, details } = feeFor(charge)
        assert.ok(Number.isSafeInteger(fee) && fee >= 0)
        assert.ok(isRoundedFor(fee, charge.currency))
        assert.equal(
          details.reduce((sum, detail) => sum + detail.amount, 0),
          fee,
        )
      }),
    )
  })

  it('never falls when the amount rises', () => {
    fc.assert(
      fc.property(chargeIn, fc.integer({ min: 0, max: 1_000_000 }), (charge, more) => {
        const higher = { ...charge, amount: charge.amount + more }
        assert.ok(feeFor(higher).fee >= feeFor(charge).fee)
      }),
    )
  })

  it('is what exact arithmetic says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (amount) => {
        const exact = (BigInt(amount) * 290n + 300_000n + 5_000n) / 10_000n
        assert.equal(feeFor({ country: 'US', amount, currency: 'usd' }).fee, Number(exact))
      }),
    )
  })
})
