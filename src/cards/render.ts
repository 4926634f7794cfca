import type { Metadata } from '../metadata.ts'
import { BRAND_NAMES, type Card } from './card.ts'

/** Whose card it is: null where it was charged without being saved. */
export type CardOwner = { readonly customer: string | null; readonly metadata?: Metadata | undefined }

/** Stripe's card object, newest version. In a token it has no `customer` key; elsewhere it is null or the customer's id. */
export function renderCard(card: Card, owner: CardOwner | 'token') {
  return {
    id: card.id,
    object: 'card',
    address_city: card.address.city,
    address_country: card.address.country,
    address_line1: card.address.line1,
    address_line1_check: card.checks.line1,
    address_line2: card.address.line2,
    address_state: card.address.state,
    address_zip: card.address.zip,
    address_zip_check: card.checks.zip,
    allow_redisplay: 'unspecified',
    brand: BRAND_NAMES[card.brand],
    country: card.country,
    currency: card.currency ?? undefined,
    customer: owner === 'token' ? undefined : owner.customer,
    cvc_check: card.checks.cvc,
    dynamic_last4: null,
    exp_month: card.expMonth,
    exp_year: card.expYear,
    fingerprint: card.fingerprint,
    funding: card.funding,
    last4: card.last4,
    metadata: owner === 'token' ? {} : (owner.metadata ?? {}),
    name: card.name,
    networks: { preferred: null },
    regulated_status: 'unregulated',
    tokenization_method: null,
    wallet: null,
  } as const
}
