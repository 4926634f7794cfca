import type { YearMonth } from '../../../src/cards/expiry.ts'
import { COMPLETE, type Judgement, unfinished, wrong } from './judgement.ts'
import { digitsOf } from './typing.ts'

const YEARS_AHEAD = 50 // as far as the API takes
const YEAR_FIRST = /^\s*(\d{4})\s*[-/.]\s*(\d{1,2})\s*$/ // as browsers fill it in
const MONTH_ALONE = /^\s*(\d)\s*[-/.]/

/** The digits of a date as somebody typed, pasted or had it filled in: month, then year. */
export function expiryDigits(text: string): string {
  const yearFirst = YEAR_FIRST.exec(text)
  if (yearFirst) return `${yearFirst[2]?.padStart(2, '0')}${yearFirst[1]?.slice(2)}`
  return digitsOf(MONTH_ALONE.test(text) ? `0${text.trim()}` : text)
}

/** `MM / YY`. A month can only begin with 0 or 1; a year of four digits ends as one of two. */
export function formatExpiry(digits: string): string {
  if (digits === '') return ''
  const month = /^[2-9]/.test(digits) ? `0${digits[0]}` : digits.slice(0, 2)
  const rest = digits.slice(/^[2-9]/.test(digits) ? 1 : 2)
  if (month.length < 2) return month
  return `${month} / ${yearOf(rest)}`
}

/** Who types 2029 has typed 20 first, which is a year too. */
function yearOf(digits: string): string {
  if (!digits.startsWith('20') || digits.length < 3) return digits.slice(0, 2)
  return digits.length === 3 ? digits : digits.slice(2, 4)
}

/** Whether a card that expires then is still good; `today` is a month of UTC, as the API judges. */
export function judgeExpiry(text: string, today: YearMonth): Judgement {
  const digits = digitsOf(text)
  const month = Number(digits.slice(0, 2))
  if (digits.length >= 2 && (month < 1 || month > 12)) return wrong('invalid_expiry_month')
  if (digits.length !== 4) return unfinished(digits, 'incomplete_expiry')
  const year = 2000 + Number(digits.slice(2))
  if (year < today.year) return wrong('invalid_expiry_year_past')
  if (year > today.year + YEARS_AHEAD) return wrong('invalid_expiry_year')
  if (year === today.year && month < today.month) return wrong('invalid_expiry_month_past')
  return COMPLETE
}
