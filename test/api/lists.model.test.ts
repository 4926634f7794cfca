import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import fc from 'fast-check'
import { DAY, HOUR } from './clock.ts'
import { nothingIsDue } from './due.ts'
import { type Body, type Form, OLD, startTestServer } from './server.ts'

/** Lists by all filters at once, against what filtering by hand finds in all objects there are. */

const shop = await startTestServer()

const CHARGES = 24
const CURRENCIES = ['usd', 'eur', 'jpy']
const GROUPS = ['A', 'B', undefined]
const RUNS = 150

type Kind = 'charges' | 'refunds' | 'balance/history' | 'events'
const KINDS: readonly Kind[] = ['charges', 'refunds', 'balance/history', 'events']

/** All objects of each kind, newest first, as plain lists tell them. */
const all: Record<Kind, readonly Body[]> = { charges: [], refunds: [], 'balance/history': [], events: [] }

before(async () => {
  for (let n = 0; n < CHARGES; n++) {
    const { id } = await shop.made('POST /v1/charges', {
      amount: 1000 + n,
      currency: CURRENCIES[n % CURRENCIES.length],
      source: 'tok_visa',
      transfer_group: GROUPS[n % GROUPS.length],
    })
    if (n % 3 === 0) shop.clock.advance(n % 6 === 0 ? HOUR : DAY)
    if (n % 2 === 0) await shop.made('POST /v1/refunds', { charge: id, amount: 100 })
    if (n % 6 === 0) await shop.made(`POST /v1/charges/${id}/refunds`, { amount: 100 + n })
  }
  await nothingIsDue(shop) // payouts have rows and events, too
  for (const kind of KINDS) {
    const seen: Body[] = []
    for (let more = true; more; ) {
      const page = await shop.made(`GET /v1/${kind}`, { limit: 100, starting_after: seen.at(-1)?.id })
      seen.push(...page.data)
      more = page.has_more
    }
    all[kind] = seen
  }
})

// --- what is asked -----------------------------------------------------------------------------------------------------

type Range = number | { readonly gt?: number; readonly gte?: number; readonly lt?: number; readonly lte?: number }
type Asked = { readonly kind: Kind; readonly filters: Form; readonly cursor: Form; readonly limit: number }

const indexes = fc.nat(1000)
/** One of what there is, picked by an index that fast-check can shrink. */
const pick = <T>(values: readonly T[], index: number): T => values[index % values.length] as T

function rangeOf(times: readonly number[], [shape, from, to]: readonly [number, number, number]): Range | undefined {
  const first = pick(times, from) + pick([0, 0, 1, -1], to)
  const second = pick(times, to)
  return pick<Range | undefined>(
    [
      undefined,
      first,
      { gt: first },
      { gte: first, lt: second },
      { lte: second },
      { gt: first, gte: second, lte: first },
    ],
    shape,
  )
}

const TYPES = ['charge.succeeded', 'charge.refunded', 'charge.*', 'refund.*', '*', 'charge', 'nope', 'charge.refund*']

const asked = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    created: fc.tuple(indexes, indexes, indexes),
    available: fc.tuple(indexes, indexes, indexes),
    shape: indexes,
    parent: indexes,
    at: indexes,
    direction: fc.constantFrom('starting_after', 'ending_before', null),
    limit: fc.integer({ min: 1, max: 30 }),
  })
  .map(({ kind, created, available, shape, parent, at, direction, limit }): Asked => {
    const objects = all[kind]
    const filters: Record<string, Form[string]> = {
      created: rangeOf(
        objects.map((one) => one.created),
        created,
      ),
    }
    const sometimes = <T>(values: readonly T[], index: number) =>
      index % 2 === 0 ? undefined : pick(values, index >> 1)
    if (kind === 'charges') filters.transfer_group = sometimes(['A', 'B', 'C'], shape)
    if (kind === 'refunds') filters.charge = sometimes(all.charges, parent)?.id
    if (kind === 'events' && shape % 3 === 1) filters.type = pick(TYPES, parent)
    if (kind === 'events' && shape % 3 === 2) filters.types = [pick(TYPES, parent), pick(TYPES, at)]
    if (kind === 'balance/history') {
      filters.currency = sometimes([...CURRENCIES, 'USD', 'gbp'], shape)
      filters.type = sometimes(['charge', 'refund', 'payout'], shape >> 2)
      filters.source = parent % 4 === 0 ? String(pick(objects, parent).source) : undefined
      filters.available_on = rangeOf(
        objects.map((one) => Number(one.available_on)),
        available,
      )
    }
    const cursor = direction === null ? {} : { [direction]: pick(objects, at).id }
    return { kind, filters, cursor, limit }
  })

