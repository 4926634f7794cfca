/** Lives merchants' lives, each by a seed of its own, and says which of them failed. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seeded } from '../crash/random.ts'
import * as charges from './charge-commands.ts'
import { type Command, NOTHING_TO_DO } from './command.ts'
import * as customers from './customer-commands.ts'
import * as disputes from './dispute-commands.ts'
import { Life } from './life.ts'
import * as retries from './retry-commands.ts'
import * as time from './time-commands.ts'

type Weighted = readonly [weight: number, name: string, command: Command]

/** How often each happens, beside the others. */
const COMMANDS: readonly Weighted[] = [
  [30, 'charge', charges.charge],
  [3, 'burst', charges.burst],
  [4, 'mistake', charges.mistake],
  [2, 'token twice', charges.tokenTwice],
  [14, 'capture', charges.capture],
  [16, 'refund', charges.refund],
  [3, 'race', charges.race],
  [4, 'dispute', disputes.dispute],
  [6, 'answer dispute', disputes.answerDispute],
  [2, 'refund of disputed', disputes.refundOfDisputed],
  [4, 'create customer', customers.createCustomer],
  [3, 'save card', customers.saveCard],
  [2, 'remove card', customers.removeCard],
  [1, 'delete customer', customers.deleteCustomer],
  [8, 'charge customer', customers.chargeCustomer],
  [10, 'retry', retries.retry],
  [2, 'retry at once', retries.retryAtOnce],
  [3, 'misuse key', retries.keyMisused],
  [4, 'advance seconds', time.advanceSeconds],
  [9, 'advance', time.advance],
  [3, 'advance to lapse', time.advanceToLapse],
  [3, 'advance to midnight', time.toMidnight],
  [2, 'freeze or resume', time.freezeOrResume],
  [3, 'time passes', time.pass],
  [1, 'restart', time.restart],
  [1, 'kill', time.kill],
]

/** One in so many lives is that of a server process, which is killed now and then: it takes ten times as long. */
const OUTSIDE_EVERY = 12

export type Lived = {
  readonly seed: number
  /** What was done, a line a step. The same for the same seed. */
  readonly trace: readonly string[]
  readonly charges: number
  readonly transactions: number
  readonly events: number
}

/** A life that met what must not be. `folder` holds its database. */
export class LifeFailed extends Error {
  readonly seed: number
  readonly folder: string
  readonly trace: readonly string[]
  constructor(seed: number, folder: string, trace: readonly string[], cause: unknown) {
    super(`seed ${seed} failed at step ${trace.length}; its data is in ${folder}`, { cause })
    this.name = 'LifeFailed'
    this.seed = seed
    this.folder = folder
    this.trace = trace
  }
}

/** Lives one life of so many steps. Throws LifeFailed. */
export async function live(seed: number, steps: number, commands: readonly Weighted[] = COMMANDS): Promise<Lived> {
  const random = seeded(seed)
  const byWeight = commands.flatMap((row) => Array.from({ length: row[0] }, () => row))
  const folder = mkdtempSync(join(tmpdir(), 'koban-life-'))
  const trace: string[] = []
  let life: Life | undefined
  try {
    life = await Life.begin(random, join(folder, 'data'), seed % OUTSIDE_EVERY === 0)
    for (let step = 1; step <= steps; step++) {
      const [, name, command] = random.pick(byWeight)
      trace.push(name)
      const said = await command(life)
      trace[trace.length - 1] = `${name}: ${said}`
      if (said !== NOTHING_TO_DO) await life.checkStep()
    }
    const checked = await life.checkAll()
    await life.end()
    rmSync(folder, { recursive: true })
    return { seed, trace, ...checked }
  } catch (error) {
    await life?.end().catch(() => {}) // what failed is told, not what failed because of it
    throw new LifeFailed(seed, folder, trace, error)
  }
}

const AT_ONCE = 4 // each waits for its commits most of the time

/** Lives all these lives, some at once. `said` hears of each as it ends. */
export async function liveAll(
  seeds: readonly number[],
  steps: number,
  said: (ended: Lived | LifeFailed) => void,
): Promise<void> {
  const waiting = [...seeds]
  const liveOn = async () => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      try {
        said(await live(seed, steps))
      } catch (error) {
        if (!(error instanceof LifeFailed)) throw error
        said(error)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, liveOn))
}
