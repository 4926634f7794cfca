import type { Cleaning } from '../clock/cleaner.ts'
import { errors } from '../errors.ts'
import { type ListCommand, listPage, visible } from '../lookup.ts'
import { SECONDS_PER_DAY } from '../money.ts'
import { type Context, found, type Operation } from '../operation.ts'
import type { Condition, Page } from '../store/paging.ts'
import { deleteOldEvents, EVENTS_TABLE, eventById, readEvent, type StoredEvent } from './repository.ts'

/** Stripe: events can be read for 30 days. */
const EVENT_LIFE_SECONDS = 30 * SECONDS_PER_DAY

export const retrieveEvent: Operation<{ id: string }, StoredEvent> = async (context, { id }) => {
  const stored = await eventById(context.store, context.account.id, id)
  const young = stored && stored.value.created > oldest(context) ? stored : undefined
  return found(visible(context, young, id, { word: 'event', param: 'id', where: 'url' }).value)
}

export type ListEvents = ListCommand & {
  /** Exact, or with `*` at the end: `charge.*`. */
  readonly type?: string | undefined
  readonly types?: readonly string[] | undefined
  /** Whether all deliveries have succeeded. */
  readonly delivery_success?: boolean | undefined
}

/** The events of the last 30 days, newest first. */
export const listEvents: Operation<ListEvents, Page<StoredEvent>> = async (context, command) => {
  if (command.type !== undefined && command.types !== undefined) throw errors.parametersExclusive(['type', 'types'])
  const listed = {
    ...EVENTS_TABLE,
    word: 'event',
    read: readEvent,
    byId: (id: string) => eventById(context.store, context.account.id, id),
  }
  if (command.types && command.types.length > MANY_TYPES) throw errors.arrayTooLong('types', MANY_TYPES)
  const wanted = command.types ?? (command.type === undefined ? [] : [command.type])
  const conditions: Condition[] = [{ sql: 'created > ?', values: [oldest(context)] }]
  if (wanted.length > 0) conditions.push(typeCondition(wanted))
  // There are no webhook endpoints: what has nowhere to go fails nowhere.
  if (command.delivery_success === false) conditions.push({ sql: '1 = 0', values: [] })
  return found(await listPage(context, listed, command, conditions))
}

/** Events that can no longer be read. What they told of stays. */
export const oldEvents: Cleaning = async ({ store, account, livemode, now }) => {
  const write = await deleteOldEvents(store, account, livemode, now - EVENT_LIFE_SECONDS)
  return write ? [write] : []
}

function oldest({ now }: Context): number {
  return now - EVENT_LIFE_SECONDS
}

const MANY_TYPES = 20 // Stripe: `types` has at most 20

/** Types are matched exactly, or up to a `*` at their end. */
function typeCondition(types: readonly string[]): Condition {
  const ranges = types.map((type) => {
    const start = type.endsWith('*') ? type.slice(0, -1) : type
    return [start, start === type ? type : `${start}\u{10FFFF}`] as const
  })
  // One shape for one type and one for more: each shape is a statement that is kept.
  const [first = ['', '']] = ranges
  const padded = types.length === 1 ? ranges : [...ranges, ...Array(MANY_TYPES - ranges.length).fill(first)]
  const sql = padded.map(() => 'type BETWEEN ? AND ?').join(' OR ')
  return { sql: `(${sql})`, values: padded.flat() }
}
