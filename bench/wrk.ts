/** wrk, which makes the load: https://github.com/wg/wrk */

import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { launch } from './cleanup.ts'
import { AUTHORIZATION, CHARGE_FORM } from './servers.ts'

const SCRIPT = join(import.meta.dirname, 'wrk.lua')
const CLIENTS = 32
const UUID_WITHOUT_LAST_PART = 23

export type Load = {
  /** Requests a second. */
  readonly rate: number
  readonly requests: number
  /** Milliseconds, from the request to the end of the answer. */
  readonly p50: number
  readonly p99: number
}

type Span = { readonly seconds: number; readonly clients?: number }

/** Whether wrk is installed. */
export function hasWrk(): boolean {
  return spawnSync('wrk', ['--version'], { stdio: 'ignore' }).error === undefined
}

/** POSTs charges as fast as the clients can. Throws where one is not answered 200. */
export function postCharges(url: string, span: Span): Promise<Load> {
  return run(`${url}/v1/charges`, span, ['form', CHARGE_FORM])
}

/** The same with a new Idempotency-Key for each. */
export function postKeyedCharges(url: string, span: Span): Promise<Load> {
  return postMarkedCharges(url, span, 'Idempotency-Key')
}

/** The same with as many bytes under a name that means nothing: writing them costs the client as much. */
export function postUnkeyedCharges(url: string, span: Span): Promise<Load> {
  return postMarkedCharges(url, span, 'No-Idempotency-')
}

function postMarkedCharges(url: string, span: Span, header: string): Promise<Load> {
  return run(`${url}/v1/charges`, span, ['marked', CHARGE_FORM, randomUUID().slice(0, UUID_WITHOUT_LAST_PART), header])
}

/** GETs paths in a circle. `folder` is where the list of them is kept meanwhile. */
export function getPaths(url: string, paths: readonly string[], folder: string, span: Span): Promise<Load> {
  const file = join(folder, 'paths')
  writeFileSync(file, `${paths.join('\n')}\n`)
  return run(url, span, ['paths', file])
}

async function run(url: string, { seconds, clients = CLIENTS }: Span, script: readonly string[]): Promise<Load> {
  const load = ['-t1', `-c${clients}`, `-d${seconds}s`, '-H', `Authorization: ${AUTHORIZATION}`]
  const child = launch('wrk', [...load, '-s', SCRIPT, url, '--', ...script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [written] = await Promise.all([child.stdout ? text(child.stdout) : '', once(child, 'exit')])
  const line = written.split('\n').find((line) => line.startsWith('{'))
  if (line === undefined) throw new Error(`wrk told nothing of ${url}:\n${written}`)
  const { requests, us, refused, broken, p50Us, p99Us } = JSON.parse(line)
  if (refused + broken > 0 || requests === 0) {
    throw new Error(`of ${requests} requests to ${url}, ${refused} were refused and ${broken} broke off`)
  }
  return { rate: requests / (us / 1e6), requests, p50: p50Us / 1000, p99: p99Us / 1000 }
}
