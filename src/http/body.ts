import type { Context, Made } from '../operation.ts'
import type { Page } from '../store/paging.ts'
import { serialize } from './answer.ts'
import type { Endpoint } from './endpoint.ts'
import { expand, type ObjectReader } from './expand.ts'
import { turnBack } from './versions/chain.ts'
import type { ApiVersion } from './versions/version.ts'

/** For whom, and with what at hand, an answer is written. */
export type Reading = {
  readonly context: Context
  readonly reader: ObjectReader
  readonly made: readonly Made[]
  /** What `expand[]` asks for; it has been checked. */
  readonly paths: readonly string[]
  readonly path: string
}

/** The body of an answer as text, in the version asked for: one object, or a page of a list. */
export async function bodyText(reading: Reading, endpoint: Endpoint, value: unknown): Promise<string> {
  if (!endpoint.isList) return (await objectText(reading, endpoint, value)).text
  const { items, hasMore } = value as Page<unknown>
  const inside = {
    ...reading,
    paths: reading.paths.flatMap((path) => (path.startsWith(DATA) ? path.slice(DATA.length) : [])),
  }
  const members: string[] = []
  for (const item of items) members.push(indented(await objectText(inside, endpoint, item)))
  return listText(members, hasMore, reading.path)
}

const DATA = 'data.'

/** A written object; `indented` is the same as a member of a list, once that was asked for. */
type Written = { readonly text: string; indented?: string }

/** By object and version, what was written of objects that always render alike. */
const written = new WeakMap<object, Map<ApiVersion, Written>>()

async function objectText(reading: Reading, endpoint: Endpoint, value: unknown): Promise<Written> {
  const { context, paths, path } = reading
  const { account, livemode, now, publicUrl, version } = context
  const isStable = endpoint.isStable && paths.length === 0 && typeof value === 'object' && value !== null
  const remembered = isStable ? written.get(value)?.get(version) : undefined
  if (remembered) return remembered

  const rendered = endpoint.render(value, { account: account.id, livemode, publicUrl, now, path })
  const hasRead = await expand(reading, rendered, paths)
  turnBack(rendered, version)
  const result: Written = { text: serialize(rendered) }
  // What was read from elsewhere may change without the object.
  if (isStable && !hasRead) remember(value, version, result)
  return result
}

function remember(value: object, version: ApiVersion, result: Written): void {
  const versions = written.get(value)
  if (versions) versions.set(version, result)
  else written.set(value, new Map([[version, result]]))
}

/** Text in JSON has no line breaks of its own, so every one begins a line. */
function indented(result: Written): string {
  result.indented ??= result.text.replaceAll('\n', '\n    ')
  return result.indented
}

/** As `serialize` would write the list of the members: `object`, `data`, `has_more`, `url`. */
function listText(members: readonly string[], hasMore: boolean, url: string): string {
  const data = members.length === 0 ? '[]' : `[\n    ${members.join(',\n    ')}\n  ]`
  return `{\n  "object": "list",\n  "data": ${data},\n  "has_more": ${hasMore},\n  "url": ${JSON.stringify(url)}\n}`
}
