import type { Funds } from '../balance/funds.ts'
import type { BankAccount } from '../bank-accounts/bank-account.ts'
import type { Charge } from '../charges/charge.ts'
import { chargeOf } from '../charges/encoding.ts'
import type { Customer } from '../customers/customer.ts'
import type { Dispute } from '../disputes/dispute.ts'
import type { EarlyFraudWarning } from '../early-fraud-warnings/early-fraud-warning.ts'
import type { File } from '../files/file.ts'
import type { ApiObject } from '../http/answer.ts'
import type { ApiVersion } from '../http/versions/version.ts'
import type { EventId } from '../ids.ts'
import type { UnixSeconds } from '../money.ts'
import type { Payout } from '../payouts/payout.ts'
import type { Refund } from '../refunds/refund.ts'
import type { CustomerSource } from '../sources/source.ts'
import type { Row, Store, Write } from '../store/store.ts'
import { statement, write, writeAny } from '../store/store.ts'

const COLUMNS = 'id, created, type, api_version, request_id, idempotency_key, body'

const insertStatement = statement(
  'insert event',
  `INSERT INTO events (account, id, livemode, created, type, api_version, request_id, idempotency_key, body)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
)
const byIdStatement = statement('event by id', `SELECT ${COLUMNS}, livemode FROM events WHERE account = ? AND id = ?`)

// Ids grow with time, so that the oldest come first.
const oldestStatement = statement(
  'oldest events',
  'SELECT id, created FROM events WHERE account = ? AND livemode = ? ORDER BY id LIMIT 200',
)
const deleteStatement = statement(
  'delete events',
  'DELETE FROM events WHERE account = ? AND livemode = ? AND id <= ? AND created <= ?',
)

export const EVENTS_TABLE = { table: 'events', columns: COLUMNS } as const

export type EventRow = {
  readonly id: EventId
  readonly created: UnixSeconds
  readonly type: string
  /** The account's version when it happened: the event is shown in it for ever. */
  readonly apiVersion: ApiVersion
  readonly requestId: string | null
  readonly idempotencyKey: string | null
  readonly body: string
}

/** What an event keeps of its object: the state at that moment. */
export type Snapshot = { readonly previous?: ApiObject } & (
  | { readonly charge: Charge; readonly refunds: readonly Refund[] }
  | { readonly refund: Refund }
  | { readonly customer: Customer; readonly sources: readonly CustomerSource[]; readonly sourceCount: number }
  | { readonly source: CustomerSource }
  | { readonly payout: Payout }
  | { readonly bank_account: BankAccount }
  | { readonly balance: readonly Funds[] }
  | { readonly dispute: Dispute }
  | { readonly warning: EarlyFraudWarning }
  | { readonly file: File }
)

export type StoredEvent = Omit<EventRow, 'body'> & { readonly snapshot: Snapshot }

export function insertEvent(account: string, livemode: boolean, event: EventRow): Write {
  const { id, created, type, apiVersion, requestId, idempotencyKey, body } = event
  const mode = livemode ? 1 : 0
  return write(insertStatement, account, id, mode, created, type, apiVersion, requestId, idempotencyKey, body)
}

/** The event with this id and whether it is a live one, or undefined. */
export async function eventById(store: Pick<Store, 'get'>, account: string, id: string) {
  const row = await store.get(byIdStatement, [account, id])
  return row && { livemode: row.livemode === 1, value: readEvent(row) }
}

/** The write that removes the oldest events of a mode, some of those that were made at `latest` or before; or null. */
export async function deleteOldEvents(
  store: Pick<Store, 'all'>,
  account: string,
  livemode: boolean,
  latest: UnixSeconds,
): Promise<Write | null> {
  const mode = livemode ? 1 : 0
  const oldest = await store.all(oldestStatement, [account, mode])
  const last = oldest.findLast(({ created }) => Number(created) <= latest)
  return last ? writeAny(deleteStatement, account, mode, String(last.id), latest) : null
}

export function readEvent(row: Row): StoredEvent {
  return {
    id: String(row.id),
    created: Number(row.created),
    type: String(row.type),
    apiVersion: String(row.api_version),
    requestId: row.request_id === null ? null : String(row.request_id),
    idempotencyKey: row.idempotency_key === null ? null : String(row.idempotency_key),
    snapshot: readSnapshot(String(row.body)),
  }
}

function readSnapshot(text: string): Snapshot {
  const {
    charge,
    refund,
    refunds = [],
    customer,
    sources = [],
    sourceCount = 0,
    source,
    previous,
    ...others
  } = JSON.parse(text)
  const told = previous === undefined ? {} : { previous }
  if (refund !== undefined) return { refund, ...told }
  if (customer !== undefined) return { customer, sources, sourceCount, ...told }
  if (source !== undefined) return { source, ...told }
  if (charge === undefined) return { ...others, ...told }
  return { charge: chargeOf(charge), refunds, ...told }
}
