/** The laws that need no history: what is charged at least, what it costs, when the money can be had. Amounts in the smallest unit. */

import assert from 'node:assert/strict'

export const DAY = 86_400
/** Stripe: an authorization is held for up to seven days. */
export const HOLD_SECONDS = 7 * DAY
/** Stripe: an Idempotency-Key is kept for 24 hours. */
export const KEY_SECONDS = 24 * 3600

/** Two decimals, none, two with the fee of another country, three of which the last is always 0. */
export const CURRENCIES = ['usd', 'jpy', 'eur', 'kwd'] as const
export type Currency = (typeof CURRENCIES)[number]

type Rules = { readonly least: number; readonly multiple: number; readonly fixedFee: number }

export const RULES: Readonly<Record<Currency, Rules>> = {
  usd: { least: 50, multiple: 1, fixedFee: 30 },
  jpy: { least: 50, multiple: 1, fixedFee: 0 },
  eur: { least: 50, multiple: 1, fixedFee: 25 },
  kwd: { least: 10, multiple: 10, fixedFee: 0 },
}

/** By the account's country: its price in basis points, and after how many days from Monday to Friday funds are there. */
export const COUNTRIES = {
  US: { basisPoints: 290, delay: 2 },
  JP: { basisPoints: 360, delay: 4 },
  DE: { basisPoints: 140, delay: 3 },
  GB: { basisPoints: 140, delay: 3 },
} as const
export type Country = keyof typeof COUNTRIES

/** The percentage and the fixed part, added, then rounded to what the currency knows: nearest, exact halves up. */
export function feeOf(country: Country, amount: number, currency: Currency): number {
  const { multiple, fixedFee } = RULES[currency]
  const exact = BigInt(amount) * BigInt(COUNTRIES[country].basisPoints) + BigInt(fixedFee) * 10_000n
  const unit = BigInt(multiple) * 10_000n
  return Number((exact + unit / 2n) / unit) * multiple
}

/** As many bank holidays as can lie in a row of business days anywhere: Golden Week. */
const MOST_HOLIDAYS = 4

/**
 * Funds of a capture are available at 00:00 UTC of a business day, after as many of them as the country takes. Which days
 * are bank holidays the law does not know: it allows a few.
 */
export function assertAvailability(country: Country, capturedAt: number, availableOn: number): void {
  assert.equal(availableOn % DAY, 0, 'funds become available at midnight')
  assert(isWeekday(availableOn / DAY), 'and on a weekday')
  let weekdays = 0
  for (let day = Math.floor(capturedAt / DAY) + 1; day <= availableOn / DAY; day++) if (isWeekday(day)) weekdays++
  const { delay } = COUNTRIES[country]
  assert(weekdays >= delay && weekdays <= delay + MOST_HOLIDAYS, `after ${delay} business days, not ${weekdays}`)
}

function isWeekday(day: number): boolean {
  return day % 7 !== 2 && day % 7 !== 3 // 1970-01-01 was a Thursday
}
