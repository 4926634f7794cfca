import type { Brand, Check, Funding } from '../../cards/card.ts'
import type { Sequel } from '../test-cards.ts'
import { COUNTRY_CARDS } from './country-cards.ts'
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

/** What the issuer answers. */
export type Behaviour =
  | { readonly kind: 'approve' }
  | { readonly kind: 'decline'; readonly reason: DeclineReason; readonly when: DeclineMoment }
  | { readonly kind: 'checks'; readonly results: CheckResults }

/** What Radar finds; `always_blocked` is the highest risk, which no setting lets through. */
export type TestRisk = 'normal' | 'elevated' | 'highest' | 'always_blocked'

/** What comes after a payment, in words for the documentation. */
export const SEQUELS: Readonly<Record<Sequel, string>> = {
  dispute: 'then a dispute, `fraudulent`',
  dispute_not_received: 'then a dispute, `product_not_received`',
  dispute_compelling_evidence: 'then a dispute, `fraudulent`, eligible for Visa Compelling Evidence 3.0',
  dispute_compliance: 'then a dispute, `noncompliant`: evidence is taken when its fee is acknowledged',
  disputes: 'then two disputes, `fraudulent`, of a half each',
  inquiry: 'then an inquiry, `fraudulent`, that moves no money',
  early_fraud_warning: 'then an early fraud warning, `made_with_stolen_card`',
  refund_pending: 'a refund of it is `pending` first, then `succeeded`',
  refund_failing: 'a refund of it is `succeeded` first, then `failed`',
  funds_at_once: 'its funds are available at once',
}

/** What comes after a payment at Stripe and does not come here yet, in words for the documentation. */
export const LATER = {
  domestic_pricing: 'the fee of a domestic card, where prices are split',
  review: 'a review',
} as const

export type Later = keyof typeof LATER

export type TestCard = {
  readonly number: string
  readonly brand: Brand
  readonly funding: Funding
  /** ISO 3166-1 alpha-2 country of the issuer. */
  readonly country: string
  readonly behaviour: Behaviour
  readonly risk: TestRisk
  /** Null for most: then nothing follows. */
  readonly sequel: Sequel | null
  readonly later: Later | null
  /** The second network of a co-branded card, as Stripe's PaymentMethods name it. */
  readonly coBrand: 'cartes_bancaires' | 'eftpos_au' | null
  /** What else the documentation says of it. */
  readonly note: string | null
}

const approve: Behaviour = { kind: 'approve' }
const decline = (reason: DeclineReason, when: DeclineMoment): Behaviour => ({ kind: 'decline', reason, when })
const checks = (results: Partial<CheckResults>): Behaviour => ({
  kind: 'checks',
  results: { cvc: 'pass', line1: 'pass', zip: 'pass', ...results },
})

const authenticationRequired = decline(DECLINES.authenticationRequired, 'payment')

type Rest = Partial<Pick<TestCard, 'risk' | 'sequel' | 'later' | 'coBrand' | 'note'>>
type Row = readonly [number: string, brand: Brand, funding: Funding, country: string, behaviour: Behaviour, rest?: Rest]

const note = (text: string): Rest => ({ note: text })
const sequel = (what: Sequel): Rest => ({ sequel: what })
const later = (what: Later): Rest => ({ later: what })
const ELEVATED: Rest = { risk: 'elevated', later: 'review' }
const BANCAIRES: Rest = { coBrand: 'cartes_bancaires' }
const EFTPOS: Rest = { coBrand: 'eftpos_au' }

