/**
 * Each object that was made has the event that told of it, as long as events are kept. Ids are in the order of time, an
 * object's before its event's, so that both are walked side by side: in memory is only what waits for its event.
 */

import { CHARGES_TABLE } from '../charges/repository.ts'
import { timeOf } from '../clock/account-clock.ts'
import { CUSTOMERS_TABLE } from '../customers/repository.ts'
import { DISPUTES_TABLE } from '../disputes/repository.ts'
import { madeAtMs } from '../ids.ts'
import { SECONDS_PER_DAY, type UnixSeconds } from '../money.ts'
import { REFUNDS_TABLE } from '../refunds/repository.ts'
import { SOURCES_TABLE } from '../sources/repository.ts'
import { type Row, statement } from '../store/store.ts'
import { checkCreation } from './audit.ts'
import { type Auditor, lookAhead, rows, tableOf } from './audit-tables.ts'

/** Stripe keeps events for 30 days; that they go away on the last of them is nobody's fault. */
const EVENT_SECONDS = 29 * SECONDS_PER_DAY

/** So far apart in time, at most, are the ids of an object and of the event about its creation: one request lies between. */
const LONGEST_REQUEST_MS = 600_000

type Made = { readonly id: string; readonly created: UnixSeconds }

const readMade = ({ id, created }: Row): Made => ({ id: String(id), created: Number(created) })
const TABLES = [CHARGES_TABLE, REFUNDS_TABLE, DISPUTES_TABLE, CUSTOMERS_TABLE, SOURCES_TABLE].map(({ table }) =>
  tableOf<Made>({ table, columns: 'id, created', read: readMade }),
)

export type Told = { readonly id: string; readonly type: string; readonly object: string | null }

type Ahead = Awaited<ReturnType<typeof lookAhead<Made>>>

/** Goes with the audit of events, page by page. */
export class Creations {
  readonly #auditor: Auditor
  readonly #since: UnixSeconds
  readonly #made: readonly Ahead[]
  /** Ids of objects whose event has not come yet; each list's in the order of time. */
  readonly #waiting = TABLES.map(() => new Set<string>())

  private constructor(auditor: Auditor, since: UnixSeconds, made: readonly Ahead[]) {
    this.#auditor = auditor
    this.#since = since
    this.#made = made
  }

  /** `real` is real time: of it follows the account's. */
  static async begin(auditor: Auditor, real: UnixSeconds): Promise<Creations> {
    const made = await Promise.all(TABLES.map((table) => lookAhead(each(rows(auditor, table)))))
    return new Creations(auditor, (await timeIn(auditor, real)) - EVENT_SECONDS, made)
  }

  /** Takes the next page of events, in the order of their ids. */
  async see(page: readonly Told[]): Promise<void> {
    const last = page.at(-1)
    if (!last) return
    await this.#takeUntil(madeAtMs(last.id))
    for (const { type, object } of page) {
      if (object !== null && isCreation(type)) for (const waiting of this.#waiting) waiting.delete(object)
    }
    this.#reportBefore(madeAtMs(last.id) - LONGEST_REQUEST_MS)
  }

  /** After the last event: what still waits has none. */
  async finish(): Promise<void> {
    await this.#takeUntil(Number.POSITIVE_INFINITY)
    this.#reportBefore(Number.POSITIVE_INFINITY)
  }

  async #takeUntil(moment: number): Promise<void> {
    for (const [at, made] of this.#made.entries()) {
      while (made.head && madeAtMs(made.head.id) <= moment) {
        if (made.head.created > this.#since) this.#waiting[at]?.add(made.head.id)
        if (moment === Number.POSITIVE_INFINITY) this.#reportBefore(madeAtMs(made.head.id) - LONGEST_REQUEST_MS)
        await made.advance()
      }
    }
  }

  #reportBefore(moment: number): void {
    for (const waiting of this.#waiting) {
      for (const id of waiting) {
        if (madeAtMs(id) >= moment) break
        waiting.delete(id)
        this.#auditor.report(checkCreation(id))
      }
    }
  }
}

function isCreation(type: string): boolean {
  return type.endsWith('.created') || OTHER_CREATIONS.has(type)
}

const OTHER_CREATIONS = new Set(['charge.succeeded', 'charge.failed', 'source.chargeable'])

const clockStatement = statement(
  'audit clock of an account',
  'SELECT clock_offset, frozen_at FROM clocks WHERE account = ? AND livemode = ?',
)

async function timeIn({ store, account, livemode }: Auditor, real: UnixSeconds): Promise<UnixSeconds> {
  const [row] = await store.all(clockStatement, [account, livemode ? 1 : 0])
  if (!row || livemode) return real
  const frozenAt = row.frozen_at === null ? null : Number(row.frozen_at)
  return timeOf({ offset: Number(row.clock_offset), frozenAt }, real)
}

async function* each<T>(pages: AsyncGenerator<T[], void>): AsyncGenerator<T, void> {
  for await (const page of pages) yield* page
}
