/**
 * Measures what a million charges change: create, retrieve and list on a data folder that holds them, over the same on
 * one that holds a thousand. `npm run bench:million`; by hand, because filling takes minutes and some gigabytes.
 */

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { diskFolder, type Folder, memoryFolder, ROOT } from './cleanup.ts'
import { fill } from './fill.ts'
import { busyPercent, describeMachine, warnIfBusy } from './machine.ts'
import { type Result, tableOf, writeSection } from './report.ts'
import type { Row } from './rows.ts'
import { type Running, startKoban } from './servers.ts'
import { median, perSecond, rounds, whole } from './statistics.ts'
import { getPaths, hasWrk, type Load, postCharges } from './wrk.ts'

const { values } = parseArgs({
  options: {
    charges: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: 'koban' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    memory: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})

const FEW = 1000
const MANY = Number(values.charges)
const ROUNDS = Number(values.rounds)
const SECONDS = Number(values.seconds)
const WARM_UP_SECONDS = 2
const PAGE = 10

type Filled = { readonly folder: Folder; readonly ids: readonly string[] }

async function filled(charges: number): Promise<Filled> {
  const folder = values.memory ? memoryFolder() : diskFolder()
  const startedMs = performance.now()
  const rate = (done: number) => perSecond((1000 * done) / (performance.now() - startedMs))
  const tell = (done: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${whole(done)} charges, ${rate(done)} `)
  }
  const ids = await fill({ folder: folder.path, charges, seed: values.seed, tell })
  console.error(`\rFilled a folder with ${whole(charges)} charges, ${rate(charges)}`)
  return { folder, ids }
}

type Side = Filled & { readonly server: Running }
type Deed = { readonly name: string; readonly load: (side: Side, seconds: number) => Promise<Load> }

/** Creating comes last: until then both folders hold what they were filled with. */
const DEEDS: readonly Deed[] = [
  {
    name: 'retrieve',
    load: (side, seconds) =>
      get(
        side,
        side.ids.map((id) => `/v1/charges/${id}`),
        seconds,
      ),
  },
  {
    name: 'list of 10',
    load: (side, seconds) =>
      get(
        side,
        cursorsOf(side).map((id) => `/v1/charges?limit=10&starting_after=${id}`),
        seconds,
      ),
  },
  { name: 'create', load: ({ server }, seconds) => postCharges(server.url, { seconds }) },
]

/**
 * As many pages on both sides as the small one has without overlap, spread over all charges. More would compare what
 * Koban remembers of a thousand charges with reading five thousand, which a folder of any size costs.
 */
function cursorsOf({ ids }: Side): string[] {
  const every = Math.ceil((ids.length * PAGE) / FEW)
  return ids.filter((_, n) => n % every === 0)
}

function get({ server, folder }: Side, paths: string[], seconds: number): Promise<Load> {
  return getPaths(server.url, paths, folder.path, { seconds })
}

async function compare({ name, load }: Deed, few: Side, many: Side): Promise<Result> {
  await load(few, WARM_UP_SECONDS)
  await load(many, WARM_UP_SECONDS)
  const measured = await rounds(ROUNDS, async () => ({
    few: await load(few, SECONDS),
    many: await load(many, SECONDS),
  }))
  const rate = (side: 'few' | 'many') => perSecond(median(measured.map((round) => round[side].rate)))
  const row: Row = {
    name,
    what: `${name}: time at ${whole(MANY)} charges over time at ${whole(FEW)}`,
    unit: '×',
    must: { atMost: 1.3 },
    aim: { atMost: 1.1 },
    measure: () => Promise.reject(new Error('measured already')),
  }
  const value = median(measured.map(({ few, many }) => few.rate / many.rate))
  return { row, finding: { value, details: `${rate('many')}, ${rate('few')}` } }
}

async function main(): Promise<string> {
  const few = await filled(FEW)
  const many = await filled(MANY)
  using _few = few.folder
  using _many = many.folder
  await using fewServer = await startKoban(few.folder.path)
  await using manyServer = await startKoban(many.folder.path)
  const results: Result[] = []
  for (const deed of DEEDS) {
    results.push(await compare(deed, { ...few, server: fewServer }, { ...many, server: manyServer }))
  }
  return tableOf(results)
}

if (!(Number.isInteger(MANY) && MANY >= FEW)) throw new RangeError(`--charges takes a whole number from ${FEW} on`)
if (!hasWrk()) throw new Error('The bench makes its load with wrk: install it (apt install wrk, brew install wrk).')
execFileSync(process.execPath, [join(ROOT, 'scripts/build.ts')], { stdio: 'inherit' })
const busy = await busyPercent()
warnIfBusy(busy)
const table = await main()
console.log(`\n${table}`)
if (values.write) {
  const day = new Date().toISOString().slice(0, 10)
  const where = values.memory ? 'in memory' : 'on disk'
  writeSection('million', [
    `${day}, ${where}, medians of ${ROUNDS} rounds of ${SECONDS} s; others used ${busy} % of the machine when it began.`,
    'Ids and pages are spread over all charges. The small folder grows while charges are created on it.',
    '',
    ...describeMachine().map((line) => `- ${line}`),
    '',
    table,
  ])
}
process.exit(0)
