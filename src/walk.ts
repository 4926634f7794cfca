import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Stored } from './lookup.ts'
import type { Context } from './operation.ts'
import { finishPage, type Page, type PageQuery, pageOf } from './store/paging.ts'
import type { Row } from './store/store.ts'

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
    for (const value of batch) {
      if (keep(value)) found.push(value)
      if (found.length > list.limit) break
    }
    if (found.length > list.limit) break
  }
  return finishPage(found, { limit: list.limit, ascending: list.cursor !== null && 'before' in list.cursor })
}

/** How many objects of a list `keep` keeps, wherever its cursor stands. */
export async function keptCount<T extends { readonly id: string }>(
  context: Context,
  { keep, ...stored }: Kept<T>,
  list: PageQuery,
): Promise<number> {
  let count = 0
  for await (const batch of walk(context, stored, { ...list, cursor: null }))
    for (const value of batch) if (keep(value)) count++
  return count
}

/** Yields batch after batch. Each row is read when it is asked for: a page is often full before its batch ends. */
async function* walk<T extends { readonly id: string }>(
  { store }: Context,
  { read }: Stored<T>,
  list: PageQuery,
): AsyncGenerator<Iterable<T>> {
  let { cursor } = list
  for (;;) {
    const { query, values, ascending } = pageOf({ ...list, cursor, limit: BATCH })
    const rows = await store.all(query, values)
    yield each(rows, read)
    const last = rows.at(-1)
    if (rows.length <= BATCH || last === undefined) return
    const { id } = read(last)
    cursor = ascending ? { before: id } : { after: id }
    await nextTurn()
  }
}

function* each<T>(rows: readonly Row[], read: (row: Row) => T): Iterable<T> {
  for (const row of rows) yield read(row)
}
