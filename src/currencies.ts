import { ok as assert } from 'node:assert'
import type { Currency, Minor } from './money.ts'

/** What a currency asks of an amount that is charged in it. */
export type CurrencyRules = {
  readonly code: Currency
  /** Digits after the point in an amount sent to the API: 999 is $9.99, but ¥999. */
  readonly decimals: 0 | 2 | 3
  /** The least amount that can be charged, in the smallest unit. */
  readonly minimum: Minor
  /** The greatest amount that can be charged, in the smallest unit. */
  readonly maximum: Minor
  /** What stands before an amount in a text: `$`, or the code where the currency has no sign of its own. */
  readonly symbol: string
  /** Every amount is a multiple of it; 1 for all but a few (`isRoundedFor`). */
  readonly multiple: 1 | 10 | 100
}

const EIGHT_DIGITS = 99_999_999 // Stripe: the amount has at most eight digits, in zero-decimal currencies too
const TWELVE_DIGITS = 999_999_999_999 // and in idr, of which $1 alone is seven digits, twelve

/** No ugx and no isk has cents in use, but the API takes both with two decimals: `500` is UGX 5, `550` is refused. */
const TWO_DECIMALS_WITHOUT_CENTS: ReadonlySet<string> = new Set(['isk', 'ugx'])

type Row = readonly [code: string, decimals: 0 | 2 | 3, minimum: number, symbol: string]

/**
 * In the order in which Stripe lists them. Where Stripe publishes no minimum it is 1. Symbols: texts seen from Stripe
 * have `$ £ € ¥ ₹ ₨ د.إ ر.س`, a bare `$` for every dollar; the others follow the same habit.
 */
