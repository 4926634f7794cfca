import assert from 'node:assert/strict'
import type { Address } from '../address.ts'
import { accept, type Decision, refuse } from '../decision.ts'
import { StripeError } from '../errors.ts'
import type { Happening } from '../events/event.ts'
import type { CustomerId } from '../ids.ts'
import { type Metadata, type MetadataChange, mergeMetadata } from '../metadata.ts'
import type { Currency, Minor, UnixSeconds } from '../money.ts'
import { type CustomerSource, detached } from '../sources/source.ts'

export type CustomerShipping = { readonly address: Address; readonly name: string; readonly phone: string | null }

export type InvoiceSettings = {
  readonly customFields: ReadonlyArray<{ readonly name: string; readonly value: string }> | null
  readonly footer: string | null
  readonly renderingOptions: {
    readonly amount_tax_display: string | null
    readonly template: string | null
  } | null
}

export type TaxExempt = 'none' | 'exempt' | 'reverse'

export type TaxInfo = { readonly tax_id: string; readonly type: 'vat' }

/** Somebody who pays, with what the merchant keeps of him. What he pays with are his sources, objects of their own. */
export type Customer = {
  readonly id: CustomerId
  readonly created: UnixSeconds
  /** The row of a deleted customer stays, so that cursors, charges and expansions still know it. */
  readonly deleted: boolean
  readonly address: Address | null
  /** What invoices would take into account: kept and shown, as there are none. Smallest currency unit. */
  readonly balance: Minor
  readonly businessName: string | null
  readonly currency: Currency | null
  /** The card or Source that is charged where none is named: null only where the customer has none. */
  readonly defaultSource: string | null
  readonly description: string | null
  readonly email: string | null
  readonly individualName: string | null
  readonly invoicePrefix: string
  readonly invoiceSettings: InvoiceSettings
  readonly metadata: Metadata
  readonly name: string | null
  readonly nextInvoiceSequence: number
  readonly phone: string | null
  readonly preferredLocales: readonly string[]
  readonly shipping: CustomerShipping | null
  readonly taxExempt: TaxExempt
  /** Only versions before 2019-12-03 know it. */
  readonly taxInfo: TaxInfo | null
}

/** A customer of whom nothing is known yet. */
export function newCustomer(id: CustomerId, created: UnixSeconds, invoicePrefix: string): Customer {
  return {
    id,
    created,
    deleted: false,
    address: null,
    balance: 0,
    businessName: null,
    currency: null,
    defaultSource: null,
    description: null,
    email: null,
    individualName: null,
    invoicePrefix,
    invoiceSettings: { customFields: null, footer: null, renderingOptions: null },
    metadata: {},
    name: null,
    nextInvoiceSequence: 1,
    phone: null,
    preferredLocales: [],
    shipping: null,
    taxExempt: 'none',
    taxInfo: null,
  }
}

/** What is undefined stays as it is; null unsets. */
export type CustomerChange = {
  readonly address?: Address | null | undefined
  readonly balance?: Minor | undefined
  readonly businessName?: string | null | undefined
  readonly description?: string | null | undefined
  readonly email?: string | null | undefined
  readonly individualName?: string | null | undefined
  readonly invoicePrefix?: string | undefined
  readonly invoiceSettings?: { readonly [K in keyof InvoiceSettings]?: InvoiceSettings[K] | undefined } | undefined
  readonly metadata?: MetadataChange | undefined
  readonly name?: string | null | undefined
  readonly nextInvoiceSequence?: number | undefined
  readonly phone?: string | null | undefined
  readonly preferredLocales?: readonly string[] | undefined
  readonly shipping?: CustomerShipping | null | undefined
  readonly taxExempt?: TaxExempt | null | undefined
  readonly taxInfo?: TaxInfo | undefined
}

/** The customer and all that it has on file, newest first, as they are after a change. */
export type Wallet = { readonly customer: Customer; readonly sources: readonly CustomerSource[] }

function changedFields(customer: Customer, change: CustomerChange): Customer | StripeError {
  const metadata = mergeMetadata(customer.metadata, change.metadata)
  if (metadata instanceof StripeError) return metadata
  const settings = customer.invoiceSettings
  const { invoiceSettings: wanted = {} } = change
  return {
    ...customer,
    address: given(change.address, customer.address),
    balance: given(change.balance, customer.balance),
    businessName: given(change.businessName, customer.businessName),
    description: given(change.description, customer.description),
    email: given(change.email, customer.email),
    individualName: given(change.individualName, customer.individualName),
    invoicePrefix: given(change.invoicePrefix, customer.invoicePrefix),
    invoiceSettings: {
      customFields: given(wanted.customFields, settings.customFields),
      footer: given(wanted.footer, settings.footer),
      renderingOptions: given(wanted.renderingOptions, settings.renderingOptions),
    },
    metadata,
    name: given(change.name, customer.name),
    nextInvoiceSequence: given(change.nextInvoiceSequence, customer.nextInvoiceSequence),
    phone: given(change.phone, customer.phone),
    preferredLocales: given(change.preferredLocales, customer.preferredLocales),
    shipping: given(change.shipping, customer.shipping),
    taxExempt: given(change.taxExempt, customer.taxExempt) ?? 'none',
    taxInfo: given(change.taxInfo, customer.taxInfo),
  }
}

