import { errors } from '../errors.ts'
import type { Context, Made } from '../operation.ts'
import { type ApiList, type ApiObject, emptyList, withFailedRefundsOnly } from './answer.ts'
import { EXPANDABLE, eachInside } from './expandable.ts'
import { alwaysExpanded, countsLists, expandsAlways } from './versions/chain.ts'
import type { ApiVersion } from './versions/version.ts'

/** Stripe: at most four levels, where the `data.` of a list counts. */
const MAXIMUM_LEVELS = 4

/** Where the paths of an `expand[]` begin: an object of this type, or a list of them. */
type Root = { readonly object: string; readonly isList: boolean; readonly isSearch?: boolean }

/** Throws Stripe's error for the first path that cannot be expanded there in this version. */
export function checkExpand(
  paths: readonly string[],
  { object, isList, isSearch = false }: Root,
  version: ApiVersion,
): void {
  for (const path of paths) {
    const segments = path.split('.')
    if (segments.length > MAXIMUM_LEVELS) throw errors.expansionTooDeep(path)
    const [first = '', second] = segments
    if (!isList) {
      if (!isExpandable(object, path)) throw errors.notExpandable(first)
    } else if (path === 'total_count') {
      if (!isSearch && !countsLists(version)) throw errors.totalCountForbidden()
    } else if (first !== 'data') {
      throw errors.notExpandableOnList(first)
    } else if (second !== undefined && !isExpandable(object, path.slice(DATA.length))) {
      throw errors.notExpandable(second)
    }
  }
}

const DATA = 'data.'

/** Deeper segments than those of the table are not looked at: what they name may be of any type. */
function isExpandable(object: string, path: string): boolean {
  const expandable = EXPANDABLE[object] ?? []
  return expandable.some((one) => path === one || path.startsWith(`${one}.`))
}

/** How objects are found by their ids, wherever they stand. What is asked for at the same time may be read together. */
export type ObjectReader = {
  /** The rendered object with this id, or undefined. What the unit under way has made is found first. */
  readonly object: (context: Context, id: string, made: readonly Made[]) => Promise<ApiObject | undefined>
  /** The list of refunds that stands inside a charge. */
  readonly refunds: (context: Context, charge: string, made: readonly Made[]) => Promise<ApiList>
  /** The list of sources that stands inside a customer. */
  readonly sources: (context: Context, customer: string, made: readonly Made[]) => Promise<ApiList>
}

type Expansion = { readonly context: Context; readonly reader: ObjectReader; readonly made: readonly Made[] }

/**
 * Replaces ids by the objects that they name, in place: along the paths asked for, and where the version shows a
 * property without being asked. The paths have been checked. Null where nothing had to be read for it, as for most.
 */
export function expand(expansion: Expansion, rendered: ApiObject, paths: readonly string[]): Promise<void> | null {
  if (paths.length > 0) return expandAsked(expansion, rendered, paths)
  if (!expandsAlways(expansion.context.version)) return null
  const reading: Promise<void>[] = []
  expandOwn(expansion, rendered, reading)
  return reading.length === 0 ? null : Promise.all(reading).then(() => {})
}

async function expandAsked(expansion: Expansion, rendered: ApiObject, paths: readonly string[]): Promise<void> {
  for (const path of paths) await follow(expansion, rendered, path.split('.'))
  const reading: Promise<void>[] = []
  expandThroughout(expansion, rendered, reading)
  await Promise.all(reading)
}

async function follow(expansion: Expansion, node: unknown, segments: readonly string[]): Promise<void> {
  const [segment, ...rest] = segments
  // Metadata is the merchant's own: it may have a key `object`, and is no object of ours for that.
  if (segment === undefined || segment === 'metadata' || typeof node !== 'object' || node === null) return
  if (Array.isArray(node)) {
    await Promise.all(node.map((item) => follow(expansion, item, segments)))
    return
  }
  const object = node as ApiObject
  const expandable = EXPANDABLE[object.object]
  if (expandable?.includes(segment)) await expandProperty(expansion, object, segment)
  const [inner] = rest
  if (inner !== undefined && expandable?.includes(`${segment}.${inner}`) && isHash(object[segment])) {
    await expandProperty(expansion, object[segment] as ApiObject, inner)
  }
  await follow(expansion, object[segment], rest)
}

function isHash(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/** As expandOwn, for the object and for all that was expanded inside it. */
function expandThroughout(expansion: Expansion, object: ApiObject, reading: Promise<void>[]): void {
  expandOwn(expansion, object, reading)
  eachInside(object, (inside) => expandThroughout(expansion, inside, reading))
}

/** Fills what the version always shows. Most of it is known without reading; what is not goes into `reading`. */
function expandOwn(expansion: Expansion, object: ApiObject, reading: Promise<void>[]): void {
  for (const property of alwaysExpanded(expansion.context.version, object.object)) {
    const expanded = expandProperty(expansion, object, property)
    if (expanded) reading.push(expanded)
  }
}

function expandProperty(
  { context, reader, made }: Expansion,
  object: ApiObject,
  property: string,
): Promise<void> | null {
  const value = object[property]
  if (object.object === 'charge' && property === 'refunds')
    return value ? null : expandRefunds({ context, reader, made }, object)
  if (object.object === 'customer' && CUSTOMER_LISTS.has(property))
    return value || object.deleted ? null : expandCustomerList({ context, reader, made }, object, property)
  if (typeof value !== 'string') return null
  return reader.object(context, value, made).then((found) => {
    if (found) object[property] = found
  })
}

/** A charge of which nothing is refunded has no Refunds, but for those that have failed: nothing need be read. */
function expandRefunds({ context, reader, made }: Expansion, charge: ApiObject): Promise<void> | null {
  const id = String(charge.id)
  if (charge.amount_refunded === 0 && !withFailedRefundsOnly.has(charge)) {
    charge.refunds = emptyList(`/v1/charges/${id}/refunds`)
    return null
  }
  return reader.refunds(context, id, made).then((list) => {
    charge.refunds = list
  })
}

const CUSTOMER_LISTS: ReadonlySet<string> = new Set(['sources', 'subscriptions', 'tax_ids'])

/** Whoever has a source has a default one; subscriptions and tax ids there are none. */
function expandCustomerList(
  { context, reader, made }: Expansion,
  customer: ApiObject,
  property: string,
): Promise<void> | null {
  const id = String(customer.id)
  if (property !== 'sources' || customer.default_source === null) {
    customer[property] = emptyList(`/v1/customers/${id}/${property}`)
    return null
  }
  return reader.sources(context, id, made).then((list) => {
    customer[property] = list
  })
}
