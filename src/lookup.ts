import { errors } from './errors.ts'
import type { Context } from './operation.ts'
import { type Condition, countOf, finishPage, inOneOf, type Page, type PageQuery, pageOf } from './store/paging.ts'
import type { Row } from './store/store.ts'
import { keptCount, keptPage } from './walk.ts'

/** How Stripe speaks of an object that is not there, and whether its id stood in the URL or in a parameter. */
export type Named = { readonly word: string; readonly param: string; readonly where: 'url' | 'parameter' }

/** The stored object, if the key's mode may see it. Throws Stripe's `No such …`. */
export function visible<S extends { readonly livemode: boolean }>(
  context: Context,
  stored: S | undefined,
  id: string,
  { word, param, where }: Named,
): S {
  if (stored === undefined) throw errors.noSuch(word, id, param, where)
  if (stored.livemode !== context.livemode) throw errors.noSuchInThisMode(word, id, param, where, context.livemode)
  return stored
}

/** UNIX seconds: one, or what all must hold. */
export type CreatedFilter =
  | number
  | {
      readonly gt?: number | undefined
      readonly gte?: number | undefined
      readonly lt?: number | undefined
      readonly lte?: number | undefined
    }

/** What every list takes. */
export type ListCommand = {
  readonly limit: number
  readonly starting_after?: string | undefined
  readonly ending_before?: string | undefined
  readonly created?: CreatedFilter | undefined
  /** With `total_count` the whole list is counted. */
  readonly expand?: readonly string[] | undefined
}

/** Where objects are, and how a row is read. */
export type Stored<T> = {
  readonly table: string
  readonly columns: string
  readonly read: (row: Row) => T
}

/** What a list is made of. */
export type Listed<T extends { readonly id: string }> = Stored<T> & {
  readonly word: string
  /** What no condition in SQL can say. Such a list is walked. */
  readonly keep?: ((value: T) => boolean) | undefined
  /** The object that a cursor names, in either mode. */
  readonly byId: (id: string) => Promise<{ readonly livemode: boolean } | undefined>
}

const LEAST_LIMIT = 1
const GREATEST_LIMIT = 100

/**
 * A page of an account's objects, newest first. A limit out of range is clamped, as Stripe does. Throws Stripe's error
 * for a cursor that names nothing, and for two cursors.
 */
export async function listPage<T extends { readonly id: string }>(
  context: Context,
  listed: Listed<T>,
  command: ListCommand,
  conditions: readonly Condition[] = [],
): Promise<Page<T>> {
  const cursor = await resolveCursor(context, listed, command)
  const limit = clampedLimit(command.limit)
  const list = {
    table: listed.table,
    columns: listed.columns,
    account: context.account.id,
    livemode: context.livemode,
    conditions: [...conditions, ...timeConditions('created', command.created)],
  }
  const { keep } = listed
  const wanted = { ...list, cursor, limit }
  const page = keep ? await keptPage(context, { ...listed, keep }, wanted) : await readPage(context, listed, wanted)
  if (!command.expand?.includes('total_count')) return page
  return {
    ...page,
    totalCount: keep ? await keptCount(context, { ...listed, keep }, wanted) : await count(context, list),
  }
}

/** Stripe: a limit out of range is no error. */
export function clampedLimit(limit: number): number {
  return Math.min(Math.max(limit, LEAST_LIMIT), GREATEST_LIMIT)
}

async function readPage<T>({ store }: Context, { read }: Stored<T>, wanted: PageQuery): Promise<Page<T>> {
  const { query, values, ascending } = pageOf(wanted)
  const { limit } = wanted
  const rows = await store.all(query, values)
  const known = pages.get(rows)
  if (known?.limit === limit) return known.page as Page<T>
  const { items, hasMore } = finishPage(rows, { limit, ascending })
  const page = { items: items.map(read), hasMore }
  pages.set(rows, { limit, page })
  return page
}

