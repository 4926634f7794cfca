/** Rows about what a server takes: room on disk, memory, and time to start. */

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { diskFolder, type Folder, memoryFolder } from './cleanup.ts'
import type { Plan } from './rates.ts'
import { charge, type Running, startBare, startKoban } from './servers.ts'
import { type Finding, median, rounds, whole } from './statistics.ts'
import { postCharges } from './wrk.ts'

const CHARGES_WEIGHED = 20_000
const LEAST_START_PAIRS = 10
const MEGABYTE = 1024 ** 2
const GROWTH_THAT_IS_FLAT = 1.1

/** Bytes of the data folder after a clean stop, without those of an empty one, for each charge. */
export async function bytesPerCharge(): Promise<Finding> {
  using empty = memoryFolder()
  using full = memoryFolder()
  await serve(empty, async () => {})
  await serve(full, (koban) => chargeUpTo(koban, CHARGES_WEIGHED))
  const bytes = sizeOf(full.path) - sizeOf(empty.path)
  const charges = countCharges(full.path)
  return {
    value: bytes / charges / 1024,
    details: `${(bytes / MEGABYTE).toFixed(1)} MB for ${whole(charges)} charges`,
  }
}

async function serve(folder: Folder, work: (koban: Running) => Promise<unknown>): Promise<void> {
  await using koban = await startKoban(folder.path)
  await work(koban)
}

/** Makes charges until there are at least so many; gives how many it made. */
async function chargeUpTo({ url }: Running, wanted: number): Promise<number> {
  let made = 0
  while (made < wanted) made += (await postCharges(url, { seconds: 1 })).requests
  return made
}

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
}

function countCharges(folder: string): number {
  const db = new DatabaseSync(join(folder, 'koban.db'), { readOnly: true })
  const row = db.prepare('SELECT count(*) AS charges FROM charges').get()
  db.close()
  return Number(row?.charges)
}

/** Resident memory in megabytes after 40,000 charges, and whether it stays so. */
export async function memoryAfterCharges(): Promise<Finding> {
  using folder = diskFolder()
  await using koban = await startKoban(folder.path)
  let made = 0
  const measureAt = async (wanted: number) => {
    made += await chargeUpTo(koban, wanted - made)
    return { made, megabytes: koban.memory() / MEGABYTE }
  }
  const at20 = await measureAt(20_000)
  const at40 = await measureAt(40_000)
  const at80 = await measureAt(80_000)
  const told = [at20, at40, at80].map(({ made, megabytes }) => `${megabytes.toFixed(0)} MB after ${whole(made)}`)
  const isFlat = at80.megabytes <= at40.megabytes * GROWTH_THAT_IS_FLAT
  return { value: at40.megabytes, details: told.join(', '), fault: isFlat ? undefined : 'it grows' }
}

/**
 * From the start of the process to the first answer, over the bare server's: on an empty folder, with Node's compile
 * cache as every start but the first finds it.
 */
export async function startOverBare(plan: Plan): Promise<Finding> {
  await startTimes()
  const pairs = await rounds(Math.max(plan.rounds, LEAST_START_PAIRS), startTimes)
  const middle = (name: 'bare' | 'koban') => median(pairs.map((pair) => pair[name])).toFixed(0)
  return {
    value: median(pairs.map(({ bare, koban }) => koban / bare)),
    details: `Koban ${middle('koban')} ms, bare ${middle('bare')} ms`,
  }
}

async function startTimes(): Promise<{ readonly bare: number; readonly koban: number }> {
  using folder = diskFolder()
  return { bare: await msToFirstCharge(startBare), koban: await msToFirstCharge(() => startKoban(folder.path)) }
}

async function msToFirstCharge(start: () => Promise<Running>): Promise<number> {
  const startedMs = performance.now()
  await using server = await start()
  await charge(server.url)
  return performance.now() - startedMs
}
