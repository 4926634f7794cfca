/** Koban as its users run it: a process of its own on a free port, with a data folder that nobody else has. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TestContext } from 'node:test'

export const ROOT = resolve(import.meta.dirname, '../..')
export const SECRET_KEY = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc'
export const PUBLISHABLE_KEY = 'pk_test_TYooMQauvdEDq54NiTphI7jx'

const FROM_SOURCE = [join(ROOT, 'src/cli/main.ts')]
const START_TIMEOUT_MS = 60_000 // far beyond what a start takes: only a server that hangs gets there

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type RunOptions = {
  /** Added to the environment, from which all KOBAN_ variables of the caller are taken. */
  readonly environment?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** What Node runs; the source where nothing is given. */
  readonly program?: readonly string[]
}

export type Koban = {
  readonly url: string
  readonly child: ChildProcess
  /** All that it has written to stdout and stderr so far. */
  output(): string
  /** Resolves when it has ended. */
  readonly ended: Promise<Exit>
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Exit>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL') // whatever a failed test has left
})

function environmentOf({ environment = {} }: RunOptions): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('KOBAN_'))
  return { ...Object.fromEntries(own), ...environment }
}

/** Runs `koban …` with these arguments and does not wait. Both outputs are gathered in one text. */
export function spawnKoban(args: readonly string[], options: RunOptions = {}) {
  const child = spawn(process.execPath, [...(options.program ?? FROM_SOURCE), ...args], {
    cwd: options.cwd ?? ROOT,
    env: environmentOf(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    written.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    written.stderr += text
  })
  const closed = once(child, 'close').then(([code, signal]): Exit => ({ code, signal }))
  return { child, written, closed }
}

/** Runs a command to its end. */
export async function runKoban(args: readonly string[], options?: RunOptions) {
  const { written, closed } = spawnKoban(args, options)
  const exit = await closed
  return { ...exit, ...written }
}

/** Starts a server on a free port and waits until it says where it is. Throws what it wrote where it ends before. */
export async function startKoban(folder: string, args: readonly string[] = [], options?: RunOptions): Promise<Koban> {
  const all = ['start', '--port', '0', '--data', folder, ...args]
  const { child, written, closed } = spawnKoban(all, options)
  const output = () => written.stdout + written.stderr
  const url = await new Promise<string>((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`the server did not get ready:\n${output()}`)), START_TIMEOUT_MS)
    const look = () => {
      const found = written.stdout.match(/^ {2}url +(http:\S+)$/m)?.[1]
      if (found !== undefined) settle(() => done(found))
    }
    const settle = (then: () => void) => {
      clearTimeout(timer)
      child.stdout.off('data', look)
      then()
    }
    child.stdout.on('data', look)
    closed.then(({ code, signal }) => settle(() => fail(new Error(`it ended with ${signal ?? code}:\n${output()}`))))
  })
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return closed
  }
  return { url, child, output, ended: closed, end }
}

/** A folder that is removed when the test ends, or the suite. */
export function temporaryFolder(t: { after(remove: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'koban-process-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A server on a fresh folder, for one test: both are gone when it ends. */
export async function freshKoban(t: TestContext, args?: readonly string[], options?: RunOptions) {
  const folder = join(temporaryFolder(t), 'data')
  const koban = await startKoban(folder, args, options)
  t.after(() => koban.end('SIGKILL'))
  return { ...koban, folder }
}
