import type { Brand, Check, Funding } from '../../cards/card.ts'
import { DECLINES, type DeclineReason } from './declines.ts'

/** What the issuer would find for each datum, if it was sent. */
export type CheckResults = { readonly cvc: Check; readonly line1: Check; readonly zip: Check }

/**
 * When a card that declines does so:
 * - `always`: already when it is saved to a customer
 * - `cvc_sent`: always, but only where there is a CVC to be wrong
 * - `payment`: it can be saved, and then fails
 * - `payment_unless_stored`: a payment with it fails until it has been saved
 */
export type DeclineMoment = 'always' | 'cvc_sent' | 'payment' | 'payment_unless_stored'

export type Behaviour =
  | { readonly kind: 'approve' }
  | { readonly kind: 'decline'; readonly reason: DeclineReason; readonly when: DeclineMoment }
  | { readonly kind: 'checks'; readonly results: CheckResults }
  /** The issuer approves; Radar finds the risk and blocks, `always` or while its rule against such risk is on. */
  | { readonly kind: 'risk'; readonly level: 'highest'; readonly blocked: 'always' | 'by_rule' }

export type TestCard = {
  readonly number: string
  readonly brand: Brand
  readonly funding: Funding
  /** ISO 3166-1 alpha-2 country of the issuer. */
  readonly country: string
  readonly behaviour: Behaviour
}

const approve: Behaviour = { kind: 'approve' }
const decline = (reason: DeclineReason, when: DeclineMoment): Behaviour => ({ kind: 'decline', reason, when })
const checks = (results: Partial<CheckResults>): Behaviour => ({
  kind: 'checks',
  results: { cvc: 'pass', line1: 'pass', zip: 'pass', ...results },
})
const highestRisk = (blocked: 'always' | 'by_rule'): Behaviour => ({ kind: 'risk', level: 'highest', blocked })

const authenticationRequired = decline(DECLINES.authenticationRequired, 'payment')

type Row = readonly [number: string, brand: Brand, funding: Funding, country: string, behaviour: Behaviour]

/** Cards of every brand. Source: Stripe's testing page, editions of 2018 to 2026. */
const BRAND_CARDS: readonly Row[] = [
  ['4242424242424242', 'visa', 'credit', 'US', approve],
  ['4012888888881881', 'visa', 'credit', 'US', approve], // on the page until 2016
  ['4000056655665556', 'visa', 'debit', 'US', approve],
  ['5555555555554444', 'mastercard', 'credit', 'US', approve],
  ['2223003122003222', 'mastercard', 'credit', 'US', approve], // 2-series
  ['5200828282828210', 'mastercard', 'debit', 'US', approve],
  ['5105105105105100', 'mastercard', 'prepaid', 'US', approve],
  ['378282246310005', 'amex', 'credit', 'US', approve],
  ['371449635398431', 'amex', 'credit', 'US', approve],
  ['6011111111111117', 'discover', 'credit', 'US', approve],
  ['6011000990139424', 'discover', 'credit', 'US', approve],
  ['6011981111111113', 'discover', 'debit', 'US', approve],
  ['6555900000604105', 'discover', 'credit', 'US', approve], // BCcard and DinaCard
  ['3056930009020004', 'diners', 'credit', 'US', approve],
  ['36227206271667', 'diners', 'credit', 'US', approve],
  ['30569309025904', 'diners', 'credit', 'US', approve], // on the page until 2019
  ['38520000023237', 'diners', 'credit', 'US', approve], // on the page until 2019
  ['3566002020360505', 'jcb', 'credit', 'JP', approve],
  ['3530111333300000', 'jcb', 'credit', 'JP', approve],
  ['6200000000000005', 'unionpay', 'credit', 'CN', approve],
  ['6200000000000047', 'unionpay', 'debit', 'CN', approve],
  ['6205500000000000004', 'unionpay', 'debit', 'US', approve],
  ['4000002500001001', 'visa', 'credit', 'FR', approve], // co-branded Cartes Bancaires
  ['5555552500001001', 'mastercard', 'credit', 'FR', approve], // co-branded Cartes Bancaires
  ['4000050360000001', 'visa', 'debit', 'AU', approve], // co-branded eftpos
  ['5555050360000080', 'mastercard', 'debit', 'AU', approve], // co-branded eftpos
  ['4000051230000072', 'visa', 'debit', 'US', approve], // HSA and FSA: money for medical costs
  ['5200828282828897', 'mastercard', 'debit', 'US', approve], // FSA
]

