import { renderBalanceTransaction } from '../balance/render.ts'
import type { UnixSeconds } from '../money.ts'
import { type Dispute, isInquiry } from './dispute.ts'
import { lackingOf } from './enhanced-evidence.ts'

/** Stripe's dispute object, newest version. `balance_transaction` is in no description of theirs, and always sent. */
export function renderDispute(dispute: Dispute, scene: { readonly livemode: boolean; readonly now: UnixSeconds }) {
  const { brand, eligibility, networkReasonCode } = dispute
  return {
    id: dispute.id,
    object: 'dispute',
    amount: dispute.amount,
    balance_transaction: dispute.transactions[0]?.id ?? null,
    balance_transactions: dispute.transactions.map((one) => renderBalanceTransaction(one, scene.now)),
    charge: dispute.charge,
    created: dispute.created,
    currency: dispute.currency,
    enhanced_eligibility_types: eligibility === null ? [] : [eligibility],
    evidence: renderEvidence(dispute),
    evidence_details: {
      due_by: dispute.dueBy,
      enhanced_eligibility: renderEligibility(dispute),
      has_evidence: dispute.hasEvidence,
      past_due: dispute.pastDue,
      submission_count: dispute.submissionCount,
      submission_method: dispute.submissionCount === 0 ? 'not_submitted' : 'manual',
    },
    intended_submission_method: null,
    is_charge_refundable: isInquiry(dispute) || dispute.status === 'won',
    livemode: scene.livemode,
    metadata: dispute.metadata,
    network_reason_code: networkReasonCode,
    payment_intent: null,
    payment_method_details: {
      card: { brand, case_type: dispute.caseType, network: brand, network_reason_code: networkReasonCode },
      type: 'card',
    },
    reason: dispute.reason,
    status: dispute.status,
  } as const
}

function renderEvidence({ evidence, enhancedEvidence }: Dispute) {
  return {
    access_activity_log: evidence.access_activity_log ?? null,
    billing_address: evidence.billing_address ?? null,
    cancellation_policy: evidence.cancellation_policy ?? null,
    cancellation_policy_disclosure: evidence.cancellation_policy_disclosure ?? null,
    cancellation_rebuttal: evidence.cancellation_rebuttal ?? null,
    customer_communication: evidence.customer_communication ?? null,
    customer_email_address: evidence.customer_email_address ?? null,
    customer_name: evidence.customer_name ?? null,
    customer_purchase_ip: evidence.customer_purchase_ip ?? null,
    customer_signature: evidence.customer_signature ?? null,
    duplicate_charge_documentation: evidence.duplicate_charge_documentation ?? null,
    duplicate_charge_explanation: evidence.duplicate_charge_explanation ?? null,
    duplicate_charge_id: evidence.duplicate_charge_id ?? null,
    enhanced_evidence: renderEnhancedEvidence(enhancedEvidence),
    product_description: evidence.product_description ?? null,
    receipt: evidence.receipt ?? null,
    refund_policy: evidence.refund_policy ?? null,
    refund_policy_disclosure: evidence.refund_policy_disclosure ?? null,
    refund_refusal_explanation: evidence.refund_refusal_explanation ?? null,
    service_date: evidence.service_date ?? null,
    service_documentation: evidence.service_documentation ?? null,
    shipping_address: evidence.shipping_address ?? null,
    shipping_carrier: evidence.shipping_carrier ?? null,
    shipping_date: evidence.shipping_date ?? null,
    shipping_documentation: evidence.shipping_documentation ?? null,
    shipping_tracking_number: evidence.shipping_tracking_number ?? null,
    uncategorized_file: evidence.uncategorized_file ?? null,
    uncategorized_text: evidence.uncategorized_text ?? null,
  }
}

function renderEnhancedEvidence(sent: Dispute['enhancedEvidence']) {
  const { visa_compelling_evidence_3: compelling, visa_compliance: compliance } = sent
  return {
    ...(compelling && {
      visa_compelling_evidence_3: {
        disputed_transaction: compelling.disputed_transaction,
        prior_undisputed_transactions: [...compelling.prior_undisputed_transactions],
      },
    }),
    ...(compliance && { visa_compliance: compliance }),
  }
}

function renderEligibility({ eligibility, enhancedEvidence }: Dispute) {
  switch (eligibility) {
    case null:
      return {}
    case 'visa_compelling_evidence_3': {
      const required = lackingOf(enhancedEvidence.visa_compelling_evidence_3)
      const status = required.length === 0 ? ('qualified' as const) : ('requires_action' as const)
      return { visa_compelling_evidence_3: { required_actions: required, status } }
    }
    case 'visa_compliance': {
      const isAcknowledged = enhancedEvidence.visa_compliance?.fee_acknowledged === true
      const status = isAcknowledged ? ('fee_acknowledged' as const) : ('requires_fee_acknowledgement' as const)
      return { visa_compliance: { status } }
    }
    default:
      return eligibility satisfies never
  }
}
