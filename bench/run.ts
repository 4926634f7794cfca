/**
 * Measures Koban's speed against what it must be and prints a table: `npm run bench`, or some rows of it,
 * `npm run bench -- charges retrieve`. `--write` also writes docs/benchmarks.md.
 */

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './cleanup.ts'
import { busyPercent, describeMachine, warnIfBusy } from './machine.ts'
import type { Plan } from './rates.ts'
import { type Result, tableOf, verdictOf, writeSection } from './report.ts'
import { ROWS, type Row } from './rows.ts'
import { hasWrk } from './wrk.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
  },
})

function refuse(why: string): never {
  console.error(why)
  process.exit(1)
}

function chosenRows(): readonly Row[] {
  const unknown = positionals.find((name) => !ROWS.some((row) => row.name === name))
  if (unknown !== undefined) refuse(`There is no row ${unknown}, but: ${ROWS.map(({ name }) => name).join(' ')}`)
  if (positionals.length > 0 && values.write) refuse('--write takes all rows: docs/benchmarks.md shows one run.')
  return positionals.length === 0 ? ROWS : ROWS.filter(({ name }) => positionals.includes(name))
}

function plan(): Plan {
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)]
  if (!(Number.isInteger(rounds) && rounds > 0)) refuse('--rounds takes a whole number from 1 on')
  if (!(Number.isInteger(seconds) && seconds > 0)) refuse('--seconds takes a whole number from 1 on')
  return { rounds, seconds }
}

async function measure(row: Row, plan: Plan): Promise<Result> {
  process.stderr.write(`${row.name} … `)
  try {
    const result = { row, finding: await row.measure(plan) }
    console.error(`${result.finding.value.toFixed(2)} ${row.unit} ${verdictOf(result)} (${result.finding.details})`)
    return result
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error))
    console.error(message)
    return { row, finding: { error: message } }
  }
}

const rows = chosenRows()
const chosenPlan = plan()
if (!hasWrk())
  refuse('The bench makes its load with wrk: install it (apt install wrk, brew install wrk) and try again.')
execFileSync(process.execPath, [join(ROOT, 'scripts/build.ts')], { stdio: 'inherit' })

const busy = await busyPercent()
warnIfBusy(busy)
const results: Result[] = []
for (const row of rows) results.push(await measure(row, chosenPlan))

const table = tableOf(results)
console.log(`\n${table}`)
if (values.write) {
  const day = new Date().toISOString().slice(0, 10)
  const { rounds, seconds } = chosenPlan
  writeSection('speed', [
    `${day}, medians of ${rounds} rounds of ${seconds} s; others used ${busy} % of the machine when it began.`,
    '',
    ...describeMachine().map((line) => `- ${line}`),
    '',
    table,
  ])
}
const isMissed = (result: Result) => !['met', 'aim reached'].includes(verdictOf(result))
process.exit(results.some(isMissed) ? 1 : 0)
