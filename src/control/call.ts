import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { errors } from '../errors.ts'
import { keyOf } from '../http/authentication.ts'
import { type FormHash, parseForm } from '../http/form.ts'
import { decodeParameters, type Fields, type Values } from '../http/params.ts'
import type { ControlPorts } from './operations.ts'

/** Whether the server's own admin token was sent. */
export function isAdmin(
  { adminToken, vault }: Pick<ControlPorts, 'adminToken' | 'vault'>,
  request: FastifyRequest,
): boolean {
  const token = keyOf(request.headers.authorization)
  if (token === null) return false
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
  return Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, String(value)]))
}

/** The parameters of a call. Throws Stripe's errors for what is not right. */
export function decode<F extends Fields>(fields: F, body: FormHash): Values<F> {
  return decodeParameters(fields, body)
}
