import { FAILURE_MESSAGES, type Payout } from './payout.ts'

/** Stripe's payout object, newest version. */
export function renderPayout(payout: Payout, { livemode }: { readonly livemode: boolean }) {
  const { failureCode } = payout
  return {
    id: payout.id,
    object: 'payout',
    amount: payout.amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: payout.arrivalDate,
    automatic: payout.automatic,
    balance_transaction: payout.balanceTransaction,
    created: payout.created,
    currency: payout.currency,
    description: payout.description,
    destination: payout.destination,
    failure_balance_transaction: payout.failureBalanceTransaction,
    failure_code: failureCode,
    failure_message: failureCode && FAILURE_MESSAGES[failureCode],
    livemode,
    metadata: payout.metadata,
    method: payout.method,
    original_payout: null,
    payout_method: null,
    reconciliation_status: payout.automatic ? 'completed' : 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: payout.statementDescriptor,
    status: payout.status,
    trace_id: { status: 'pending', value: null },
    type: 'bank_account',
  } as const
}
