/** Holds what the server tells against what the model expects. */

import assert from 'node:assert/strict'
import { auditBooks } from '../../src/ledger/audit-reading.ts'
import { openSqliteSnapshot } from '../../src/store/sqlite/snapshot.ts'
import { type Books, type Charge, refundedOf, withoutZeros } from './books.ts'
import { DAY } from './laws.ts'
import type { Life } from './life.ts'

export type Checked = { readonly charges: number; readonly transactions: number; readonly events: number }

/** Pending and available, by currency. */
export async function checkBalance(life: Life): Promise<void> {
  const { pending, available } = await life.get('/v1/balance')
  assert.deepEqual({ pending: amountsOf(pending), available: amountsOf(available) }, life.books.balance())
}

// biome-ignore lint/suspicious/noExplicitAny: objects of the API as they come
type Listed = readonly any[]

function amountsOf(entries: Listed): Record<string, number> {
  const amounts = Object.fromEntries(entries.map(({ currency, amount }) => [currency, amount]))
  assert.equal(Object.keys(amounts).length, entries.length, 'each currency has one entry')
  return withoutZeros(amounts)
}

/** A charge as it is told, against the charge as it is expected. */
export function assertCharge(found: Listed[number], charge: Charge): void {
  assert.deepEqual(shownCharge(found), expectedCharge(charge))
}

function shownCharge({ id, amount, currency, customer, created, ...rest }: Listed[number]) {
  const { status, paid, captured, amount_captured, amount_refunded, refunded } = rest
  return {
    ...{ id, amount, currency, customer, created, status, paid, captured, amount_captured, amount_refunded, refunded },
    hasTransaction: rest.balance_transaction !== null,
  }
}

function expectedCharge(charge: Charge) {
  const { id, amount, currency, customer, created, state, captured } = charge
  return {
    ...{ id, amount, currency, customer, created },
    status: state === 'failed' ? 'failed' : 'succeeded',
    paid: state !== 'failed',
    captured: state === 'captured',
    amount_captured: captured,
    ...refundedOf(charge),
    hasTransaction: state === 'captured',
  }
}

/** Every list, and the doctor's audit of the database. */
export async function checkAll(life: Life, folder: string): Promise<Checked> {
  const { books } = life
  const [charges, refunds] = [await life.list('/v1/charges'), await life.list('/v1/refunds')]
  const [transactions, events] = [await life.list('/v1/balance_transactions'), await life.list('/v1/events')]
  assertMembers('charges', charges.map(shownCharge), books.charges.map(expectedCharge))
  checkRefunds(refunds, books)
  checkDisputes(await life.list('/v1/disputes'), books)
  checkTransactions(transactions, books)
  checkEvents(events, books)
  await checkCustomers(life)
  assert.deepEqual(await findingsIn(folder, life.real), [], 'koban doctor finds nothing wrong')
  return { charges: charges.length, transactions: transactions.length, events: events.length }
}

function checkRefunds(refunds: Listed, { charges }: Books): void {
  const expected = charges.flatMap(({ id: charge, currency, refunds }) =>
    refunds.map(({ id, amount, isRelease, status }) => ({ id, charge, currency, amount, status, moved: !isRelease })),
  )
  const isKnown = new Set(expected.map(({ id }) => id))
  const found = refunds.map(({ id, charge, currency, amount, status, balance_transaction }) => ({
    id: isKnown.has(id) ? id : null, // the server's own
    ...{ charge, currency, amount, status, moved: balance_transaction !== null },
  }))
  assertMembers('refunds', found, expected)
}

function checkDisputes(found: Listed, { disputes }: Books): void {
  assertMembers(
    'disputes',
    found.map(({ id, charge, amount, currency, status }) => ({ id, charge, amount, currency, status })),
    disputes.map(({ id, charge, amount, status }) => ({
      id,
      amount,
      charge: charge.id,
      currency: charge.currency,
      status,
    })),
  )
}

function checkTransactions(transactions: Listed, { movements, now }: Books): void {
  const found = transactions.map(({ type, source, currency, amount, fee, net, available_on, status }) => {
    assert.equal(net, amount - fee)
    assert.equal(status, available_on > now ? 'pending' : 'available')
    return { type, source, currency, amount, fee, availableOn: available_on }
  })
  assertMembers('balance transactions', found, movements)
}

const EVENT_DAYS = 30 // Stripe: so long events can be read

/** Those of charges by their charge, those of refunds too. What lies too far back may be gone. */
function checkEvents(events: Listed, { events: told, charges, now }: Books): void {
  const chargeOf = new Map(charges.flatMap(({ id, refunds }) => refunds.map((refund) => [refund.id, id])))
  const since = now - EVENT_DAYS * DAY
  const isCompared = ({ type, created }: { type: string; created: number }) => created > since && COMPARED.has(type)
  const found = events.filter(isCompared).map(({ type, data, created }) => ({
    type,
    object: type === 'refund.created' ? data.object.charge : data.object.id,
    created,
  }))
  const expected = told.filter(isCompared).map(({ object, ...rest }) => ({
    ...rest,
    object: rest.type === 'refund.created' ? (chargeOf.get(object) ?? object) : object,
  }))
  assertMembers('events', found, expected)
}

const COMPARED = new Set([
  ...['charge.succeeded', 'charge.failed', 'charge.captured', 'charge.expired', 'charge.refunded', 'refund.created'],
  ...['refund.failed', 'charge.dispute.created', 'charge.dispute.closed'],
  ...['charge.dispute.funds_withdrawn', 'charge.dispute.funds_reinstated'],
  ...['customer.created', 'customer.deleted', 'customer.source.created', 'customer.source.deleted'],
])

async function checkCustomers(life: Life): Promise<void> {
  const expected = life.books.customers.filter(({ deleted }) => !deleted)
  const customers = await life.list('/v1/customers')
  assertMembers(
    'customers',
    customers.map(({ id, default_source }) => ({ id, default_source })),
    expected.map(({ id, defaultCard }) => ({ id, default_source: defaultCard })),
  )
  for (const { id, cards } of expected) {
    const sources = await life.list(`/v1/customers/${id}/sources`)
    assert.deepEqual(sources.map((source) => source.id).sort(), cards.map((card) => card.id).sort())
  }
}

async function findingsIn(folder: string, real: number): Promise<string[]> {
  const snapshot = openSqliteSnapshot(folder)
  const lines: string[] = []
  try {
    await auditBooks(snapshot, real, ({ line }) => lines.push(line))
  } finally {
    await snapshot.close()
  }
  return lines
}

/** The same members in any order; says which are lost and which are too many. */
function assertMembers(what: string, found: readonly object[], expected: readonly object[]): void {
  const left = new Map<string, number>()
  for (const one of expected) add(left, one, 1)
  for (const one of found) add(left, one, -1)
  const lost = [...left].filter(([, count]) => count > 0)
  const tooMany = [...left].filter(([, count]) => count < 0)
  assert.deepEqual({ what, lost, tooMany }, { what, lost: [], tooMany: [] })
}

function add(counts: Map<string, number>, member: object, by: number): void {
  const name = JSON.stringify(Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))))
  counts.set(name, (counts.get(name) ?? 0) + by)
}
