import assert from 'node:assert'
import { yearMonthOf } from '../../cards/expiry.ts'
import type { UnixSeconds } from '../../money.ts'
import type { BuiltInToken } from '../test-cards.ts'
import { type TestCard, testCard } from './cards.ts'
import { COUNTRY_CARDS } from './country-cards.ts'

/** What stands behind a built-in token beside the card itself and a CVC, for the issuer to check. */
type TokenData = Pick<BuiltInToken, 'line1' | 'zip'>

/** `tok_visa` and most others: a charge shows that the CVC has passed, and no other check (observed in 2026). */
const nothing: TokenData = { line1: null, zip: null }
// A check can fail only for what was sent, so a token that is named after a failure must bring what fails.
const line1: TokenData = { ...nothing, line1: '1 Main Street' }
const zip: TokenData = { ...nothing, zip: '12345' }
const address: TokenData = { ...line1, zip: zip.zip }

type Row = readonly [number: string, names: readonly string[], sent?: TokenData]

/** By card number, the names of its tokens without `tok_`. Source: Stripe's testing page, editions of 2018 to 2026. */
const NAMES: readonly Row[] = [
  ['4242424242424242', ['visa', 'us', 'visa_threeDSecureNotSupported']],
  ['4000056655665556', ['visa_debit', 'visa_debit_us_transferSuccess']],
  ['5555555555554444', ['mastercard']],
  ['5200828282828210', ['mastercard_debit', 'mastercard_debit_us_transferSuccess']],
  ['5105105105105100', ['mastercard_prepaid']],
  ['371449635398431', ['amex']],
  ['378282246310005', ['amex_threeDSecureNotSupported']],
  ['6011111111111117', ['discover']],
  ['6011981111111113', ['discover_debit_us_transferSuccess']],
  ['4000056655665572', ['visa_debit_us_transferFail']],
  ['4000056755665555', ['visa_debit_us_instantPayoutUnsupported']],
  ['3056930009020004', ['diners']],
  ['3566002020360505', ['jcb']],
  ['6200000000000005', ['unionpay']],
  ['4000002500001001', ['visa_cartesBancaires']],
  ['5555552500001001', ['mastercard_cartesBancaires']],
  ['4000050360000001', ['visa_debit_eftposAuCoBranded']],
  ['5555050360000080', ['mastercard_debit_eftposAuCoBranded']],

  ['4000058260000005', ['gb_debit']],
  ['5555558265554449', ['gb_mastercard']],
  ['4000007640000003', ['th_credit']],
  ['4000057640000008', ['th_debit']],

  // Declines: first the names of 2017 to 2021, then today's.
  ['4000000000000002', ['chargeDeclined', 'visa_chargeDeclined']],
  ['4000000000009995', ['chargeDeclinedInsufficientFunds', 'visa_chargeDeclinedInsufficientFunds']],
  ['4000050000009958', ['visa_debit_chargeDeclinedInsufficientFunds']],
  ['4000000000009987', ['visa_chargeDeclinedLostCard']],
  ['4000000000009979', ['visa_chargeDeclinedStolenCard']],
  ['4000000000000069', ['chargeDeclinedExpiredCard', 'visa_chargeDeclinedExpiredCard']],
  ['4000000000000127', ['chargeDeclinedIncorrectCvc', 'visa_chargeDeclinedIncorrectCvc']],
  ['4000000000000119', ['chargeDeclinedProcessingError', 'visa_chargeDeclinedProcessingError']],
  ['4000000000006975', ['visa_chargeDeclinedVelocityLimitExceeded']],
  ['4000000000000341', ['chargeCustomerFail', 'visa_chargeCustomerFail']],
  ['4000000003419878', ['visa_chargeCustomerFailLostCard']],
  ['4000000003419795', ['visa_chargeCustomerFailStolenCard']],
  ['4100000000000019', ['chargeDeclinedFraudulent', 'visa_chargeDeclinedFraudulent', 'radarBlock']],

  ['4000000000004954', ['riskLevelHighest']],
  ['4000000000009235', ['riskLevelElevated']],
  ['4000000000000101', ['cvcCheckFail']],
  ['4000000000000036', ['avsZipFail'], zip],
  ['4000058400307872', ['cvcCheckFailElevatedRisk']],
  ['4000058400306072', ['avsZipFailElevatedRisk'], zip],
  ['4000000000000028', ['avsLine1Fail'], line1],
  ['4000000000000010', ['avsFail'], address],
  ['4000000000000044', ['avsUnchecked'], address],

  ['4000000000003220', ['threeDSecure2Required']],
  ['4000000000003063', ['threeDSecureRequired']],
  ['4000008400001629', ['threeDSecureRequiredChargeDeclined']],
  ['4000008400001280', ['threeDSecureRequiredProcessingError']],
  ['4000000000003055', ['threeDSecureOptional']],
  ['4000000000003097', ['threeDSecureOptionalProcessingError']],

  ['4000000000000259', ['createDispute', 'visa_createDispute']],
  ['4000000000002685', ['createDisputeProductNotReceived', 'visa_createDisputeProductNotReceived']],
  ['4000000000001976', ['createDisputeInquiry', 'visa_createDisputeInquiry']],
  ['4000000000005423', ['createIssuerFraudRecord']],
  ['4000000404000079', ['createMultipleDisputes']],
  ['4000000404000038', ['createCe3EligibleDispute']],
  ['4000008400000779', ['createComplianceDispute']],
  ['4000000000007726', ['pendingRefund']],
  ['4000000000005126', ['refundFail']],
  ['4000000000000077', ['bypassPending']],
  ['4000003720000278', ['bypassPendingInternational']],
  ['4000000000000093', ['domesticPricing']],
]

/** Thailand has two names of its own, and for Saudi Arabia the testing page has a number but no name. */
const COUNTRIES_WITHOUT_TOKEN = new Set(['SA', 'TH'])

const COUNTRY_NAMES: readonly Row[] = COUNTRY_CARDS.filter(([country]) => !COUNTRIES_WITHOUT_TOKEN.has(country)).map(
  ([country, number]) => [number, [country.toLowerCase()]],
)

const TOKEN_BY_NAME: ReadonlyMap<string, TokenData & { readonly card: TestCard }> = new Map(
  [...NAMES, ...COUNTRY_NAMES].flatMap(([number, names, sent = nothing]) => {
    const card = testCard(number)
    assert(card, `a token stands for ${number}, which is no test card`)
    return names.map((name) => [`tok_${name}`, { card, ...sent }] as const)
  }),
)

/** The names of all built-in tokens. */
export const BUILT_IN_TOKEN_NAMES: readonly string[] = [...TOKEN_BY_NAME.keys()]

/** The names of the built-in tokens that stand for a card. */
export function tokenNamesOf(number: string): string[] {
  return BUILT_IN_TOKEN_NAMES.filter((name) => TOKEN_BY_NAME.get(name)?.card.number === number)
}

/**
 * The built-in token with this name (case-sensitive), undefined where there is none. Its card expires in the current
 * month of next year, as seen from `now`. Test mode only. Source: Stripe's testing page.
 */
export function builtInToken(name: string, now: UnixSeconds): BuiltInToken | undefined {
  const token = TOKEN_BY_NAME.get(name)
  if (token === undefined) return undefined
  const { month, year } = yearMonthOf(now)
  return { ...token, expMonth: month, expYear: year + 1 }
}
