import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../clock/clock.ts'
import { realSeconds } from '../clock/clock.ts'
import type { FundsDays } from '../clock/funds.ts'
import { errors, StripeError } from '../errors.ts'
import type { Ids } from '../ids.ts'
import type { Directory, Principal } from '../keys/directory.ts'
import { type Permission, permissionFor, permissionsToExpand } from '../keys/permissions.ts'
import type { Acquirer } from '../network/acquirer.ts'
import type { TestBanks } from '../network/test-banks.ts'
import type { TestCards } from '../network/test-cards.ts'
import { type Context, type Outcome, rejected } from '../operation.ts'
import type { RiskAssessment } from '../radar/radar.ts'
import { GuardFailed, MAXIMUM_TRIES, type Store, type Write } from '../store/store.ts'
import { maskPath, maskSecrets } from '../vault/mask-pans.ts'
import type { Vault } from '../vault/vault.ts'
import type { Answer, Download } from './answer.ts'
import { authenticate, keyOf, shown, shownRestricted } from './authentication.ts'
import { bodyOf } from './body.ts'
import type { Endpoint } from './endpoint.ts'
import { errorAnswer } from './error-answer.ts'
import { checkExpand, type ObjectReader } from './expand.ts'
import { FORM, type FormHash, mergeForms, parseForm, parseFormText } from './form.ts'
import {
  checkKey,
  isKeyConflict,
  type KeptAnswer,
  type KeyedRequest,
  keepAnswer,
  keptAnswer,
  parametersHash,
  type RunningKeys,
} from './idempotency.ts'
import { MULTIPART, parseMultipart } from './multipart.ts'
import { resourceNotThere } from './not-there.ts'
import { decodeRequest } from './versions/requests.ts'
import { type ApiVersion, NEWEST_VERSION, resolveVersion } from './versions/version.ts'

/** All that answering needs; wired once, in server.ts. */
export type Ports = {
  readonly clock: Clock
  readonly ids: Ids
  readonly store: Store
  readonly vault: Vault
  readonly directory: Directory
  readonly running: RunningKeys
  readonly reader: ObjectReader
  /** The link to the card networks in test mode (the simulator) and in live mode (null until one is configured). */
  readonly acquirers: { readonly test: Acquirer; readonly live: Acquirer | null }
  /** What test mode alone knows of cards. */
  readonly testCards: TestCards
  readonly testBanks: TestBanks
  readonly fundsDays: FundsDays
  readonly assessRisk: (pan: string) => RiskAssessment
  /** Does what is due in an account by now. Never throws: what fails is tried again later. */
  readonly doDue: (account: string, livemode: boolean) => Promise<void>
  readonly publicUrl: string
}

/** A request as it came, free of the HTTP library. */
export type Incoming = {
  readonly id: string
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: string
  readonly pathNames: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Uint8Array | undefined
  readonly ip: string | null
}

/** Answers one request to one endpoint, in the order of checks that Stripe keeps. Never throws. */
export async function respond(ports: Ports, endpoint: Endpoint, incoming: Incoming): Promise<Answer> {
  const told = new ToldHeaders(incoming)
  try {
    const principal = await admit(ports, endpoint, incoming, told)
    const version = versionOf(incoming, principal, told)
    const form = readForm(endpoint, incoming)
    const parameters = decode(endpoint, form, version)
    if (parameters.expand) permitExpanding(principal, endpoint, incoming, parameters.expand)
    const request: Request = { ports, endpoint, incoming, form, parameters, principal, version, told }
    return endpoint.method === 'POST' ? await respondOnce(request) : await perform(request, null)
  } catch (error) {
    return told.error(error)
  }
}

/** Answers a request that no endpoint is for: the key is looked at first. Never throws. */
export async function respondUnknown(ports: Ports, incoming: Incoming): Promise<Answer> {
  const told = new ToldHeaders(incoming)
  try {
    const principal = await authenticate(
      ports.directory,
      keyOf(header(incoming, 'authorization')),
      realSeconds(ports.clock),
    )
    versionOf(incoming, principal, told)
    const missing = resourceNotThere(incoming.method, incoming.path)
    if (missing !== null) throw errors.resourceNotThere(missing, incoming.method, maskPath(incoming.path))
    throw errors.routeUnknown(incoming.method, maskPath(incoming.path))
  } catch (error) {
    return told.error(error)
  }
}

type Request = {
  readonly ports: Ports
  readonly endpoint: Endpoint
  readonly incoming: Incoming
  readonly form: FormHash
  readonly parameters: Decoded
  readonly principal: Principal
  readonly version: ApiVersion
  readonly told: ToldHeaders
}

// --- who asks, and for what -----------------------------------------------------------------------------------------

/** The query and the body as one form: old libraries send the parameters of a GET in its body. */
function readForm({ takesFile }: Endpoint, { query, body, headers }: Incoming): FormHash {
  const inQuery = parseFormText(query)
  if (body === undefined || body.length === 0) return inQuery
  const inBody = readBody(body, headers['content-type'], takesFile ?? false)
  return query === '' ? inBody : mergeForms(inQuery, inBody)
}