/** Cards of every brand. Source: Stripe's testing page, editions of 2018 to 2026. */
const BRAND_CARDS: readonly Row[] = [
  ['4242424242424242', 'visa', 'credit', 'US', approve],
  ['4012888888881881', 'visa', 'credit', 'US', approve, note('on the page until 2016')],
  ['4000056655665556', 'visa', 'debit', 'US', approve],
  ['5555555555554444', 'mastercard', 'credit', 'US', approve],
  ['2223003122003222', 'mastercard', 'credit', 'US', approve, note('2-series')],
  ['5200828282828210', 'mastercard', 'debit', 'US', approve],
  ['5105105105105100', 'mastercard', 'prepaid', 'US', approve],
  ['378282246310005', 'amex', 'credit', 'US', approve],
  ['371449635398431', 'amex', 'credit', 'US', approve],
  ['6011111111111117', 'discover', 'credit', 'US', approve],
  ['6011000990139424', 'discover', 'credit', 'US', approve],
  ['6011981111111113', 'discover', 'debit', 'US', approve],
  ['6555900000604105', 'discover', 'credit', 'US', approve, note('BCcard and DinaCard')],
  ['3056930009020004', 'diners', 'credit', 'US', approve],
  ['36227206271667', 'diners', 'credit', 'US', approve],
  ['30569309025904', 'diners', 'credit', 'US', approve, note('on the page until 2019')],
  ['38520000023237', 'diners', 'credit', 'US', approve, note('on the page until 2019')],
  ['3566002020360505', 'jcb', 'credit', 'JP', approve],
  ['3530111333300000', 'jcb', 'credit', 'JP', approve],
  ['6200000000000005', 'unionpay', 'credit', 'CN', approve],
  ['6200000000000047', 'unionpay', 'debit', 'CN', approve],
  ['6205500000000000004', 'unionpay', 'debit', 'US', approve],
  ['4000002500001001', 'visa', 'credit', 'FR', approve, BANCAIRES],
  ['5555552500001001', 'mastercard', 'credit', 'FR', approve, BANCAIRES],
  ['4000050360000001', 'visa', 'debit', 'AU', approve, EFTPOS],
  ['5555050360000080', 'mastercard', 'debit', 'AU', approve, EFTPOS],
  ['4000051230000072', 'visa', 'debit', 'US', approve, note('HSA and FSA: money for medical costs')],
  ['5200828282828897', 'mastercard', 'debit', 'US', approve, note('FSA')],
]

