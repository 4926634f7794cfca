import type { UnixSeconds } from '../money.ts'

/** The only source of time. */
export type Clock = {
  /** The account's time in its mode, UNIX seconds: what objects, holds and ages go by. */
  now(account: string, livemode: boolean): UnixSeconds
  /** Real time in milliseconds, for ids and for the ages of API keys. */
  realMs(): number
  /** Milliseconds since some start, for measuring how long something took. */
  elapsedMs(): number
}

const MS_PER_SECOND = 1000

/** The machine's clock: every account has real time. */
export function systemClock(): Clock {
  return {
    now: () => Math.floor(Date.now() / MS_PER_SECOND),
    realMs: () => Date.now(),
    elapsedMs: () => performance.now(),
  }
}

/** Real time, UNIX seconds. */
export function realSeconds(clock: Clock): UnixSeconds {
  return Math.floor(clock.realMs() / MS_PER_SECOND)
}