function readBody(body: Uint8Array, type: string | string[] | undefined, takesFile: boolean): FormHash {
  const named = typeof type === 'string' ? type.split(';', 1)[0]?.trim().toLowerCase() : FORM
  if (named === MULTIPART && takesFile) return parseMultipart(body, String(type))
  if (named !== FORM) throw errors.contentTypeWrong()
  return parseForm(body)
}

async function admit(ports: Ports, endpoint: Endpoint, incoming: Incoming, told: ToldHeaders): Promise<Principal> {
  const key = keySent(endpoint, incoming)
  const principal = await authenticate(ports.directory, key, realSeconds(ports.clock))
  told.version = principal.account.apiVersion
  if (principal.kind === 'publishable' && endpoint.keys === 'secret') throw errors.secretKeyRequired()
  const connected = header(incoming, 'stripe-account')
  if (connected !== undefined) {
    if (connected !== principal.account.id) throw errors.connectNotSupported(shown(key ?? ''), maskSecrets(connected))
    told.account = connected
  }
  if (principal.permissions !== null)
    permit(principal, endpoint, incoming, permissionFor(endpoint.method, endpoint.path))
  return principal
}

/** Throws Stripe's error where a restricted key lacks the permission. */
function permit(
  { account, permissions }: Principal,
  endpoint: Endpoint,
  incoming: Incoming,
  permission: Permission,
): void {
  if (permissions === null || permissions.has(permission)) return
  throw errors.permissionMissing(shownRestricted(keySent(endpoint, incoming) ?? ''), account.id, permission)
}

/** Stripe: who expands a property needs to be allowed to read what is shown then. */
function permitExpanding(principal: Principal, endpoint: Endpoint, incoming: Incoming, paths: readonly string[]): void {
  if (principal.permissions === null) return
  for (const permission of permissionsToExpand(endpoint.object, paths))
    permit(principal, endpoint, incoming, permission)
}

function keySent(endpoint: Endpoint, incoming: Incoming): string | null {
  return keyOf(header(incoming, 'authorization')) ?? (endpoint.keys === 'any' ? keyInForm(endpoint, incoming) : null)
}

/** The oldest pages send the publishable key as a form field. */
function keyInForm(endpoint: Endpoint, incoming: Incoming): string | null {
  const { key } = readForm(endpoint, incoming)
  return typeof key === 'string' ? key : null
}

function versionOf(incoming: Incoming, { account }: Principal, told: ToldHeaders): ApiVersion {
  const sent = header(incoming, 'stripe-version')
  told.version = sent ? maskSecrets(sent) : account.apiVersion // told as it was sent, also where it names no version
  if (sent) told.version = resolveVersion(sent)
  return told.version
}

