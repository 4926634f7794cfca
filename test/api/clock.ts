import type { Clock } from '../../src/clock/clock.ts'

/** Thursday 2019-05-16, 09:46:40 UTC: the guide's days. */
export const START = 1_558_000_000

export const MINUTE = 60
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** The accounts' clock stands still until the test moves it; real time (ids, the ages of keys) goes on, and jumps too. */
export type MovableClock = Clock & {
  readonly seconds: number
  advance(seconds: number): void
  advanceRealTime(seconds: number): void
}

export function movableClock(): MovableClock {
  let seconds = START
  let realAheadMs = 0
  return {
    now: () => seconds,
    realMs: () => Date.now() + realAheadMs,
    elapsedMs: () => performance.now(),
    get seconds() {
      return seconds
    },
    advance(by) {
      seconds += by
    },
    advanceRealTime(by) {
      realAheadMs += by * 1000
    },
  }
}
