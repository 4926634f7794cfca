import { ok as assert } from 'node:assert'
import { roundingOf } from '../currencies.ts'
import type { FeeDetail } from '../ledger/ledger.ts'
import type { Currency, Minor } from '../money.ts'
import { EUROPEAN_UNION } from './availability.ts'

export type ProcessingFee = {
  /** In the smallest unit of the charge's currency; never negative. */
  readonly fee: Minor
  /** What `fee` consists of; empty where it is 0. */
  readonly details: readonly FeeDetail[]
}

const BASIS_POINTS = 10_000 // in a whole
const DEFAULT_RATE = 290 // the United States': the price of a country that publishes none

/**
 * The percentage by the account's country, in basis points: Stripe's published price for a domestic card. That of the
 * EU, US, CA, GB, JP and AU is the one of 2019; the others are a choice among what it has published over the years.
 */
const RATES: ReadonlyMap<string, number> = new Map([
  ...EUROPEAN_UNION.map((country) => [country, 140] as const),
  ['US', 290],
  ['CA', 290],
  ['GB', 140],
  ['GI', 140],
  ['JP', 360],
  ['AU', 175],
  ['NZ', 290],
  ['HK', 340],
  ['SG', 340],
  ['MY', 300],
  ['TH', 365],
  ['IN', 200],
  ['AE', 290],
  ['MX', 360],
  ['BR', 399],
  ['CH', 290],
  ['LI', 290],
  ['NO', 240],
])

/**
 * The fixed part by the charge's currency, in its smallest unit: what Stripe publishes in the currency's own country.
 * Nothing is converted, so that an account of any country pays it. A currency that is not here has no fixed part, like
 * jpy and inr at home.
 */
const FIXED_PARTS: ReadonlyMap<Currency, Minor> = new Map([
  ['usd', 30],
  ['cad', 30],
  ['eur', 25],
  ['gbp', 20],
  ['aud', 30],
  ['nzd', 30],
  ['hkd', 235],
  ['sgd', 50],
  ['myr', 100],
  ['thb', 1000],
  ['aed', 100],
  ['mxn', 300],
  ['brl', 39],
  ['chf', 30],
  ['dkk', 180],
  ['sek', 180],
  ['nok', 200],
  ['pln', 100],
  ['czk', 650],
  ['huf', 8500],
  ['ron', 100],
  ['bgn', 50],
])

/**
 * The processing fee of a captured amount: a percentage by the account's country plus a fixed part by the currency,
 * added and then rounded once, exact halves up, to the smallest amount that the currency knows (for isk and ugx a whole
 * one, so that what is left can be paid out). It may exceed the amount. A refund never returns it (Stripe: since 2019
 * at the latest).
 *
 * `country` is the account's, ISO 3166-1 alpha-2; amounts are in the smallest unit. No VAT. An amount that is negative
 * or no integer is a bug of the caller: throws.
 */
export function feeFor(charge: {
  readonly country: string
  readonly amount: Minor
  readonly currency: Currency
}): ProcessingFee {
  const { country, amount, currency } = charge
  assert(Number.isSafeInteger(amount) && amount >= 0, 'a fee is taken of a captured amount')

  // In ten-thousandths of the smallest unit. At most twelve digits times 399: exact in a double.
  const exact = amount * (RATES.get(country) ?? DEFAULT_RATE) + (FIXED_PARTS.get(currency) ?? 0) * BASIS_POINTS
  const multiple = roundingOf(currency)
  const fee = multiple * divideHalfUp(exact, multiple * BASIS_POINTS)
  if (fee === 0) return { fee, details: [] }
  return { fee, details: [{ amount: fee, currency, description: 'Stripe processing fees', type: 'stripe_fee' }] }
}

/** For an even divisor and a dividend that is not negative. Takes the remainder off first: no fraction ever arises. */
function divideHalfUp(dividend: number, divisor: number): number {
  const raised = dividend + divisor / 2
  assert(Number.isSafeInteger(raised), 'a fee is counted exactly')
  return (raised - (raised % divisor)) / divisor
}
