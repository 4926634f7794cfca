/** The machine, by name: a number means little without it. */

import { cpus, release, totalmem, type } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT } from './cleanup.ts'
import { describeDisk } from './disk.ts'

const WATCH_MS = 1000
const BUSY_PERCENT = 10

export function describeMachine(): string[] {
  const cores = cpus()
  const gigabytes = Math.round(totalmem() / 1024 ** 3)
  return [
    `CPU: ${cores[0]?.model.trim() ?? 'unknown'}, ${cores.length} cores`,
    `Memory: ${gigabytes} GB`,
    `Kernel: ${type()} ${release()}`,
    `Node: ${process.version}`,
    `Disk: ${describeDisk(ROOT)}`,
  ]
}

/** How much of the machine's processors others use just now, in percent. */
export async function busyPercent(): Promise<number> {
  const before = spent()
  await sleep(WATCH_MS)
  const after = spent()
  const all = after.all - before.all
  return all === 0 ? 0 : Math.round(100 * (1 - (after.idle - before.idle) / all))
}

function spent(): { readonly idle: number; readonly all: number } {
  let idle = 0
  let all = 0
  for (const { times } of cpus()) {
    idle += times.idle
    all += times.user + times.nice + times.sys + times.idle + times.irq
  }
  return { idle, all }
}

/** Says so where the machine has other work: what is measured then is worth little. */
export function warnIfBusy(percent: number): void {
  if (percent <= BUSY_PERCENT) return
  console.error(`Other programs use ${percent} % of this machine: the numbers will be worth little.\n`)
}
