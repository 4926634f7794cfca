/**
 * A rendered object of the API, in the newest version. Keys stand in Stripe's order: `id`, `object`, then
 * alphabetical. A key that a version removed keeps its place as `undefined` (it is not sent then), so that the module
 * of that version can fill it without another sort.
 */
export type ApiObject = { object: string; [OLDER]?: Readonly<Record<string, unknown>>; [key: string]: unknown }

/**
 * What a rendering keeps for versions that show more than the newest does and that it cannot tell from the rest. JSON
 * leaves it out; the module of the version that removed it looks here.
 */
export const OLDER = Symbol('older versions')

export type ApiList = ApiObject & {
  object: 'list'
  data: ApiObject[]
  has_more: boolean
  total_count?: number | undefined
  url: string
}

/** A list of nothing, as it stands inside an object. */
export function emptyList(url: string): ApiList {
  return { object: 'list', data: [], has_more: false, total_count: 0, url }
}

/**
 * Rendered charges of which nothing is refunded although they have Refunds: all of these have failed. Few charges are
 * here; of all others `amount_refunded` tells whether there is anything to read for their list of refunds.
 */
export const withFailedRefundsOnly = new WeakSet<object>()

/** What rendering needs to know besides the object. */
export type Scene = {
  readonly account: string
  readonly livemode: boolean
  /** Where links lead that leave the server; no slash at its end. */
  readonly publicUrl: string
}

/** An answer as it is sent, and for a refusal why, for the log. */
export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
  readonly why: string | null
}

/** A file's bytes, as they are sent. */
export type Download = { readonly type: string; readonly content: Buffer }

/** Two spaces, one line a member, as Stripe answers. */
export function serialize(body: unknown): string {
  return JSON.stringify(body, null, 2)
}
