import { errors } from '../errors.ts'
import type { UnixSeconds } from '../money.ts'

/** How the time of an account's test mode is told from real time. */
export type AccountClock = {
  /** Seconds that the account is ahead of real time (negative: behind it), while its clock runs. */
  readonly offset: number
  /** The time at which it stands, or null while it runs. */
  readonly frozenAt: UnixSeconds | null
}

/** The clock of an account that nobody has moved. */
export const REAL_TIME: AccountClock = { offset: 0, frozenAt: null }

/** The account's time when real time is `real`. */
export function timeOf({ offset, frozenAt }: AccountClock, real: UnixSeconds): UnixSeconds {
  return frozenAt ?? real + offset
}

/** What may be asked of a clock. All in one go: it is frozen first, then moved, then let go. */
export type ClockChange = {
  /** Seconds to move ahead by. */
  readonly advance?: number | undefined
  /** The time to move ahead to, UNIX seconds. */
  readonly to?: UnixSeconds | undefined
  readonly freeze?: boolean | undefined
  /** Lets a frozen clock run on from where it stood. */
  readonly resume?: boolean | undefined
}

/** The last second that a clock can show: beyond it no card is valid, and no bank holiday is known. */
export const LATEST: UnixSeconds = 4_102_444_800 // 2100-01-01

/** The clock after a change. Throws an error of the catalogue for one that contradicts itself, or leads backwards. */
export function changed(clock: AccountClock, change: ClockChange, real: UnixSeconds): AccountClock {
  if (change.advance !== undefined && change.to !== undefined) throw errors.parametersExclusive(['advance', 'to'])
  if (change.freeze && change.resume) throw errors.parametersExclusive(['freeze', 'resume'])
  const now = timeOf(clock, real)
  const then = change.to ?? now + (change.advance ?? 0)
  if (then < now) throw errors.clockBackwards(then, now)
  if (then > LATEST) throw errors.clockTooFar(then, LATEST)
  const stands = change.resume ? false : change.freeze || clock.frozenAt !== null
  return stands ? { offset: clock.offset, frozenAt: then } : { offset: then - real, frozenAt: null }
}

const DURATION = /^(\d{1,12})(s|m|h|d)?$/
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** `8d`, `36h`, `90m`, `30s` or plain seconds, as seconds; null where it is none of them. */
export function readDuration(text: string): number | null {
  const match = DURATION.exec(text)
  if (!match) return null
  return Number(match[1]) * (SECONDS[match[2] ?? 's'] ?? 1)
}
