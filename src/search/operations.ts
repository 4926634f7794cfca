import { errors } from '../errors.ts'
import { isBefore } from '../http/versions/version.ts'
import { clampedLimit, type Stored } from '../lookup.ts'
import type { Context } from '../operation.ts'
import type { Condition, Page } from '../store/paging.ts'
import { keptCount, keptPage } from '../walk.ts'
import type { Searchable } from './fields.ts'
import { matches, parseQuery, type Query, required } from './query.ts'

export type SearchCommand = {
  readonly query: string
  readonly limit: number
  /** What an earlier page of the same search named as its next. */
  readonly page?: string | undefined
  /** With `total_count` all that is found is counted. */
  readonly expand?: readonly string[] | undefined
}

const SEARCH_SINCE = '2020-08-27'

/**
 * A page of what a query finds, newest first. It walks the account's objects (docs/decisions/0010): what is committed is
 * found at once, and a page stays the page that it was, since what comes later is newer. Throws Stripe's error where the
 * query cannot be read, and for versions that have no search.
 */
export async function searchPage<T extends { readonly id: string }>(
  context: Context,
  stored: Stored<T>,
  searchable: Searchable<T>,
  command: SearchCommand,
): Promise<Page<T>> {
  if (isBefore(context.version, SEARCH_SINCE)) throw errors.searchNotInVersion(context.version, SEARCH_SINCE)
  const query = parseQuery(command.query, searchable)
  const kept = { ...stored, keep: (value: T) => matches(query, value) }
  const list = {
    table: stored.table,
    columns: stored.columns,
    account: context.account.id,
    livemode: context.livemode,
    conditions: conditionsOf(query),
    cursor: command.page === undefined ? null : { after: lastOf(command.page) },
    limit: clampedLimit(command.limit),
  }
  const page = await keptPage(context, kept, list)
  const last = page.items.at(-1)
  const found = { ...page, nextPage: page.hasMore && last ? pageAfter(last.id) : null }
  if (!command.expand?.includes('total_count')) return found
  return { ...found, totalCount: await keptCount(context, kept, list) }
}

/** What of a query can be said in SQL, so that fewer rows are read: numbers that have a column. */
function conditionsOf<T>(query: Query<T>): Condition[] {
  return required(query).flatMap(({ field: { column }, operator, value }) =>
    column === undefined || typeof value !== 'number'
      ? []
      : [{ sql: `${column} ${operator === ':' ? '=' : operator} ?`, values: [value] }],
  )
}

const ID = /^[a-z]+_[0-9A-Za-z]+$/

/** The name of the page that follows an object: opaque to who sends it back. */
function pageAfter(id: string): string {
  return Buffer.from(id).toString('base64url')
}

function lastOf(page: string): string {
  const id = Buffer.from(page, 'base64url').toString()
  if (!ID.test(id) || pageAfter(id) !== page) throw errors.searchPageInvalid(page)
  return id
}
