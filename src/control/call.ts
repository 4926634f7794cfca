import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { realSeconds } from '../clock/clock.ts'
import { errors } from '../errors.ts'
import { type Answer, serialize } from '../http/answer.ts'
import type { Send } from '../http/app.ts'
import { authenticate, keyOf } from '../http/authentication.ts'
import { errorAnswer } from '../http/error-answer.ts'
import { type FormHash, parseForm } from '../http/form.ts'
import { decodeParameters, type Fields, type Values } from '../http/params.ts'
import type { Principal } from '../keys/directory.ts'
import { GUIDE_SECRET_KEY } from '../keys/key.ts'
import type { ControlPorts } from './operations.ts'

export type Route = `${'GET' | 'POST' | 'DELETE'} ${string}`

/** Mounts a control endpoint below `/_koban`. What `answer` throws is told as an error of the catalogue. */
export function mountCall(
  app: FastifyInstance,
  send: Send,
  ports: ControlPorts,
  route: Route,
  answer: (request: FastifyRequest) => Promise<unknown>,
): void {
  const [method = '', url = ''] = route.split(' ')
  app.route({
    method,
    url: `/_koban${url}`,
    handler: async (request, reply) => {
      const startedMs = ports.clock.elapsedMs()
      send(request, reply, await answerOf(ports, request, answer), startedMs)
    },
  })
}

async function answerOf(
  ports: ControlPorts,
  request: FastifyRequest,
  answer: (request: FastifyRequest) => Promise<unknown>,
): Promise<Answer> {
  const headers = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'Request-Id': ports.ids.requestId(),
  }
  try {
    // A page in a browser must not reach the server of the developer who looks at it.
    if (request.headers.origin !== undefined) throw errors.originRefused()
    return { status: 200, headers, body: serialize(await answer(request)), why: null }
  } catch (error) {
    return errorAnswer(error, headers)
  }
}

/**
 * Who calls by a secret key of an account; null is the holder of the server's admin token. Throws for anybody else, and
 * for a key that has ended. The guide's key is public: it counts only where strangers cannot reach the server.
 */
export async function callerOf(ports: ControlPorts, request: FastifyRequest): Promise<Principal | null> {
  const token = keyOf(request.headers.authorization)
  if (token !== null && isAdminToken(ports, token)) return null
  const counts = token !== null && (token !== GUIDE_SECRET_KEY || ports.guideKeyControls)
  const principal = counts ? await ports.directory.find(token) : undefined
  if (principal?.kind !== 'secret') throw errors.adminTokenOrOwnKeyNeeded()
  return authenticate(ports.directory, token, realSeconds(ports.clock))
}

/** Throws for anybody but the holder of the server's admin token. */
export function requireAdmin(ports: ControlPorts, request: FastifyRequest): void {
  const token = keyOf(request.headers.authorization)
  if (token === null || !isAdminToken(ports, token)) throw errors.adminTokenInvalid()
}

function isAdminToken({ adminToken, vault }: ControlPorts, token: string): boolean {
  // Hashes have one length, so that the comparison tells nothing of the token.
  return timingSafeEqual(Buffer.from(vault.lookupHash(token)), Buffer.from(vault.lookupHash(adminToken)))
}

/** The body as parameters: a form, or JSON whose members become what a form would have sent. */
export function bodyOf(request: FastifyRequest): FormHash {
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
  return formOf(sent, 1)
}

const LEVELS = 3

/** An object of JSON as the form that says the same; null unsets, like an empty string. */
function formOf(sent: object, depth: number): FormHash {
  if (depth > LEVELS) throw errors.nestingTooDeep(LEVELS)
  const members = Object.entries(sent).map(([name, value]) => {
    if (value === null) return [name, '']
    return [name, typeof value === 'object' ? formOf(value, depth + 1) : String(value)]
  })
  return Object.fromEntries(members)
}

/** The parameters of a call. Throws Stripe's errors for what is not right. */
export function decode<F extends Fields>(fields: F, body: FormHash): Values<F> {
  return decodeParameters(fields, body)
}
