/** The servers that are measured, each a process of its own on a free port. */

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { GUIDE_SECRET_KEY } from '../src/keys/key.ts'
import { launch, ROOT } from './cleanup.ts'

const PEER = 'stripe-stateful-mock@0.0.16'
const START_TIMEOUT_MS = 30_000
const STOP_TIMEOUT_MS = 60_000

export const AUTHORIZATION = `Basic ${btoa(`${GUIDE_SECRET_KEY}:`)}`

/** What every charge of the bench is. */
export const CHARGE_FORM = 'amount=2000&currency=usd&description=Charge+for+jenny.rosen%40example.com&source=tok_visa'

/** A server; it is stopped cleanly, or there is an error, at the end of the block that has it by `await using`. */
export type Running = AsyncDisposable & {
  readonly url: string
  /** Resident memory of the process now, in bytes. */
  memory(): number
}

/** Koban as `koban start` runs it, without its request log: neither the bare server nor the peer writes one. */
export function startKoban(folder: string): Promise<Running> {
  return start([
    join(ROOT, 'bin/koban.cjs'),
    'start',
    '--port',
    '0',
    '--host',
    '127.0.0.1',
    '--data',
    folder,
    '--quiet',
  ])
}

export function startBare(): Promise<Running> {
  return start([join(import.meta.dirname, 'bare-server.cjs')])
}

/** stripe-stateful-mock, as installed by `installPeer`. */
export function startPeer(folder: string): Promise<Running> {
  return start([join(import.meta.dirname, 'peer-server.cjs'), folder])
}

/** Installs stripe-stateful-mock into a folder: its old libraries have no business in Koban's own. */
export async function installPeer(folder: string): Promise<void> {
  const quietly = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--silent']
  const npm = launch('npm', ['install', ...quietly, '--prefix', folder, PEER], { stdio: ['ignore', 'ignore', 'pipe'] })
  const said = npm.stderr ? text(npm.stderr) : ''
  const [code] = await once(npm, 'exit')
  if (code !== 0) throw new Error(`npm could not install ${PEER}: ${await said}`)
}

async function start(args: readonly string[]): Promise<Running> {
  const { KOBAN_VAULT_KEY: _vaultKey, KOBAN_ADMIN_TOKEN: _adminToken, ...environment } = process.env
  const env = { ...environment, NODE_ENV: 'production' }
  const child = launch(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const written: string[] = []
  const url = await urlPrintedBy(child, written)
  return {
    url,
    memory: () => residentBytes(child.pid),
    [Symbol.asyncDispose]: () => stop(child, written),
  }
}

/** The URL that a server prints when it is ready. Throws with what it wrote where it prints none. */
function urlPrintedBy(child: ChildProcess, written: string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const hear = (chunk: Buffer) => {
    written.push(chunk.toString())
    const url = written.join('').match(/url\s+(http:\/\/\S+:\d+)\s/)?.[1]
    if (url !== undefined) resolve(url)
  }
  const fail = (why: string) => reject(new Error(`${child.spawnargs.join(' ')} ${why}:\n${written.join('')}`))
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  child.once('exit', () => fail('ended'))
  const timer = setTimeout(() => fail('printed no URL'), START_TIMEOUT_MS)
  return promise.finally(() => clearTimeout(timer))
}

async function stop(child: ChildProcess, written: readonly string[]): Promise<void> {
  const ended = () => `${child.spawnargs.join(' ')} ended with ${child.signalCode ?? `exit code ${child.exitCode}`}`
  if (child.exitCode !== null || child.signalCode !== null) {
    throw new Error(`${ended()} before its time:\n${written.join('')}`)
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  child.kill('SIGTERM')
  await once(child, 'exit')
  clearTimeout(timer)
  if (child.exitCode !== 0 && child.signalCode !== 'SIGTERM') throw new Error(ended())
}

function residentBytes(pid: number | undefined): number {
  const kilobytes = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB$/m)?.[1]
  if (kilobytes === undefined) throw new Error('the memory of a process cannot be read here')
  return Number(kilobytes) * 1024
}

/** Makes one charge and gives the answer. Throws where it is not a 200. */
export function charge(url: string): Promise<{ readonly id: string }> {
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return ask(`${url}/v1/charges`, { method: 'POST', headers: { authorization: AUTHORIZATION, ...type } }, CHARGE_FORM)
}

/** The ids of the newest charges, at most 100. */
export async function newestCharges(url: string): Promise<string[]> {
  const list = await ask<{ data: { id: string }[] }>(`${url}/v1/charges?limit=100`, {
    headers: { authorization: AUTHORIZATION },
  })
  return list.data.map(({ id }) => id)
}

type Asked = { readonly method?: string; readonly headers: Readonly<Record<string, string>> }

async function ask<T>(url: string, options: Asked, body?: string): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const sent = request(url, { ...options, agent: false }, async (response) => {
    try {
      const answer = await text(response)
      if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}: ${answer}`)
      resolve(JSON.parse(answer))
    } catch (error) {
      reject(error)
    }
  })
  sent.once('error', reject)
  sent.end(body)
  return promise
}
