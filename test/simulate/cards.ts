/** What the simulated merchant knows of Stripe's test cards, from its testing page: how a payment with each goes. */

export type TestCard = {
  readonly number: string
  /** Built-in tokens of it. */
  readonly tokens: readonly string[]
  /** The error's code where a payment fails, and its `decline_code`. */
  readonly declines: readonly [code: string, declineCode: string] | null
  /** Whether it can be saved to a customer. Where Radar blocks, the page does not say: such a card is not saved here. */
  readonly saves: 'yes' | 'declines' | 'unknown'
  /** What comes after a payment whose money was captured, or after its refund. */
  readonly follows: Sequel | null
}

type Sequel = 'dispute' | 'disputes' | 'dispute_inquiry' | 'refund_pending' | 'refund_failing' | 'funds_at_once'

const good = (number: string, ...tokens: string[]): TestCard => ({
  ...{ number, tokens, declines: null, saves: 'yes', follows: null },
})
const bad = (number: string, code: string, declineCode: string, saves: TestCard['saves'], ...tokens: string[]) => ({
  number,
  tokens,
  declines: [code, declineCode] as const,
  saves,
  follows: null,
})
const declined = (number: string, declineCode: string, saves: TestCard['saves'], ...tokens: string[]) =>
  bad(number, 'card_declined', declineCode, saves, ...tokens)
const unauthenticated = (number: string, ...tokens: string[]) =>
  bad(number, 'authentication_required', 'authentication_required', 'yes', ...tokens)

const BY_BRAND = [
  good('4012888888881881'),
  good('4000056655665556', 'tok_visa_debit'),
  good('5555555555554444', 'tok_mastercard'),
  good('2223003122003222'),
  good('5200828282828210', 'tok_mastercard_debit'),
  good('5105105105105100', 'tok_mastercard_prepaid'),
  good('371449635398431', 'tok_amex'),
  good('6011111111111117', 'tok_discover'),
  good('6011000990139424'),
  good('6011981111111113'),
  good('3056930009020004', 'tok_diners'),
  good('36227206271667'),
  good('3566002020360505', 'tok_jcb'),
  good('3530111333300000'),
  good('6200000000000005', 'tok_unionpay'),
  good('6200000000000047'),
  good('6205500000000000004'),
  good('6555900000604105'),
  good('4000002500001001', 'tok_visa_cartesBancaires'),
  good('5555552500001001', 'tok_mastercard_cartesBancaires'),
  good('4000050360000001', 'tok_visa_debit_eftposAuCoBranded'),
]

const BY_COUNTRY = [
  good('4000000760000002', 'tok_br'),
  good('4000001240000000', 'tok_ca'),
  good('4000004840008001', 'tok_mx'),
  good('4000002500000003', 'tok_fr'),
  good('4000002760000016', 'tok_de'),
  good('4000008260000000', 'tok_gb'),
  good('4000058260000005', 'tok_gb_debit'),
  good('4000000360000006', 'tok_au'),
  good('4000001560000002', 'tok_cn'),
  good('4000003560000008', 'tok_in'),
  good('4000003920000003', 'tok_jp'),
  good('4000007020000003', 'tok_sg'),
  good('4000007640000003', 'tok_th_credit'),
]

/** Checks fail, and no rule of the account minds; the risk is elevated, and nobody reviews it yet. */
const CHECKED = [
  good('4000000000000101', 'tok_cvcCheckFail'),
  good('4000000000000036', 'tok_avsZipFail'),
  good('4000000000000028', 'tok_avsLine1Fail'),
  good('4000000000000010', 'tok_avsFail'),
  good('4000000000000044', 'tok_avsUnchecked'),
  good('4000058400307872', 'tok_cvcCheckFailElevatedRisk'),
  good('4000000000009235', 'tok_riskLevelElevated'),
]

const followed = (follows: Sequel, number: string, ...tokens: string[]) => ({ ...good(number, ...tokens), follows })

export const FOLLOWED_CARDS: readonly TestCard[] = [
  followed('dispute', '4000000000000259', 'tok_createDispute', 'tok_visa_createDispute'),
  followed('dispute', '4000000000002685', 'tok_createDisputeProductNotReceived'),
  followed('disputes', '4000000404000079', 'tok_createMultipleDisputes'),
  followed('dispute_inquiry', '4000000000001976', 'tok_createDisputeInquiry'),
  followed('refund_pending', '4000000000007726', 'tok_pendingRefund'),
  followed('refund_failing', '4000000000005126', 'tok_refundFail'),
  followed('funds_at_once', '4000000000000077', 'tok_bypassPending'),
  followed('funds_at_once', '4000003720000278', 'tok_bypassPendingInternational'),
]

const WITHOUT_AUTHENTICATION = [
  good('4000000000003055', 'tok_threeDSecureOptional'),
  good('4000000000003097', 'tok_threeDSecureOptionalProcessingError'),
  unauthenticated('4000002760003184'),
  unauthenticated('4000000000003220', 'tok_threeDSecure2Required'),
  declined('4000008260003178', 'insufficient_funds', 'yes'),
  declined('4000008400001629', 'generic_decline', 'yes', 'tok_threeDSecureRequiredChargeDeclined'),
]

const DECLINED = [
  declined('4000000000000002', 'generic_decline', 'declines', 'tok_chargeDeclined', 'tok_visa_chargeDeclined'),
  declined('4000000000009995', 'insufficient_funds', 'declines', 'tok_chargeDeclinedInsufficientFunds'),
  declined('4000000000009987', 'lost_card', 'declines', 'tok_visa_chargeDeclinedLostCard'),
  declined('4000000000009979', 'stolen_card', 'declines', 'tok_visa_chargeDeclinedStolenCard'),
  declined('4000000000006975', 'card_velocity_exceeded', 'declines', 'tok_visa_chargeDeclinedVelocityLimitExceeded'),
  bad('4000000000000069', 'expired_card', 'expired_card', 'declines', 'tok_chargeDeclinedExpiredCard'),
  bad('4000000000000127', 'incorrect_cvc', 'incorrect_cvc', 'declines', 'tok_chargeDeclinedIncorrectCvc'),
  bad('4000000000000119', 'processing_error', 'processing_error', 'declines', 'tok_chargeDeclinedProcessingError'),
  declined('4000000000000341', 'generic_decline', 'yes', 'tok_chargeCustomerFail', 'tok_visa_chargeCustomerFail'),
]

const BLOCKED = [
  declined('4100000000000019', 'fraudulent', 'unknown', 'tok_chargeDeclinedFraudulent', 'tok_radarBlock'),
  declined('4000000000004954', 'fraudulent', 'unknown', 'tok_riskLevelHighest'),
]

export const VISA = good('4242424242424242', 'tok_visa', 'tok_us')
export const GOOD_CARDS: readonly TestCard[] = [VISA, ...BY_BRAND, ...BY_COUNTRY, ...CHECKED]
export const ALL_CARDS: readonly TestCard[] = [
  ...GOOD_CARDS,
  ...FOLLOWED_CARDS,
  ...WITHOUT_AUTHENTICATION,
  ...DECLINED,
  ...BLOCKED,
]
export const SAVED_CARDS: readonly TestCard[] = ALL_CARDS.filter(({ saves }) => saves !== 'unknown')
