import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  currencyOf,
  formatAmount,
  isCurrency,
  isRoundedFor,
  maximumCharge,
  minimumCharge,
  roundingOf,
  SUPPORTED_CURRENCIES,
} from './currencies.ts'

const STRIPES_LIST =
  'usd, aed, afn, all, amd, ang, aoa, ars, aud, awg, azn, bam, bbd, bdt, bgn, bhd, bif, bmd, bnd, bob, brl, bsd, ' +
  'bwp, byn, bzd, cad, cdf, chf, clp, cny, cop, crc, cve, czk, djf, dkk, dop, dzd, egp, etb, eur, fjd, fkp, gbp, ' +
  'gel, gip, gmd, gnf, gtq, gyd, hkd, hnl, hrk, htg, huf, idr, ils, inr, isk, jmd, jod, jpy, kes, kgs, khr, kmf, ' +
  'krw, kwd, kyd, kzt, lak, lbp, lkr, lrd, lsl, mad, mdl, mga, mkd, mmk, mnt, mop, mur, mvr, mwk, mxn, myr, mzn, ' +
  'nad, ngn, nio, nok, npr, nzd, omr, pab, pen, pgk, php, pkr, pln, pyg, qar, ron, rsd, rub, rwf, sar, sbd, scr, ' +
  'sek, sgd, shp, sle, sos, srd, std, szl, thb, tjs, tnd, top, try, ttd, twd, tzs, uah, ugx, uyu, uzs, vnd, vuv, ' +
  'wst, xaf, xcd, xcg, xof, xpf, yer, zar, zmw, usdc, btn, ghs, eek, lvl, svc, vef, ltl, sll, mro'

const MINIMA =
  'usd 50 aud 50 brl 50 cad 50 chf 50 dkk 250 eur 50 gbp 30 hkd 400 jpy 50 mxn 1000 nok 300 nzd 50 sek 300 sgd ' +
  '50 aed 200 ars 50 cop 50 czk 1500 huf 17500 idr 50 ils 50 inr 50 krw 50 myr 200 php 50 pln 200 ron 200 rub 50 ' +
  'thb 1000 zar 50 bgn 100'

const ZERO_DECIMAL = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'
const THREE_DECIMAL = 'bhd jod kwd omr tnd'

describe('the currencies that can be charged', () => {
  it("are Stripe's, in the order of its error text", () => {
    assert.equal(SUPPORTED_CURRENCIES.join(', '), STRIPES_LIST)
  })

  it('are known by their lower-case code and by nothing else', () => {
    assert.ok(SUPPORTED_CURRENCIES.every(isCurrency))
    for (const code of ['usdz', 'USD', '', 'xau', 'constructor', '__proto__'])
      assert.equal(isCurrency(code), false, code)
    assert.throws(() => currencyOf('usdz'), /supported currency/)
  })

  it('have the published minimum, or 1 where none is published', () => {
    const published = new Map([...MINIMA.matchAll(/(\w{3}) (\d+)/g)].map(([, code, least]) => [code, Number(least)]))
    assert.equal(published.size, 32)
    for (const code of SUPPORTED_CURRENCIES) assert.equal(minimumCharge(code), published.get(code) ?? 1, code)
  })

  it('take eight digits, and idr twelve', () => {
    for (const code of SUPPORTED_CURRENCIES) {
      assert.equal(maximumCharge(code), code === 'idr' ? 999_999_999_999 : 99_999_999, code)
    }
  })

  it('have two decimals on the wire, but for those with none and with three', () => {
    for (const code of SUPPORTED_CURRENCIES) {
      const expected = ZERO_DECIMAL.includes(code) ? 0 : THREE_DECIMAL.includes(code) ? 3 : 2
      assert.equal(currencyOf(code).decimals, expected, code)
    }
  })
})

describe('amounts that a currency does not know', () => {
  const cases: [amount: number, currency: string, rounded: boolean][] = [
    [999, 'usd', true],
    [999, 'jpy', true],
    [500, 'ugx', true],
    [550, 'ugx', false],
    [100, 'isk', true],
    [101, 'isk', false],
    [1230, 'kwd', true],
    [1235, 'kwd', false],
    [10, 'bhd', true],
    [5, 'tnd', false],
    [1, 'huf', true], // without cents in payouts only
  ]
  for (const [amount, currency, rounded] of cases) {
    it(`${amount} ${currency} is ${rounded ? 'taken' : 'refused'}`, () => {
      assert.equal(isRoundedFor(amount, currency), rounded)
    })
  }
})

describe('what an amount is a multiple of', () => {
  it('is 1 cent, but 1 króna and 10 fils', () => {
    assert.deepEqual(['usd', 'jpy', 'isk', 'ugx', 'kwd'].map(roundingOf), [1, 1, 100, 100, 10])
  })
})

describe('amounts in error texts', () => {
  const cases: [amount: number, currency: string, text: string][] = [
    [50, 'usd', '$0.50'],
    [600, 'usd', '$6.00'],
    [5, 'usd', '$0.05'],
    [0, 'usd', '$0.00'],
    [99_999_999, 'usd', '$999,999.99'],
    [100_000, 'usd', '$1,000.00'],
    [99_999, 'usd', '$999.99'],
    [-500, 'usd', '-$5.00'],
    [30, 'gbp', '£0.30'],
    [501, 'gbp', '£5.01'],
    [9599, 'eur', '€95.99'],
    [50, 'jpy', '¥50'],
    [0, 'jpy', '¥0'],
    [99_999_999, 'jpy', '¥99,999,999'],
    [150, 'inr', '₹1.50'],
    [5000, 'pkr', '₨50.00'],
    [66, 'aed', 'د.إ0.66'],
    [300, 'sek', 'kr3.00'],
    [50, 'chf', 'CHF0.50'],
    [400, 'hkd', '$4.00'],
    [1230, 'kwd', 'د.ك1.230'],
    [500, 'ugx', 'USh5.00'],
    [999_999_999_999, 'idr', 'Rp9,999,999,999.99'],
  ]
  for (const [amount, currency, text] of cases) {
    it(`${amount} ${currency} is ${text}`, () => assert.equal(formatAmount(amount, currency), text))
  }

  it('lose nothing: the digits are the amount', () => {
    const currency = fc.constantFrom(...SUPPORTED_CURRENCIES)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), currency, (amount, code) => {
        const text = formatAmount(amount, code)
        const { symbol } = currencyOf(code)
        assert.ok(text.startsWith(symbol))
        assert.equal(Number(text.slice(symbol.length).replace(/[.,]/g, '')), amount)
        assert.match(text.slice(symbol.length), /^(0|[1-9]\d{0,2}(,\d{3})*)(\.\d{2,3})?$/)
      }),
    )
  })

  it('are integers: a fraction of a cent is a bug', () => {
    assert.throws(() => formatAmount(0.5, 'usd'), /integer/)
  })
})
