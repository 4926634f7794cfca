/**
 * What every official SDK must show. A program in its language does each of these once, and tells what it got, a line
 * of JSON for each; what is right stands here, for all languages and ages.
 */

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { type Koban, PUBLISHABLE_KEY, SECRET_KEY, startKoban, temporaryFolder } from '../process/koban.ts'
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts'
import { type RefusingServer, startRefusingServer } from './refusing-server.ts'

const PAGED = 250 // three pages of a hundred
const AT_ONCE = 16
const NOWHERE = 'http://127.0.0.1:1' // a port where nothing listens

/** The exception of each refusal, as the SDK's own language calls it. */
export type Exceptions = Readonly<
  Record<
    'card' | 'invalid' | 'authentication' | 'permission' | 'idempotency' | 'locked' | 'server' | 'connection',
    string
  >
>

export type Program = {
  readonly command: readonly [string, ...string[]]
  readonly cwd: string
  readonly exceptions: Exceptions
  /** What an exception of this SDK has no place for. */
  readonly lacks?: readonly Member[]
}

type Member = 'decline_code' | 'param' | 'request_id'
type Got = Readonly<Record<string, unknown>>
type Finding = { readonly check: string; readonly got?: Got; readonly threw?: string }

type Refusal = {
  readonly exception: keyof Exceptions
  readonly status: number
  readonly code: string | null
  /** Left out where Stripe has said it since 2026 only. */
  readonly decline_code?: string | null
  readonly param: string | null
}

const PLAIN = { amount: 999, currency: 'usd', description: 'Example charge', paid: true, captured: true }

/** The guide's five samples, then what a shop does with a charge. */
const RESULTS: Readonly<Record<string, Got>> = {
  charge: PLAIN,
  descriptor: { statement_descriptor: 'Custom descriptor', paid: true },
  authorize: { paid: true, captured: false },
  capture: { same: true, captured: true },
  metadata: { order_id: '6735' },
  refund: { status: 'succeeded', amount: 400, amount_refunded: 400, refunded: false },
  saved_card: { same_customer: true, paid: true, amount: 999 },
  refund_rest: { status: 'succeeded', amount: 599, amount_refunded: 999, refunded: true },
  paging: { count: PAGED, distinct: PAGED, newest: `charge ${PAGED}`, oldest: 'charge 1' },
  expand: { fee: 59, net: 940 },
  expand_list: { fee: 59, net: 940 },
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  error_declined: {
    exception: 'card',
    status: 402,
    code: 'card_declined',
    decline_code: 'insufficient_funds',
    param: null,
  },
  error_cvc: {
    exception: 'card',
    status: 402,
    code: 'incorrect_cvc',
    param: 'cvc',
  },
  error_invalid: {
    exception: 'invalid',
    status: 400,
    code: 'amount_too_small',
    decline_code: null,
    param: 'amount',
  },
  error_missing: { exception: 'invalid', status: 404, code: 'resource_missing', decline_code: null, param: 'id' },
  error_key: { exception: 'authentication', status: 401, code: null, decline_code: null, param: null },
  error_permission: {
    exception: 'permission',
    status: 403,
    code: 'account_invalid',
    decline_code: null,
    param: null,
  },
  error_idempotency: { exception: 'idempotency', status: 400, code: null, decline_code: null, param: null },
  error_locked: { exception: 'locked', status: 429, code: 'lock_timeout', decline_code: null, param: null },
  error_server: { exception: 'server', status: 500, code: null, decline_code: null, param: null },
}