/** Further cards of some countries. Source: Stripe's testing page. */
const OTHER_COUNTRY_CARDS: readonly Row[] = [
  ['4000058260000005', 'visa', 'debit', 'GB', approve],
  ['5555558265554449', 'mastercard', 'credit', 'GB', approve],
  ['5200007840000022', 'mastercard', 'credit', 'AE', approve],
  ['4000057640000008', 'visa', 'debit', 'TH', approve],
  ['4000004840000008', 'visa', 'credit', 'MX', approve, note('on the page until 2017')],
  ['5062210000000009', 'unknown', 'credit', 'MX', approve, note('Carnet')],
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

/** Cards whose checks fail, and cards that are a risk. Source: Stripe's testing page and Radar's. */
const CHECK_AND_RISK_CARDS: readonly Row[] = [
  ['4000000000000101', 'visa', 'credit', 'US', checks({ cvc: 'fail' })],
  ['4000000000000036', 'visa', 'credit', 'US', checks({ zip: 'fail' })],
  ['4000000000000028', 'visa', 'credit', 'US', checks({ line1: 'fail' })],
  ['4000000000000010', 'visa', 'credit', 'US', checks({ line1: 'fail', zip: 'fail' })],
  ['4000000000000044', 'visa', 'credit', 'US', checks({ line1: 'unavailable', zip: 'unavailable' })],
  ['4000058400307872', 'visa', 'debit', 'US', checks({ cvc: 'fail' }), ELEVATED],
  ['4000058400306072', 'visa', 'debit', 'US', checks({ zip: 'fail' }), ELEVATED],
  ['4000000000009235', 'visa', 'credit', 'US', approve, ELEVATED],
  ['4000000000004954', 'visa', 'credit', 'US', approve, { risk: 'highest' }],
  ['4100000000000019', 'visa', 'credit', 'US', approve, { risk: 'always_blocked' }],
]

/** Cards whose effect needs time: the payment succeeds, and then something follows. Source: Stripe's testing page. */
const LATER_CARDS: readonly Row[] = [
  ['4000000000000259', 'visa', 'credit', 'US', approve, sequel('dispute')],
  ['4000000000002685', 'visa', 'credit', 'US', approve, sequel('dispute_not_received')],
  ['4000000000001976', 'visa', 'credit', 'US', approve, sequel('inquiry')],
  ['4000000000005423', 'visa', 'credit', 'US', approve, sequel('early_fraud_warning')],
  ['4000000404000079', 'visa', 'credit', 'AT', approve, sequel('disputes')],
  ['4000000404000038', 'visa', 'credit', 'AT', approve, sequel('dispute_compelling_evidence')],
  ['4000008400000779', 'visa', 'credit', 'US', approve, sequel('dispute_compliance')],
  ['4000000000007726', 'visa', 'credit', 'US', approve, sequel('refund_pending')],
  ['4000000000005126', 'visa', 'credit', 'US', approve, sequel('refund_failing')],
  ['4000000000000077', 'visa', 'credit', 'US', approve, sequel('funds_at_once')],
  ['4000003720000278', 'visa', 'credit', 'IE', approve, sequel('funds_at_once')],
  ['4000000000000093', 'visa', 'credit', 'US', approve, later('domestic_pricing')],
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
  ['4000582600000094', 'visa', 'credit', 'US', authenticationRequired, note('in apps: out of band')],
  ['4000582600000045', 'visa', 'credit', 'US', authenticationRequired, note('in apps: one-time code')],
  ['4000582600000102', 'visa', 'credit', 'US', authenticationRequired, note('in apps: single select')],
  ['4000582600000110', 'visa', 'credit', 'US', authenticationRequired, note('in apps: multi select')],
]

/** Cards for what is not part of a charge by the API: captchas, terminals, payouts to cards. Source: Stripe's testing page. */
const RARE_CARDS: readonly Row[] = [
  ['4000000000001208', 'visa', 'credit', 'US', approve, note('a page with a captcha')],
  ['4000000000003725', 'visa', 'credit', 'US', approve, note('a page with a captcha')],
  ['4000003560000123', 'visa', 'credit', 'IN', approve, note('an Indian mandate')],
  ['4000003560000263', 'visa', 'credit', 'IN', approve, note('an Indian mandate that is cancelled')],
  ['5555555555554220', 'mastercard', 'credit', 'US', approve, note('World Elite')],
  ['4001007020000002', 'visa', 'credit', 'SG', approve, note('at a terminal: offline PIN')],
  ['4000008260000075', 'visa', 'credit', 'GB', approve, note('at a terminal: offline PIN after a retry')],
  ['4001000360000005', 'visa', 'credit', 'AU', approve, note('at a terminal: online PIN')],
  ['4000002760000008', 'visa', 'credit', 'DE', approve, note('at a terminal: online PIN after a retry')],
  ['4000056655665572', 'visa', 'debit', 'US', approve, note('a payout to it fails')],
  ['4000056655665564', 'visa', 'debit', 'US', approve, note('a payout to it fails; on the page until 2018')],
  ['4000056755665555', 'visa', 'debit', 'US', approve, note('no instant payout to it')],
]

/** Every card number that test mode knows, each once, as the documentation groups them. */
export const TEST_CARD_GROUPS: readonly { readonly title: string; readonly cards: readonly TestCard[] }[] = [
  { title: 'By brand', cards: cardsOf(BRAND_CARDS) },
  { title: 'By country', cards: cardsOf([...COUNTRY_CARDS.map(countryRow), ...OTHER_COUNTRY_CARDS]) },
  { title: 'Declines', cards: cardsOf(DECLINING_CARDS) },
  { title: 'Declines that Stripe has as tokens only', cards: cardsOf(OWN_CARDS) },
  { title: 'Checks and risk', cards: cardsOf(CHECK_AND_RISK_CARDS) },
  { title: '3-D Secure', cards: cardsOf(THREE_D_SECURE_CARDS) },
  { title: 'Disputes, refunds, prices', cards: cardsOf(LATER_CARDS) },
  { title: 'Rarely needed', cards: cardsOf(RARE_CARDS) },
]

/** Every card number that test mode knows. Any other is a real card, and declines as one. */
export const TEST_CARDS: readonly TestCard[] = TEST_CARD_GROUPS.flatMap(({ cards }) => cards)

const CARD_BY_NUMBER: ReadonlyMap<string, TestCard> = new Map(TEST_CARDS.map((card) => [card.number, card]))

/** The test card with this number (digits only); undefined for any number that is not a test card's. */
export function testCard(pan: string): TestCard | undefined {
  return CARD_BY_NUMBER.get(pan)
}

const SEQUEL_BY_LAST4: ReadonlyMap<string, { readonly number: string; readonly sequel: Sequel }> = new Map(
  TEST_CARDS.flatMap(({ number, sequel }) => (sequel === null ? [] : [[number.slice(-4), { number, sequel }]])),
)

/** The card with these last four digits after whose payments something comes, and what; undefined for most. */
export function sequelOf(last4: string): { readonly number: string; readonly sequel: Sequel } | undefined {
  return SEQUEL_BY_LAST4.get(last4)
}

function countryRow([country, number]: readonly [country: string, number: string]): Row {
  return [number, 'visa', 'credit', country, approve]
}

function cardsOf(rows: readonly Row[]): TestCard[] {
  return rows.map(([number, brand, funding, country, behaviour, rest = {}]) => {
    const { risk = 'normal', sequel = null, later = null, coBrand = null, note = null } = rest
    return { number, brand, funding, country, behaviour, risk, sequel, later, coBrand, note }
  })
}