async function count({ store }: Context, list: Parameters<typeof countOf>[0]): Promise<number> {
  const { query, values } = countOf(list)
  return Number((await store.get(query, values))?.count)
}

/** A store may answer with the very same rows, while nothing was committed: of one limit they are the same page. */
const pages = new WeakMap<readonly Row[], { readonly limit: number; readonly page: Page<unknown> }>()

async function resolveCursor(
  context: Context,
  listed: Pick<Listed<{ id: string }>, 'word' | 'byId'>,
  command: ListCommand,
) {
  const { starting_after: after, ending_before: before } = command
  const { word } = listed
  if (after !== undefined)
    visible(context, await listed.byId(after), after, { word, param: 'starting_after', where: 'parameter' })
  if (after !== undefined && before !== undefined) throw errors.cursorsBoth()
  if (before !== undefined)
    visible(context, await listed.byId(before), before, { word, param: 'ending_before', where: 'parameter' })
  if (after !== undefined) return { after }
  return before === undefined ? null : { before }
}

/**
 * All objects whose `column` has one of these values, in the key's mode, newest first within each statement. What else
 * must hold of them is SQL without values (`attached = 1`).
 */
export async function readAllWith<T>(
  { store, account, livemode }: Context,
  { table, columns, read }: Stored<T>,
  column: string,
  wanted: readonly string[],
  also?: string,
): Promise<T[]> {
  const found: T[] = []
  for (const { query, values } of inOneOf({ table, columns, account: account.id, livemode }, column, wanted, also)) {
    for (const row of await store.all(query, values)) found.push(read(row))
  }
  return found
}

/** Whether a time (UNIX seconds) passes a filter. */
export function isWithin(time: number, filter: CreatedFilter): boolean {
  if (typeof filter === 'number') return time === filter
  const { gt, gte, lt, lte } = filter
  return !(
    (gt !== undefined && time <= gt) ||
    (gte !== undefined && time < gte) ||
    (lt !== undefined && time >= lt) ||
    (lte !== undefined && time > lte)
  )
}

const COMPARISONS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** A filter by a time (UNIX seconds), as conditions on the column in which it stands. */
export function timeConditions(column: 'created' | 'arrival_date', filter: CreatedFilter | undefined): Condition[] {
  if (filter === undefined) return []
  if (typeof filter === 'number') return [{ sql: `${column} = ?`, values: [filter] }]
  const conditions: Condition[] = []
  for (const name of ['gt', 'gte', 'lt', 'lte'] as const) {
    const value = filter[name]
    if (value !== undefined) conditions.push({ sql: `${column} ${COMPARISONS[name]} ?`, values: [value] })
  }
  return conditions
}

/**
 * A page of what is all at hand, newest first: as listPage, of few objects that belong to one other. `placeOf` tells
 * where the object that a cursor names stands, also one that is no longer among them.
 */
export async function listWithin<T extends { readonly place: string }>(
  all: readonly T[],
  word: string,
  placeOf: (id: string) => Promise<string | undefined>,
  { starting_after: after, ending_before: before, limit, expand }: ListCommand,
): Promise<Page<T>> {
  const resolve = async (id: string, param: string) => {
    const place = await placeOf(id)
    if (place === undefined) throw errors.noSuch(word, id, param, 'parameter')
    return place
  }
  const most = clampedLimit(limit)
  const counted = expand?.includes('total_count') ? { totalCount: all.length } : {}
  const from = after === undefined ? undefined : await resolve(after, 'starting_after')
  if (after !== undefined && before !== undefined) throw errors.cursorsBoth()
  if (before !== undefined) {
    const to = await resolve(before, 'ending_before')
    const newer = all.filter(({ place }) => place > to)
    return { items: newer.slice(-most), hasMore: newer.length > most, ...counted }
  }
  const older = from === undefined ? all : all.filter(({ place }) => place < from)
  return { items: older.slice(0, most), hasMore: older.length > most, ...counted }
}
