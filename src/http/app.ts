import assert from 'node:assert/strict'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type HTTPMethods } from 'fastify'
import { errorBody, errors, StripeError } from '../errors.ts'
import { LARGEST_FILE } from '../files/file.ts'
import { permissionFor, resourceExpanded } from '../keys/permissions.ts'
import { type Answer, serialize } from './answer.ts'
import type { Endpoint } from './endpoint.ts'
import { errorAnswer } from './error-answer.ts'
import { EXPANDABLE } from './expandable.ts'
import { FORM } from './form.ts'
import { listen } from './listener.ts'
import { PATHS_NOT_THERE } from './not-there.ts'
import { PathTable } from './path-table.ts'
import { readBody } from './request-body.ts'
import type { RequestLog } from './request-log.ts'
import { type Incoming, type Ports, respond, respondUnknown } from './respond.ts'
import { NEWEST_VERSION } from './versions/version.ts'

const BODY_MAXIMUM_BYTES = 1024 * 1024
/** A file, and what a form says beside it. */
const BODY_WITH_FILE_MAXIMUM_BYTES = LARGEST_FILE + 64 * 1024

/** How long the server waits for a client, in milliseconds. */
export type Timeouts = {
  /** For the headers of a request, from its first byte. */
  readonly headersMs: number
  /** For a whole request. */
  readonly requestMs: number
  /** Between two requests of a connection. */
  readonly keepAliveMs: number
  /** How often the two first are looked at. */
  readonly checkMs: number
}

const TIMEOUTS: Timeouts = {
  headersMs: 15_000,
  requestMs: 30_000,
  // Longer than any SDK's own idle limit, so that the client closes first and no request meets a closing connection.
  keepAliveMs: 75_000,
  checkMs: 1000,
}

/** CORS on /v1 only for what a publishable key may do. */
const CORS_HEADERS: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, HEAD, PUT, PATCH, POST, DELETE',
  'Access-Control-Expose-Headers': 'Request-Id, Stripe-Manage-Version, Stripe-Should-Retry',
  'Access-Control-Max-Age': '300',
}

type Headers = Readonly<Record<string, string>>

export type AppOptions = {
  readonly ports: Ports
  readonly endpoints: readonly Endpoint[]
  readonly log: RequestLog
  /** Routes beside the API, such as the control endpoints; they answer by `send`, which logs too. */
  readonly mount: (app: FastifyInstance, send: Send) => void
}

type ServeOptions = {
  readonly ids: Pick<Ports['ids'], 'requestId'>
  readonly host: string
  readonly port: number
  readonly timeouts?: Timeouts | undefined
}

/** Parameters are checked by the endpoints' own schemas: Fastify's compilers would only cost time at the start. */
const NO_COMPILERS = {
  buildValidator: (() => () => () => true) as never,
  buildSerializer: (() => () => JSON.stringify) as never,
}

/** Sends an answer and logs it. `startedMs` is the clock's when the request was taken up. */
export type Send = (request: FastifyRequest, reply: FastifyReply, answer: Answer, startedMs: number) => void

