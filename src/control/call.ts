import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { errors } from '../errors.ts'
import { type FormHash, parseForm } from '../http/form.ts'
import { decodeParameters, type Fields, type Values } from '../http/params.ts'
import type { ControlPorts } from './operations.ts'

/** Whether this is the server's own admin token. */
export function isAdmin({ adminToken, vault }: Pick<ControlPorts, 'adminToken' | 'vault'>, token: string): boolean {
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
