/** What the networks' own programs ask for beyond the usual evidence, by Stripe's names (2024-10-28 on). */

/** The program that a dispute is eligible for. */
export type Eligibility = 'visa_compelling_evidence_3' | 'visa_compliance'

type Address = { readonly [part in 'city' | 'country' | 'line1' | 'line2' | 'postal_code' | 'state']: string | null }

/** What tells that the customer of two transactions is the same. */
type Identifiers = {
  readonly customer_account_id: string | null
  readonly customer_device_fingerprint: string | null
  readonly customer_device_id: string | null
  readonly customer_email_address: string | null
  readonly customer_purchase_ip: string | null
  readonly product_description: string | null
  readonly shipping_address: Address | null
}

export type DisputedTransaction = Identifiers & {
  readonly merchandise_or_services: 'merchandise' | 'services' | null
}

export type PriorTransaction = Identifiers & { readonly charge: string }

export type CompellingEvidence = {
  readonly disputed_transaction: DisputedTransaction | null
  readonly prior_undisputed_transactions: readonly PriorTransaction[]
}

export type EnhancedEvidence = {
  readonly visa_compelling_evidence_3?: CompellingEvidence
  readonly visa_compliance?: { readonly fee_acknowledged: boolean }
}

export const NOTHING_ENHANCED: EnhancedEvidence = {}

/** Stripe: where a network charges for ruling on a violation of its rules, the merchant must say that it knows. */
export function feeIsAcknowledged(dispute: {
  readonly eligibility: Eligibility | null
  readonly enhancedEvidence: EnhancedEvidence
}): boolean {
  return (
    dispute.eligibility !== 'visa_compliance' || dispute.enhancedEvidence.visa_compliance?.fee_acknowledged === true
  )
}

/** Visa: two earlier transactions that nobody disputed, with what is the same in them. */
const PRIOR_TRANSACTIONS = 2

export type Lacking =
  | 'missing_customer_identifiers'
  | 'missing_disputed_transaction_description'
  | 'missing_merchandise_or_services'
  | 'missing_prior_undisputed_transaction_description'
  | 'missing_prior_undisputed_transactions'

/** What Visa's Compelling Evidence 3.0 still lacks, by Stripe's names; empty where it is complete. */
export function lackingOf(evidence: CompellingEvidence | undefined): Lacking[] {
  const disputed = evidence?.disputed_transaction ?? null
  const prior = evidence?.prior_undisputed_transactions ?? []
  const lacking: Lacking[] = []
  const all = [disputed, ...prior]
  if (!all.every((one) => one !== null && identifiersIn(one) >= 2)) lacking.push('missing_customer_identifiers')
  if (!disputed?.product_description) lacking.push('missing_disputed_transaction_description')
  if (!disputed?.merchandise_or_services) lacking.push('missing_merchandise_or_services')
  if (prior.some((one) => !one.product_description)) {
    lacking.push('missing_prior_undisputed_transaction_description')
  }
  if (prior.length < PRIOR_TRANSACTIONS) lacking.push('missing_prior_undisputed_transactions')
  return lacking
}

function identifiersIn(one: Identifiers): number {
  const { customer_account_id, customer_device_fingerprint, customer_device_id } = one
  const { customer_email_address, customer_purchase_ip, shipping_address } = one
  const said = [customer_account_id, customer_device_fingerprint ?? customer_device_id, customer_email_address]
  return [...said, customer_purchase_ip, shipping_address].filter((value) => value !== null).length
}
