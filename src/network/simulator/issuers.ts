import { brandOf } from '../../cards/brands.ts'
import type { CardDescription, Funding } from '../../cards/card.ts'
import type { TestCards } from '../test-cards.ts'
import { sequelOf, testCard } from './cards.ts'
import { COUNTRY_CARDS } from './country-cards.ts'
import { builtInToken } from './tokens.ts'

/** After these six digits, three more are the ISO 3166-1 numeric code of the issuer's country. */
const FUNDING_BY_COUNTRY_BIN: ReadonlyMap<string, Funding> = new Map([
  ['400000', 'credit'],
  ['400005', 'debit'],
  ['555555', 'credit'],
  ['555505', 'debit'],
])

/** By ISO 3166-1 numeric code: the countries that have a test card, and `000`, which Stripe uses for the US. */
const COUNTRY_BY_NUMERIC_CODE: ReadonlyMap<string, string> = new Map([
  ['000', 'US'],
  ['840', 'US'],
  ...COUNTRY_CARDS.map(([country, number]) => [number.slice(6, 9), country] as const),
])

const UNKNOWN_COUNTRY = 'US' // the country that a card object always has must be some; most test cards are American

/**
 * Brand, funding and country of a card number (digits only), as a card object shows them: a test card's own, else
 * by the rule that Stripe's test numbers follow, else the brand alone. Source: Stripe's testing page.
 */
export function describePan(pan: string): CardDescription {
  const known = testCard(pan)
  if (known !== undefined) return { brand: known.brand, funding: known.funding, country: known.country }

  const brand = brandOf(pan)
  const funding = FUNDING_BY_COUNTRY_BIN.get(pan.slice(0, 6))
  const country = COUNTRY_BY_NUMERIC_CODE.get(pan.slice(6, 9))
  if (funding === undefined || country === undefined) return { brand, funding: 'unknown', country: UNKNOWN_COUNTRY }
  return { brand, funding, country }
}

/** The test cards as test mode knows them. */
export const simulatedCards: TestCards = { describe: describePan, token: builtInToken, sequel: sequelOf }
