import type { LedgerTransaction } from '../ledger/ledger.ts'
import { type Currency, SECONDS_PER_DAY, type UnixSeconds } from '../money.ts'
import type { Context } from '../operation.ts'
import { Recent } from '../recent.ts'
import type { Write } from '../store/store.ts'
import { type DueWork, scheduleDueOnce } from './due.ts'

const REMEMBERED = 10_000 // days, each of an account and a currency; twice as many are about 2 MB

/**
 * Which days are known to stand on the lists of due work as days on which funds become available: of all charges of a
 * day only the first puts it there.
 */
export class FundsDays {
  #known = new Recent<string, true>(REMEMBERED)

  isKnown(day: string): boolean {
    return this.#known.get(day) === true
  }

  /** To be called once the unit that schedules the day is durable. */
  know(day: string): void {
    this.#known.set(day, true)
  }

  /** To be called after due work was removed by other hands (reset, snapshot): all is scheduled again when needed. */
  forget(): void {
    this.#known = new Recent(REMEMBERED)
  }
}

/** Money of an account that becomes available at a time. */
export type Funds = { readonly currency: Currency; readonly availableOn: UnixSeconds }

export type Scheduled = { readonly writes: readonly Write[]; readonly committed?: () => void }

const NOTHING: Scheduled = { writes: [] }

/** What lets the account be paid when the money of these transactions is available. Payouts wait for nothing. */
export function scheduleFundsOf(context: Context, transactions: readonly LedgerTransaction[]): Scheduled {
  let scheduled = NOTHING
  for (const transaction of transactions) {
    if (transaction.type !== 'payout') scheduled = joined(scheduled, scheduleFunds(context, transaction))
  }
  return scheduled
}

/** Lets the account be paid on the day on which money becomes available; what is available already, on the next. */
export function scheduleFunds(context: Context, { currency, availableOn }: Funds): Scheduled {
  const { account, livemode, now, fundsDays } = context
  const day = availableOn > now ? Math.ceil(availableOn / SECONDS_PER_DAY) : Math.floor(now / SECONDS_PER_DAY) + 1
  const object = `${currency}:${livemode ? 'live' : 'test'}:${day}`
  const known = `${account.id} ${object}`
  if (fundsDays.isKnown(known)) return NOTHING
  const work: DueWork = { kind: 'funds', object, due: day * SECONDS_PER_DAY }
  return { writes: scheduleDueOnce(account.id, livemode, work), committed: () => fundsDays.know(known) }
}

/** The currency of the funds that a piece of due work is about. */
export function currencyOfFunds(object: string): Currency {
  return object.slice(0, object.indexOf(':'))
}

function joined(first: Scheduled, second: Scheduled): Scheduled {
  if (second === NOTHING) return first
  if (first === NOTHING) return second
  const committed = () => {
    first.committed?.()
    second.committed?.()
  }
  return { writes: [...first.writes, ...second.writes], committed }
}
