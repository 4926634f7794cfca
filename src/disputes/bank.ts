import type { Charge } from '../charges/charge.ts'
import { roundingOf } from '../currencies.ts'
import type { Minor } from '../money.ts'
import type { BankSequel } from '../network/test-cards.ts'
import type { DisputeRequest } from './dispute.ts'

/** What a dispute is about, without the ids. */
export type Complaint = Pick<DisputeRequest, 'amount' | 'reason' | 'isInquiry' | 'networkReasonCode' | 'eligibility'>

const FRAUD: Complaint = {
  amount: null,
  reason: 'fraudulent',
  isInquiry: false,
  networkReasonCode: null,
  eligibility: null,
}

/** The disputes that the bank of a test card opens after a payment. Source: Stripe's testing page. */
export function complaintsAbout(charge: Charge, sequel: BankSequel): readonly Complaint[] {
  switch (sequel) {
    case 'dispute':
      return [FRAUD]
    case 'dispute_not_received':
      return [{ ...FRAUD, reason: 'product_not_received' }]
    case 'dispute_compelling_evidence':
      return [{ ...FRAUD, eligibility: 'visa_compelling_evidence_3' }]
    case 'dispute_compliance':
      return [{ ...FRAUD, reason: 'noncompliant', eligibility: 'visa_compliance' }]
    case 'disputes':
      return halvesOf(charge).map((amount) => ({ ...FRAUD, amount }))
    case 'inquiry':
      return [{ ...FRAUD, isInquiry: true }]
    case 'early_fraud_warning':
      return []
    default:
      return sequel satisfies never
  }
}

/** Two parts that are all of it, each an amount that the currency knows; one where there is nothing to part. */
function halvesOf({ amountCaptured, currency }: Charge): readonly Minor[] {
  const multiple = roundingOf(currency)
  const half = multiple * Math.ceil(amountCaptured / (2 * multiple))
  return [half, amountCaptured - half].filter((amount) => amount > 0)
}
