import type { UnixSeconds } from '../money.ts'
import { type AccountClock, REAL_TIME, timeOf } from './account-clock.ts'
import type { Clock } from './clock.ts'

/** The clocks of all accounts over one that tells real time. */
export type Clocks = Clock & {
  /** Real time as the accounts' clocks count from it, UNIX seconds: not `realMs`, which tests move by itself. */
  real(): UnixSeconds
  of(account: string): AccountClock
  /** To be called once the change is durable. */
  set(account: string, clock: AccountClock): void
}

/** `moved` holds the clocks that do not tell real time. Live mode always does. */
export function accountClocks(base: Clock, moved: Map<string, AccountClock>): Clocks {
  return {
    realMs: base.realMs,
    elapsedMs: base.elapsedMs,
    now(account, livemode) {
      const real = base.now(account, livemode)
      const clock = livemode ? undefined : moved.get(account)
      return clock === undefined ? real : timeOf(clock, real)
    },
    real: () => base.now('', true),
    of: (account) => moved.get(account) ?? REAL_TIME,
    set: (account, clock) => moved.set(account, clock),
  }
}
