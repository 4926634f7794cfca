/**
 * Rows that are measured by load. Each interleaves what it compares, round by round, so that the machine's moods meet
 * both alike, and takes the median of the rounds' ratios. A row that returns what it measures must await it first, or
 * its servers are stopped meanwhile.
 */

import { diskFolder, memoryFolder } from './cleanup.ts'
import { syncMs } from './disk.ts'
import { installPeer, newestCharges, type Running, startBare, startKoban, startPeer } from './servers.ts'
import { type Finding, median, perSecond, rounds } from './statistics.ts'
import { getPaths, type Load, postCharges, postKeyedCharges, postUnkeyedCharges } from './wrk.ts'

export type Plan = {
  readonly rounds: number
  /** How long each measurement of a round takes. */
  readonly seconds: number
}

/** Until a server has compiled what it runs most. */
export const WARM_UP_SECONDS = 3

const CLIENTS = 32
const MANY_CLIENTS = 128

/** Compares two loads in turns: `ours` over `theirs`. */
async function compare(plan: Plan, theirs: () => Promise<Load>, ours: () => Promise<Load>, names: [string, string]) {
  const measured = await rounds(plan.rounds, async () => ({ theirs: await theirs(), ours: await ours() }))
  const rate = (side: 'ours' | 'theirs') => perSecond(median(measured.map((round) => round[side].rate)))
  return {
    value: median(measured.map(({ theirs, ours }) => ours.rate / theirs.rate)),
    details: `${names[1]} ${rate('ours')}, ${names[0]} ${rate('theirs')}`,
  }
}

async function warmUp(...servers: Running[]): Promise<void> {
  for (const { url } of servers) await postCharges(url, { seconds: WARM_UP_SECONDS })
}

export async function chargesOverBare(plan: Plan): Promise<Finding> {
  using folder = memoryFolder()
  await using bare = await startBare()
  await using koban = await startKoban(folder.path)
  await warmUp(bare, koban)
  return await compare(
    plan,
    () => postCharges(bare.url, plan),
    () => postCharges(koban.url, plan),
    ['bare', 'Koban'],
  )
}

/** What could be had if computing and syncing took turns, with one sync for all clients: 32 ÷ (32/A + F). */
export async function diskOverTurns(plan: Plan): Promise<Finding> {
  using memory = memoryFolder()
  using disk = diskFolder()
  await using inMemory = await startKoban(memory.path)
  await using onDisk = await startKoban(disk.path)
  await warmUp(inMemory, onDisk)
  const measured = await rounds(plan.rounds, async () => {
    const a = (await postCharges(inMemory.url, plan)).rate
    const f = syncMs(disk.path)
    const { rate } = await postCharges(onDisk.url, plan)
    return { a, f, rate, turns: CLIENTS / (CLIENTS / a + f / 1000) }
  })
  const middle = (name: 'a' | 'f' | 'rate' | 'turns') => median(measured.map((round) => round[name]))
  const parts = `A ${perSecond(middle('a'))}, F ${middle('f').toFixed(2)} ms, in turns ${perSecond(middle('turns'))}`
  return {
    value: median(measured.map(({ rate, turns }) => rate / turns)),
    details: `Koban ${perSecond(middle('rate'))}, ${parts}`,
  }
}

export const tailOf32 = (plan: Plan) => tail(plan, CLIENTS)
export const tailOf128 = (plan: Plan) => tail(plan, MANY_CLIENTS)

async function tail(plan: Plan, clients: number): Promise<Finding> {
  using folder = diskFolder()
  await using koban = await startKoban(folder.path)
  await warmUp(koban)
  const loads = await rounds(plan.rounds, () => postCharges(koban.url, { ...plan, clients }))
  const middle = (name: 'p50' | 'p99') => median(loads.map((load) => load[name])).toFixed(1)
  return {
    value: median(loads.map(({ p50, p99 }) => p99 / p50)),
    details: `p50 ${middle('p50')} ms, p99 ${middle('p99')} ms`,
  }
}

export async function keyedOverUnkeyed(plan: Plan): Promise<Finding> {
  using folder = memoryFolder()
  await using koban = await startKoban(folder.path)
  await warmUp(koban)
  await postKeyedCharges(koban.url, { seconds: WARM_UP_SECONDS })
  return await compare(
    plan,
    () => postUnkeyedCharges(koban.url, plan),
    () => postKeyedCharges(koban.url, plan),
    ['without', 'with keys'],
  )
}

export async function retrieveOverBare(plan: Plan): Promise<Finding> {
  return getOverBare(plan, (ids) => ids.map((id) => `/v1/charges/${id}`))
}

export async function listOverBare(plan: Plan): Promise<Finding> {
  return getOverBare(plan, () => ['/v1/charges?limit=10'])
}

async function getOverBare(plan: Plan, pathsFor: (ids: string[]) => string[]): Promise<Finding> {
  using folder = memoryFolder()
  await using bare = await startBare()
  await using koban = await startKoban(folder.path)
  await postCharges(koban.url, { seconds: 1 })
  const paths = pathsFor(await newestCharges(koban.url))
  const get = ({ url }: Running, seconds: number) => getPaths(url, paths, folder.path, { seconds })
  await get(bare, WARM_UP_SECONDS)
  await get(koban, WARM_UP_SECONDS)
  return await compare(
    plan,
    () => get(bare, plan.seconds),
    () => get(koban, plan.seconds),
    ['bare', 'Koban'],
  )
}

/** stripe-stateful-mock keeps everything in memory; Koban has to keep it on disk. */
export async function diskOverPeer(plan: Plan): Promise<Finding> {
  using modules = diskFolder()
  using disk = diskFolder()
  await installPeer(modules.path)
  await using peer = await startPeer(modules.path)
  await using koban = await startKoban(disk.path)
  await warmUp(peer, koban)
  return await compare(
    plan,
    () => postCharges(peer.url, plan),
    () => postCharges(koban.url, plan),
    ['the mock', 'Koban'],
  )
}
