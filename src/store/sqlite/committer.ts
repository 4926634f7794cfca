/** Gathers the units of many requests into groups, and hands the groups to the writing thread. */

import type { DatabaseSync } from 'node:sqlite'
import type { Worker } from 'node:worker_threads'
import { GuardFailed, type SqlValue, StoreUnavailable, type Unit } from '../store.ts'
import type { BalanceMessage, FromWriter, Outcome, ToWriter, UnitMessage, WriteMessage } from './protocol.ts'
import { GroupWriter } from './writer.ts'

/**
 * One at a time: while the thread commits it, the next is gathered. Measured from outside, by requests at 32 and 128
 * clients: a second one that waits for the thread makes all groups smaller, and costs a tenth of the rate.
 */
const GROUPS_UNDERWAY = 1

/** So many go together in any case: a sync for fewer costs more than it saves. */
const WORTH_A_SYNC = 8

/**
 * What waits is shared out evenly between this group and the next. Else the clients of one answer in step: the two
 * groups grow unlike, one of 28 units and one of 3, and this thread has nothing to do while the large one is written.
 */
function sizeOfGroup(waiting: number, lastSize: number): number {
  const evenly = Math.ceil((waiting + lastSize) / 2)
  return Math.min(waiting, Math.max(evenly, WORTH_A_SYNC), UNITS_PER_GROUP)
}

/** Bounds how long the first of very many waits for the last: some 15 ms. */
const UNITS_PER_GROUP = 512

/** A unit on its way, and who waits for it. */
type Ticket = {
  readonly unit: Unit
  readonly message: UnitMessage
  readonly resolve: () => void
  readonly reject: (reason: Error) => void
}

export class Committer {
  readonly #worker: Worker
  readonly #onCommit: () => void
  readonly #statementNumbers = new Map<string, number>()
  #newStatements: string[] = []
  #waiting: Ticket[] = []
  readonly #underway: (readonly Ticket[])[] = []
  #lastSize = 0
  #sendScheduled = false
  /** Why no more units are taken. */
  #ended: StoreUnavailable | undefined
  /** This thread's own way to write: starting the other takes longer than all else, and nobody need wait for it. */
  #own: { readonly db: DatabaseSync; readonly writer: GroupWriter } | undefined
  readonly #up = Promise.withResolvers<void>()
  readonly #died = Promise.withResolvers<StoreUnavailable>()
  readonly #drained = Promise.withResolvers<void>()
  readonly #gone = Promise.withResolvers<void>()

  /**
   * `own` is a connection of this thread: it writes until the other thread is up, and is closed then. `onCommit` is
   * called after each group, before anybody hears of it.
   */
  constructor(worker: Worker, own: DatabaseSync, onCommit: () => void) {
    this.#onCommit = onCommit
    this.#worker = worker
    this.#own = { db: own, writer: new GroupWriter(own) }
    worker.unref() // a thread with nothing to do keeps no process alive
    worker.on('message', (message: FromWriter) => this.#hear(message))
    worker.on('error', (error) => this.#die(`The writing thread failed: ${error.message}`, error))
    worker.on('exit', () => this.#die('The writing thread has ended.'))
  }

  /** Resolves when the unit is durable. Throws GuardFailed, StoreUnavailable, or an Error that names what is wrong. */
  commit(unit: Unit): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#ended) throw this.#ended
      this.#waiting.push({ unit, message: this.#messageOf(unit), resolve, reject })
      this.#scheduleSend()
    })
  }

  /** Resolves with the reason when the other thread has died, without being told to end. */
  died(): Promise<StoreUnavailable> {
    return this.#died.promise
  }

  /** Resolves when the other thread writes, or has died. */
  threadUp(): Promise<void> {
    return this.#up.promise
  }

