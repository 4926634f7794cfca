import { COMPLETE, type Judgement, unfinished } from './judgement.ts'
import { type Brand, brandOf, judgeNumber } from './number.ts'
import { digitsOf } from './typing.ts'

/** How a country's postal codes look; `none`: its issuers are not asked for one. */
export type PostalKind = 'zip' | 'canadian' | 'british' | 'any' | 'none'

/** The country in the middle of most of Stripe's test numbers, 4000 00CC C…: ISO 3166-1 numeric. */
const TEST_COUNTRY = /^(?:400[01]|5555|5200)\d\d(\d{3})/
const CANADA = '124'
const GREAT_BRITAIN = '826'

/** The other countries that test numbers have. Three digits that are not here are no country, and the card is American. */
const NOT_ASKED = new Set(
  (
    '032 036 040 056 076 100 112 152 156 158 170 188 191 196 203 208 218 233 246 250 276 292 300 344 348 356 372 380 ' +
    '392 428 438 440 442 458 470 484 528 554 578 591 600 604 616 620 642 643 682 702 703 705 724 752 756 764 784 858'
  ).split(' '),
)

/** Whose test cards are of one country that has no part in comparing addresses. */
const BRANDS_NOT_ASKED: ReadonlySet<Brand> = new Set(['jcb', 'unionpay', 'unknown'])

/**
 * Which postal code belongs to a card. Its issuer's country decides, and only issuers of the United States, Canada and
 * Great Britain compare it. A live number's country is not known here: any code is taken. Null while the number is not
 * known.
 */
export function postalKindOf(digits: string, isTest: boolean): PostalKind | null {
  if (judgeNumber(digits).status !== 'complete') return null
  if (!isTest) return 'any'
  if (BRANDS_NOT_ASKED.has(brandOf(digits))) return 'none'
  const country = TEST_COUNTRY.exec(digits)?.[1] ?? ''
  if (country === CANADA) return 'canadian'
  if (country === GREAT_BRITAIN) return 'british'
  return NOT_ASKED.has(country) ? 'none' : 'zip'
}

const ZIP_DIGITS = 5
const LONGEST = 10
const CANADIAN = /^[A-Z]\d[A-Z][ -]?\d[A-Z]\d$/i
const BRITISH = /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i
const SHORTEST = 3

export function formatPostal(text: string, kind: PostalKind): string {
  return kind === 'zip' ? digitsOf(text).slice(0, ZIP_DIGITS) : text.replace(/^\s+/, '').slice(0, LONGEST)
}

export function judgePostal(text: string, kind: PostalKind): Judgement {
  const isWhole = {
    zip: text.length === ZIP_DIGITS,
    canadian: CANADIAN.test(text.trim()),
    british: BRITISH.test(text.trim()),
    any: text.trim().length >= SHORTEST,
    none: true,
  }[kind]
  return isWhole ? COMPLETE : unfinished(text.trim(), 'incomplete_zip')
}