const ROWS: readonly Row[] = [
  ['usd', 2, 50, '$'],
  ['aed', 2, 200, 'د.إ'],
  ['afn', 2, 1, '؋'],
  ['all', 2, 1, 'L'],
  ['amd', 2, 1, '֏'],
  ['ang', 2, 1, 'ƒ'],
  ['aoa', 2, 1, 'Kz'],
  ['ars', 2, 50, '$'],
  ['aud', 2, 50, '$'],
  ['awg', 2, 1, 'ƒ'],
  ['azn', 2, 1, '₼'],
  ['bam', 2, 1, 'KM'],
  ['bbd', 2, 1, '$'],
  ['bdt', 2, 1, '৳'],
  ['bgn', 2, 100, 'лв'],
  ['bhd', 3, 1, 'ب.د'],
  ['bif', 0, 1, 'FBu'],
  ['bmd', 2, 1, '$'],
  ['bnd', 2, 1, '$'],
  ['bob', 2, 1, 'Bs'],
  ['brl', 2, 50, 'R$'],
  ['bsd', 2, 1, '$'],
  ['bwp', 2, 1, 'P'],
  ['byn', 2, 1, 'Br'],
  ['bzd', 2, 1, '$'],
  ['cad', 2, 50, '$'],
  ['cdf', 2, 1, 'FC'],
  ['chf', 2, 50, 'CHF'],
  ['clp', 0, 1, '$'],
  ['cny', 2, 1, '¥'],
  ['cop', 2, 50, '$'],
  ['crc', 2, 1, '₡'],
  ['cve', 2, 1, 'CVE'],
  ['czk', 2, 1500, 'Kč'],
  ['djf', 0, 1, 'Fdj'],
  ['dkk', 2, 250, 'kr'],
  ['dop', 2, 1, '$'],
  ['dzd', 2, 1, 'د.ج'],
  ['egp', 2, 1, 'ج.م'],
  ['etb', 2, 1, 'Br'],
  ['eur', 2, 50, '€'],
  ['fjd', 2, 1, '$'],
  ['fkp', 2, 1, '£'],
  ['gbp', 2, 30, '£'],
  ['gel', 2, 1, '₾'],
  ['gip', 2, 1, '£'],
  ['gmd', 2, 1, 'D'],
  ['gnf', 0, 1, 'FG'],
  ['gtq', 2, 1, 'Q'],
  ['gyd', 2, 1, '$'],
  ['hkd', 2, 400, '$'],
  ['hnl', 2, 1, 'L'],
  ['hrk', 2, 1, 'kn'],
  ['htg', 2, 1, 'G'],
  ['huf', 2, 17500, 'Ft'],
  ['idr', 2, 50, 'Rp'],
  ['ils', 2, 50, '₪'],
  ['inr', 2, 50, '₹'],
  ['isk', 2, 1, 'kr'],
  ['jmd', 2, 1, '$'],
  ['jod', 3, 1, 'د.ا'],
  ['jpy', 0, 50, '¥'],
  ['kes', 2, 1, 'KSh'],
  ['kgs', 2, 1, 'som'],
  ['khr', 2, 1, '៛'],
  ['kmf', 0, 1, 'CF'],
  ['krw', 0, 50, '₩'],
  ['kwd', 3, 1, 'د.ك'],
  ['kyd', 2, 1, '$'],
  ['kzt', 2, 1, '₸'],
  ['lak', 2, 1, '₭'],
  ['lbp', 2, 1, 'ل.ل'],
  ['lkr', 2, 1, '₨'],
  ['lrd', 2, 1, '$'],
  ['lsl', 2, 1, 'L'],
  ['mad', 2, 1, 'د.م.'],
  ['mdl', 2, 1, 'L'],
  ['mga', 0, 1, 'Ar'],
  ['mkd', 2, 1, 'ден'],
  ['mmk', 2, 1, 'K'],
  ['mnt', 2, 1, '₮'],
  ['mop', 2, 1, 'P'],
  ['mur', 2, 1, '₨'],
  ['mvr', 2, 1, 'MVR'],
  ['mwk', 2, 1, 'MK'],
  ['mxn', 2, 1000, '$'],
  ['myr', 2, 200, 'RM'],
  ['mzn', 2, 1, 'MTn'],
  ['nad', 2, 1, '$'],
  ['ngn', 2, 1, '₦'],
  ['nio', 2, 1, 'C$'],
  ['nok', 2, 300, 'kr'],
  ['npr', 2, 1, '₨'],
  ['nzd', 2, 50, '$'],
  ['omr', 3, 1, 'ر.ع.'],
  ['pab', 2, 1, 'B/.'],
  ['pen', 2, 1, 'S/'],
  ['pgk', 2, 1, 'K'],
  ['php', 2, 50, '₱'],
  ['pkr', 2, 1, '₨'],
  ['pln', 2, 200, 'zł'],
  ['pyg', 0, 1, '₲'],
  ['qar', 2, 1, 'ر.ق'],
  ['ron', 2, 200, 'lei'],
  ['rsd', 2, 1, 'РСД'],
  ['rub', 2, 50, '₽'],
  ['rwf', 0, 1, 'FRw'],
  ['sar', 2, 1, 'ر.س'],
  ['sbd', 2, 1, '$'],
  ['scr', 2, 1, '₨'],
  ['sek', 2, 300, 'kr'],
  ['sgd', 2, 50, '$'],
  ['shp', 2, 1, '£'],
  ['sle', 2, 1, 'Le'],
  ['sos', 2, 1, 'Sh'],
  ['srd', 2, 1, '$'],
  ['std', 2, 1, 'Db'],
  ['szl', 2, 1, 'E'],
  ['thb', 2, 1000, '฿'],
  ['tjs', 2, 1, 'TJS'],
  ['tnd', 3, 1, 'د.ت'],
  ['top', 2, 1, 'T$'],
  ['try', 2, 1, '₺'],
  ['ttd', 2, 1, '$'],
  ['twd', 2, 1, '$'],
  ['tzs', 2, 1, 'Sh'],
  ['uah', 2, 1, '₴'],
  ['ugx', 2, 1, 'USh'],
  ['uyu', 2, 1, '$'],
  ['uzs', 2, 1, 'UZS'],
  ['vnd', 0, 1, '₫'],
  ['vuv', 0, 1, 'Vt'],
  ['wst', 2, 1, 'T'],
  ['xaf', 0, 1, 'FCFA'],
  ['xcd', 2, 1, '$'],
  ['xcg', 2, 1, 'Cg'],
  ['xof', 0, 1, 'CFA'],
  ['xpf', 0, 1, 'CFPF'],
  ['yer', 2, 1, '﷼'],
  ['zar', 2, 50, 'R'],
  ['zmw', 2, 1, 'K'],
  ['usdc', 2, 1, 'USDC'],
  ['btn', 2, 1, 'Nu.'],
  ['ghs', 2, 1, '₵'],
  ['eek', 2, 1, 'KR'],
  ['lvl', 2, 1, 'Ls'],
  ['svc', 2, 1, '₡'],
  ['vef', 2, 1, 'Bs'],
  ['ltl', 2, 1, 'Lt'],
  ['sll', 2, 1, 'Le'],
  ['mro', 2, 1, 'UM'],
]

