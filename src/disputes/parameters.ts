import {
  boolean,
  choice,
  hash,
  hashes,
  type Optional,
  refused,
  required,
  string,
  unsettable,
  type Values,
} from '../http/params.ts'
import type { CompellingEvidence, EnhancedEvidence } from './enhanced-evidence.ts'
import { EVIDENCE_FILES, type EvidenceField, LONG_TEXTS, SHORT_TEXTS } from './evidence.ts'

const LONG = 20_000 // characters

type Text = Optional<string | null>

function fieldsOf<Field extends EvidenceField>(names: readonly Field[], text: Text): { readonly [F in Field]: Text } {
  return Object.fromEntries(names.map((name) => [name, text])) as { [F in Field]: Text }
}

const text = () => unsettable(string()) as Text

const identifiers = {
  customer_account_id: text(),
  customer_device_fingerprint: text(),
  customer_device_id: text(),
  customer_email_address: text(),
  customer_purchase_ip: text(),
  product_description: text(),
  shipping_address: hash({
    city: text(),
    country: text(),
    line1: text(),
    line2: text(),
    postal_code: text(),
    state: text(),
  }),
}

const enhancedFields = {
  visa_compelling_evidence_3: hash({
    disputed_transaction: hash({ ...identifiers, merchandise_or_services: choice('merchandise', 'services') }),
    prior_undisputed_transactions: hashes({ ...identifiers, charge: required(string()) }),
  }),
  visa_compliance: hash({ fee_acknowledged: boolean() }),
  mastercard_compliance: refused(),
}

/** The evidence of a dispute; an empty string takes a field away. */
export const evidenceFields = {
  ...fieldsOf(LONG_TEXTS, unsettable(string(LONG)) as Text),
  ...fieldsOf(SHORT_TEXTS, text()),
  ...fieldsOf(EVIDENCE_FILES, text()),
  enhanced_evidence: hash(enhancedFields),
  appeal: refused(),
}

type Identifiers = Values<typeof identifiers>

/** Stripe echoes all keys, null where nothing was sent. */
function identifiersOf(sent: Identifiers) {
  const { shipping_address: address } = sent
  return {
    customer_account_id: sent.customer_account_id ?? null,
    customer_device_fingerprint: sent.customer_device_fingerprint ?? null,
    customer_device_id: sent.customer_device_id ?? null,
    customer_email_address: sent.customer_email_address ?? null,
    customer_purchase_ip: sent.customer_purchase_ip ?? null,
    product_description: sent.product_description ?? null,
    shipping_address: address
      ? {
          city: address.city ?? null,
          country: address.country ?? null,
          line1: address.line1 ?? null,
          line2: address.line2 ?? null,
          postal_code: address.postal_code ?? null,
          state: address.state ?? null,
        }
      : null,
  }
}

function compellingOf(sent: Values<typeof enhancedFields>['visa_compelling_evidence_3']): CompellingEvidence {
  const disputed = sent?.disputed_transaction
  return {
    disputed_transaction: disputed
      ? { ...identifiersOf(disputed), merchandise_or_services: disputed.merchandise_or_services ?? null }
      : null,
    prior_undisputed_transactions: (sent?.prior_undisputed_transactions ?? []).map((one) => ({
      charge: one.charge,
      ...identifiersOf(one),
    })),
  }
}

/** What was sent for the networks' programs; null where nothing was. */
export function enhancedEvidenceOf(sent: Values<typeof enhancedFields> | undefined): EnhancedEvidence | null {
  if (sent === undefined) return null
  const { visa_compelling_evidence_3: compelling, visa_compliance: compliance } = sent
  return {
    ...(compelling && { visa_compelling_evidence_3: compellingOf(compelling) }),
    ...(compliance && { visa_compliance: { fee_acknowledged: compliance.fee_acknowledged ?? false } }),
  }
}
