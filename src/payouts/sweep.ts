import { isMerchants, type LedgerAccount, type LedgerTransaction, type Posting, type Run } from '../ledger/ledger.ts'
import type { Minor, UnixSeconds } from '../money.ts'

/**
 * Gathers what an automatic payout takes up: of an account's transactions that no payout has taken up, in the order of
 * their ids, those whose funds are available at `until`.
 */
export class Sweep {
  /** What they are worth together: what is paid out. */
  net: Minor = 0
  readonly runs: Run[] = []
  readonly #until: UnixSeconds
  readonly #from = new Map<LedgerAccount, Minor>()
  /** The first that is left for later. */
  #left: string | undefined
  #lastWasTaken = false

  constructor(until: UnixSeconds) {
    this.#until = until
  }

  add({ id, availableOn, net, postings }: LedgerTransaction): void {
    const isTaken = availableOn <= this.#until
    if (isTaken) {
      this.net += net
      for (const { ledgerAccount, amount } of postings) {
        if (isMerchants(ledgerAccount)) this.#from.set(ledgerAccount, (this.#from.get(ledgerAccount) ?? 0) + amount)
      }
      const run = this.#lastWasTaken ? this.runs.pop() : undefined
      this.runs.push({ first: run?.first ?? id, last: id, count: (run?.count ?? 0) + 1 })
    } else {
      this.#left ??= id
    }
    this.#lastWasTaken = isTaken
  }

  /** What each of the merchant's ledger accounts has of it. */
  get from(): Posting[] {
    return [...this.#from].map(([ledgerAccount, amount]) => ({ ledgerAccount, amount }))
  }

  /**
   * The id up to which all are taken up once these are. It stays below `safe`: with a smaller id than that, nothing is
   * on its way to the database any more.
   */
  sweptTo(before: string, safe: string): string {
    const last = this.#left ?? safe
    const end = last < safe ? last : safe
    const taken = this.runs.filter(({ last }) => last < end).at(-1)?.last ?? before
    return taken > before ? taken : before
  }
}