  /** Takes no more units, and resolves when those that it has are done. */
  async drain(): Promise<void> {
    this.#ended ??= new StoreUnavailable('The store is closed.')
    if (this.#waiting.length > 0 || this.#underway.length > 0) await this.#drained.promise
  }

  /** Ends the thread, after `drain`. */
  async end(): Promise<void> {
    this.#handOver()
    this.#worker.ref()
    this.#say({ kind: 'close' })
    await this.#gone.promise
  }

  /** Ends the turn of the event loop first: what else arrives in it goes along. */
  #scheduleSend(): void {
    if (this.#sendScheduled || this.#waiting.length === 0 || this.#underway.length >= GROUPS_UNDERWAY) return
    this.#sendScheduled = true
    setImmediate(() => {
      this.#sendScheduled = false
      this.#send()
    })
  }

  #send(): void {
    if (this.#waiting.length === 0) return // the thread has died meanwhile
    const size = sizeOfGroup(this.#waiting.length, this.#lastSize)
    const group = this.#waiting.slice(0, size)
    this.#waiting = this.#waiting.slice(size)
    this.#lastSize = size
    const newStatements = this.#newStatements
    const units = group.map(({ message }) => message)
    this.#newStatements = []
    this.#underway.push(group)
    if (this.#own) {
      this.#own.writer.learn(newStatements)
      this.#settle(this.#own.writer.write(units))
      return
    }
    if (this.#underway.length === 1) this.#worker.ref()
    this.#say({ kind: 'group', newStatements, units })
    this.#scheduleSend()
  }

  /** From here on the other thread writes; it has to learn every statement that is known by a number. */
  #handOver(): void {
    this.#own?.db.close()
    this.#own = undefined
    this.#newStatements = [...this.#statementNumbers.keys()]
  }

  #say(message: ToWriter): void {
    this.#worker.postMessage(message)
  }

  #hear(message: FromWriter): void {
    switch (message.kind) {
      case 'ready':
        this.#handOver()
        this.#up.resolve()
        break
      case 'closed': // the end of the thread follows
        break
      default:
        this.#settle(message)
    }
  }

  #settle(outcome: Outcome): void {
    this.#onCommit()
    settle(this.#underway.shift() ?? [], outcome)
    this.#scheduleSend()
    if (this.#underway.length > 0) return
    if (!this.#ended) this.#worker.unref()
    if (this.#waiting.length === 0) this.#drained.resolve()
  }

  #die(reason: string, cause?: Error): void {
    const failure = new StoreUnavailable(reason, { cause })
    // What it was at may have been committed: nobody may go on with what was read before.
    this.#onCommit()
    if (!this.#ended) this.#died.resolve(failure)
    this.#ended ??= failure
    for (const ticket of [...this.#underway.flat(), ...this.#waiting]) ticket.reject(failure)
    this.#underway.length = 0
    this.#waiting = []
    this.#up.resolve()
    this.#drained.resolve()
    this.#gone.resolve()
  }

  #messageOf(unit: Unit): UnitMessage {
    return [
      unit.writes.map(({ statement, rows, values }): WriteMessage => {
        if (!values.every(isBindable)) throw new TypeError(`statement ${statement.name}: a value that cannot be stored`)
        return [this.#numberOf(statement.sql), rows, values]
      }),
      unit.balances.map(({ account, livemode, currency, ledgerAccount, amount }): BalanceMessage => {
        if (!Number.isSafeInteger(amount)) throw new TypeError(`balance ${ledgerAccount}: ${amount} is no whole amount`)
        return [account, livemode ? 1 : 0, currency, ledgerAccount, amount]
      }),
    ]
  }

  #numberOf(sql: string): number {
    const known = this.#statementNumbers.get(sql)
    if (known !== undefined) return known
    const number = this.#statementNumbers.size
    this.#statementNumbers.set(sql, number)
    this.#newStatements.push(sql)
    return number
  }
}

function settle(group: readonly Ticket[], outcome: Outcome): void {
  if (outcome.kind === 'undone') {
    const { failure, message } = outcome
    for (const { reject } of group)
      reject(failure === 'unavailable' ? new StoreUnavailable(message) : new Error(message))
    return
  }
  for (const { unit, write, failure, message } of outcome.refused) {
    const ticket = group[unit]
    const name = ticket?.unit.writes[write]?.statement.name ?? 'unknown'
    ticket?.reject(failure === 'guard' ? new GuardFailed(name) : new Error(`statement ${name}: ${message}`))
  }
  for (const { resolve } of group) resolve() // has no effect on those rejected
}

/** Only a bug brings another value here, and SQLite would store NaN as NULL and round a large integer. */
function isBindable(value: SqlValue): boolean {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))
  return typeof value === 'string' || value === null || value instanceof Uint8Array
}
