import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type LedgerTransaction, pendingUntil } from '../ledger/ledger.ts'
import { Sweep } from './sweep.ts'

const TODAY = 1_558_310_400
const DAY = 86_400

const rows = fc
  .array(fc.record({ net: fc.integer({ min: -5000, max: 5000 }), day: fc.integer({ min: -3, max: 3 }) }))
  .map((made) =>
    made.map(({ net, day }, n): LedgerTransaction => {
      const availableOn = TODAY + day * DAY
      return {
        id: `txn_${String(n).padStart(4, '0')}`,
        type: 'charge',
        source: `ch_${n}`,
        currency: 'usd',
        amount: net,
        fee: 0,
        feeDetails: [],
        net,
        description: null,
        created: TODAY - 5 * DAY,
        availableOn,
        postings: [
          { ledgerAccount: 'network', amount: -net },
          { ledgerAccount: day % 2 === 0 ? 'available' : pendingUntil(availableOn), amount: net },
        ],
      }
    }),
  )

function swept(all: readonly LedgerTransaction[]): Sweep {
  const sweep = new Sweep(TODAY)
  for (const one of all) sweep.add(one)
  return sweep
}

describe('what a payout takes up', () => {
  it('is all that is available by then, and nothing else, in runs of neighbours', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const { net, from, runs } = swept(all)
        const expected = all.filter(({ availableOn }) => availableOn <= TODAY)
        const taken = runs.flatMap(({ first, last, count }) => {
          const inside = all.filter(({ id }) => id >= first && id <= last)
          assert.equal(inside.length, count)
          return inside
        })
        assert.deepEqual(taken, expected)
        assert.equal(
          net,
          expected.reduce((sum, one) => sum + one.net, 0),
        )
        assert.equal(
          from.reduce((sum, { amount }) => sum + amount, 0),
          net,
        )
      }),
    )
  })

  it('begins the next time behind what was taken up, before what was left, and before what may still come', () => {
    const cut = fc.nat(30).map((n) => `txn_${String(n).padStart(4, '0')}`)
    fc.assert(
      fc.property(rows, cut, (all, safe) => {
        const end = swept(all).sweptTo('', safe)
        const left = all.find(({ availableOn }) => availableOn > TODAY)
        assert.ok(end === '' || (end < safe && (left === undefined || end < left.id)))
        assert.equal(swept(all).sweptTo('txn_9', safe), 'txn_9')
      }),
    )
  })
})
