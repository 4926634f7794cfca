import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import Stripe from 'stripe'
import OldStripe from 'stripe-7'
import { silentRequestLog } from '../../src/http/request-log.ts'
import { GUIDE_PUBLISHABLE_KEY, GUIDE_SECRET_KEY } from '../../src/keys/key.ts'
import { type Server, type ServerOptions, startServer } from '../../src/server.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { watchAnswers } from '../contract/watch.ts'
import { type MovableClock, movableClock } from './clock.ts'
import { ledgerProblems } from './ledger.ts'

export const SECRET_KEY = GUIDE_SECRET_KEY
export const PUBLISHABLE_KEY = GUIDE_PUBLISHABLE_KEY
export const ADMIN_TOKEN = 'koban_the_token_of_these_tests'
export const OLD = '2019-05-16'
export const NEW = '2026-10-28.endive'

watchAnswers()

/** What the tests look at in an answer; what is not named here is compared as a whole. */
export type Body = {
  readonly [member: string]: unknown
  readonly id: string
  readonly object: string
  readonly amount: number
  readonly created: number
  readonly balance_transaction: string
  readonly data: readonly Body[]
  readonly has_more: boolean
  readonly error: ApiError
  readonly card: Card
  readonly source: Card
  readonly metadata: Readonly<Record<string, string>>
  readonly outcome: Readonly<Record<string, unknown>>
  readonly payment_method_details: {
    readonly card: Readonly<Record<string, unknown>> & { readonly checks: Readonly<Record<string, unknown>> }
  }
  readonly refunds: Body & { readonly total_count: number }
  readonly customer: string
  readonly default_source: string
  readonly sources: Body & { readonly total_count: number }
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null }
  readonly available: readonly Readonly<Record<string, unknown>>[]
  readonly pending: readonly Readonly<Record<string, unknown>>[]
}

export type Card = Readonly<Record<string, unknown>> & { readonly id: string; readonly fingerprint: string }

export type ApiError = {
  readonly [member: string]: unknown
  readonly message: string
  readonly type: string
  readonly code?: string
  readonly param?: string
  readonly charge?: string
}

export type Answer<T = Body> = {
  readonly status: number
  readonly headers: Headers
  readonly body: T
  /** The body as it came. */
  readonly text: string
}

export type Form = { readonly [name: string]: string | number | boolean | null | undefined | Form | readonly string[] }

export type CallOptions = {
  /** The guide's secret key where none is named; null sends none. */
  readonly key?: string | null
  /** `Stripe-Version`; without it the account's default counts. */
  readonly version?: string
  readonly idempotencyKey?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A Koban server of a test file's own, and a merchant who talks to it. */
export type TestServer = {
  readonly url: string
  readonly port: number
  readonly folder: string
  readonly clock: MovableClock
  /** The official library of today, which asks for 2026-10-28.endive. */
  readonly stripe: Stripe
  /** The official library of the guide's days, which names no version. */
  readonly oldStripe: OldStripe
  /** A request as curl would send it: parameters as a form, in the query of a GET. */
  call<T = Body>(route: string, form?: Form, options?: CallOptions): Promise<Answer<T>>
  /** As call, where a refusal would be a mistake of the test. */
  made<T = Body>(route: string, form?: Form, options?: CallOptions): Promise<T>
  /** As call, where a success would be a mistake of the server. */
  refused(route: string, form?: Form, options?: CallOptions): Promise<Answer & { readonly error: ApiError }>
  /** The server's control endpoints, by the admin token. */
  control<T = Body>(route: string, sent?: object): Promise<Answer<T>>
  /** Stops the server and starts it again on the same folder; `meanwhile` may write into it. */
  restart(meanwhile?: (store: Store) => Promise<void>): Promise<void>
}

/** Starts a server on a free port and an empty folder; at the file's end stops it, its books proved sound. */
export async function startTestServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'koban-api-'))
  const clock = movableClock()
  const start = () =>
    startServer({
      host: '127.0.0.1',
      port: 0,
      dataFolder: folder,
      publicUrl: undefined,
      publicTestKeys: false,
      vaultKey: undefined,
      adminToken: ADMIN_TOKEN,
      log: silentRequestLog(),
      clock,
      ...options,
    })
  let server = await start()
  after(async () => {
    await server.close()
    const problems = await ledgerProblems(folder)
    rmSync(folder, { recursive: true, force: true })
    assert.deepEqual(problems, [], 'the ledger is sound')
  })
  return merchantOf({
    folder,
    clock,
    running: () => server,
    restart: async (meanwhile) => {
      await server.close()
      if (meanwhile) {
        const store = await openSqliteStore({ folder })
        await meanwhile(store).finally(() => store.close())
      }
      server = await start()
    },
  })
}

