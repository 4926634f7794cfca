import type { Answer } from '../http/answer.ts'

export type PageRequest = {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** Where pages and their scripts are. The oldest and the newest loaders ask for Stripe's script by different names. */
const PAGES = /^\/(?:v3(?:\/|$)|js\/?$|[a-z]+\/stripe[.]js$)/

let opened: Promise<(request: PageRequest) => Promise<Answer | null>> | undefined

/**
 * The page or script at this path, or null where there is none. What serves them is loaded with the first request for
 * one, so that neither the start nor the API pays for it.
 */
export async function pageAt(request: PageRequest): Promise<Answer | null> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return null
  if (!PAGES.test(request.path)) return null
  opened ??= import('./pages.ts').then(({ openPages, BUILT }) => openPages(BUILT))
  return (await opened)(request)
}
