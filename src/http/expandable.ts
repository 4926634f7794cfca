import type { ApiObject } from './answer.ts'

/**
 * Stripe: what can be expanded, by type of object. Paths go on into what was expanded. What can be expanded in a hash
 * within the object (the rule in an outcome) has dots.
 */
export const EXPANDABLE: Readonly<Record<string, readonly string[]>> = {
  charge: [
    ...['application', 'application_fee', 'balance_transaction', 'customer', 'dispute', 'failure_balance_transaction'],
    ...['invoice', 'on_behalf_of', 'outcome.rule', 'payment_intent', 'payment_method_details.card.mandate', 'refunds'],
    ...['review', 'source', 'source_transfer', 'transfer', 'transfer_data.destination'],
  ],
  refund: [
    ...['balance_transaction', 'charge', 'failure_balance_transaction', 'payment_intent', 'source_transfer_reversal'],
    'transfer_reversal',
  ],
  balance_transaction: ['source'],
  customer: [
    ...['cash_balance', 'default_source', 'discount', 'invoice_credit_balance', 'invoice_settings', 'sources'],
    ...['subscriptions', 'tax', 'tax_ids', 'test_clock'],
  ],
  card: ['customer'],
  payout: [
    ...['application_fee', 'balance_transaction', 'destination', 'failure_balance_transaction', 'original_payout'],
    'reversed_by',
  ],
  bank_account: ['account', 'customer'],
  dispute: [
    ...['charge', 'payment_intent', 'evidence.cancellation_policy', 'evidence.customer_communication'],
    ...['evidence.customer_signature', 'evidence.duplicate_charge_documentation', 'evidence.receipt'],
    ...['evidence.refund_policy', 'evidence.service_documentation', 'evidence.shipping_documentation'],
    'evidence.uncategorized_file',
  ],
  'radar.early_fraud_warning': ['charge', 'payment_intent'],
}

const NONE: readonly string[] = []

/**
 * Calls `visit` with each object of the API directly inside another: the members of a list, and what was expanded. An
 * event's data is not its own: it is fixed when the event is made.
 */
export function eachInside(object: ApiObject, visit: (inside: ApiObject) => void): void {
  if (object.object === 'list') {
    for (const member of object.data as ApiObject[]) visit(member)
    return
  }
  for (const property of EXPANDABLE[object.object] ?? NONE) {
    const value = object[property]
    if (isApiObject(value)) visit(value)
  }
}

function isApiObject(value: unknown): value is ApiObject {
  return typeof value === 'object' && value !== null && 'object' in value
}
