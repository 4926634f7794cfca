import assert from 'node:assert/strict'
import { EVIDENCE_FILES } from '../disputes/evidence.ts'

/**
 * What a restricted key may do, by Stripe's names (https://docs.stripe.com/stripe-apps/reference/permissions): each
 * resource with the most that can be granted on it. Refunds belong to their charges, a customer's cards to the customer.
 */
export const RESOURCES = {
  balance: 'read',
  balance_transaction_source: 'read',
  charge: 'write',
  connected_account: 'write',
  customer: 'write',
  dispute: 'write',
  early_fraud_warning: 'read',
  event: 'read',
  payout: 'write',
  file: 'write',
  source: 'write',
  token: 'write',
} as const

export type Resource = keyof typeof RESOURCES
export type Level = 'read' | 'write'
export type Permission = `${Resource}_${Level}`

/** What was granted; a resource that is not named is closed. */
export type Grants = Readonly<Partial<Record<Resource, Level>>>

/** A change of grants: `none` takes away, and what is not named stays. */
export type GrantsChange = Readonly<Partial<Record<Resource, Level | 'none' | undefined>>>

/** The one table of who may do what: the first segment of a path behind `/v1/`, and the resource that it belongs to. */
const RESOURCE_OF_PATH: ReadonlyMap<string, Resource> = new Map([
  ['account', 'connected_account'],
  ['accounts', 'connected_account'],
  ['balance', 'balance'],
  ['balance_transactions', 'balance'],
  ['charges', 'charge'],
  ['customers', 'customer'],
  ['disputes', 'dispute'],
  ['events', 'event'],
  ['payouts', 'payout'],
  ['files', 'file'],
  ['radar', 'early_fraud_warning'],
  ['refunds', 'charge'],
  ['sources', 'source'],
  ['tokens', 'token'],
])

/** Below an object of another resource: the segment behind its id. */
const RESOURCE_BELOW: ReadonlyMap<string, Resource> = new Map([['dispute', 'dispute']])

/** Stripe: to read is enough for a GET, any other method needs to write. Every route must have a row of the table. */
export function permissionFor(method: string, path: string): Permission {
  const [, , first = '', , below = ''] = path.split('/')
  const resource = RESOURCE_BELOW.get(below) ?? RESOURCE_OF_PATH.get(first)
  assert(resource, `no permission stands for ${method} ${path}`)
  return `${resource}_${method === 'GET' ? 'read' : 'write'}`
}

/** By the property expanded: what it shows. */
const RESOURCE_OF_PROPERTY: ReadonlyMap<string, Resource> = new Map([
  ['balance_transaction', 'balance'],
  ['charge', 'charge'],
  ['customer', 'customer'],
  ['default_source', 'customer'],
  ['destination', 'connected_account'],
  ['dispute', 'dispute'],
  ...EVIDENCE_FILES.map((field) => [field, 'file'] as const),
  ['failure_balance_transaction', 'balance'],
  ['refunds', 'charge'],
  ['sources', 'customer'],
])

/** What cannot be read by itself: it stands in the object anyway, or is not there in Koban and always null. */
const SHOWS_NOTHING_MORE: ReadonlySet<string> = new Set([
  ...['account', 'application', 'application_fee', 'cash_balance', 'discount', 'invoice'],
  ...['invoice_credit_balance', 'invoice_settings', 'mandate', 'on_behalf_of', 'payment_intent', 'review', 'rule'],
  ...['source', 'source_transfer', 'source_transfer_reversal', 'subscriptions', 'tax', 'tax_ids', 'test_clock'],
  ...['original_payout', 'reversed_by', 'transfer', 'transfer_reversal'],
])

/**
 * What is shown by expanding a property (`outcome.rule`: its last segment); null where that is nothing more. Whatever
 * can be expanded must have been decided on: it would be open to every key.
 */
export function resourceExpanded(path: string): Resource | null {
  const property = path.slice(path.lastIndexOf('.') + 1)
  const resource = RESOURCE_OF_PROPERTY.get(property)
  const showsNothing = SHOWS_NOTHING_MORE.has(property)
  assert((resource !== undefined) !== showsNothing, `expanding ${path} must stand in exactly one of the two tables`)
  return resource ?? null
}

/** What expanding these paths on an object of this type needs beyond the endpoint's own permission, in their order. */
export function permissionsToExpand(object: string, paths: readonly string[]): Permission[] {
  return paths.flatMap((path) => {
    let parent = object
    return path.split('.').flatMap((property): Permission[] => {
      const resource =
        parent.endsWith('balance_transaction') && property === 'source' ? SOURCES : RESOURCE_OF_PROPERTY.get(property)
      if (property !== 'data') parent = property
      return resource === undefined ? [] : [`${resource}_read`]
    })
  })
}

/** Stripe: what a balance transaction comes from is a permission of its own. */
const SOURCES = 'balance_transaction_source'

/** All that the grants allow: whoever may write may read, and whoever may see their sources may see the transactions. */
export function allowedBy(grants: Grants): ReadonlySet<Permission> {
  const allowed = new Set<Permission>()
  for (const [name, level] of Object.entries(grants)) {
    const resource = name as Resource
    allowed.add(`${resource}_read`)
    if (level === 'write') allowed.add(`${resource}_write`)
    if (resource === SOURCES) allowed.add('balance_read')
  }
  return allowed
}

/** The grants after a change, in alphabetical order. */
export function changeGrants(grants: Grants, change: GrantsChange): Grants {
  const changed: Partial<Record<Resource, Level>> = {}
  for (const name of Object.keys(RESOURCES)) {
    const resource = name as Resource
    const level = change[resource] ?? grants[resource] ?? 'none'
    if (level !== 'none') changed[resource] = level
  }
  return changed
}