/** A Visa credit card of each country. Source: Stripe's testing page. */
export const COUNTRY_CARDS: readonly (readonly [country: string, number: string])[] = [
  ['AE', '4000007840000001'],
  ['AR', '4000000320000021'],
  ['AT', '4000000400000008'],
  ['AU', '4000000360000006'],
  ['BE', '4000000560000004'],
  ['BG', '4000001000000000'],
  ['BR', '4000000760000002'],
  ['BY', '4000001120000005'],
  ['CA', '4000001240000000'],
  ['CH', '4000007560000009'],
  ['CL', '4000001520000001'],
  ['CN', '4000001560000002'],
  ['CO', '4000001700000003'],
  ['CR', '4000001880000005'],
  ['CY', '4000001960000008'],
  ['CZ', '4000002030000002'],
  ['DE', '4000002760000016'],
  ['DK', '4000002080000001'],
  ['EC', '4000002180000000'],
  ['EE', '4000002330000009'],
  ['ES', '4000007240000007'],
  ['FI', '4000002460000001'],
  ['FR', '4000002500000003'],
  ['GB', '4000008260000000'],
  ['GI', '4000002920000005'],
  ['GR', '4000003000000030'],
  ['HK', '4000003440000004'],
  ['HR', '4000001910000009'],
  ['HU', '4000003480000005'],
  ['IE', '4000003720000005'],
  ['IN', '4000003560000008'],
  ['IT', '4000003800000008'],
  ['JP', '4000003920000003'],
  ['LI', '4000004380000004'],
  ['LT', '4000004400000000'],
  ['LU', '4000004420000006'],
  ['LV', '4000004280000005'],
  ['MT', '4000004700000007'],
  ['MX', '4000004840008001'],
  ['MY', '4000004580000002'],
  ['NL', '4000005280000002'],
  ['NO', '4000005780000007'],
  ['NZ', '4000005540000008'],
  ['PA', '4000005910000000'],
  ['PE', '4000006040000068'],
  ['PL', '4000006160000005'],
  ['PT', '4000006200000007'],
  ['PY', '4000006000000066'],
  ['RO', '4000006420000001'],
  ['RU', '4000006430000009'],
  ['SA', '4000006820000007'],
  ['SE', '4000007520000008'],
  ['SG', '4000007020000003'],
  ['SI', '4000007050000006'],
  ['SK', '4000007030000001'],
  ['TH', '4000007640000003'],
  ['TW', '4000001580000008'],
  ['UY', '4000008580000003'],
]

/** Further cards of some countries. Source: Stripe's testing page. */
const OTHER_COUNTRY_CARDS: readonly Row[] = [
  ['4000058260000005', 'visa', 'debit', 'GB', approve],
  ['5555558265554449', 'mastercard', 'credit', 'GB', approve],
  ['5200007840000022', 'mastercard', 'credit', 'AE', approve],
  ['4000057640000008', 'visa', 'debit', 'TH', approve],
  ['4000004840000008', 'visa', 'credit', 'MX', approve], // on the page until 2017
  ['5062210000000009', 'unknown', 'credit', 'MX', approve], // Carnet
]