type Running = Pick<TestServer, 'folder' | 'clock' | 'restart'> & { readonly running: () => Server }

function merchantOf({ running, ...rest }: Running): TestServer {
  const call = async <T>(route: string, form?: Form, options?: CallOptions) =>
    answerOf<T>(await fetch(...requestOf(running().url, route, form, options)))
  const portOf = () => Number(new URL(running().url).port)
  return {
    ...rest,
    call,
    get url() {
      return running().url
    },
    get port() {
      return portOf()
    },
    get stripe() {
      return newStripe(portOf())
    },
    get oldStripe() {
      const old = new OldStripe(SECRET_KEY)
      old.setHost('127.0.0.1', portOf(), 'http')
      return old
    },
    async made<T>(route: string, form?: Form, options?: CallOptions) {
      const { status, body, text } = await call<T>(route, form, options)
      assert.equal(status, 200, `${route} was refused: ${text}`)
      return body
    },
    async refused(route, form, options) {
      const answer = await call<Body>(route, form, options)
      assert(answer.status >= 400, `${route} was not refused: ${answer.text}`)
      return { ...answer, error: answer.body.error }
    },
    async control<T>(route: string, sent?: object) {
      const [method, path] = split(route)
      const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, ...(sent && { 'content-type': 'application/json' }) }
      const body = sent === undefined ? null : JSON.stringify(sent)
      return answerOf<T>(await fetch(`${running().url}/_koban${path}`, { method, headers, body }))
    },
  }
}

/** The official library of today, for any key. It tries once: what the server answers is what the test sees. */
export function newStripe(port: number, key: string = SECRET_KEY): Stripe {
  return new Stripe(key, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0, telemetry: false })
}

/** `card_error` and its kin as the API told them, taken from the exception that a library throws. */
export async function refusalOf(promise: Promise<unknown>): Promise<ApiError & { readonly statusCode: number }> {
  const caught = await promise.then(
    (value) => assert.fail(`was not refused: ${JSON.stringify(value)}`),
    (error: { raw?: ApiError & { statusCode: number } }) => error,
  )
  assert(caught.raw, `no refusal of the API, but ${caught}`)
  return caught.raw
}

/** What stands in the place of an id that was asked to be expanded. */
export function expanded(value: unknown): Body {
  assert(typeof value === 'object' && value !== null, `not expanded: ${value}`)
  return value as Body
}

function split(route: string): [method: string, path: string] {
  const [method = '', path = ''] = route.split(' ')
  return [method, path]
}

function requestOf(url: string, route: string, form: Form = {}, options: CallOptions = {}): [string, RequestInit] {
  const [method, path] = split(route)
  const { key = SECRET_KEY, version, idempotencyKey } = options
  const headers: Record<string, string> = {
    ...(key !== null && { authorization: `Bearer ${key}` }),
    ...(version !== undefined && { 'stripe-version': version }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    ...options.headers,
  }
  const encoded = encodeForm(form)
  if (method === 'GET') return [`${url}${path}${encoded && `?${encoded}`}`, { headers }]
  return [`${url}${path}`, { method, headers: { 'content-type': FORM_TYPE, ...headers }, body: encoded }]
}

export const FORM_TYPE = 'application/x-www-form-urlencoded'

/** Stripe's bracket notation. What is undefined is left out; null is the empty string that unsets a value. */
function encodeForm(form: Form, prefix = ''): string {
  const pairs = Object.entries(form).map(([key, value]) => {
    const name = prefix === '' ? key : `${prefix}[${key}]`
    if (value === undefined) return ''
    if (value !== null && typeof value === 'object') return encodeForm({ ...(value as Form) }, name)
    return `${encodeURIComponent(name)}=${encodeURIComponent(value ?? '')}`
  })
  return pairs.filter((pair) => pair !== '').join('&')
}

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: JSON.parse(text), text }
}
