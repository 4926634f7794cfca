/** A small client over real HTTP: keep-alive connections, as many at once as are asked for, and nothing hidden. */

import assert from 'node:assert/strict'
import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { problemsOf } from '../contract/contract.ts'
import { SECRET_KEY } from './koban.ts'

export type Form = Readonly<Record<string, string | number | boolean>>

export type Reply = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer is what it is; the tests say what it must be
  readonly json: any
}

type SendOptions = { readonly idempotencyKey?: string; readonly headers?: Readonly<Record<string, string>> }

export type Client = {
  get(path: string): Promise<Reply>
  post(path: string, form: Form, options?: SendOptions): Promise<Reply>
  /** Any method with any body. Throws where the connection breaks before the whole answer was there. */
  send(method: string, path: string, body: string | null, options?: SendOptions): Promise<Reply>
  /** All objects of a list, page by page, newest first; only those newer than an id where one is given. */
  // biome-ignore lint/suspicious/noExplicitAny: see Reply
  list(path: string, newerThan?: string): Promise<any[]>
  close(): void
}

const PAGE = 100 // the most that a list gives at once

/** Calls the server at `url` by a secret key, over at most `connections` connections, which are kept. */
export function connect(url: string, { key = SECRET_KEY, connections = 16 } = {}): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })

  const send: Client['send'] = (method, path, body, { idempotencyKey, headers } = {}) =>
    new Promise((done, fail) => {
      const all = {
        authorization: `Bearer ${key}`,
        ...(body !== null && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        ...headers,
      }
      const call = request(`${url}${path}`, { method, agent, headers: all }, (response) => {
        const read = text(response).then((body) => {
          if (!response.complete) throw new Error('the answer was cut off')
          const reply = { status: response.statusCode ?? 0, headers: response.headers, body, json: jsonOf(body) }
          assertFits(method, path, reply)
          return reply
        })
        read.then(done, fail)
      })
      call.on('error', fail)
      call.end(body ?? undefined)
    })

  const get: Client['get'] = (path) => send('GET', path, null)

  const list: Client['list'] = async (path, newerThan) => {
    const found: unknown[] = []
    // Forwards from an id the pages come from old to new, backwards from the newest to the oldest.
    let cursor = newerThan === undefined ? '' : `&ending_before=${newerThan}`
    for (;;) {
      const { status, json, body } = await get(`${path}?limit=${PAGE}${cursor}`)
      if (status !== 200) throw new Error(`${path}: ${status} ${body}`)
      if (newerThan === undefined) found.push(...json.data)
      else found.unshift(...json.data)
      if (!json.has_more) return found
      cursor = newerThan === undefined ? `&starting_after=${json.data.at(-1).id}` : `&ending_before=${json.data[0].id}`
    }
  }

  return {
    send,
    get,
    list,
    post: (path, form, options) => send('POST', path, encode(form), options),
    close: () => agent.destroy(),
  }
}

/** What every answer of the API must do, whoever asked: fit Stripe's schema. Throws an AssertionError. */
function assertFits(method: string, whole: string, { status, headers, json: body }: Reply): void {
  const [path = ''] = whole.split('?', 1)
  const version = headers['stripe-version'] === undefined ? undefined : String(headers['stripe-version'])
  if (path.startsWith('/v1/')) assert.deepEqual(problemsOf({ method, path, status, version, body }), [])
}

function encode(form: Form): string {
  return new URLSearchParams(
    Object.entries(form).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString()
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** What the secret tests and the others send most: a charge that succeeds. */
export const SALE = { amount: 999, currency: 'usd', source: 'tok_visa' } as const