/** Cards that decline. Source: Stripe's testing page; what is refused on saving: captured answers. */
const DECLINING_CARDS: readonly Row[] = [
  ['4000000000000002', 'visa', 'credit', 'US', decline(DECLINES.generic, 'always')],
  ['4000000000009995', 'visa', 'credit', 'US', decline(DECLINES.insufficientFunds, 'always')],
  ['4000000000009987', 'visa', 'credit', 'US', decline(DECLINES.lostCard, 'always')],
  ['4000000000009979', 'visa', 'credit', 'US', decline(DECLINES.stolenCard, 'always')],
  ['4000000000000069', 'visa', 'credit', 'US', decline(DECLINES.expiredCard, 'always')],
  ['4000000000000127', 'visa', 'credit', 'US', decline(DECLINES.incorrectCvc, 'cvc_sent')],
  ['4000000000000119', 'visa', 'credit', 'US', decline(DECLINES.processingError, 'always')],
  ['4000000000006975', 'visa', 'credit', 'US', decline(DECLINES.velocityExceeded, 'always')],
  ['4000000000000341', 'visa', 'credit', 'US', decline(DECLINES.generic, 'payment')],
]

/** Stripe has a token for each of these but publishes no number; the numbers are Koban's own. */
const OWN_CARDS: readonly Row[] = [
  ['4000050000009958', 'visa', 'debit', 'US', decline(DECLINES.insufficientFunds, 'always')],
  ['4000000003419878', 'visa', 'credit', 'US', decline(DECLINES.lostCard, 'payment')],
  ['4000000003419795', 'visa', 'credit', 'US', decline(DECLINES.stolenCard, 'payment')],
]

/** Cards whose checks fail, and cards of the highest risk. Source: Stripe's testing page and Radar's. */
const CHECK_AND_RISK_CARDS: readonly Row[] = [
  ['4000000000000101', 'visa', 'credit', 'US', checks({ cvc: 'fail' })],
  ['4000000000000036', 'visa', 'credit', 'US', checks({ zip: 'fail' })],
  ['4000000000000028', 'visa', 'credit', 'US', checks({ line1: 'fail' })],
  ['4000000000000010', 'visa', 'credit', 'US', checks({ line1: 'fail', zip: 'fail' })],
  ['4000000000000044', 'visa', 'credit', 'US', checks({ line1: 'unavailable', zip: 'unavailable' })],
  ['4100000000000019', 'visa', 'credit', 'US', highestRisk('always')],
  ['4000000000004954', 'visa', 'credit', 'US', highestRisk('by_rule')],
]

/** The 3-D Secure cards. A charge cannot ask the shopper, so that where authentication is required it declines. */
const THREE_D_SECURE_CARDS: readonly Row[] = [
  ['4000002500003155', 'visa', 'credit', 'FR', authenticationRequired],
  ['4000002760003184', 'visa', 'credit', 'DE', authenticationRequired],
  ['4000003800000446', 'visa', 'credit', 'IT', decline(DECLINES.authenticationRequired, 'payment_unless_stored')],
  ['4000008260003178', 'visa', 'credit', 'GB', decline(DECLINES.insufficientFunds, 'payment')],
  ['4000000000003220', 'visa', 'credit', 'US', authenticationRequired],
  ['4000000000003063', 'visa', 'credit', 'US', authenticationRequired],
  ['4000008400001629', 'visa', 'credit', 'US', decline(DECLINES.generic, 'payment')],
  ['4000008400001280', 'visa', 'credit', 'US', decline(DECLINES.generic, 'payment')],
  ['4000000000003055', 'visa', 'credit', 'US', approve],
  ['4000000000003097', 'visa', 'credit', 'US', approve],
]

/** Every card number that test mode knows, each once. Any other is a real card, and declines as one. */
export const TEST_CARDS: readonly TestCard[] = [
  ...BRAND_CARDS,
  ...COUNTRY_CARDS.map(([country, number]): Row => [number, 'visa', 'credit', country, approve]),
  ...OTHER_COUNTRY_CARDS,
  ...DECLINING_CARDS,
  ...OWN_CARDS,
  ...CHECK_AND_RISK_CARDS,
  ...THREE_D_SECURE_CARDS,
].map(([number, brand, funding, country, behaviour]) => ({ number, brand, funding, country, behaviour }))

const CARD_BY_NUMBER: ReadonlyMap<string, TestCard> = new Map(TEST_CARDS.map((card) => [card.number, card]))

/** The test card with this number (digits only); undefined for any number that is not a test card's. */
export function testCard(pan: string): TestCard | undefined {
  return CARD_BY_NUMBER.get(pan)
}
