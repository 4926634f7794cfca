/** Requests that are sent again under their Idempotency-Key, as a network that fails makes merchants do. */

import assert from 'node:assert/strict'
import { type Command, NOTHING_TO_DO } from './command.ts'
import { KEY_SECONDS } from './laws.ts'
import type { Asked, Life } from './life.ts'

/** Answers that Stripe keeps: what was done, and what the bank declined. */
function someKept({ random, asked, now }: Life): Asked | null {
  const kept = asked.filter(({ at, reply }) => now - at < KEY_SECONDS && isKept(reply))
  return kept.length === 0 ? null : random.pick(kept)
}

function isKept({ status, json }: Asked['reply']): boolean {
  return status === 200 || (status === 402 && json.error.code !== 'missing')
}

export const retry: Command = async (life) => {
  const before = someKept(life)
  if (!before) return NOTHING_TO_DO
  assertReplayed(before, await life.send(before))
  return before.path.replace(/_\w+/, '')
}

/** Three times at once: each gets the first answer, or is told that one is under way. */
export const retryAtOnce: Command = async (life) => {
  const before = someKept(life)
  if (!before) return NOTHING_TO_DO
  for (const reply of await Promise.all([1, 2, 3].map(() => life.send(before)))) {
    if (reply.status === 409) assert.equal(reply.json.error.code, 'idempotency_key_in_use')
    else assertReplayed(before, reply)
  }
  return before.path.replace(/_\w+/, '')
}

function assertReplayed({ reply: before, key, path }: Asked, reply: Asked['reply']): void {
  assert.equal(reply.body, before.body, `${key} ${path}: the first answer comes again`)
  assert.equal(reply.status, before.status)
  assert.equal(reply.headers['idempotent-replayed'], 'true')
}

/** A key means one request: with other parameters it is a mistake, and does nothing. */
export const keyMisused: Command = async (life) => {
  const before = someKept(life)
  if (!before) return NOTHING_TO_DO
  const form = { amount: 777, currency: 'usd', source: 'tok_visa', description: 'another' }
  const reply = await life.send({ ...before, path: '/v1/charges', form })
  assert.deepEqual([reply.status, reply.json.error?.type], [400, 'idempotency_error'], reply.body)
  return before.path.replace(/_\w+/, '')
}