function header(incoming: Incoming, name: string): string | undefined {
  const value = incoming.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

// --- once for each Idempotency-Key ----------------------------------------------------------------------------------

function respondOnce(request: Request): Promise<Answer> {
  const key = header(request.incoming, 'idempotency-key')
  return key === undefined ? perform(request, null) : respondKeyed(request, key)
}

async function respondKeyed(request: Request, key: string): Promise<Answer> {
  const { ports, incoming, principal, form, told } = request
  checkKey(key)
  const keyed: KeyedRequest = {
    account: principal.account.id,
    livemode: principal.livemode,
    key,
    path: incoming.path,
    parameters: parametersHash(ports.vault, form),
  }
  const release = ports.running.claim(keyed)
  try {
    told.originalRequest = incoming.id
    const kept = acquirerOf(request)?.isOutside ? await keptAnswer(ports.store, keyed, nowOf(request)) : null
    return kept ? replay(kept, told) : await perform(request, keyed)
  } finally {
    release()
  }
}

function replay(kept: KeptAnswer, told: ToldHeaders): Answer {
  told.originalRequest = kept.requestId
  told.version = kept.version
  const headers = { ...told.headers(), 'Idempotent-Replayed': 'true' }
  return { status: kept.status, headers, body: kept.body, why: kept.status < 400 ? null : 'replayed' }
}

// --- read, decide, commit -------------------------------------------------------------------------------------------

/**
 * Runs the operation and commits what it hands over; again from its read where a guard fails. Most keys are new, so they
 * are not looked up: the unit itself holds the key, whose row is a guard. Only an answer that writes nothing of its own
 * (the second of two captures) is asked for before, since it would look like a refusal.
 */
async function perform(request: Request, keyed: KeyedRequest | null): Promise<Answer> {
  const { ports, endpoint, incoming, parameters, told } = request
  for (let tries = 1; ; tries++) {
    const context = contextOf(request)
    try {
      const outcome = await endpoint.run(context, parameters, incoming.pathNames).catch(rejection)
      if (keyed && outcome.writes.length === 0) {
        const kept = await keptAnswer(ports.store, keyed, context.now)
        if (kept) return replay(kept, told)
      }
      const shown = show(request, context, outcome, parameters.expand ?? [])
      const answer = shown instanceof Promise ? await shown : shown
      const writes =
        keyed && outcome.kept ? [...outcome.writes, keepWrite(request, keyed, answer, context.now)] : outcome.writes
      if (writes.length > 0)
        await ports.store.commit({ account: context.account.id, writes, balances: outcome.balances })
      if (outcome.writes.length > 0) outcome.committed?.()
      if (outcome.followed) await outcome.followed()
      return answer
    } catch (error) {
      if (!(error instanceof GuardFailed)) throw error
      if (keyed && isKeyConflict(error.statement)) {
        const kept = await keptAnswer(ports.store, keyed, context.now)
        if (kept) return replay(kept, told)
      }
      if (tries === MAXIMUM_TRIES) throw errors.lockTimeout()
      await nextTurn() // news of a commit comes with one, and what was read is remembered until then
    }
  }
}

type Decoded = { readonly expand?: readonly string[] }

function decode(endpoint: Endpoint, form: FormHash, version: ApiVersion): Decoded {
  const parameters: Decoded = decodeRequest(endpoint, form, version)
  if (parameters.expand) checkExpand(parameters.expand, endpoint, version)
  return parameters
}

/** A StripeError that an operation throws is a refusal like one that it returns, but is not kept. */
function rejection(error: unknown): Outcome<never> {
  if (error instanceof StripeError) return rejected(error)
  throw error
}

function show(
  { ports, endpoint, incoming, told }: Request,
  context: Context,
  { answer, made }: Outcome<unknown>,
  paths: readonly string[],
): Answer | Promise<Answer> {
  if ('error' in answer) return told.error(answer.error)
  if (endpoint.isDownload) return downloadAnswer(answer.value as Download, told)
  const reading = { context, reader: ports.reader, made, paths, path: incoming.path }
  const shown = (body: Answer['body']): Answer => ({ status: 200, headers: told.headers(), body, why: null })
  const body = bodyOf(reading, endpoint, answer.value)
  return body instanceof Promise ? body.then(shown) : shown(body)
}

/** A browser that gets to see it must neither show it as a page nor guess what it is. */
function downloadAnswer({ type, content }: Download, told: ToldHeaders): Answer {
  const safety = { 'Content-Disposition': 'attachment', 'X-Content-Type-Options': 'nosniff' }
  return { status: 200, headers: { ...told.headers(), 'Content-Type': type, ...safety }, body: content, why: null }
}

function keepWrite({ incoming, version }: Request, keyed: KeyedRequest, { status, body }: Answer, now: number): Write {
  return keepAnswer(keyed, { requestId: incoming.id, version, status, body: String(body) }, now)
}

function contextOf(request: Request): Context {
  const { principal, incoming, version } = request
  const { account, livemode, kind } = principal
  const cause = { id: incoming.id, idempotencyKey: header(incoming, 'idempotency-key') ?? null, ip: incoming.ip }
  return contextFor(request.ports, {
    account,
    livemode,
    callerKind: kind,
    now: nowOf(request),
    version,
    request: cause,
  })
}

type Asking = Pick<Context, 'account' | 'livemode' | 'callerKind' | 'now' | 'version' | 'request'>

/** What an operation gets, for whoever asks: a caller, or nobody where something happens by itself. */
export function contextFor(ports: Ports, asking: Asking): Context {
  const { account, livemode, callerKind, now, version, request } = asking
  return {
    account,
    livemode,
    callerKind,
    now,
    version,
    request,
    publicUrl: ports.publicUrl,
    ids: ports.ids,
    store: ports.store,
    vault: ports.vault,
    acquirer: livemode ? ports.acquirers.live : ports.acquirers.test,
    testCards: livemode ? null : ports.testCards,
    testBanks: livemode ? null : ports.testBanks,
    fundsDays: ports.fundsDays,
    accountChanged: ports.directory.forget,
    assessRisk: ports.assessRisk,
    doDue: ports.doDue,
  }
}

function acquirerOf({ ports, principal }: Request): Acquirer | null {
  return principal.livemode ? ports.acquirers.live : ports.acquirers.test
}

function nowOf({ ports, principal }: Request): number {
  return ports.clock.now(principal.account.id, principal.livemode)
}

// --- how it is told -------------------------------------------------------------------------------------------------

/** The headers of an answer, as far as they are known. */
class ToldHeaders {
  version: ApiVersion = NEWEST_VERSION
  originalRequest: string | null = null
  /** The caller's own account, where it was named by `Stripe-Account`. */
  account: string | null = null
  readonly #incoming: Incoming

  constructor(incoming: Incoming) {
    this.#incoming = incoming
  }

  /** Any error as an answer with these headers. */
  error(error: unknown): Answer {
    return errorAnswer(error, this.headers(), this.version)
  }

  headers(): Record<string, string> {
    const headers: Record<string, string> = {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-cache, no-store',
      'Request-Id': this.#incoming.id,
      'Stripe-Version': this.version,
    }
    const key = header(this.#incoming, 'idempotency-key')
    if (key !== undefined) {
      headers['Idempotency-Key'] = key
      if (this.#incoming.method === 'POST') headers['Stripe-Should-Retry'] = 'false'
    }
    if (this.originalRequest !== null) headers['Original-Request'] = this.originalRequest
    if (this.account !== null) headers['Stripe-Account'] = this.account
    return headers
  }
}
