import type { UnixSeconds } from '../money.ts'

/** `month` is 1 to 12, `year` has four digits. */
export type ExpiryCheck =
  | { readonly ok: true; readonly month: number; readonly year: number }
  | { readonly ok: false; readonly code: 'invalid_expiry_month' | 'invalid_expiry_year' }

export type YearMonth = { readonly year: number; readonly month: number }

const YEARS_AHEAD = 50 // the farthest that Stripe was seen to accept: 2071, in 2021
const TWO_DIGIT_YEARS_BACK = 50 // Stripe: two digits up to 50 years back count as past, so 95 is 1995

const MONTH = /^[0-9]{1,2}$/
const YEAR = /^([0-9]{2}|[0-9]{4})$/

const invalidMonth: ExpiryCheck = { ok: false, code: 'invalid_expiry_month' }
const invalidYear: ExpiryCheck = { ok: false, code: 'invalid_expiry_year' }

/**
 * Judges an expiry date as it was typed. A card is good through the last day of its month, so the current month
 * passes. A past date is a mistake in the form here, never `expired_card`: that is the issuer's word.
 * Months are those of UTC. Source: Stripe's answers to `POST /v1/tokens`.
 */
export function checkExpiry(rawMonth: string, rawYear: string, now: UnixSeconds): ExpiryCheck {
  const current = yearMonthOf(now)
  const month = MONTH.test(rawMonth) ? Number(rawMonth) : 0
  if (month < 1 || month > 12) return invalidMonth
  if (!YEAR.test(rawYear)) return invalidYear

  const year = rawYear.length === 2 ? inFourDigits(Number(rawYear), current.year) : Number(rawYear)
  if (year < current.year) return invalidYear
  if (year > current.year + YEARS_AHEAD) return invalidYear
  if (year === current.year && month < current.month) return invalidMonth
  return { ok: true, month, year }
}

/** The calendar month (UTC, 1 to 12) that an instant lies in. */
export function yearMonthOf(instant: UnixSeconds): YearMonth {
  const date = new Date(instant * 1000)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 }
}

/** The one year with these last two digits that is at most 50 years back and less than 50 ahead. */
function inFourDigits(lastTwo: number, currentYear: number): number {
  const earliest = currentYear - TWO_DIGIT_YEARS_BACK
  const sinceEarliest = (((lastTwo - earliest) % 100) + 100) % 100
  return earliest + sinceEarliest
}