const RULES: ReadonlyMap<string, CurrencyRules> = new Map(ROWS.map((row) => [row[0], rulesOf(row)]))

/**
 * The codes, lower case, in the order in which the error about an unknown currency lists them (Stripe's list of 2026).
 */
export const SUPPORTED_CURRENCIES: readonly Currency[] = [...RULES.keys()]

/** Whether charges can be made in `code`, which is in lower case. */
export function isCurrency(code: string): code is Currency {
  return RULES.has(code)
}

/** The rules of a supported currency. A code that `isCurrency` does not know is a bug of the caller: throws. */
export function currencyOf(currency: Currency): CurrencyRules {
  const rules = RULES.get(currency)
  assert(rules, 'amounts are in a supported currency only')
  return rules
}

/**
 * The least amount that can be charged, in the smallest unit. Stripe: a table by currency, of 2026 ($0.50, £0.30, ¥50).
 */
export function minimumCharge(currency: Currency): Minor {
  return currencyOf(currency).minimum
}

/** The greatest amount that can be charged, in the smallest unit. Stripe: eight digits, twelve for idr. */
export function maximumCharge(currency: Currency): Minor {
  return currencyOf(currency).maximum
}

/** What every amount in the currency is a multiple of, in the smallest unit; 1 for all but those of `isRoundedFor`. */
export function roundingOf(currency: Currency): number {
  return currencyOf(currency).multiple
}

/**
 * Whether the currency knows such an amount. Stripe: the last digit is 0 where there are three decimals (bhd jod kwd
 * omr tnd), the last two are 0 in isk and ugx.
 */
export function isRoundedFor(amount: Minor, currency: Currency): boolean {
  return amount % roundingOf(currency) === 0
}

/**
 * An amount as Stripe writes it in its error texts: `$999,999.99`, `¥50`. Symbol first, point and comma in every
 * currency: the texts are English.
 */
export function formatAmount(amount: Minor, currency: Currency): string {
  assert(Number.isSafeInteger(amount), 'an amount is an integer')
  const { decimals, symbol } = currencyOf(currency)
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0')
  const point = digits.length - decimals
  const whole = digits.slice(0, point).replace(/\B(?=(?:\d{3})+$)/g, ',')
  const fraction = decimals === 0 ? '' : `.${digits.slice(point)}`
  return `${amount < 0 ? '-' : ''}${symbol}${whole}${fraction}`
}

function rulesOf([code, decimals, minimum, symbol]: Row): CurrencyRules {
  const maximum = code === 'idr' ? TWELVE_DIGITS : EIGHT_DIGITS
  const multiple = TWO_DECIMALS_WITHOUT_CENTS.has(code) ? 100 : decimals === 3 ? 10 : 1
  return { code, decimals, minimum, maximum, symbol, multiple }
}