// --- the model ---------------------------------------------------------------------------------------------------------

function isWithin(time: unknown, range: Form[string]): boolean {
  if (range === undefined) return true
  if (typeof range === 'number') return time === range
  const { gt = -1, gte = 0, lt = 1e12, lte = 1e12 } = range as Exclude<Range, number>
  return Number(time) > gt && Number(time) >= gte && Number(time) < lt && Number(time) <= lte
}

function isOfType(type: string, wanted: string): boolean {
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted
}

function passes(one: Body, { kind, filters }: Asked): boolean {
  const { created, available_on, type, types, currency, ...exact } = filters
  if (!isWithin(one.created, created) || !isWithin(one.available_on, available_on)) return false
  if (currency !== undefined && one.currency !== String(currency).toLowerCase()) return false
  for (const [name, value] of Object.entries(exact)) if (value !== undefined && one[name] !== value) return false
  if (kind !== 'events') return type === undefined || one.type === type
  const wanted = (types ?? (type === undefined ? ['*'] : [type])) as string[]
  return wanted.some((pattern) => isOfType(String(one.type), pattern))
}

function modelled(request: Asked): { ids: string[]; hasMore: boolean; count: number } {
  const objects = all[request.kind]
  const passing = objects.filter((one) => passes(one, request))
  const { starting_after: after, ending_before: before } = request.cursor
  const at = objects.findIndex(({ id }) => id === (after ?? before))
  const older = (one: Body) => at === -1 || objects.indexOf(one) > at
  const beyond = before === undefined ? passing.filter(older) : passing.filter((one) => objects.indexOf(one) < at)
  const page = before === undefined ? beyond.slice(0, request.limit) : beyond.slice(-request.limit)
  return { ids: page.map(({ id }) => id), hasMore: beyond.length > request.limit, count: passing.length }
}

describe('any list, by any filters, from anywhere', () => {
  it('is what filtering by hand finds', async () => {
    assert.ok(all.charges.length === CHARGES && all.refunds.length > 10 && all.events.length > CHARGES)
    await fc.assert(
      fc.asyncProperty(asked, async (request) => {
        const { kind, filters, cursor, limit } = request
        const form = { ...filters, ...cursor, limit, include: ['total_count'] }
        const { data, has_more, total_count } = await shop.made(`GET /v1/${kind}`, form, { version: OLD })
        const expected = modelled(request)
        assert.deepEqual({ ids: data.map(({ id }) => id), hasMore: has_more, count: total_count }, expected)
      }),
      { numRuns: RUNS },
    )
  })

  it('is walked to its end in both directions, each object once', async () => {
    for (const [route, filters] of [
      ['charges', { transfer_group: 'A' }],
      ['balance/history', { available_on: { gt: 0 }, type: 'charge' }],
      ['events', { type: 'charge.*' }],
    ] as const) {
      const request = { kind: route, filters, cursor: {}, limit: 1000 } as const
      const expected = modelled(request).ids
      const down: string[] = []
      for (let more = true; more; ) {
        const page = await shop.made(`GET /v1/${route}`, { ...filters, limit: 3, starting_after: down.at(-1) })
        down.push(...page.data.map(({ id }) => id))
        more = page.has_more
      }
      assert.deepEqual(down, expected)
      const up: string[] = [String(expected.at(-1))]
      for (let more = true; more; ) {
        const page = await shop.made(`GET /v1/${route}`, { ...filters, limit: 3, ending_before: up[0] })
        up.unshift(...page.data.map(({ id }) => id))
        more = page.has_more
      }
      assert.deepEqual(up, expected)
    }
  })
})
