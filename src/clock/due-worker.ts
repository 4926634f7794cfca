import { setImmediate as turn } from 'node:timers/promises'
import { errors } from '../errors.ts'
import type { UnixSeconds } from '../money.ts'
import type { Context, Outcome } from '../operation.ts'
import { GuardFailed, MAXIMUM_TRIES, type Store, StoreUnavailable, type Unit } from '../store/store.ts'
import type { Cleaner } from './cleaner.ts'
import type { Clocks } from './clocks.ts'
import { completeDue, type DueKind, type DueWork, dueUntil, scheduledBy } from './due.ts'
import { accountsWithDueWork, wakeAt, wakeForFirst } from './repository.ts'

/** How one kind of due work is done to an object, and under which name a summary counts it (null: it does not). */
export type DueHandler = {
  readonly counted: string | null
  /** Reads, decides and hands over a unit, as any operation; one that writes nothing had nothing to do any more. */
  readonly run: (context: Context, object: string) => Promise<Outcome<unknown>>
}

/** What has happened, by the handlers' names. */
export type DueSummary = Readonly<Record<string, number>>

export type DuePorts = {
  readonly store: Store
  readonly clocks: Clocks
  readonly handlers: Readonly<Record<DueKind, DueHandler>>
  /** What removes what is too old. */
  readonly cleaner: Pick<Cleaner, 'clean' | 'cleanAll'>
  /** A context in which nobody asks, at a time of the account's clock; null where the account is gone. */
  readonly contextAt: (account: string, livemode: boolean, now: UnixSeconds) => Promise<Context | null>
  /** Told of work that failed; it is tried again at the next round. */
  readonly failed: (error: unknown) => void
}

/** Real time between two looks at the clocks. Nothing that is due by itself is due to the millisecond. */
const ROUND_MS = 1000

/** In which round of how many what is too old is removed everywhere: soon after the start, then every ten minutes. */
const CLEANING_ROUND = 30
const CLEANING_EVERY = 600

/** After so many it is the turn of whoever waits: charges come first. */
const UNITS_A_TURN = 20

/** How long an account is left alone in which something could not be done. */
const PUT_OFF_SECONDS = 60

/**
 * Does what falls due: in each account in the order of due times, each thing at its own time, also where the clock has
 * jumped far beyond it. What is done and its taking off the list are one unit, so that a crash repeats and skips nothing.
 */
export class DueWorker {
  readonly #ports: DuePorts
  /** The last of the runs over an account and mode: one at a time. */
  readonly #running = new Map<string, Promise<DueSummary>>()
  /** That one, while it has not begun: it will do all that is due by now. */
  readonly #waiting = new Map<string, Promise<DueSummary>>()
  #timer: NodeJS.Timeout | undefined
  #round: Promise<void> | undefined
  #rounds = 0
  #cleaning: Promise<void> | undefined
  /** Accounts whose clock was moved: there much may have become too old. */
  readonly #aged = new Map<string, { readonly account: string; readonly livemode: boolean }>()
  #isStopping = false

  constructor(ports: DuePorts) {
    this.#ports = ports
  }

