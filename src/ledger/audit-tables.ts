/** How the audit reads: a table's rows in pages, in the books of one account in one mode, and rows by their ids. */

import type { Row, SqlValue, Statement, Store } from '../store/store.ts'
import { statement } from '../store/store.ts'
import { unreadable, type Wrong } from './audit.ts'

/** Rows of a table that are in memory at once, and ids that are looked up at once. Measured: 200 to 2,000 are alike. */
export const PAGE = 500

/** One account in one mode: everything in it refers only to what is in it. */
type Books = { readonly account: string; readonly livemode: boolean }

export type Finding = Books & Wrong

/** How many of each were checked. */
export type Checked = {
  accounts: number
  charges: number
  refunds: number
  disputes: number
  payouts: number
  customers: number
  sources: number
  transactions: number
  balances: number
  events: number
  answers: number
}

/** The audit of one account in one mode. */
export type Auditor = Books & {
  readonly store: Pick<Store, 'all'>
  readonly checked: Checked
  readonly report: (wrongs: readonly Wrong[]) => void
}

export type Identified = { readonly id: string }

/** What is read of a table: in pages in the order of `cursor`, and by id. */
export type Table<T> = {
  readonly table: string
  readonly cursor: readonly string[]
  readonly page: Statement
  readonly byIds: Statement
  readonly read: (row: Row) => T
}

type Reading<T> = Pick<Table<T>, 'table' | 'read'> & {
  readonly columns: string
  readonly cursor?: readonly string[]
  /** Only the rows that have this column. */
  readonly having?: string
}

export function tableOf<T extends Identified>({ table, columns, read, cursor = ['id'], having }: Reading<T>): Table<T> {
  const order = cursor.join(', ')
  const from = cursor.map(() => '?').join(', ')
  const only = having === undefined ? '' : ` AND ${having} IS NOT NULL`
  const books = `SELECT ${columns} FROM ${table} WHERE account = ? AND livemode = ?${only}`
  return {
    table,
    cursor,
    read,
    page: statement(`audit ${table}`, `${books} AND (${order}) > (${from}) ORDER BY ${order} LIMIT ${PAGE}`),
    byIds: statement(`audit ${table} by ids`, `${books} AND id IN (${questionMarks()})`),
  }
}

/** A table's rows in the auditor's books, in pages. A row that cannot be read is reported and left out. */
export async function* rows<T extends Identified>(auditor: Auditor, table: Table<T>): AsyncGenerator<T[], void> {
  const { store, account, livemode, report } = auditor
  for await (const page of pages(store, table.page, [account, livemode ? 1 : 0], table.cursor)) {
    yield page.flatMap((row) => {
      const value = readRow(table, row)
      if (!(value instanceof Unreadable)) return [value]
      report([unreadable(table.table, idOf(row), value.message)])
      return []
    })
  }
}

/** The rows with these ids in the auditor's books, by id. One that cannot be read counts as not there. */
export async function find<T extends Identified>(
  { store, account, livemode }: Auditor,
  table: Table<T>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>()
  if (ids.length === 0) return found
  for (const row of await store.all(table.byIds, [account, livemode ? 1 : 0, ...padded(ids)])) {
    const value = readRow(table, row)
    if (!(value instanceof Unreadable)) found.set(idOf(row), value)
  }
  return found
}

export function questionMarks(): string {
  return Array.from({ length: PAGE }, () => '?').join(', ')
}

export function padded(ids: readonly string[]): (string | null)[] {
  return Array.from({ length: PAGE }, (_, n) => ids[n] ?? null)
}

class Unreadable extends Error {}

function idOf(row: Row): string {
  return String(row.id ?? row.key)
}

function readRow<T extends Identified>(table: Table<T>, row: Row): T | Unreadable {
  try {
    const value = table.read(row)
    return value.id === idOf(row) ? value : new Unreadable(`its text is that of ${value.id}`)
  } catch (error) {
    return new Unreadable(error instanceof Error ? error.message : String(error))
  }
}

/** All rows of a query, in pages: `fixed` are its first values, then come those of the cursor's columns. */
export async function* pages(
  store: Pick<Store, 'all'>,
  query: Statement,
  fixed: readonly SqlValue[],
  cursor: readonly string[],
): AsyncGenerator<readonly Row[], void> {
  let from: SqlValue[] = cursor.map(() => '')
  for (;;) {
    const page = await store.all(query, [...fixed, ...from])
    const last = page.at(-1)
    if (!last) return
    yield page
    if (page.length < PAGE) return
    from = cursor.map((column) => last[column] ?? '')
  }
}

/** An iterator whose next value can be seen before it is taken. */
export async function lookAhead<T>(values: AsyncGenerator<T, void>) {
  const ahead = {
    head: undefined as T | undefined,
    async advance(): Promise<void> {
      const { done, value } = await values.next()
      ahead.head = done ? undefined : (value as T)
    },
  }
  await ahead.advance()
  return ahead
}
