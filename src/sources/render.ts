import { BRAND_NAMES } from '../cards/card.ts'
import { renderCard } from '../cards/render.ts'
import type { CustomerSource, Source } from './source.ts'

/** Stripe's card object of a customer, or the Source object; newest version. */
export function renderCustomerSource(source: CustomerSource, { livemode }: { readonly livemode: boolean }) {
  if (source.object === 'source') return renderSource(source, { livemode })
  return renderCard(source.card, { customer: source.customer, metadata: source.metadata })
}

/** Stripe's Source object of the type card. `customer` is there only while it is attached. */
export function renderSource(source: Source, { livemode }: { readonly livemode: boolean }) {
  return {
    id: source.id,
    object: 'source',
    allow_redisplay: 'unspecified',
    amount: source.amount,
    card: renderSourceCard(source),
    client_secret: source.clientSecret,
    created: source.created,
    currency: source.currency,
    customer: (source.attached ? source.customer : null) ?? undefined,
    flow: 'none',
    livemode,
    metadata: source.metadata,
    owner: {
      address: source.owner.address,
      email: source.owner.email,
      name: source.owner.name,
      phone: source.owner.phone,
      verified_address: null,
      verified_email: null,
      verified_name: null,
      verified_phone: null,
    },
    statement_descriptor: source.statementDescriptor,
    status: source.status,
    type: 'card',
    usage: source.usage,
  } as const
}

function renderSourceCard({ card }: Source) {
  return {
    address_line1_check: card.checks.line1,
    address_zip_check: card.checks.zip,
    brand: BRAND_NAMES[card.brand],
    country: card.country,
    cvc_check: card.checks.cvc,
    dynamic_last4: null,
    exp_month: card.expMonth,
    exp_year: card.expYear,
    fingerprint: card.fingerprint,
    funding: card.funding,
    last4: card.last4,
    name: card.name,
    three_d_secure: 'optional',
    tokenization_method: null,
  } as const
}

/** Stripe: a customer carries the ten newest of its sources. */
export const EMBEDDED_SOURCES = 10

/** The list of sources that stands inside a customer; `count` of all that there are. */
export function renderEmbeddedSources(
  customer: string,
  sources: readonly CustomerSource[],
  count: number,
  scene: { readonly livemode: boolean },
) {
  const shown = sources.slice(0, EMBEDDED_SOURCES)
  return {
    object: 'list',
    data: shown.map((source) => renderCustomerSource(source, scene)),
    has_more: count > shown.length,
    total_count: count,
    url: `/v1/customers/${customer}/sources`,
  } as const
}
