import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Stored } from './lookup.ts'
import type { Context } from './operation.ts'
import { type Page, type PageQuery, pageOf } from './store/paging.ts'

/** Rows at a time. Reading this many holds up other requests for some milliseconds; then it is their turn. */
const BATCH = 500

/** A list as it is walked: what `keep` says no to is not in it. */
export type Kept<T> = Stored<T> & { readonly keep: (value: T) => boolean }

/**
 * A page of those objects of a list that `keep` keeps, newest first: for what no index and no condition in SQL knows. It
 * reads from the cursor on until the page is full, or the list at its end.
 */
export async function keptPage<T extends { readonly id: string }>(
  context: Context,
  { keep, ...stored }: Kept<T>,
  list: PageQuery,
): Promise<Page<T>> {
  const found: T[] = []
  for await (const batch of walk(context, stored, list)) {
    for (const value of batch) if (keep(value)) found.push(value)
    if (found.length > list.limit) break
  }
  const items = found.slice(0, list.limit)
  const isUpwards = list.cursor !== null && 'before' in list.cursor
  return { items: isUpwards ? items.reverse() : items, hasMore: found.length > list.limit }
}

/** How many objects of a list `keep` keeps, wherever its cursor stands. */
export async function keptCount<T extends { readonly id: string }>(
  context: Context,
  { keep, ...stored }: Kept<T>,
  list: PageQuery,
): Promise<number> {
  let count = 0
  for await (const batch of walk(context, stored, { ...list, cursor: null })) count += batch.filter(keep).length
  return count
}

async function* walk<T extends { readonly id: string }>(
  { store }: Context,
  { read }: Stored<T>,
  list: PageQuery,
): AsyncGenerator<readonly T[]> {
  let { cursor } = list
  for (;;) {
    const { query, values, ascending } = pageOf({ ...list, cursor, limit: BATCH })
    const rows = await store.all(query, values)
    const batch = rows.map(read)
    yield batch
    const last = batch.at(-1)
    if (batch.length <= BATCH || last === undefined) return
    cursor = ascending ? { before: last.id } : { after: last.id }
    await nextTurn()
  }
}
