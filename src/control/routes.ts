import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Account, descriptorError } from '../accounts/account.ts'
import { listAccounts } from '../accounts/operations.ts'
import { realSeconds } from '../clock/clock.ts'
import { errors } from '../errors.ts'
import { type Answer, serialize } from '../http/answer.ts'
import type { Send } from '../http/app.ts'
import { keyOf } from '../http/authentication.ts'
import { errorAnswer } from '../http/error-answer.ts'
import { type FormHash, parseForm } from '../http/form.ts'
import {
  boolean,
  choice,
  currency,
  decodeParameters,
  type Fields,
  integer,
  string,
  type Values,
  withDefault,
} from '../http/params.ts'
import { listKeys } from '../keys/operations.ts'
import type { UnixSeconds } from '../money.ts'
import {
  accountNamed,
  type ControlPorts,
  createKey,
  endKey,
  openAccount,
  replaceKey,
  type ShownKey,
} from './operations.ts'

const accountFields = {
  country: choice('US', 'CA', 'GB', 'JP', 'AU', 'NZ', 'IE', 'DE', 'FR', 'ES', 'IT', 'NL', 'AT', 'BE', 'SG', 'HK', 'CH'),
  default_currency: currency(),
  business_name: string(),
  statement_descriptor: string(),
}
const keyFields = {
  kind: withDefault(choice('secret', 'publishable'), 'secret'),
  livemode: withDefault(boolean(), false),
}
const rollFields = { expires_in: withDefault(integer(0), 0) }

type Call = { readonly ports: ControlPorts; readonly body: FormHash; readonly path: Readonly<Record<string, string>> }

/** `/_koban/accounts…`: accounts and their keys, by the server's admin token. Not for browsers. */
export function mountControl(app: FastifyInstance, send: Send, ports: ControlPorts): void {
  const on = (method: 'GET' | 'POST' | 'DELETE', url: string, answer: (call: Call) => Promise<unknown>) => {
    app.route({
      method,
      url: `/_koban${url}`,
      handler: async (request, reply) => {
        const startedMs = ports.clock.elapsedMs()
        send(request, reply, await control(ports, request, answer), startedMs)
      },
    })
  }
  on('GET', '/accounts', async ({ ports }) => listed((await listAccounts(ports.store)).map(showAccount)))
  on('POST', '/accounts', makeAccount)
  on('GET', '/accounts/:account/keys', async ({ ports, path }) => {
    const { id } = await accountNamed(ports, path.account ?? '')
    return listed((await listKeys(ports, id)).map((shown) => showKey(shown, realSeconds(ports.clock))))
  })
  on('POST', '/accounts/:account/keys', async ({ ports, body, path }) => {
    const { kind, livemode } = decode(keyFields, body)
    return showKey(await createKey(ports, path.account ?? '', kind, livemode), realSeconds(ports.clock))
  })
  on('POST', '/accounts/:account/keys/:key/roll', async ({ ports, body, path }) => {
    const { expires_in } = decode(rollFields, body)
    return showKey(await replaceKey(ports, path.account ?? '', path.key ?? '', expires_in), realSeconds(ports.clock))
  })
  on('DELETE', '/accounts/:account/keys/:key', async ({ ports, path }) => {
    const { id } = await endKey(ports, path.account ?? '', path.key ?? '')
    return { id, object: 'api_key', deleted: true }
  })
}

async function makeAccount({ ports, body }: Call) {
  const sent = decode(accountFields, body)
  const descriptor = sent.statement_descriptor
  const wrong = descriptor === undefined ? null : descriptorError(descriptor, 'account', 'statement_descriptor')
  if (wrong) throw wrong
  const { account, secretKey, publishableKey } = await openAccount(ports, {
    country: sent.country,
    defaultCurrency: sent.default_currency,
    businessName: sent.business_name,
    statementDescriptor: descriptor,
  })
  return { ...showAccount(account), secret_key: secretKey, publishable_key: publishableKey }
}

async function control(
  ports: ControlPorts,
  request: FastifyRequest,
  answer: (call: Call) => Promise<unknown>,
): Promise<Answer> {
  const headers = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'Request-Id': ports.ids.requestId(),
  }
  try {
    // A page in a browser must not reach the server of the developer who looks at it.
    if (request.headers.origin !== undefined) throw errors.originRefused()
    if (!isAdmin(ports, request)) throw errors.adminTokenInvalid()
    const call = { ports, body: bodyOf(request), path: request.params as Record<string, string> }
    return { status: 200, headers, body: serialize(await answer(call)), why: null }
  } catch (error) {
    return errorAnswer(error, headers)
  }
}

function isAdmin({ adminToken, vault }: ControlPorts, request: FastifyRequest): boolean {
  const token = keyOf(request.headers.authorization)
  if (token === null) return false
  // Hashes have one length, so that the comparison tells nothing of the token.
  return timingSafeEqual(Buffer.from(vault.lookupHash(token)), Buffer.from(vault.lookupHash(adminToken)))
}

/** The body as parameters: a form, or JSON whose members become what a form would have sent. */
function bodyOf(request: FastifyRequest): FormHash {
  const body = request.body as Uint8Array | undefined
  if (body === undefined || body.length === 0) return {}
  if (!request.headers['content-type']?.includes('json')) return parseForm(body)
  let sent: unknown
  try {
    sent = JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    throw errors.jsonInvalid()
  }
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) throw errors.jsonInvalid()
  return Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, String(value)]))
}

function decode<F extends Fields>(fields: F, body: FormHash): Values<F> {
  return decodeParameters(fields, body)
}

function listed(data: unknown[]) {
  return { object: 'list', data }
}

function showAccount({ id, country, defaultCurrency, apiVersion, businessName, created }: Account) {
  return {
    id,
    object: 'account',
    api_version: apiVersion,
    business_name: businessName,
    country,
    created,
    default_currency: defaultCurrency,
  }
}

/** `key` is the text: always at creation, later only of keys that are not live secrets. */
function showKey({ key, text }: ShownKey, now: UnixSeconds) {
  const { id, created, expires, kind, last4, livemode } = key
  const status = expires === null ? 'active' : expires <= now ? 'expired' : 'expiring'
  return { id, object: 'api_key', created, expires, key: text, kind, last4, livemode, status }
}
