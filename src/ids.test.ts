import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  BASE62,
  type ChargeId,
  createIds,
  newAccountId,
  newApiKey,
  type RefundId,
  seededIds,
  seededRandom,
} from './ids.ts'

const NOW = 1_698_684_461_123

/** An id's moment: the part that has to grow. */
const momentOf = (id: string) => id.slice(id.indexOf('_') + 1, id.indexOf('_') + 12)

const base62 = (text: string) => [...text].reduce((sum, character) => sum * 62 + BASE62.indexOf(character), 0)

describe('ids', () => {
  const ids = createIds({ now: () => NOW })

  it("have Stripe's form", () => {
    assert.match(ids.next('ch'), /^ch_1[0-9A-Za-z]{23}$/)
    assert.match(ids.requestId(), /^req_[0-9A-Za-z]{14}$/)
    assert.match(newAccountId(ids), /^acct_1[0-9A-Za-z]{15}$/)
    for (const prefix of ['sk_test', 'pk_test', 'sk_live', 'pk_live'] as const) {
      assert.match(newApiKey(ids, prefix), new RegExp(`^${prefix}_[0-9A-Za-z]{24}$`))
    }
    for (const length of [0, 1, 31, 10_000]) assert.match(ids.random(length), new RegExp(`^[0-9A-Za-z]{${length}}$`))
  })

  it('carry the time in milliseconds', () => {
    assert.equal(
      base62(
        createIds({ now: () => NOW })
          .next('ch')
          .slice(4, 11),
      ),
      NOW,
    )
  })

  it('of one kind are not taken for another, and a plain string is taken for either', () => {
    const charge: ChargeId = ids.next('ch')
    // @ts-expect-error a charge is no refund
    const refund: RefundId = charge
    const fromDatabase: RefundId = 're_1' as string
    assert.ok(refund && fromDatabase)
  })

  it('grow and differ, however the clock steps', () => {
    const steps = fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: 2, maxLength: 200 })
    fc.assert(
      fc.property(steps, (deltas) => {
        let clock = NOW
        const ids = createIds({ now: () => clock })
        const made = deltas.map((delta) => {
          clock += delta
          return ids.next('ch')
        })
        const moments = made.map(momentOf)
        assert.deepEqual(moments, [...new Set(moments)].sort())
        assert.deepEqual(made, made.toSorted())
      }),
    )
  })

  it('go on in the next millisecond when the count of one is used up', () => {
    const ids = createIds({ now: () => NOW, random: (bytes) => bytes.fill(0) })
    let last = ids.next('ch')
    for (let n = 1; n <= 62 ** 3; n++) {
      const id = ids.next('ch')
      if (id <= last) assert.fail(`${id} after ${last}`)
      last = id
    }
    assert.equal(base62(last.slice(4, 11)), NOW + 1)
    assert.equal(last.slice(11, 14), '000')
  })

  it('are refused for a time that they cannot hold', () => {
    for (const now of [-1, 62 ** 7, Number.NaN])
      assert.throws(() => createIds({ now: () => now }).next('ch'), RangeError)
  })

  it('use every character equally often', () => {
    const counts = new Map<string, number>()
    for (const c of ids.random(620_000)) counts.set(c, (counts.get(c) ?? 0) + 1)
    assert.equal(counts.size, 62)
    // 10,000 of each; six standard deviations are 600. A plain modulo would give four of them a quarter more.
    for (const count of counts.values()) assert.ok(Math.abs(count - 10_000) < 700, `${count}`)
  })
})

describe('seeded ids', () => {
  const take = (ids = seededIds('a seed')) =>
    Array.from({ length: 1000 }, () => [ids.next('ch'), ids.requestId()]).flat()

  it('are the same for the same seed, others for another', () => {
    assert.deepEqual(take(), take())
    assert.notDeepEqual(take(), take(seededIds('another')))
    assert.equal(new Set(take()).size, 2000)
    assert.equal(seededIds(1).next('tok'), 'tok_1RQcrDu4000ceVxYLxy9rcn0')
  })

  it('can begin after those of an earlier start', () => {
    const last = take().at(-2) as string
    assert.ok(seededIds('a seed', 1_558_000_001).next('ch') > last)
  })

  it('fill bytes of any length', () => {
    assert.equal(new Set(seededRandom(1)(new Uint8Array(100))).size > 50, true)
  })
})
