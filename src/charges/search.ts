import type { Searchable, SearchField } from '../search/fields.ts'
import { type Charge, isFullyRefunded } from './charge.ts'

type Field = SearchField<Charge>

const text = (of: Field['of']): Field => ({ kind: 'text', of })
const number = (of: Field['of']): Field => ({ kind: 'number', of })
const boolean = (of: Field['of']): Field => ({ kind: 'boolean', of })

/** Stripe: the query fields for charges. */
const FIELDS: Readonly<Record<string, Field>> = {
  amount: number((charge) => charge.amount),
  'billing_details.address.postal_code': text(({ card }) => card.address.zip),
  created: { ...number((charge) => charge.created), column: 'created' },
  currency: text((charge) => charge.currency),
  customer: text(({ customer }) => customer),
  disputed: boolean(({ dispute }) => dispute !== null),
  refunded: boolean(isFullyRefunded),
  status: text(({ state }) => (state === 'failed' ? 'failed' : 'succeeded')),
}

/** Those below `payment_method_details.<type>`; every charge is one of a card. */
const CARD_FIELDS: Readonly<Record<string, Field>> = {
  brand: text(({ card }) => card.brand),
  exp_month: number(({ card }) => card.expMonth),
  exp_year: number(({ card }) => card.expYear),
  fingerprint: text(({ card }) => card.fingerprint),
  last4: text(({ card }) => card.last4),
}

const PAYMENT_METHOD = /^payment_method_details\.([a-z0-9_]+)\.([a-z0-9_]+)$/

/** What can be searched of charges. */
export const SEARCHABLE_CHARGES: Searchable<Charge> = {
  resource: 'charges',
  field(name, key) {
    if (key !== null) return name === 'metadata' ? text(({ metadata }) => metadataValue(metadata, key)) : undefined
    const [, type, member = ''] = PAYMENT_METHOD.exec(name) ?? []
    if (type === undefined) return own(FIELDS, name)
    const field = own(CARD_FIELDS, member)
    return field && type !== 'card' ? { ...field, of: () => null } : field
  },
}

function metadataValue(metadata: Charge['metadata'], key: string): string | null {
  return (Object.hasOwn(metadata, key) ? metadata[key] : undefined) ?? null
}

function own(fields: Readonly<Record<string, Field>>, name: string): Field | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}