  /** Looks from now on, every second, whose time has come. */
  start(): void {
    this.#timer = setInterval(() => {
      this.#round ??= this.#lookRound().finally(() => {
        this.#round = undefined
      })
      this.#clean()
    }, ROUND_MS).unref()
  }

  /** Ends the looking, and resolves when the units under way are done; the rest is done after the next start. */
  async stop(): Promise<void> {
    this.#isStopping = true
    clearInterval(this.#timer)
    await Promise.all([this.#round, this.#cleaning])
    await Promise.allSettled(this.#running.values())
  }

  /**
   * Does all that is due in an account whose clock was moved; resolves when it has happened. Throws what the store and the handlers
   * throw, and `lock_timeout` where others were faster too often; what was done by then stays done.
   */
  run(account: string, livemode: boolean): Promise<DueSummary> {
    this.#aged.set(`${account} ${livemode}`, { account, livemode })
    return this.#runNext(account, livemode)
  }

  /** One run over an account at a time. */
  #runNext(account: string, livemode: boolean): Promise<DueSummary> {
    const name = `${account} ${livemode}`
    const before = this.#running.get(name) ?? Promise.resolve({})
    const mine: Promise<DueSummary> = before
      .catch(() => {})
      .then(() => {
        if (this.#waiting.get(name) === mine) this.#waiting.delete(name)
        return this.#runAlone(account, livemode)
      })
    this.#running.set(name, mine)
    this.#waiting.set(name, mine)
    const forget = () => {
      if (this.#running.get(name) === mine) this.#running.delete(name)
    }
    mine.then(forget, forget)
    return mine
  }

  /** As run, for who asks for no summary: many who ask at once share a run. */
  async catchUp(account: string, livemode: boolean): Promise<void> {
    await (this.#waiting.get(`${account} ${livemode}`) ?? this.run(account, livemode))
  }

  /** What fails in one account is put off there, and keeps no other waiting. */
  async #lookRound(): Promise<void> {
    const { store, clocks, failed } = this.#ports
    try {
      for (const { account, livemode } of await accountsWithDueWork(store, clocks.real())) {
        if (this.#isStopping) return
        try {
          await this.#runNext(account, livemode)
        } catch (error) {
          if (error instanceof StoreUnavailable) throw error
          failed(error)
          const later = clocks.real() + PUT_OFF_SECONDS
          await store.commit({ account, writes: [wakeAt(account, livemode, later)], balances: [] })
        }
      }
    } catch (error) {
      failed(error)
    }
  }

  /** Begins to remove what is too old, where it is time for that. What falls due does not wait for it. */
  #clean(): void {
    this.#rounds += 1
    const isTime = this.#rounds % CLEANING_EVERY === CLEANING_ROUND
    if (this.#cleaning || !(isTime || this.#aged.size > 0)) return
    const aged = [...this.#aged.values()]
    this.#aged.clear()
    this.#cleaning = this.#cleanThose(isTime ? null : aged)
      .catch(this.#ports.failed)
      .finally(() => {
        this.#cleaning = undefined
      })
  }

  async #cleanThose(aged: readonly { readonly account: string; readonly livemode: boolean }[] | null): Promise<void> {
    const { cleaner } = this.#ports
    const isStopping = () => this.#isStopping
    if (aged === null) await cleaner.cleanAll(isStopping)
    else for (const { account, livemode } of aged) await cleaner.clean(account, livemode, isStopping)
  }

  async #runAlone(account: string, livemode: boolean): Promise<DueSummary> {
    const { store, clocks } = this.#ports
    const done: Record<string, number> = {}
    for (let tries = 0; !this.#isStopping; ) {
      const batch = await dueUntil(store, account, livemode, clocks.now(account, livemode))
      if (batch.length === 0) break
      const wasAlone = await this.#doBatch(account, livemode, batch, done)
      tries = wasAlone ? 0 : tries + 1
      if (tries === MAXIMUM_TRIES) throw errors.lockTimeout()
    }
    await store.commit({ account, writes: [wakeForFirst(account, livemode)], balances: [] })
    return done
  }

  /** Does the first of the batch, and those after it that nothing done before them can precede. False where a guard failed. */
  async #doBatch(
    account: string,
    livemode: boolean,
    batch: readonly DueWork[],
    done: Record<string, number>,
  ): Promise<boolean> {
    const commits: Promise<boolean>[] = []
    let nextCaused = Number.POSITIVE_INFINITY
    try {
      for (const work of batch) {
        if (work.due > nextCaused || this.#isStopping) break
        const unit = await this.#unitOf(account, livemode, work)
        nextCaused = Math.min(nextCaused, ...scheduledBy(unit.writes))
        commits.push(this.#commit(unit, work.kind, done))
        if (commits.length % UNITS_A_TURN === 0) await turn()
      }
    } finally {
      await Promise.allSettled(commits) // a run ends when all of its units have
    }
    return (await Promise.all(commits)).every((committed) => committed)
  }

  /** False where somebody was faster: the next batch sees what is left to do. */
  async #commit(unit: Unit, kind: DueKind, done: Record<string, number>): Promise<boolean> {
    const { store, handlers } = this.#ports
    try {
      await store.commit(unit)
    } catch (error) {
      if (error instanceof GuardFailed) return false
      throw error
    }
    const { counted } = handlers[kind]
    const hadEffect = unit.writes.length > 1 // more than being taken off the list
    if (hadEffect && counted !== null) done[counted] = (done[counted] ?? 0) + 1
    return true
  }

  async #unitOf(account: string, livemode: boolean, work: DueWork): Promise<Unit> {
    const { handlers, contextAt } = this.#ports
    const complete = completeDue(account, work)
    const context = await contextAt(account, livemode, work.due)
    if (context === null) return { account, writes: [complete], balances: [] }
    const { writes, balances } = await handlers[work.kind].run(context, work.object)
    return { account, writes: [...writes, complete], balances }
  }
}