/** The HTTP server over the endpoints. It knows bytes and routes; what is answered is decided in respond.ts. */
export function createApp({ ports, endpoints, log, mount }: AppOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_MAXIMUM_BYTES,
    exposeHeadRoutes: false,
    // A long id names nothing, like any other; the limit of the headers bounds it.
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: Number.MAX_SAFE_INTEGER },
    schemaController: { compilersFactory: NO_COMPILERS },
    frameworkErrors: (error, request, reply) => sendFailure(error, request, reply),
  })
  // Node libraries before 7.9 send the parameters of a GET in its body, which Fastify would drop.
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true })
  // Without a body of its own: Fastify would miss its content type before it finds that no route is there.
  app.addHttpMethod('QUERY', { hasBody: false, overrideExisting: true })
  app.removeAllContentTypeParsers()
  // Fastify knows a type that is named at once, and reads any other by the grammar of media types.
  app.addContentTypeParser([FORM, '*'], { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  const send = (request: FastifyRequest, reply: FastifyReply, answer: Answer, startedMs: number, more?: Headers) => {
    const { status, headers, body, why } = answer
    // Written by hand: Fastify would add a charset to the content type, which Stripe does not send.
    reply.hijack()
    const length = Buffer.byteLength(body)
    // Most bodies are ASCII throughout, and Node writes those faster when it is told.
    const encoding = length === body.length ? 'latin1' : 'utf8'
    reply.raw.writeHead(status, { ...headers, 'Content-Length': length, ...more }).end(body, encoding)
    const path = pathOf(request)
    log.write({ method: request.method, path, status, ms: ports.clock.elapsedMs() - startedMs, why })
  }

  const paths = new PathTable<ReadonlyMap<string, Endpoint>>()
  for (const [path, here] of Map.groupBy(endpoints, ({ path }) => path)) {
    for (const { method } of here) permissionFor(method, path) // throws for a route that nobody has decided on
    paths.add(path, byMethod(here))
  }
  for (const path of Object.values(EXPANDABLE).flat()) resourceExpanded(path) // throws as well

  const answerTo = async (
    request: FastifyRequest,
    reply: FastifyReply,
    startedMs: number,
    body: Buffer | undefined,
  ) => {
    const path = pathOf(request)
    const found = request.method === 'GET' && path in PATHS_NOT_THERE ? null : paths.find(path)
    const endpoint = found?.value.get(request.method)
    if (found && request.method === 'OPTIONS') {
      const isOpen = [...found.value.values()].some(({ keys }) => keys === 'any')
      const answer = optionsOf(request, [...found.value.keys()], isOpen)
      send(request, reply, answer, startedMs, isOpen ? CORS_HEADERS : undefined)
      return
    }
    const incoming = incomingOf(ports, request, path, found?.names ?? NO_NAMES, body)
    // The table takes an empty name too; yet `/v1/charges/` is no charge without an id, but a slip in the URL.
    const isKnown = endpoint !== undefined && !Object.values(incoming.pathNames).includes('')
    const answer = isKnown ? await respond(ports, endpoint, incoming) : await respondUnknown(ports, incoming)
    send(request, reply, answer, startedMs, endpoint?.keys === 'any' ? CORS_HEADERS : undefined)
  }

  const serve = (url: string, method: HTTPMethods[], bodyMaximum: number) => {
    app.route({
      method,
      url,
      // Answered before Fastify would read the body: its parsers, made for many types, cost each request 4 µs.
      onRequest: (request, reply) => {
        const startedMs = ports.clock.elapsedMs()
        readBody(request.raw, bodyMaximum, (failure, body) => {
          if (failure) sendFailure(failure, request, reply)
          else answerTo(request, reply, startedMs, body).catch((error) => sendFailure(error, request, reply))
        })
      },
      handler: () => assert.fail('it is answered earlier'),
    })
  }
  serve('/v1/*', ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'], BODY_MAXIMUM_BYTES)
  for (const { method, path, takesFile } of endpoints) {
    if (takesFile) serve(path, [method], BODY_WITH_FILE_MAXIMUM_BYTES)
  }

  // Without the headers of CORS a browser goes no further: a page has no business with a secret key.
  function optionsOf(request: FastifyRequest, methods: readonly string[], isOpen: boolean): Answer {
    const asked = request.headers['access-control-request-headers'] ?? ''
    const headers = {
      Allow: methods.join(', '),
      ...(isOpen && { 'Access-Control-Allow-Headers': asked }),
      'Request-Id': ports.ids.requestId(),
    }
    return { status: 200, headers, body: '', why: null }
  }

  app.route({
    method: ['GET', 'HEAD'],
    url: '/healthz',
    handler: (request, reply) => {
      const id = ports.ids.requestId()
      const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', 'Request-Id': id }
      send(request, reply, { status: 200, headers, body: '{"status":"ok"}', why: null }, ports.clock.elapsedMs())
    },
  })
  mount(app, send)

  const unknown = async (request: FastifyRequest, reply: FastifyReply) => {
    const startedMs = ports.clock.elapsedMs()
    const incoming = incomingOf(ports, request, pathOf(request), NO_NAMES, request.body as Buffer | undefined)
    send(request, reply, await respondUnknown(ports, incoming), startedMs)
  }
  app.setNotFoundHandler(unknown)
  const sendFailure = (error: Error & { code?: string }, request: FastifyRequest, reply: FastifyReply) => {
    // The rest of the body may still be on its way, and would be taken for the next request.
    if (!request.raw.complete) reply.raw.shouldKeepAlive = false
    send(request, reply, failureAnswer(error, ports.ids.requestId()), ports.clock.elapsedMs())
  }
  app.setErrorHandler(sendFailure)
  return app
}

/** Serves the app over HTTP. Throws where the port cannot be had. */
export async function listenWith(app: FastifyInstance, { ids, host, port, timeouts = TIMEOUTS }: ServeOptions) {
  await app.ready()
  return listen({
    host,
    port,
    handler: app.routing,
    onUnreadable: (error, socket) => answerUnreadable(error, socket, ids.requestId()),
    server: {
      requestTimeout: timeouts.requestMs,
      keepAliveTimeout: timeouts.keepAliveMs,
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: timeouts.checkMs,
      requireHostHeader: false, // Node would refuse with an empty body, and nothing here needs it
    },
  })
}

/** The endpoints of one path by the methods that reach them. */
function byMethod(endpoints: readonly Endpoint[]): ReadonlyMap<string, Endpoint> {
  const methodsOf = ({ method }: Endpoint) => (method === 'GET' ? ['GET', 'HEAD'] : [method])
  return new Map(endpoints.flatMap((endpoint) => methodsOf(endpoint).map((method) => [method, endpoint])))
}

function pathOf({ url }: FastifyRequest): string {
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

const NO_NAMES = {}

function incomingOf(
  ports: Ports,
  request: FastifyRequest,
  path: string,
  pathNames: Incoming['pathNames'],
  body: Uint8Array | undefined,
): Incoming {
  return {
    id: ports.ids.requestId(),
    method: request.method,
    path,
    query: request.url.slice(path.length + 1),
    pathNames,
    headers: request.headers,
    body,
    ip: request.ip,
  }
}

/** What went wrong before an endpoint was reached: too large, cut off, an undecodable path. */
function failureAnswer(error: Error & { code?: string }, requestId: string): Answer {
  const headers = { 'Content-Type': 'application/json', 'Request-Id': requestId, 'Stripe-Version': NEWEST_VERSION }
  return errorAnswer(error instanceof StripeError ? error : (errorForCode(error.code) ?? error), headers)
}

function errorForCode(code: string | undefined): StripeError | null {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return errors.bodyTooLarge(BODY_MAXIMUM_BYTES)
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return errors.contentTypeWrong()
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_MAX_PARAM_LENGTH':
    case 'ECONNRESET':
      return errors.requestMalformed()
    case 'HPE_HEADER_OVERFLOW':
      return errors.headersTooLarge()
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return errors.requestTimedOut()
    default:
      return code?.startsWith('HPE_') ? errors.requestMalformed() : null
  }
}

/** Bytes that are no HTTP, or that did not come in time: answered as JSON too, then the connection ends. */
function answerUnreadable(error: Error & { code?: string }, socket: Socket, requestId: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const told = errorForCode(error.code) ?? errors.requestMalformed()
  const body = serialize(errorBody(told))
  const { status } = told.fields
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json',
    `Request-Id: ${requestId}`,
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
