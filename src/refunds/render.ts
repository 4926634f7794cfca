import type { Refund } from './refund.ts'

/** Stripe's refund object, newest version. */
export function renderRefund(refund: Refund) {
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    balance_transaction: refund.balanceTransaction,
    charge: refund.charge,
    created: refund.created,
    currency: refund.currency,
    customer: null,
    customer_account: null,
    destination_details: {
      card: {
        reference_status: 'pending',
        reference_type: 'acquirer_reference_number',
        type: refund.balanceTransaction === null ? 'reversal' : 'refund',
      },
      type: 'card',
    },
    failure_balance_transaction: refund.failureBalanceTransaction,
    failure_reason: refund.failureReason,
    metadata: refund.metadata,
    payment_intent: null,
    payment_method: null,
    reason: refund.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: refund.status,
    transfer_reversal: null,
  } as const
}

/** How many refunds stand inside a charge (Stripe: the 10 newest). */
export const EMBEDDED_REFUNDS = 10

/** The list inside a charge: the newest refunds of `refunds` (newest first), out of `total`. */
export function renderEmbeddedRefunds(charge: string, refunds: readonly Refund[], total: number) {
  return {
    object: 'list',
    data: refunds.slice(0, EMBEDDED_REFUNDS).map(renderRefund),
    has_more: total > EMBEDDED_REFUNDS,
    total_count: total,
    url: `/v1/charges/${charge}/refunds`,
  } as const
}
