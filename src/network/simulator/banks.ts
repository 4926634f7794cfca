import type { TestBanks } from '../test-banks.ts'

type Answer = ReturnType<TestBanks['answer']>

/** The account numbers of a country's test bank: that which takes payouts first, then those that refuse, in this order. */
type Numbers = readonly [good: string, ...refusing: string[]]

const REFUSALS: readonly Answer[] = [
  'no_account',
  'account_closed',
  'insufficient_funds',
  'debit_not_authorized',
  'invalid_currency',
]

const TWELVE_DIGITS: Numbers = [
  ...(['000123456789', '000111111116', '000111111113', '000222222227', '000333333335', '000444444440'] as const),
]
const NINE_DIGITS: Numbers = [
  ...(['000123456', '111111116', '111111113', '222222227', '333333335', '444444440'] as const),
]
const EIGHT_DIGITS: Numbers = [...(['00012345', '11111116', '11111113', '22222227', '33333335', '44444440'] as const)]
const SEVEN_DIGITS: Numbers = [...(['0001234', '1111116', '1111113', '2222227', '3333335', '4444440'] as const)]

const GERMAN: Numbers = [
  ...(['DE89370400440532013000', 'DE62370400440532013001', 'DE89370400440532013002'] as const),
  ...['DE89370400440532013003', 'DE89370400440532013004', 'DE89370400440532013005'],
]

/** Source: Stripe's testing page; Japan's seven digits and its eight are both met with. */
const NUMBERS: Readonly<Record<string, readonly Numbers[]>> = {
  US: [TWELVE_DIGITS],
  CA: [TWELVE_DIGITS],
  AU: [NINE_DIGITS],
  SG: [NINE_DIGITS],
  HK: [NINE_DIGITS],
  NZ: [NINE_DIGITS],
  GB: [EIGHT_DIGITS],
  JP: [SEVEN_DIGITS, EIGHT_DIGITS],
}

/** What the documentation says of them: the countries, a routing number, and the account numbers. */
export const TEST_ACCOUNT_NUMBERS: readonly (readonly [countries: string, routing: string, numbers: Numbers])[] = [
  ['US', '110000000', TWELVE_DIGITS],
  ['CA', '11000-000', TWELVE_DIGITS],
  ['AU, NZ', '110000', NINE_DIGITS],
  ['HK', '110-000', NINE_DIGITS],
  ['SG', '1100-000', NINE_DIGITS],
  ['GB', '108800', EIGHT_DIGITS],
  ['JP', '1100000', SEVEN_DIGITS],
  ['DE', '–', GERMAN],
]

/** It takes a payout and refuses an instant one. */
const INSTANT_REFUSED = '000888888883'

/** The good ones of other countries that are published. */
const IBANS: ReadonlySet<string> = new Set([
  ...['AT611904300234573201', 'BE62510007547061', 'CH9300762011623852957', 'DK5000400440116243'],
  ...['ES0700120345030000067890', 'FI2112345600000785', 'FR1420041010050500013M02606', 'IE29AIBK93115212345678'],
  ...['IT40S0542811101000000123456', 'LU280019400644750000', 'NL39RABO0300065264', 'NO9386011117947'],
  ...['PL61109010140000071219812874', 'PT50000201231234567890154', 'SE3550000000054910000003'],
])

/** Germany's, as published; every other country's has its own check digits before the same end. */
const IBAN_END = /^[A-Z]{2}\d{2}[0-9A-Z]*300([0-5])$/

/** The banks of test mode: a table of account numbers. Nothing reaches a bank. */
export const simulatedBanks: TestBanks = {
  answer(country, number, method) {
    if (country === 'US' && number === INSTANT_REFUSED) return method === 'instant' ? 'could_not_process' : 'accepted'
    const tables = NUMBERS[country]
    if (tables === undefined) return number.startsWith(country) ? ibanAnswer(number) : null
    for (const numbers of tables) {
      const place = numbers.indexOf(number)
      if (place !== -1) return place === 0 ? 'accepted' : (REFUSALS[place - 1] ?? null)
    }
    return null
  },
  token(name) {
    const place = TOKENS.indexOf(name)
    if (place === -1) return undefined
    const [good] = TWELVE_DIGITS
    const accountNumber = TWELVE_DIGITS[Math.max(0, place - 1)] ?? good
    return { country: 'US', currency: 'usd', routingNumber: '110000000', accountNumber }
  },
}

function ibanAnswer(number: string): Answer {
  if (IBANS.has(number)) return 'accepted'
  const digit = IBAN_END.exec(number)?.[1]
  if (digit === undefined) return null
  return digit === '0' ? 'accepted' : (REFUSALS[Number(digit) - 1] ?? null)
}

/** Source: Stripe's testing page. The first two are the same good account. */
const TOKENS: readonly string[] = [
  ...['btok_us', 'btok_us_verified', 'btok_us_verified_noAccount', 'btok_us_verified_accountClosed'],
  ...['btok_us_verified_insufficientFunds', 'btok_us_verified_debitNotAuthorized', 'btok_us_verified_invalidCurrency'],
]
