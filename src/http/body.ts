import type { Context, Made } from '../operation.ts'
import type { Page } from '../store/paging.ts'
import { serialize } from './answer.ts'
import type { Endpoint } from './endpoint.ts'
import { expand, type ObjectReader } from './expand.ts'
import { turnBack, turnBackAlone } from './versions/chain.ts'

/** For whom, and with what at hand, an answer is written. */
export type Reading = {
  readonly context: Context
  readonly reader: ObjectReader
  readonly made: readonly Made[]
  /** What `expand[]` asks for; it has been checked. */
  readonly paths: readonly string[]
  readonly path: string
}

/** The body of an answer, in the version asked for: one object as text, or a page of a list as bytes. */
export function bodyOf(reading: Reading, endpoint: Endpoint, value: unknown): string | Promise<string | Buffer> {
  if (endpoint.isList) return listBody(reading, endpoint, value as Page<object>)
  const result = written(reading, endpoint, value as object)
  return result instanceof Promise ? result.then(({ text }) => text) : result.text
}

/** As `serialize` would write it: `object`, `data`, `has_more`, (of a search) `next_page`, `total_count`, `url`. */
async function listBody(reading: Reading, endpoint: Endpoint, page: Page<object>): Promise<Buffer> {
  const look = endpoint.isStable && reading.paths.length === 0 ? `${lookOf(reading, endpoint)} ${reading.path}` : null
  const known = look === null ? undefined : rememberedPages.get(page)?.get(look)
  if (known) return known

  const paths = reading.paths.flatMap((path) => (path.startsWith(DATA) ? path.slice(DATA.length) : []))
  const inside = { ...reading, paths }
  const starts = endpoint.isSearch ? SEARCH_STARTS : LIST_STARTS
  const start = page.items.length === 0 ? starts.empty : starts.full
  // All are begun before the first is waited for: what they read, they read together.
  const results = page.items.map((item) => written(inside, endpoint, item))
  const isAtHand = results.every(isWritten)
  const parts: Buffer[] = []
  for (const result of isAtHand ? results : await Promise.all(results)) {
    parts.push(parts.length === 0 ? start : LIST_COMMA, indented(result))
  }
  const count = page.totalCount === undefined ? '' : `\n  "total_count": ${page.totalCount},`
  const next = page.nextPage === undefined ? '' : `\n  "next_page": ${JSON.stringify(page.nextPage)},`
  const end = `],\n  "has_more": ${page.hasMore},${next}${count}\n  "url": ${JSON.stringify(reading.path)}\n}`
  const body =
    parts.length === 0 ? Buffer.concat([start, Buffer.from(end)]) : Buffer.concat([...parts, Buffer.from(`\n  ${end}`)])
  if (look !== null && isAtHand) remember(rememberedPages, page, look, body)
  return body
}

/** What an object looks like beside itself: the version, and the address of its links. */
function lookOf({ context: { version, publicUrl } }: Reading, { object }: Endpoint): string {
  return `${object} ${version} ${publicUrl}`
}

const DATA = 'data.'
const startOf = (object: string) => ({
  empty: Buffer.from(`{\n  "object": "${object}",\n  "data": [`),
  full: Buffer.from(`{\n  "object": "${object}",\n  "data": [\n    `),
})
const LIST_STARTS = startOf('list')
const SEARCH_STARTS = startOf('search_result')
const LIST_COMMA = Buffer.from(',\n    ')

/** A written object; `indented` is the same as a member of a list, once that was asked for. */
type Written = { readonly text: string; indented?: Buffer }

function isWritten(result: Written | Promise<Written>): result is Written {
  return !(result instanceof Promise)
}

/** By object and look: what was written of objects, and of pages of them, that always look alike. */
const remembered = new WeakMap<object, Map<string, Written>>()
const rememberedPages = new WeakMap<object, Map<string, Buffer>>()

function written(reading: Reading, endpoint: Endpoint, value: object): Written | Promise<Written> {
  const { context, paths, path } = reading
  const { account, livemode, now, publicUrl, version } = context
  // What was just made or changed is rarely read again as it is, and remembering it costs the garbage collector more.
  const isStable = endpoint.isStable && endpoint.method === 'GET' && paths.length === 0
  const look = isStable ? lookOf(reading, endpoint) : ''
  const known = isStable ? remembered.get(value)?.get(look) : undefined
  if (known) return known

  const rendered = endpoint.render(value, { account: account.id, livemode, publicUrl, now, path })
  const expanding = expand(reading, rendered, paths)
  // What is read from elsewhere may change without the object.
  if (expanding) {
    return expanding.then(() => {
      turnBack(rendered, version)
      return { text: serialize(rendered) }
    })
  }
  turnBackAlone(rendered, version)
  const result: Written = { text: serialize(rendered) }
  if (isStable) remember(remembered, value, look, result)
  return result
}

function remember<T>(memory: WeakMap<object, Map<string, T>>, value: object, look: string, result: T): void {
  const looks = memory.get(value)
  if (looks) looks.set(look, result)
  else memory.set(value, new Map([[look, result]]))
}

/** Text in JSON has no line breaks of its own, so every one begins a line. */
function indented(result: Written): Buffer {
  result.indented ??= Buffer.from(result.text.replaceAll('\n', '\n    '))
  return result.indented
}
