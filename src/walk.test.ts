import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Context } from './operation.ts'
import type { PageQuery } from './store/paging.ts'
import type { Row, SqlValue, Statement } from './store/store.ts'
import { keptCount, keptPage } from './walk.ts'

const MANY = 1234
const IDS = Array.from({ length: MANY }, (_, n) => `ch_${String(n).padStart(5, '0')}`)

/** A table of these ids; says how often it was asked, and for how many rows at most. */
function tableOf(ids: readonly string[]) {
  const asked: number[] = []
  const all = async ({ sql }: Statement, values: readonly SqlValue[]): Promise<Row[]> => {
    const limit = Number(/LIMIT (\d+)$/.exec(sql)?.[1])
    const cursor = String(values[2] ?? '')
    const ascending = sql.includes('ASC')
    const beyond = ids.filter((id) => cursor === '' || (ascending ? id > cursor : id < cursor))
    asked.push(limit)
    return (ascending ? beyond : beyond.toReversed()).slice(0, limit).map((id) => ({ id }))
  }
  return { context: { store: { all } } as unknown as Context, asked }
}

const list = (cursor: PageQuery['cursor'], limit: number): PageQuery => ({
  table: 'charges',
  columns: 'id',
  account: 'acct_1',
  livemode: false,
  conditions: [],
  cursor,
  limit,
})

const read = (row: Row) => ({ id: String(row.id) })
const every = (n: number) => (one: { id: string }) => Number(one.id.slice(3)) % n === 0

describe('a list that is walked', () => {
  it('is what filtering all of it gives, from anywhere, in both directions', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 1, max: 100 }),
        fc.nat(MANY - 1),
        fc.constantFrom('after', 'before', null),
        async (nth, limit, at, direction) => {
          const cursor = direction === null ? null : ({ [direction]: IDS[at] } as PageQuery['cursor'])
          const { context } = tableOf(IDS)
          const page = await keptPage(context, { ...list(null, 0), read, keep: every(nth) }, list(cursor, limit))
          const newestFirst = IDS.filter((id, n) => every(nth)({ id }) && (direction !== 'after' || n < at))
            .filter((id) => direction !== 'before' || id > String(IDS[at]))
            .reverse()
          const expected = direction === 'before' ? newestFirst.slice(-limit) : newestFirst.slice(0, limit)
          assert.deepEqual(
            page.items.map(({ id }) => id),
            expected,
          )
          assert.equal(page.hasMore, newestFirst.length > limit)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('is left where the page is full', async () => {
    const { context, asked } = tableOf(IDS)
    const { items, hasMore } = await keptPage(context, { ...list(null, 0), read, keep: every(2) }, list(null, 10))
    assert.deepEqual([items.length, hasMore, asked], [10, true, [501]])
  })

  it('is counted to its end', async () => {
    for (const [rows, count] of [
      [IDS, 412],
      [IDS.slice(0, 501), 167],
      [[], 0],
    ] as const) {
      const { context } = tableOf(rows)
      assert.equal(await keptCount(context, { ...list(null, 0), read, keep: every(3) }, list({ after: 'x' }, 1)), count)
    }
  })
})
