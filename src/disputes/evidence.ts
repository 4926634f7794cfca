import { countCharacters } from '../characters.ts'

/** Stripe: these have at most 20,000 characters each. */
export const LONG_TEXTS = [
  'access_activity_log',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'duplicate_charge_explanation',
  'product_description',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'uncategorized_text',
] as const

export const SHORT_TEXTS = [
  'billing_address',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'duplicate_charge_id',
  'service_date',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_tracking_number',
] as const

/** Each is the id of a file whose purpose is `dispute_evidence`. */
export const EVIDENCE_FILES = [
  'cancellation_policy',
  'customer_communication',
  'customer_signature',
  'duplicate_charge_documentation',
  'receipt',
  'refund_policy',
  'service_documentation',
  'shipping_documentation',
  'uncategorized_file',
] as const

export type EvidenceFile = (typeof EVIDENCE_FILES)[number]
export type EvidenceField = (typeof LONG_TEXTS)[number] | (typeof SHORT_TEXTS)[number] | EvidenceFile

/** What the merchant has said and sent; a field that is not here is null at the API. */
export type Evidence = { readonly [field in EvidenceField]?: string }

/** What is set (null: taken away) of a dispute's evidence; what is not named stays. */
export type EvidenceChange = { readonly [field in EvidenceField]?: string | null | undefined }

/** Stripe: all texts together. */
export const EVIDENCE_CHARACTERS = 150_000

/** The evidence after a change. */
export function mergeEvidence(current: Evidence, change: EvidenceChange): Evidence {
  const merged = new Map<string, string | null | undefined>(Object.entries(current))
  for (const [field, value] of Object.entries(change)) if (value !== undefined) merged.set(field, value)
  return Object.fromEntries([...merged].filter(([, value]) => value !== null))
}

/** Whether a change names any field. */
export function saysSomething(change: EvidenceChange): boolean {
  return Object.values(change).some((value) => value !== undefined)
}

/** How many characters all texts have together. */
export function charactersOf(evidence: Evidence): number {
  return [...LONG_TEXTS, ...SHORT_TEXTS].reduce((sum, field) => sum + countCharacters(evidence[field] ?? ''), 0)
}

/** The files that are part of the evidence: each field with the file's id. */
export function filesOf(evidence: EvidenceChange): { readonly field: EvidenceFile; readonly id: string }[] {
  return EVIDENCE_FILES.flatMap((field) => {
    const id = evidence[field]
    return id ? [{ field, id }] : []
  })
}

/** What the bank will say. `escalated`: an inquiry becomes a chargeback. */
export type Ruling = 'won' | 'lost' | 'escalated'

/** Stripe's words for test mode: the whole value of `uncategorized_text`. */
const RULINGS: ReadonlyMap<string, Ruling> = new Map([
  ['winning_evidence', 'won'],
  ['losing_evidence', 'lost'],
  ['escalate_inquiry_evidence', 'escalated'],
])

/** How the bank rules on this evidence; null where it never does. */
export function rulingOn({ uncategorized_text: text }: Evidence): Ruling | null {
  return RULINGS.get(text ?? '') ?? null
}
