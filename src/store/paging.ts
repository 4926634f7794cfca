import type { SqlValue, Statement } from './store.ts'
import { statement } from './store.ts'

/** One more condition of a list, e.g. `{ sql: 'created >= ?', values: [1558000000] }`. The SQL is ours, never a caller's. */
export type Condition = { readonly sql: string; readonly values: readonly SqlValue[] }

export type PageQuery = {
  readonly table: string
  readonly columns: string
  readonly account: string
  readonly livemode: boolean
  readonly conditions: readonly Condition[]
  /** Exclusive: the objects older than this id, or (before) the objects just newer than it. */
  readonly cursor: { readonly after: string } | { readonly before: string } | null
  readonly limit: number
}

export type PreparedPage = {
  readonly query: Statement
  readonly values: readonly SqlValue[]
  /** Whether the rows come oldest first and must be turned round. */
  readonly ascending: boolean
}

/** Few sizes are enough, one row more than pages of 10, of 100, and what is walked: each is a statement of its own. */
const PAGES = [11, 101, 501] as const
const LARGEST_PAGE = 501

const statements = new Map<string, Statement>()

/** A page of an account's list, newest first; one row more than `limit` is asked for, to see whether there is more. */
export function pageOf(page: PageQuery): PreparedPage {
  const { table, columns, account, livemode, conditions, cursor, limit } = page
  const ascending = cursor !== null && 'before' in cursor
  const wanted = ['account = ?', 'livemode = ?', ...conditions.map(({ sql }) => sql)]
  if (cursor) wanted.push(ascending ? 'id > ?' : 'id < ?')
  const order = ascending ? 'ASC' : 'DESC'
  // The limit stands in the text: SQLite plans a statement anew at every run when it is a parameter.
  const sql = `SELECT ${columns} FROM ${table} WHERE ${wanted.join(' AND ')} ORDER BY id ${order} LIMIT ${PAGES.find((size) => size > limit) ?? LARGEST_PAGE}`
  const query = kept(`page of ${table}`, sql)
  const from = cursor === null ? [] : ['before' in cursor ? cursor.before : cursor.after]
  const values = [account, livemode ? 1 : 0, ...conditions.flatMap(({ values }) => values), ...from]
  return { query, values, ascending }
}

/** How many objects such a list has in all, wherever its cursor stands. The row has `count`. */
export function countOf(
  list: Pick<PageQuery, 'table' | 'account' | 'livemode' | 'conditions'>,
): Omit<PreparedPage, 'ascending'> {
  const { table, account, livemode, conditions } = list
  const wanted = ['account = ?', 'livemode = ?', ...conditions.map(({ sql }) => sql)]
  const query = kept(`count of ${table}`, `SELECT COUNT(*) AS count FROM ${table} WHERE ${wanted.join(' AND ')}`)
  return { query, values: [account, livemode ? 1 : 0, ...conditions.flatMap(({ values }) => values)] }
}

/** Few sizes, so that there are few statements: what is missing is filled with the last value again. */
const SIZES = [1, 10, 100] as const
const LARGEST = 100

/** Queries for all rows whose `column` has one of many values: one for each hundred. Newest first within each. */
export function inOneOf(
  { table, columns, account, livemode }: Pick<PageQuery, 'table' | 'columns' | 'account' | 'livemode'>,
  column: string,
  wanted: readonly string[],
  also?: string,
): Omit<PreparedPage, 'ascending'>[] {
  const more = also === undefined ? '' : ` AND ${also}`
  const queries: Omit<PreparedPage, 'ascending'>[] = []
  for (let from = 0; from < wanted.length; from += LARGEST) {
    const some = wanted.slice(from, from + LARGEST)
    const size = SIZES.find((size) => size >= some.length) ?? LARGEST
    const marks = Array(size).fill('?').join(', ')
    const sql = `SELECT ${columns} FROM ${table} WHERE account = ? AND livemode = ? AND ${column} IN (${marks})${more} ORDER BY id DESC`
    const filled = [...some, ...Array(size - some.length).fill(some.at(-1))]
    queries.push({ query: kept(`${table} by ${column}`, sql), values: [account, livemode ? 1 : 0, ...filled] })
  }
  return queries
}

function kept(name: string, sql: string): Statement {
  let query = statements.get(sql)
  if (!query) {
    query = statement(name, sql)
    statements.set(sql, query)
  }
  return query
}

export type Page<T> = {
  readonly items: readonly T[]
  readonly hasMore: boolean
  /** How many there are in all, where that was asked for. */
  readonly totalCount?: number
  /** What leads to the next page of a search; null on the last. */
  readonly nextPage?: string | null
}

/** Puts the rows of a prepared page into the order of the answer: newest first, the one too many cut off. */
export function finishPage<T>(
  rows: readonly T[],
  { limit, ascending }: { limit: number; ascending: boolean },
): Page<T> {
  const items = rows.slice(0, limit)
  return { items: ascending ? items.reverse() : items, hasMore: rows.length > limit }
}
