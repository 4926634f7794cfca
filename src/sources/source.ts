import type { Address } from '../address.ts'
import type { Card, CardAddress } from '../cards/card.ts'
import { checkExpiry } from '../cards/expiry.ts'
import { accept, type Decision, refuse } from '../decision.ts'
import { errors, StripeError } from '../errors.ts'
import type { CustomerId, SourceId } from '../ids.ts'
import { type Metadata, type MetadataChange, mergeMetadata } from '../metadata.ts'
import type { Currency, Minor, UnixSeconds } from '../money.ts'

/** A card that a customer has left on file. */
export type SavedCard = {
  readonly object: 'card'
  readonly id: string
  readonly created: UnixSeconds
  readonly customer: CustomerId
  /** Grows with the moment of attaching: the order of lists. */
  readonly place: string
  /** False once it was removed: its row stays, so that cursors and old charges still know it. */
  readonly attached: boolean
  readonly card: Card
  readonly metadata: Metadata
}

export type SourceOwner = {
  readonly address: Address | null
  readonly email: string | null
  readonly name: string | null
  readonly phone: string | null
}

/** Stripe's Source object, of the type card. */
export type Source = {
  readonly object: 'source'
  readonly id: SourceId
  readonly created: UnixSeconds
  /** To whom it is attached, or was. */
  readonly customer: CustomerId | null
  readonly place: string
  readonly attached: boolean
  readonly card: Card
  readonly metadata: Metadata
  /** By what a browser reads it with a publishable key. */
  readonly clientSecret: string
  readonly usage: 'reusable' | 'single_use'
  readonly status: 'chargeable' | 'consumed'
  readonly owner: SourceOwner
  readonly amount: Minor | null
  readonly currency: Currency | null
  readonly statementDescriptor: string | null
}

/** What a customer can be charged by. */
export type CustomerSource = SavedCard | Source

/** The most recently attached first, as lists are. */
export function newestFirst(a: Pick<CustomerSource, 'place'>, b: Pick<CustomerSource, 'place'>): number {
  return a.place < b.place ? 1 : -1
}

/** To whom something is attached, and where it stands among all that the customer has on file. */
export type Attaching = { readonly customer: CustomerId; readonly place: string }

/** The card of a token or of raw data, left on file with a customer. */
export function saveCard(card: Card, to: Attaching, metadata: Metadata, now: UnixSeconds): SavedCard {
  return { object: 'card', id: card.id, created: now, ...to, attached: true, card, metadata }
}

/** Attaches a Source to a customer. Only a reusable one that is still chargeable and free can be. */
export function attachSource(source: Source, to: Attaching): Source | StripeError {
  if (source.status === 'consumed') return errors.sourceConsumed(source.usage)
  if (source.attached) return errors.sourceAttachedAlready(source.id)
  if (source.usage === 'single_use') return errors.sourceNotReusable(source.id)
  return { ...source, ...to, attached: true }
}

/** Takes a card or Source from its customer. A Source is consumed by that (Stripe: detach a source). */
export function detached(source: CustomerSource): CustomerSource {
  return source.object === 'card' ? { ...source, attached: false } : { ...source, attached: false, status: 'consumed' }
}

/** A Source that is charged without being attached: once, and never again. */
export function consume(source: Source): Source | StripeError {
  if (source.status === 'consumed') return errors.sourceConsumed(source.usage)
  if (source.attached) return errors.sourceNeedsItsCustomer(source.id)
  return { ...source, status: 'consumed' }
}

/** The card as a charge keeps it: with whose it is, and what the merchant keeps with it. */
export function cardOnFile({ card, customer, metadata }: SavedCard): Card {
  return { ...card, customer, metadata }
}

export type SourceUpdate = {
  readonly metadata?: MetadataChange | undefined
  /** Of saved cards: the members that are named change, null unsets. */
  readonly name?: string | null | undefined
  readonly address?: Partial<CardAddress> | undefined
  readonly expMonth?: string | undefined
  readonly expYear?: string | undefined
  /** Of Sources. */
  readonly owner?: Partial<SourceOwner> | undefined
}

/** Changes what is kept with a card or Source. Refuses an expiry in the past, and what belongs to the other kind. */
export function updateSource(source: CustomerSource, change: SourceUpdate, now: UnixSeconds): Decision<CustomerSource> {
  const strange = unknownTo(source, change)
  if (strange !== null) return refuse(errors.parameterUnknown([strange]))
  const metadata = mergeMetadata(source.metadata, change.metadata)
  if (metadata instanceof StripeError) return refuse(metadata)
  const changed = source.object === 'card' ? updatedCard(source, change, now) : updatedOwner(source, change)
  if (changed instanceof StripeError) return refuse(changed)
  const after = { ...changed, metadata }
  if (!source.attached) return accept(after)
  return accept(after, {
    events: [{ type: 'customer.source.updated', object: 'customer_source', before: source, after }],
  })
}

/** What is asked of a card that only a Source has, or the other way round: the name of the parameter. */
function unknownTo({ object }: CustomerSource, { name, address = {}, expMonth, expYear, owner }: SourceUpdate) {
  if (object === 'card') return owner === undefined ? null : 'owner'
  const part = Object.entries(address).find(([, value]) => value !== undefined)?.[0]
  if (name !== undefined) return 'name'
  if (part !== undefined) return `address_${part}`
  if (expMonth !== undefined) return 'exp_month'
  return expYear === undefined ? null : 'exp_year'
}

function updatedCard(saved: SavedCard, change: SourceUpdate, now: UnixSeconds): SavedCard | StripeError {
  const { card } = saved
  const { expMonth, expYear } = change
  const dated = { expMonth: card.expMonth, expYear: card.expYear }
  if (expMonth !== undefined || expYear !== undefined) {
    const expiry = checkExpiry(expMonth ?? String(card.expMonth), expYear ?? String(card.expYear), now)
    if (!expiry.ok) {
      return expiry.code === 'invalid_expiry_month' ? errors.cardExpiryMonthInvalid() : errors.cardExpiryYearInvalid()
    }
    dated.expMonth = expiry.month
    dated.expYear = expiry.year
  }
  const name = change.name === undefined ? card.name : change.name
  const address = { ...card.address, ...defined(change.address ?? {}) }
  return { ...saved, card: { ...card, ...dated, name, ...addressed(card, address) } }
}

function updatedOwner(source: Source, { owner: change = {} }: SourceUpdate): Source {
  const owner: SourceOwner = { ...source.owner, ...defined(change) }
  return { ...source, owner, card: ownedBy(source.card, owner) }
}

/** The card of a Source is billed to the Source's owner. */
export function ownedBy(card: Card, { name, address }: SourceOwner): Card {
  const billed: CardAddress = {
    line1: address?.line1 ?? null,
    line2: address?.line2 ?? null,
    city: address?.city ?? null,
    state: address?.state ?? null,
    zip: address?.postal_code ?? null,
    country: address?.country ?? null,
  }
  return { ...card, name, ...addressed(card, billed) }
}

/** What was checked stays checked; what changed has yet to be. */
function addressed(card: Card, address: CardAddress): Pick<Card, 'address' | 'checks'> {
  const check = (part: 'line1' | 'zip') => {
    if (address[part] === null) return null
    return address[part] === card.address[part] ? card.checks[part] : ('unchecked' as const)
  }
  return { address, checks: { cvc: card.checks.cvc, line1: check('line1'), zip: check('zip') } }
}

function defined<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(change).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> }
}
