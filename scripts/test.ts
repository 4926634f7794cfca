/**
 * Runs the tests: all of them, or those in the files and folders given. Each file is a process of its own. Ends with
 * one line, `N passed, N failed`, and `, N skipped` where there are any.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { styleText } from 'node:util'
import type { Outcome } from './test-events.ts'

const ROOT = resolve(import.meta.dirname, '..')
const EVENTS = mkdtempSync(join(tmpdir(), 'koban-test-'))
const PATTERNS = ['test/**/*.test.ts', 'src/**/*.test.ts', 'web/**/*.test.ts'] // what crosses resources takes longest: first
const FILE_TIMEOUT_MS = 180_000
const MOST_AT_ONCE = 4 // each may start servers that want a core, too

type FileResult = { readonly file: string; readonly outcomes: Outcome[]; readonly output: string; readonly ms: number }

const running = new Set<ChildProcess>()

/** Ends a test file and the servers that it started: it leads a process group. False where none of it was left. */
function end({ pid }: ChildProcess): boolean {
  try {
    return pid !== undefined && process.kill(-pid, 'SIGKILL')
  } catch {
    return false
  }
}

async function runFile(file: string): Promise<FileResult> {
  const startedMs = performance.now()
  const events = join(EVENTS, file.replaceAll('/', '-'))
  const reporter = [
    '--test-reporter',
    join(import.meta.dirname, 'test-events.ts'),
    '--test-reporter-destination',
    events,
  ]
  const child = spawn(process.execPath, [...reporter, file], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const written = Promise.all([text(child.stdout), text(child.stderr)])

  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    end(child)
  }, FILE_TIMEOUT_MS)
  const exit = await new Promise<string>((done) => {
    child.once('error', (error) => done(`could not be started: ${error.message}`))
    child.once('exit', (code, signal) => done(`ended with ${signal ?? `exit code ${code}`}`))
  })
  clearTimeout(timer)
  running.delete(child)
  const leftOver = end(child)

  const output = (await written).join('')
  const outcomes = outcomesIn(events)
  const fault = faultOf(outcomes, isLate ? `did not end within ${FILE_TIMEOUT_MS / 1000} s` : exit)
  if (fault !== undefined) outcomes.push({ name: file, parents: [], result: 'failed', detail: fault })
  const note = leftOver && !isLate ? `${file} left processes running; they were ended.\n` : ''
  return { file, outcomes, output: output + note, ms: performance.now() - startedMs }
}

function outcomesIn(events: string): Outcome[] {
  if (!existsSync(events)) return []
  const whole = readFileSync(events, 'utf8').split('\n').slice(0, -1) // a killed process may leave half a line
  return whole.map((line) => JSON.parse(line))
}

/** What went wrong with a file beside its tests: it threw while loading, was killed, or holds no test at all. */
function faultOf(outcomes: Outcome[], exit: string): string | undefined {
  if (outcomes.some(({ result }) => result === 'failed')) return exit.endsWith('code 1') ? undefined : exit
  if (exit !== 'ended with exit code 0') return exit
  return outcomes.length === 0 ? 'has no tests' : undefined
}

function count(outcomes: Outcome[], result: Outcome['result']): number {
  return outcomes.filter((outcome) => outcome.result === result).length
}

function summary(outcomes: Outcome[]): string {
  const skipped = count(outcomes, 'skipped')
  const counts = `${count(outcomes, 'passed')} passed, ${count(outcomes, 'failed')} failed`
  return skipped === 0 ? counts : `${counts}, ${skipped} skipped`
}

function title({ parents, name }: Outcome): string {
  return [...parents, name].join(' › ')
}

function report({ file, outcomes, output, ms }: FileResult): void {
  const failures = outcomes.filter(({ result }) => result === 'failed')
  const mark = failures.length === 0 ? styleText('green', '✔') : styleText('red', '✖')
  console.log(`${mark} ${file}: ${summary(outcomes)} (${(ms / 1000).toFixed(1)} s)`)
  for (const failure of failures) {
    console.log(`\n${styleText('red', `✖ ${title(failure)}`)}\n\n${failure.detail.replaceAll(/^(?=.)/gm, '    ')}\n`)
  }
  if (failures.length > 0 && output !== '') console.log(`What ${file} wrote:\n${output.trimEnd()}\n`)
}

/** Loudly: a test that did not run has proved nothing. */
function reportSkipped(results: FileResult[]): void {
  const skipped = results.flatMap(({ file, outcomes }) =>
    outcomes
      .filter(({ result }) => result === 'skipped')
      .map((outcome) => `  ${file}: ${title(outcome)}: ${outcome.detail}`),
  )
  if (skipped.length > 0) console.log(styleText('yellow', `\nNOT RUN (${skipped.length}):\n${skipped.join('\n')}`))
}

function isIn(file: string, path: string): boolean {
  return path === '' || file === path || file.startsWith(`${path}/`)
}

function chosen(wanted: string[]): string[] {
  const files = PATTERNS.flatMap((pattern) => globSync(pattern, { cwd: ROOT }).sort())
  const paths = wanted.map((path) => relative(ROOT, resolve(path)))
  for (const path of paths) {
    if (files.some((file) => isIn(file, path))) continue
    console.error(`There is no *.test.ts in ${path}.`)
    process.exit(1)
  }
  return paths.length === 0 ? files : files.filter((file) => paths.some((path) => isIn(file, path)))
}

async function runAll(files: string[]): Promise<FileResult[]> {
  const waiting = [...files]
  const results: FileResult[] = []
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const result = await runFile(file)
      report(result)
      results.push(result)
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), MOST_AT_ONCE) }, worker))
  return results
}

process.once('exit', () => rmSync(EVENTS, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    for (const child of running) end(child)
    process.exit(1)
  })
}

const results = await runAll(chosen(process.argv.slice(2)))
const outcomes = results.flatMap((result) => result.outcomes)
reportSkipped(results)
console.log(`\n${summary(outcomes)}`)
process.exitCode = outcomes.length === 0 || count(outcomes, 'failed') > 0 ? 1 : 0
