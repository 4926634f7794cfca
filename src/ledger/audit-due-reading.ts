import { CHARGES_TABLE, readCharge } from '../charges/repository.ts'
import { DISPUTES_TABLE, readDispute } from '../disputes/repository.ts'
import { PAYOUTS_TABLE, readPayout } from '../payouts/repository.ts'
import { REFUNDS_TABLE, readRefund } from '../refunds/repository.ts'
import { type Row, statement } from '../store/store.ts'
import {
  type Awaited,
  awaitedByCharge,
  awaitedByDispute,
  checkAwaited,
  checkListed,
  checkWaking,
  type Listed,
} from './audit-due.ts'
import { type Auditor, find, PAGE, padded, questionMarks, rows, type Table, tableOf } from './audit-tables.ts'

const listedStatement = statement(
  'audit due work of objects',
  `SELECT object, due FROM due_work WHERE account = ? AND livemode = ? AND kind = ? AND object IN (${questionMarks()})`,
)
const clockStatement = statement('audit clock', 'SELECT next, frozen_at FROM clocks WHERE account = ? AND livemode = ?')

/** Gathers what objects wait for, and looks for a page of it at a time on the list of what will happen. */
export class Awaiting {
  readonly #auditor: Auditor
  readonly #byKind = new Map<string, Awaited[]>()

  constructor(auditor: Auditor) {
    this.#auditor = auditor
  }

  async add(awaited: Awaited | null): Promise<void> {
    if (awaited === null) return
    const { kind } = awaited
    const gathered = this.#byKind.get(kind) ?? []
    gathered.push(awaited)
    this.#byKind.set(kind, gathered)
    if (gathered.length === PAGE) await this.#look(kind)
  }

  async finish(): Promise<void> {
    for (const kind of this.#byKind.keys()) await this.#look(kind)
  }

  async #look(kind: string): Promise<void> {
    const { store, account, livemode, report } = this.#auditor
    const gathered = this.#byKind.get(kind) ?? []
    this.#byKind.delete(kind)
    const objects = gathered.map(({ object }) => object)
    const found = await store.all(listedStatement, [account, livemode ? 1 : 0, kind, ...padded(objects)])
    const listed = new Map(found.map(({ object, due }) => [String(object), { due: Number(due) }]))
    for (const one of gathered) report(checkAwaited(one, listed.get(one.object)))
  }
}

const readListed = ({ id, kind, due }: Row) => ({
  id: String(id),
  object: String(id),
  kind: String(kind),
  due: Number(due),
})
const LISTED = tableOf<Listed & { id: string }>({
  ...{ table: 'due_work', columns: 'object AS id, object, kind, due', cursor: ['kind', 'object'], read: readListed },
})

/** What payouts wait for. */
const PAYOUT_WAITS = {
  ...{ pending: ['payout_sent', 'payout_failure'], in_transit: ['payout_arrival'] },
  ...{ paid: [], failed: [], canceled: [] },
}

/**
 * Objects to which something happens by itself, by what their ids begin with: what each waits for. Days on which funds
 * become available are no objects, and stay on the list whatever became of the funds.
 */
const OBJECTS: readonly (readonly [prefixes: readonly string[], table: Table<Waiting>])[] = [
  [
    ['ch_'],
    tableOf({
      ...{ ...CHARGES_TABLE, columns: 'id, body' },
      read: (row) => {
        const charge = readCharge(row)
        // What the bank of a test card does comes right after the capture, and the charge does not tell.
        const waits = [awaitedByCharge(charge)?.kind, charge.state === 'captured' ? 'bank_sequel' : undefined]
        return { id: charge.id, waits: present(waits) }
      },
    }),
  ],
  [
    ['dp_', 'du_'],
    tableOf({
      ...DISPUTES_TABLE,
      read: (row) => {
        const dispute = readDispute(row)
        return { id: dispute.id, waits: present([awaitedByDispute(dispute)?.kind]) }
      },
    }),
  ],
  [
    ['re_'],
    tableOf({
      ...REFUNDS_TABLE,
      read: (row) => {
        const { id, status } = readRefund(row)
        return { id, waits: { pending: ['refund_success'], succeeded: ['refund_failure'], failed: [] }[status] }
      },
    }),
  ],
  [
    ['po_'],
    tableOf({
      ...PAYOUTS_TABLE,
      read: (row) => {
        const { id, status } = readPayout(row)
        return { id, waits: PAYOUT_WAITS[status] }
      },
    }),
  ],
]

type Waiting = { readonly id: string; readonly waits: readonly string[] }

function present(kinds: readonly (string | undefined)[]): string[] {
  return kinds.filter((kind) => kind !== undefined)
}

/** The list of what will happen: all of it still can, and the account's clock knows when to look. */
export async function auditDueWork(auditor: Auditor): Promise<void> {
  const { store, account, livemode, report } = auditor
  let first: Listed | undefined
  for await (const page of rows(auditor, LISTED)) {
    for (const one of page) if (!first || one.due < first.due) first = one
    for (const [prefixes, table] of OBJECTS) {
      const listed = page.filter(({ object }) => prefixes.some((prefix) => object.startsWith(prefix)))
      const objects = await find(
        auditor,
        table,
        listed.map(({ object }) => object),
      )
      for (const one of listed) report(checkListed(one, objects.get(one.object)?.waits))
    }
  }
  if (!first) return
  const [clock] = await store.all(clockStatement, [account, livemode ? 1 : 0])
  const read = clock && { next: clock.next === null ? null : Number(clock.next), stands: clock.frozen_at !== null }
  report(checkWaking(first, read))
}
