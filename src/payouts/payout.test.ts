import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Accepted } from '../decision.ts'
import { isMerchants } from '../ledger/ledger.ts'
import { arrive, cancel, fail, type Payout, pay, send, updatePayout, type WantedPayout } from './payout.ts'

const at = (instant: string) => Date.parse(`${instant}Z`) / 1000

const WANTED: WantedPayout = {
  id: 'po_1',
  amount: 1000,
  currency: 'usd',
  automatic: false,
  description: 'June',
  destination: 'ba_1',
  metadata: {},
  method: 'standard',
  statementDescriptor: null,
  transaction: 'txn_1',
}

function made(change: Partial<WantedPayout> = {}, country = 'US', now = at('2025-06-05T10:00:00')): Accepted<Payout> {
  const wanted = { ...WANTED, ...change }
  const decision = pay(wanted, [{ ledgerAccount: 'available', amount: wanted.amount }], country, now)
  assert.ok(!decision.refused)
  return decision
}

const accepted = <T>(decision: { refused?: unknown } | Accepted<T>): Accepted<T> => {
  assert.ok(!decision.refused)
  return decision as Accepted<T>
}

describe('when a payout arrives', () => {
  const table: [country: string, automatic: boolean, created: string, arrives: string, why: string][] = [
    ['US', true, '2025-06-05T00:00:00', '2025-06-05', 'the schedule’s: the day on which funds are available'],
    ['AU', true, '2025-06-07T00:00:00', '2025-06-09', 'a Saturday, where calendar days are counted: Monday'],
    ['US', false, '2025-06-05T10:00:00', '2025-06-06', 'the next business day'],
    ['US', false, '2025-06-06T10:00:00', '2025-06-09', 'Friday → Monday'],
    ['US', false, '2025-06-07T10:00:00', '2025-06-09', 'Saturday → Monday (observed)'],
    ['US', false, '2025-07-03T10:00:00', '2025-07-07', 'over Independence Day'],
    ['DE', false, '2025-04-17T10:00:00', '2025-04-22', 'over Easter'],
    ['JP', false, '2025-06-05T10:00:00', '2025-06-09', 'in Japan the second business day'],
    ['JP', false, '2025-05-02T10:00:00', '2025-05-08', 'over the Golden Week'],
  ]
  for (const [country, automatic, created, arrives, why] of table) {
    it(`${country}, ${created} → ${arrives} (${why})`, () => {
      const { value } = made({ automatic }, country, at(created))
      assert.equal(new Date(value.arrivalDate * 1000).toISOString(), `${arrives}T00:00:00.000Z`)
    })
  }

  it('an instant one at once', () =>
    assert.equal(made({ method: 'instant' }).value.arrivalDate, at('2025-06-05T10:00:00')))
})

describe('the money of a payout', () => {
  it('leaves the merchant once, and comes back whole', () => {
    const amount = fc.oneof(fc.integer({ min: 1, max: 99_999_999 }), fc.integer({ min: -99_999_999, max: -1 }))
    fc.assert(
      fc.property(amount, (amount) => {
        const { value, transactions } = made({ amount, automatic: true })
        const back = accepted(fail(value, 'no_account', 'txn_2', value.created + 5))
        const moved = [...transactions, ...back.transactions]
        const merchants = moved.map(({ postings }) =>
          postings.filter(({ ledgerAccount }) => isMerchants(ledgerAccount)).map(({ amount }) => amount),
        )
        assert.deepEqual(merchants, [[-amount], [amount]])
        assert.deepEqual(
          moved.map(({ fee, net }) => [fee, net]),
          [
            [0, -amount],
            [0, amount],
          ],
        )
      }),
    )
  })

  it('is in a row that is one of its own where the schedule pays', () => {
    assert.equal(made({ automatic: true }).transactions[0]?.payout, 'po_1')
    assert.equal(made().transactions[0]?.payout, undefined)
  })
})

describe('the course of a payout', () => {
  const { value: pending } = made()
  const inTransit = accepted(send(pending)).value

  it('goes by the bank', () => {
    assert.deepEqual(accepted(send(pending)).events, [
      { type: 'payout.updated', object: 'payout', before: pending, after: inTransit },
    ])
    const { value: paid, events } = accepted(arrive(inTransit, true))
    assert.deepEqual([paid.status, events.map(({ type }) => type)], ['paid', ['payout.paid']])
    const automatic = { ...inTransit, automatic: true }
    const told = (reconciles: boolean) => accepted(arrive(automatic, reconciles)).events.map(({ type }) => type)
    assert.deepEqual([told(true), told(false)], [['payout.paid', 'payout.reconciliation_completed'], ['payout.paid']])
  })

  it('is called off only while it is pending, and the merchant’s own', () => {
    assert.equal(accepted(cancel(pending, 'txn_2', pending.created)).value.status, 'canceled')
    const { value: paid } = accepted(arrive(inTransit, true))
    const { value: failed } = accepted(fail(pending, 'no_account', 'txn_2', pending.created))
    for (const payout of [inTransit, paid, failed, { ...pending, automatic: true }]) {
      const { refused } = cancel(payout, 'txn_2', pending.created)
      assert.equal(refused?.message, 'Payouts can only be canceled while they are pending.')
    }
  })

  it('is not taken twice: what only a bug can ask for is an assertion', () => {
    const { value: paid } = accepted(arrive(inTransit, true))
    assert.throws(() => send(inTransit))
    assert.throws(() => arrive(pending, true))
    assert.throws(() => arrive(paid, true))
    assert.throws(() => fail(paid, 'no_account', 'txn_2', paid.created))
    assert.throws(() => made({ amount: 0 }))
    assert.throws(() => made({ amount: -5 }))
  })

  it('has metadata of at most 50 keys', () => {
    const entries = (count: number) => Array.from({ length: count }, (_, n): [string, string] => [`key${n}`, 'x'])
    assert.ok(!updatePayout(pending, { clear: false, entries: entries(50) }).refused)
    assert.ok(updatePayout(pending, { clear: false, entries: entries(51) }).refused)
  })
})
