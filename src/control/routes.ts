import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Account, descriptorError } from '../accounts/account.ts'
import { listAccounts } from '../accounts/operations.ts'
import { realSeconds } from '../clock/clock.ts'
import { errors } from '../errors.ts'
import type { Send } from '../http/app.ts'
import { keyOf, shown } from '../http/authentication.ts'
import type { FormHash } from '../http/form.ts'
import {
  boolean,
  choice,
  currency,
  email,
  hash,
  integer,
  required,
  string,
  unsettable,
  withDefault,
} from '../http/params.ts'
import { VERSIONS } from '../http/versions/version.ts'
import { RESOURCES, type Resource } from '../keys/permissions.ts'
import type { UnixSeconds } from '../money.ts'
import { bodyOf, callerOf, decode, mountCall, type Route, requireAdmin } from './call.ts'
import {
  accountNamed,
  type ControlPorts,
  changePermissions,
  createKey,
  endKey,
  type KeysOf,
  keysOf,
  openAccount,
  replaceKey,
  reviseAccount,
  type ShownKey,
} from './operations.ts'

const accountFields = {
  country: choice('US', 'CA', 'GB', 'JP', 'AU', 'NZ', 'IE', 'DE', 'FR', 'ES', 'IT', 'NL', 'AT', 'BE', 'SG', 'HK', 'CH'),
  default_currency: currency(),
  business_name: string(),
  statement_descriptor: string(),
}
const updateFields = {
  api_version: choice(...VERSIONS),
  business_name: unsettable(string()),
  email: unsettable(email()),
  statement_descriptor: string(),
  dispute_fee_returned: boolean(),
}
const LEVELS = { read: choice('none', 'read'), write: choice('none', 'read', 'write') }
const levelsOfEach = Object.entries(RESOURCES).map(([resource, most]) => [resource, LEVELS[most]])
const permissions = hash(Object.fromEntries(levelsOfEach) as Record<Resource, (typeof LEVELS)['write']>)
const keyFields = {
  kind: withDefault(choice('secret', 'publishable', 'restricted'), 'secret'),
  livemode: boolean(),
  permissions,
}
const changeFields = { permissions: required(permissions) }
const rollFields = { expires_in: withDefault(integer(0), 0) }

type Call = {
  readonly ports: ControlPorts
  readonly body: FormHash
  /** The account that the path names, and the mode that the caller may see of it. */
  readonly of: KeysOf
  /** The key that the path names. */
  readonly id: string
}

/** `/_koban/accounts…`: accounts and their keys, by the server's admin token or a key of theirs. Not for browsers. */
export function mountControl(app: FastifyInstance, send: Send, ports: ControlPorts): void {
  const on = (route: Route, answer: (call: Call) => Promise<unknown>) => {
    mountCall(app, send, ports, route, async (request) => answer(await callOf(ports, request)))
  }
  const keyShown = (shown: ShownKey) => showKey(shown, realSeconds(ports.clock))
  on('GET /accounts', async ({ ports }) => listed((await listAccounts(ports.store)).map(showAccount)))
  on('POST /accounts', makeAccount)
  on('GET /accounts/:account', async ({ ports, of }) => showAccount(await accountNamed(ports, of.account)))
  on('POST /accounts/:account', updateAccount)
  on('GET /accounts/:account/keys', async ({ ports, of }) => listed((await keysOf(ports, of)).map(keyShown)))
  on('POST /accounts/:account/keys', async ({ ports, body, of }) =>
    keyShown(await createKey(ports, of, decode(keyFields, body))),
  )
  on('POST /accounts/:account/keys/:key', async ({ ports, body, of, id }) =>
    keyShown(await changePermissions(ports, of, id, decode(changeFields, body).permissions)),
  )
  on('POST /accounts/:account/keys/:key/roll', async ({ ports, body, of, id }) =>
    keyShown(await replaceKey(ports, of, id, decode(rollFields, body).expires_in)),
  )
  on('DELETE /accounts/:account/keys/:key', async ({ ports, of, id }) => {
    const key = await endKey(ports, of, id)
    return { id: key.id, object: 'api_key', deleted: true }
  })
}

async function makeAccount({ ports, body }: Call) {
  const sent = decode(accountFields, body)
  const descriptor = checked(sent.statement_descriptor)
  const { account, secretKey, publishableKey } = await openAccount(ports, {
    country: sent.country,
    defaultCurrency: sent.default_currency,
    businessName: sent.business_name,
    statementDescriptor: descriptor,
  })
  return { ...showAccount(account), secret_key: secretKey, publishable_key: publishableKey }
}

async function updateAccount({ ports, body, of }: Call) {
  const sent = decode(updateFields, body)
  const account = await reviseAccount(ports, of.account, {
    apiVersion: sent.api_version,
    businessName: sent.business_name,
    email: sent.email,
    statementDescriptor: checked(sent.statement_descriptor),
    returnsDisputeFee: sent.dispute_fee_returned,
  })
  return showAccount(account)
}

/** The descriptor, under the name that it has here. Throws Stripe's error where it breaks the rules. */
function checked(descriptor: string | undefined): string | undefined {
  const wrong = descriptor === undefined ? null : descriptorError(descriptor, 'account', 'statement_descriptor')
  if (wrong) throw wrong
  return descriptor
}

async function callOf(ports: ControlPorts, request: FastifyRequest): Promise<Call> {
  const { account, key: id = '' } = request.params as { account?: string; key?: string }
  const mode = await modeOf(ports, request, account)
  return { ports, body: bodyOf(request), of: { account: account ?? '', mode }, id }
}

/**
 * What the caller may see of an account: both modes (null) by the admin token, its own by a secret key of the account.
 * Throws for anybody else, and where the call is about no account.
 */
async function modeOf(ports: ControlPorts, request: FastifyRequest, account?: string): Promise<boolean | null> {
  if (account === undefined) {
    requireAdmin(ports, request)
    return null
  }
  const caller = await callerOf(ports, request)
  if (caller === null) return null
  if (caller.account.id !== account)
    throw errors.connectNotSupported(shown(keyOf(request.headers.authorization) ?? ''), account)
  return caller.livemode
}

function listed(data: unknown[]) {
  return { object: 'list', data }
}

function showAccount(account: Account) {
  const { id, country, defaultCurrency, apiVersion, businessName, created, email, statementDescriptor } = account
  return {
    id,
    object: 'account',
    api_version: apiVersion,
    business_name: businessName,
    country,
    created,
    default_currency: defaultCurrency,
    dispute_fee_returned: account.returnsDisputeFee,
    email,
    statement_descriptor: statementDescriptor,
  }
}

/** `key` is the text: always at creation, later of test keys and publishable ones. */
function showKey({ key, text }: ShownKey, now: UnixSeconds) {
  const { id, created, expires, grants, kind, last4, livemode } = key
  const status = expires === null ? 'active' : expires <= now ? 'expired' : 'expiring'
  return { id, object: 'api_key', created, expires, key: text, kind, last4, livemode, permissions: grants, status }
}