/** Declares the tests of one SDK in one age. `start` is called once, and throws where the program does not compile. */
export function testsOf(name: string, skip: string | false, start: () => Program): void {
  describe(name, { skip }, () => {
    let koban: Koban
    let proxy: CuttingProxy
    let refusing: RefusingServer
    let program: Program
    const findings = new Map<string, Finding>()
    const told = new Set<string>()

    before(async () => {
      program = start()
      koban = await startKoban(join(temporaryFolder({ after }), 'data'))
      proxy = await startCuttingProxy(koban.url)
      refusing = await startRefusingServer()
      await makeChargesToPage(koban.url)
      for (const finding of await run(program, environmentOf(koban, proxy, refusing)))
        findings.set(finding.check, finding)
    })
    after(async () => {
      await proxy?.close()
      await refusing?.close()
      await koban?.end('SIGKILL')
    })

    const gotOf = (check: string): Got => {
      told.add(check)
      const finding = findings.get(check)
      assert(finding, `the program did not get to it; it told of ${[...findings.keys()].join(', ')}`)
      assert(finding.got, finding.threw)
      return finding.got
    }

    for (const [check, expected] of Object.entries(RESULTS)) {
      it(check, () => assert.deepEqual(gotOf(check), expected))
    }
    for (const [check, refusal] of Object.entries(REFUSALS)) {
      it(check, () => assertRefusal(gotOf(check), refusal, program))
    }
    it('error_connection', () => {
      assert.equal(gotOf('error_connection').exception, program.exceptions.connection)
    })
    it('retry', async () => {
      const { id } = gotOf('retry')
      const [first, second, ...more] = proxy.sent
      assert(
        first?.idempotencyKey && second,
        `the answer was cut off, and it was sent again: ${JSON.stringify(proxy.sent)}`,
      )
      assert.deepEqual([second, more], [first, []], 'the same request, once more, under the same key')
      const { data } = await get(koban.url, '/v1/charges?transfer_group=cut')
      assert.deepEqual(
        data.map((charge) => charge.id),
        [id],
        'it was charged once',
      )
    })
    it('tells of nothing that is not looked at', () => {
      const unknown = [...findings.keys()].filter((check) => !told.has(check))
      assert.deepEqual(unknown, [])
    })
  })
}

function assertRefusal(got: Got, refusal: Refusal, { exceptions, lacks = [] }: Program): void {
  const expected: Record<string, unknown> = { ...refusal, exception: exceptions[refusal.exception] }
  for (const member of lacks) expected[member] = null
  const { request_id, decline_code, ...rest } = got
  assert.deepEqual('decline_code' in expected ? { ...rest, decline_code } : rest, expected)
  if (!lacks.includes('request_id')) assert.match(String(request_id), /^req_[0-9A-Za-z]{14}$/)
}

function environmentOf(koban: Koban, proxy: CuttingProxy, refusing: RefusingServer): Record<string, string> {
  return {
    KOBAN_URL: koban.url,
    KOBAN_KEY: SECRET_KEY,
    KOBAN_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
    CUTTING_URL: proxy.url,
    REFUSING_URL: refusing.url,
    NOWHERE_URL: NOWHERE,
  }
}

async function run({ command, cwd }: Program, environment: Record<string, string>): Promise<Finding[]> {
  const [file, ...args] = command
  const child = spawn(file, args, { cwd, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<string>((done) => {
    child.once('error', (error) => done(`could not be started: ${error.message}`))
    child.once('close', (code, signal) => done(`ended with ${signal ?? `exit code ${code}`}`))
  })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  assert.equal(await ended, 'ended with exit code 0', stdout + stderr)
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
  return lines.map((line) => JSON.parse(line))
}

type Listed = { readonly data: readonly { readonly id: string }[] }

async function get(url: string, path: string): Promise<Listed> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${SECRET_KEY}` } })
  assert.equal(response.status, 200)
  return (await response.json()) as Listed
}

async function post(url: string, path: string, form: Record<string, string>): Promise<Response> {
  const headers = { authorization: `Bearer ${SECRET_KEY}` }
  return fetch(`${url}${path}`, { method: 'POST', headers, body: new URLSearchParams(form) })
}

/** All in one group, described by their number; the first and the last are made alone, so that they are at the ends. */
async function makeChargesToPage(url: string): Promise<void> {
  const make = async (number: number) => {
    const form = { amount: '999', currency: 'usd', source: 'tok_visa', transfer_group: 'paged' }
    const response = await post(url, '/v1/charges', { ...form, description: `charge ${number}` })
    assert.equal(response.status, 200)
    await response.arrayBuffer()
  }
  await make(1)
  for (let number = 2; number < PAGED; number += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, PAGED - number) }, (_, index) => number + index)
    await Promise.all(numbers.map(make))
  }
  await make(PAGED)
}
