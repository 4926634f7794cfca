/** Compares what merchants know they did with what the server says was done: nothing lost, nothing doubled. */

import assert from 'node:assert/strict'
import type { Client } from '../process/client.ts'
import type { Kind, Sent } from './merchants.ts'

/** The newest object of each list at some moment; what is listed after it was made later. */
export type Bookmark = {
  readonly charge?: string
  readonly refund?: string
  readonly transaction?: string
  readonly event?: string
}

export type Audited = {
  readonly charges: number
  readonly refunds: number
  /** What the audited balance transactions sum up to, in cents. */
  readonly net: number
  readonly bookmark: Bookmark
}

/**
 * Lists everything that was made since `since` and holds it against the journal of the same time, in which every
 * request has been answered by now. Throws where they differ.
 */
export async function audit(client: Client, journal: readonly Sent[], since: Bookmark): Promise<Audited> {
  const charges = await client.list('/v1/charges', since.charge)
  const refunds = await client.list('/v1/refunds', since.refund)
  const transactions = await client.list('/v1/balance_transactions', since.transaction)
  const events = await client.list('/v1/events', since.event)

  const book = new Journal(journal)
  checkCharges(book, charges)
  checkRefunds(book, refunds)
  checkTransactions(book, transactions)
  checkEvents(book, events)
  return {
    charges: charges.length,
    refunds: refunds.length,
    net: sum(transactions.map(({ net }) => net)),
    bookmark: {
      charge: charges[0]?.id ?? since.charge,
      refund: refunds[0]?.id ?? since.refund,
      transaction: transactions[0]?.id ?? since.transaction,
      event: events[0]?.id ?? since.event,
    },
  }
}

/** Available and pending together, in cents. */
export async function balanceOf(client: Client): Promise<number> {
  const { json } = await client.get('/v1/balance')
  return sum([...json.available, ...json.pending].map(({ amount }) => amount))
}

class Journal {
  readonly all: readonly Sent[]
  readonly #byCharge = new Map<string, Sent[]>()

  constructor(all: readonly Sent[]) {
    this.all = all
    for (const sent of all) {
      if (sent.charge === undefined) continue
      const of = this.#byCharge.get(sent.charge)
      if (of) of.push(sent)
      else this.#byCharge.set(sent.charge, [sent])
    }
  }

  of(...kinds: Kind[]): Sent[] {
    return this.all.filter(({ kind }) => kinds.includes(kind))
  }

  /** What was done to a charge after it was made. */
  done(charge: string, kind: Kind): Sent[] {
    return (this.#byCharge.get(charge) ?? []).filter((sent) => sent.kind === kind)
  }
}

/** The id of the charge that a request made; a decline names it in its error. */
function chargeMadeBy({ kind, answer }: Sent): string {
  return kind === 'decline' ? answer?.json.error.charge : answer?.json.id
}

/** What has been taken from the card. */
function captured(book: Journal, sent: Sent): number {
  if (sent.kind === 'hold') return sum(book.done(chargeMadeBy(sent), 'capture').map(({ amount }) => amount))
  return sent.kind === 'sale' ? sent.amount : 0
}

/** Refunds, and in this version what a capture or a release lets go, count as refunded. */
function refunded(book: Journal, sent: Sent): number {
  const id = chargeMadeBy(sent)
  const isCapturedInPart = sent.kind === 'hold' && book.done(id, 'capture').length > 0
  const released = isCapturedInPart ? sent.amount - captured(book, sent) : 0
  return released + sum(book.done(id, 'refund').map(({ amount }) => amount))
}

// biome-ignore lint/suspicious/noExplicitAny: objects of the API as they come
type Listed = readonly any[]

function checkCharges(book: Journal, charges: Listed): void {
  const wanted = book.of('sale', 'hold', 'decline').map((sent) => ({
    key: sent.key,
    id: chargeMadeBy(sent),
    amount: sent.amount,
    status: sent.kind === 'decline' ? 'failed' : 'succeeded',
    amount_captured: captured(book, sent),
    amount_refunded: refunded(book, sent),
  }))
  const found = charges.map(({ metadata, id, amount, status, amount_captured, amount_refunded }) => ({
    key: metadata.key,
    id,
    amount,
    status,
    amount_captured,
    amount_refunded,
  }))
  assertSame('charges', found, wanted)
}

function checkRefunds(book: Journal, refunds: Listed): void {
  const asked = book
    .of('refund')
    .map(({ key, amount, charge, answer }) => ({ key, id: answer?.json.id, amount, charge }))
  const found = refunds.map(({ metadata, id, amount, charge }) => ({ key: metadata.key, id, amount, charge }))
  assertSame(
    'refunds',
    found.filter(({ key }) => key !== undefined),
    asked,
  )

  const releases = book.of('hold').flatMap((sent) => {
    const charge = chargeMadeBy(sent)
    const rest = sent.amount - captured(book, sent)
    return book.done(charge, 'capture').length > 0 && rest > 0 ? [{ charge, amount: rest }] : []
  })
  const byThemselves = found.filter(({ key }) => key === undefined)
  assertSame(
    'releases',
    byThemselves.map(({ charge, amount }) => ({ charge, amount })),
    releases,
  )
}

function checkTransactions(book: Journal, transactions: Listed): void {
  const sales = book.of('sale', 'hold').flatMap((sent) => {
    const amount = captured(book, sent)
    return amount > 0 ? [{ type: 'charge', source: chargeMadeBy(sent), amount }] : []
  })
  const held = new Set(book.of('hold').map(chargeMadeBy)) // what is refunded of a hold was never on the balance
  const refunds = book
    .of('refund')
    .flatMap(({ charge = '', amount, answer }) =>
      held.has(charge) ? [] : [{ type: 'refund', source: answer?.json.id, amount: -amount }],
    )
  const found = transactions.map(({ type, source, amount }) => ({ type, source, amount }))
  assertSame('balance transactions', found, [...sales, ...refunds])
}

function checkEvents(book: Journal, events: Listed): void {
  const wanted = [
    ...book.of('sale', 'hold').map((sent) => ({ type: 'charge.succeeded', charge: chargeMadeBy(sent) })),
    ...book.of('decline').map((sent) => ({ type: 'charge.failed', charge: chargeMadeBy(sent) })),
    ...book.of('capture').map(({ charge }) => ({ type: 'charge.captured', charge })),
  ]
  const found = events
    .filter(({ type }) => ['charge.succeeded', 'charge.failed', 'charge.captured'].includes(type))
    .map(({ type, data }) => ({ type, charge: data.object.id }))
  assertSame('events', found, wanted)
}

/** The same members in any order; says which are lost and which are too many. */
function assertSame(what: string, found: readonly object[], wanted: readonly object[]): void {
  const left = new Map<string, number>()
  for (const one of wanted) add(left, JSON.stringify(one), 1)
  for (const one of found) add(left, JSON.stringify(one), -1)
  const lost = [...left].filter(([, count]) => count > 0)
  const tooMany = [...left].filter(([, count]) => count < 0)
  assert.deepEqual({ what, lost, tooMany }, { what, lost: [], tooMany: [] })
}

function add(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
