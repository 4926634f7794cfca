import type { Card } from '../cards/card.ts'
import { Recent } from '../recent.ts'
import type { Charge } from './charge.ts'
import type { ChargeOutcome } from './outcome.ts'

/**
 * A charge as text, for its row and for the events that show it. What has its usual value is left out: a byte that is
 * not written need not be synced, and most charges use few of the fields.
 */
export function encodeCharge(charge: Charge): string {
  if (last?.charge !== charge) last = { charge, text: JSON.stringify(withoutUsual(charge)) }
  return last.text
}

/** A charge is never changed in place, and is written twice in a row: into its own and inside an event. */
let last: { readonly charge: Charge; readonly text: string } | undefined

/** The charges read last: the same text is the same charge, and need not be read again. */
const decoded = new Recent<string, Charge>(1_000)

/** Reads what encodeCharge wrote. The same text gives the same object, while it is remembered. */
export function decodeCharge(text: string): Charge {
  let charge = decoded.get(text)
  if (charge === undefined) {
    charge = chargeOf(JSON.parse(text))
    decoded.set(text, charge)
  }
  return charge
}

/** Reads what encodeCharge wrote, where it stood inside other JSON: a charge without what has its usual value. */
export function chargeOf({ card, outcome, ...rest }: Charge): Charge {
  return { ...USUAL, ...rest, card: { ...USUAL_CARD, ...card }, outcome: { ...USUAL_OUTCOME, ...outcome } }
}

const USUAL: Partial<Charge> = {
  state: 'captured',
  amountCaptured: 0,
  amountRefunded: 0,
  amountReleased: 0,
  releaseIsRefund: false,
  refundCount: 0,
  customer: null,
  dispute: null,
  amountInquired: 0,
  amountWithheld: 0,
  earlyFraudWarning: null,
  source: null,
  failure: null,
  authorization: null,
  balanceTransaction: null,
  fundsAvailableOn: null,
  description: null,
  metadata: {},
  receiptEmail: null,
  receiptSecret: null,
  shipping: null,
  statementDescriptor: null,
  statementDescriptorSuffix: null,
  transferGroup: null,
  userReport: null,
  stripeReport: null,
}

const USUAL_CARD: Partial<Card> = {
  name: null,
  address: { line1: null, line2: null, city: null, state: null, zip: null, country: null },
  checks: { cvc: null, line1: null, zip: null },
  currency: null,
}

const USUAL_OUTCOME: Partial<ChargeOutcome> = {
  type: 'authorized',
  networkStatus: 'approved_by_network',
  reason: null,
  riskLevel: 'normal',
  rule: null,
  sellerMessage: 'Payment complete.',
  adviceCode: null,
  networkAdviceCode: null,
  networkDeclineCode: null,
}

/** JSON leaves out what is undefined. Written out member by member: one shape for all charges is the fastest. */
function withoutUsual(charge: Charge): Record<keyof Charge, unknown> {
  const { metadata } = charge
  return {
    id: charge.id,
    created: charge.created,
    state: unusual(charge.state, USUAL.state),
    amount: charge.amount,
    currency: charge.currency,
    amountCaptured: charge.amountCaptured || undefined,
    amountRefunded: charge.amountRefunded || undefined,
    amountReleased: charge.amountReleased || undefined,
    releaseIsRefund: charge.releaseIsRefund || undefined,
    refundCount: charge.refundCount || undefined,
    customer: charge.customer ?? undefined,
    dispute: charge.dispute ?? undefined,
    amountInquired: charge.amountInquired || undefined,
    amountWithheld: charge.amountWithheld || undefined,
    earlyFraudWarning: charge.earlyFraudWarning ?? undefined,
    source: charge.source ?? undefined,
    card: cardWithoutUsual(charge.card),
    outcome: outcomeWithoutUsual(charge.outcome),
    failure: charge.failure ?? undefined,
    authorization: charge.authorization ?? undefined,
    balanceTransaction: charge.balanceTransaction ?? undefined,
    fundsAvailableOn: charge.fundsAvailableOn ?? undefined,
    description: charge.description ?? undefined,
    metadata: isEmpty(metadata) ? undefined : metadata,
    receiptEmail: charge.receiptEmail ?? undefined,
    receiptSecret: charge.receiptSecret ?? undefined,
    shipping: charge.shipping ?? undefined,
    statementDescriptor: charge.statementDescriptor ?? undefined,
    statementDescriptorSuffix: charge.statementDescriptorSuffix ?? undefined,
    calculatedStatementDescriptor: charge.calculatedStatementDescriptor,
    transferGroup: charge.transferGroup ?? undefined,
    userReport: charge.userReport ?? undefined,
    stripeReport: charge.stripeReport ?? undefined,
  }
}

function cardWithoutUsual(card: Card): Record<keyof Card, unknown> {
  const { address, checks } = card
  const { line1, line2, city, state, zip, country } = address
  const hasAddress = line1 ?? line2 ?? city ?? state ?? zip ?? country
  const hasChecks = checks.cvc ?? checks.line1 ?? checks.zip
  return {
    id: card.id,
    fingerprint: card.fingerprint,
    brand: card.brand,
    funding: card.funding,
    country: card.country,
    last4: card.last4,
    expMonth: card.expMonth,
    expYear: card.expYear,
    name: card.name ?? undefined,
    address: hasAddress === null ? undefined : address,
    checks: hasChecks === null ? undefined : checks,
    currency: card.currency ?? undefined,
    customer: card.customer,
    metadata: card.metadata,
  }
}

function outcomeWithoutUsual(outcome: ChargeOutcome): Record<keyof ChargeOutcome, unknown> {
  return {
    type: unusual(outcome.type, USUAL_OUTCOME.type),
    networkStatus: unusual(outcome.networkStatus, USUAL_OUTCOME.networkStatus),
    reason: outcome.reason ?? undefined,
    riskLevel: unusual(outcome.riskLevel, USUAL_OUTCOME.riskLevel),
    riskScore: outcome.riskScore,
    rule: outcome.rule ?? undefined,
    sellerMessage: unusual(outcome.sellerMessage, USUAL_OUTCOME.sellerMessage),
    adviceCode: outcome.adviceCode ?? undefined,
    networkAdviceCode: outcome.networkAdviceCode ?? undefined,
    networkDeclineCode: outcome.networkDeclineCode ?? undefined,
  }
}

function unusual<T>(value: T, usual: T): T | undefined {
  return value === usual ? undefined : value
}

function isEmpty(hash: object): boolean {
  for (const _key in hash) return false
  return true
}