function given<T>(wanted: T | undefined, current: T): T {
  return wanted === undefined ? current : wanted
}

/** Keeps a new customer, with the first card or Source on file where one came along: it is the default then. */
export function create(fresh: Customer, change: CustomerChange, first: CustomerSource | null): Decision<Wallet> {
  assert(fresh.defaultSource === null && !fresh.deleted)
  const changed = changedFields(fresh, change)
  if (changed instanceof StripeError) return refuse(changed)
  const sources = first ? [first] : []
  const customer: Customer = { ...changed, defaultSource: first?.id ?? null }
  const events: Happening[] = [{ type: 'customer.created', object: 'customer', before: null, after: customer, sources }]
  if (first) events.push(sourceCreated(first))
  return accept({ customer, sources }, { events })
}

/** What an update does about what the customer has on file: nothing, name another default, or put a new one in its place. */
export type DefaultChange =
  | { readonly kind: 'keep' }
  | { readonly kind: 'choose'; readonly source: CustomerSource }
  | { readonly kind: 'replace'; readonly source: CustomerSource }

/** `replaced` is the former default, which is gone. */
export type Updated = Wallet & { readonly replaced: CustomerSource | null }

/** Changes a customer. A new default replaces the old one, which is removed (Stripe: update a customer's `source`). */
export function update(
  { customer, sources }: Wallet,
  change: CustomerChange,
  wanted: DefaultChange,
): Decision<Updated> {
  const changed = changedFields(customer, change)
  if (changed instanceof StripeError) return refuse(changed)
  switch (wanted.kind) {
    case 'keep':
      return updated(customer, changed, sources, [], null)
    case 'choose':
      assert(sources.some(({ id }) => id === wanted.source.id))
      return updated(customer, { ...changed, defaultSource: wanted.source.id }, sources, [], null)
    case 'replace': {
      const old = sources.find(({ id }) => id === customer.defaultSource) ?? null
      const kept = [wanted.source, ...sources.filter((source) => source !== old)]
      const events = [sourceCreated(wanted.source), ...(old ? [sourceDeleted(old)] : [])]
      return updated(customer, { ...changed, defaultSource: wanted.source.id }, kept, events, old && detached(old))
    }
    default:
      return wanted satisfies never
  }
}

function updated(
  before: Customer,
  after: Customer,
  sources: readonly CustomerSource[],
  events: readonly Happening[],
  replaced: CustomerSource | null,
): Decision<Updated> {
  checkDefault({ customer: after, sources })
  return accept(
    { customer: after, sources, replaced },
    { events: [...events, { type: 'customer.updated', object: 'customer', before, after, sources }] },
  )
}

/** Puts a card or Source on file. It becomes the default only where there was none (Stripe: create a card). */
export function attach({ customer, sources }: Wallet, source: CustomerSource): Decision<Wallet> {
  assert(source.attached && source.customer === customer.id && !customer.deleted)
  const after: Customer = { ...customer, defaultSource: customer.defaultSource ?? source.id }
  const kept = [source, ...sources]
  return told(customer, { customer: after, sources: kept }, sourceCreated(source))
}

export type Detached = Wallet & { readonly source: CustomerSource }

/** Takes a card or Source from the file. Of the default, the newest that is left takes the place (Stripe: delete a card). */
export function detach({ customer, sources }: Wallet, source: CustomerSource): Decision<Detached> {
  assert(source.attached && source.customer === customer.id)
  const kept = sources.filter(({ id }) => id !== source.id)
  assert(kept.length === sources.length - 1)
  const defaultSource = customer.defaultSource === source.id ? (kept[0]?.id ?? null) : customer.defaultSource
  const wallet = { customer: { ...customer, defaultSource }, sources: kept }
  return told(customer, { ...wallet, source: detached(source) }, sourceDeleted(source))
}

function told<W extends Wallet>(before: Customer, wallet: W, happened: Happening): Decision<W> {
  checkDefault(wallet)
  const { customer: after, sources } = wallet
  return accept(wallet, {
    events: [happened, { type: 'customer.updated', object: 'customer', before, after, sources }],
  })
}

/** Deletes a customer, with all that it has on file. */
export function remove({ customer, sources }: Wallet): Decision<Wallet> {
  assert(!customer.deleted)
  const gone: Customer = { ...customer, deleted: true, defaultSource: null }
  return accept(
    { customer: gone, sources: sources.map(detached) },
    {
      events: [
        ...sources.map(sourceDeleted),
        // The event shows the customer as it was.
        { type: 'customer.deleted', object: 'customer', before: null, after: customer, sources },
      ],
    },
  )
}

/** Whoever has something on file has a default, and it is on file. */
function checkDefault({ customer, sources }: Wallet): void {
  if (customer.defaultSource === null) assert(sources.length === 0)
  else assert(sources.some(({ id }) => id === customer.defaultSource))
}

function sourceCreated(after: CustomerSource): Happening {
  return { type: 'customer.source.created', object: 'customer_source', before: null, after }
}

/** The event shows the card as it was. */
function sourceDeleted(source: CustomerSource): Happening {
  const after = source.object === 'source' ? ({ ...source, status: 'consumed' } as const) : source
  return { type: 'customer.source.deleted', object: 'customer_source', before: null, after }
}
