import { renderCard } from '../cards/render.ts'
import { type Scene, withFailedRefundsOnly } from '../http/answer.ts'
import { renderSource } from '../sources/render.ts'
import { amountRefundedShown, type Charge, holdEndsAt, isFullyRefunded } from './charge.ts'

/** Stripe's charge object, newest version. Before 2022-11-15 `refunds` is filled, before 2025-03-31.basil `invoice`. */
export function renderCharge(charge: Charge, scene: Scene) {
  const rendered = renderFields(charge, scene)
  if (charge.refundCount > 0 && rendered.amount_refunded === 0) withFailedRefundsOnly.add(rendered)
  return rendered
}

function renderFields(charge: Charge, scene: Scene) {
  return {
    id: charge.id,
    object: 'charge',
    amount: charge.amount,
    amount_captured: charge.amountCaptured,
    amount_refunded: amountRefundedShown(charge),
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: charge.balanceTransaction,
    billing_details: renderBillingDetails(charge),
    calculated_statement_descriptor: charge.calculatedStatementDescriptor,
    captured: charge.state === 'captured',
    created: charge.created,
    currency: charge.currency,
    customer: charge.customer,
    description: charge.description,
    destination: null,
    dispute: charge.dispute,
    disputed: charge.dispute !== null,
    failure_balance_transaction: null,
    failure_code: charge.failure?.code ?? null,
    failure_message: charge.failure?.message ?? null,
    fraud_details: renderFraudDetails(charge),
    invoice: undefined,
    livemode: scene.livemode,
    metadata: charge.metadata,
    on_behalf_of: null,
    order: null,
    outcome: renderOutcome(charge),
    paid: charge.state !== 'failed',
    payment_intent: null,
    payment_method: charge.source?.id ?? charge.card.id,
    payment_method_details: { card: renderCardDetails(charge), type: 'card' },
    radar_options: {},
    receipt_email: charge.receiptEmail,
    receipt_number: null,
    receipt_url: receiptUrl(charge, scene),
    refunded: isFullyRefunded(charge),
    refunds: undefined,
    review: null,
    shipping: charge.shipping,
    source: renderSourceOf(charge, scene),
    source_transfer: null,
    statement_descriptor: charge.statementDescriptor,
    statement_descriptor_suffix: charge.statementDescriptorSuffix,
    status: charge.state === 'failed' ? 'failed' : 'succeeded',
    transfer_data: null,
    transfer_group: charge.transferGroup,
  } as const
}

function renderSourceOf({ card, source }: Charge, scene: Scene) {
  if (source) return renderSource(source, scene)
  return renderCard(card, { customer: card.customer ?? null, metadata: card.metadata })
}

function renderBillingDetails({ card: { address, name } }: Charge) {
  const { city, country, line1, line2, zip, state } = address
  return {
    address: { city, country, line1, line2, postal_code: zip, state },
    email: null,
    name,
    phone: null,
    tax_id: null,
  } as const
}

function renderFraudDetails(charge: Charge) {
  return { stripe_report: charge.stripeReport ?? undefined, user_report: charge.userReport ?? undefined }
}

function renderOutcome({ outcome }: Charge) {
  return {
    advice_code: outcome.adviceCode,
    network_advice_code: outcome.networkAdviceCode,
    network_decline_code: outcome.networkDeclineCode,
    network_status: outcome.networkStatus,
    reason: outcome.reason,
    risk_level: outcome.riskLevel,
    risk_score: outcome.riskScore,
    rule: outcome.rule ?? undefined,
    seller_message: outcome.sellerMessage,
    type: outcome.type,
  } as const
}

function renderCardDetails(charge: Charge) {
  const { card, state } = charge
  return {
    amount_authorized: state === 'failed' ? null : charge.amount,
    authorization_code: charge.authorization?.code ?? null,
    brand: card.brand,
    capture_before: state === 'authorized' ? holdEndsAt(charge) : undefined,
    checks: {
      address_line1_check: card.checks.line1,
      address_postal_code_check: card.checks.zip,
      cvc_check: card.checks.cvc,
    },
    country: card.country,
    electronic_commerce_indicator: null,
    exp_month: card.expMonth,
    exp_year: card.expYear,
    extended_authorization: { status: 'disabled' },
    fingerprint: card.fingerprint,
    funding: card.funding,
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    last4: card.last4,
    mandate: null,
    multicapture: { status: 'unavailable' },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: charge.authorization?.networkTransactionId ?? null,
    overcapture: { maximum_amount_capturable: charge.amount, status: 'unavailable' },
    regulated_status: 'unregulated',
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  } as const
}

/** The link carries account and charge inside an unguessable token, so that the page can be found without a key. */
function receiptUrl(charge: Charge, { account, publicUrl }: Scene): string | null {
  if (charge.receiptSecret === null) return null
  const token = Buffer.from(`${account}/${charge.id}/${charge.receiptSecret}`).toString('base64url')
  return `${publicUrl}/receipts/payment/${token}`
}
