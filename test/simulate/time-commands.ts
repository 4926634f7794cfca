/** Time that goes by, stops and goes on; a server that is stopped, or killed, and started again. */

import { type Command, NOTHING_TO_DO } from './command.ts'
import { DAY, HOLD_SECONDS } from './laws.ts'
import type { Life } from './life.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE

function someTime({ random }: Life): number {
  const most = random.pick([10, HOUR, HOUR, DAY, DAY, 3 * DAY, 10 * DAY, 40 * DAY])
  return random.integer(0, most)
}

function said(seconds: number): string {
  return `${seconds} s`
}

export const advance: Command = async (life) => {
  const seconds = someTime(life)
  await life.moveClock({ to: life.now + seconds })
  return said(seconds)
}

/** To what comes of a refund or of evidence, or to the second before. */
export const advanceSeconds: Command = async (life) => {
  const seconds = life.random.integer(4, 6)
  await life.moveClock({ to: life.now + seconds })
  return said(seconds)
}

/** To the second at which a hold lapses, or the one before it. */
export const advanceToLapse: Command = async (life) => {
  const { random, books } = life
  const held = books.charges.filter(({ state }) => state === 'held')
  if (held.length === 0) return NOTHING_TO_DO
  const to = random.pick(held).created + HOLD_SECONDS - random.integer(0, 1)
  await life.moveClock({ to })
  return said(to)
}

export const toMidnight: Command = async (life) => {
  const to = (Math.floor(life.now / DAY) + life.random.integer(1, 4)) * DAY - life.random.integer(0, 1)
  await life.moveClock({ to: Math.max(to, life.now) })
  return said(to)
}

export const freezeOrResume: Command = async (life) => {
  if (!life.isFrozen) {
    await life.moveClock({ freeze: true })
    return 'freeze'
  }
  if (life.host.pass === null) return NOTHING_TO_DO // it would run by a time that the model does not see
  await life.moveClock({ resume: true })
  return 'resume'
}

export const pass: Command = async (life) => {
  if (life.host.pass === null) return advance(life)
  const seconds = someTime(life)
  await life.pass(seconds)
  return said(seconds)
}

export const restart: Command = async (life) => {
  await life.restart()
  await life.checkAll()
  return 'all checked'
}

export const kill: Command = async (life) => {
  if (life.host.kill === null) return NOTHING_TO_DO
  await life.kill()
  await life.checkAll()
  return 'all checked'
}
