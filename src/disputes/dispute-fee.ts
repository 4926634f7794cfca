import type { Currency, Minor } from '../money.ts'

/**
 * What a dispute costs, by the charge's currency, in its smallest unit: what Stripe publishes in the currency's own
 * country (US and CA since 2018, the others of today). Nothing is converted, so that an account of any country pays it;
 * a currency that is not here costs nothing.
 */
const DISPUTE_FEES: ReadonlyMap<Currency, Minor> = new Map([
  ['usd', 1500],
  ['cad', 1500],
  ['eur', 2000],
  ['gbp', 2000],
  ['jpy', 1300],
  ['aud', 2500],
  ['nzd', 2500],
  ['sgd', 1500],
  ['hkd', 8500],
  ['chf', 2000],
  ['mxn', 30_000],
])

/** The fee for a dispute of a charge in `currency`, taken when the money is. */
export function disputeFee(currency: Currency): Minor {
  return DISPUTE_FEES.get(currency) ?? 0
}
