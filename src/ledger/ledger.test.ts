import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { assertBalanced, isAvailable, type LedgerTransaction, pendingUntil, returnOfSale, sale } from './ledger.ts'

const at = (instant: string) => Date.parse(instant) / 1000
const THURSDAY = at('2019-05-16T12:00:00Z')
const MONDAY = at('2019-05-20T00:00:00Z')

const FEE = {
  fee: 59,
  details: [{ amount: 59, currency: 'usd', description: 'Stripe processing fees', type: 'stripe_fee' }],
}
const SALE = {
  id: 'txn_sale',
  charge: 'ch_1',
  currency: 'usd',
  amount: 1000,
  fee: FEE,
  description: 'Lamp',
  now: THURSDAY,
  availableOn: MONDAY,
}
const RETURN = {
  id: 'txn_return',
  refund: 're_1',
  currency: 'usd',
  amount: 400,
  chargeDescription: 'Lamp',
  now: THURSDAY,
  chargeAvailableOn: MONDAY,
}

describe('a sale', () => {
  it('is owed by the network: to the merchant what is left of it after the fee', () => {
    assert.deepEqual(sale(SALE), {
      id: 'txn_sale',
      type: 'charge',
      source: 'ch_1',
      currency: 'usd',
      amount: 1000,
      fee: 59,
      feeDetails: FEE.details,
      net: 941,
      description: 'Lamp',
      created: THURSDAY,
      availableOn: MONDAY,
      postings: [
        { ledgerAccount: 'network', amount: -1000 },
        { ledgerAccount: 'pending:18036', amount: 941 },
        { ledgerAccount: 'fees', amount: 59 },
      ],
    })
  })

  it('smaller than its fee costs the merchant money', () => {
    const small = sale({ ...SALE, amount: 50 })
    assert.equal(small.net, -9)
    assert.equal(small.postings[1]?.amount, -9)
  })
})

describe('the return of a sale', () => {
  it('is taken from where the money of the charge waits, and the fee stays', () => {
    assert.deepEqual(returnOfSale(RETURN), {
      id: 'txn_return',
      type: 'refund',
      source: 're_1',
      currency: 'usd',
      amount: -400,
      fee: 0,
      feeDetails: [],
      net: -400,
      description: 'REFUND FOR CHARGE (Lamp)',
      created: THURSDAY,
      availableOn: MONDAY,
      postings: [
        { ledgerAccount: 'network', amount: 400 },
        { ledgerAccount: 'pending:18036', amount: -400 },
      ],
    })
  })

  it('is taken from what can be paid out, from the second on at which the money of the charge can', () => {
    const late = returnOfSale({ ...RETURN, now: MONDAY })
    assert.equal(late.availableOn, MONDAY)
    assert.equal(late.postings[1]?.ledgerAccount, 'available')
    assert.equal(returnOfSale({ ...RETURN, now: MONDAY - 1 }).postings[1]?.ledgerAccount, 'pending:18036')
    assert.equal(returnOfSale({ ...RETURN, now: MONDAY + 100 }).availableOn, MONDAY + 100)
  })

  it('of a charge without description has none to repeat; an empty one is repeated', () => {
    assert.equal(returnOfSale({ ...RETURN, chargeDescription: null }).description, 'REFUND FOR CHARGE')
    assert.equal(returnOfSale({ ...RETURN, chargeDescription: '' }).description, 'REFUND FOR CHARGE ()')
  })
})

describe("the merchant's money", () => {
  it('waits in one ledger account for each day on which it becomes available', () => {
    assert.equal(pendingUntil(MONDAY), 'pending:18036')
    assert.equal(pendingUntil(MONDAY + 86_400), 'pending:18037')
  })

  it('is available from 00:00 UTC of its day on', () => {
    assert.equal(isAvailable('pending:18036', MONDAY - 1), false)
    assert.equal(isAvailable('pending:18036', MONDAY), true)
    assert.equal(isAvailable('available', 0), true)
  })

  it("is not the network's, nor the fees", () => {
    assert.equal(isAvailable('network', MONDAY), null)
    assert.equal(isAvailable('fees', MONDAY), null)
  })
})

describe('double entry', () => {
  const amount = fc.integer({ min: 1, max: 999_999_999_999 })
  const time = fc.integer({ min: 0, max: 4_000_000_000 })

  it('holds for every sale and every return: postings sum to zero, and the merchant gets the net', () => {
    fc.assert(
      fc.property(amount, amount, time, time, (amount, fee, now, day) => {
        const availableOn = day - (day % 86_400)
        const sold = sale({ ...SALE, amount, fee: { fee, details: [] }, now, availableOn })
        const returned = returnOfSale({ ...RETURN, amount, now, chargeAvailableOn: availableOn })
        for (const { postings, net } of [sold, returned]) {
          assert.equal(
            postings.reduce((sum, posting) => sum + posting.amount, 0),
            0,
          )
          const mine = postings.filter(({ ledgerAccount }) => isAvailable(ledgerAccount, now) !== null)
          assert.deepEqual(
            mine.map((posting) => posting.amount),
            [net],
          )
        }
        assert.equal(returned.net, -amount)
        assert.ok(returned.availableOn >= now)
      }),
    )
  })

  it('is proven wherever a transaction is made or read: what breaks it is a bug, and stops', () => {
    const good = sale(SALE)
    assertBalanced(good)
    const withPostings = (...amounts: number[]): LedgerTransaction => ({
      ...good,
      postings: good.postings.map((posting, at) => ({ ...posting, amount: amounts[at] ?? 0 })),
    })
    assert.throws(() => assertBalanced(withPostings(-1000, 942, 59)), /txn_sale: postings sum to zero/)
    assert.throws(() => assertBalanced(withPostings(-1000.5, 941.5, 59)), /postings are integers/)
    assert.throws(() => assertBalanced(withPostings(-1000, 940, 60)), /the merchant's postings are the net/)
    assert.throws(() => assertBalanced({ ...good, net: 940 }), /net is amount less fee/)
    assert.throws(() => assertBalanced({ ...good, fee: 58 }), /net is amount less fee/)
    assert.throws(() => sale({ ...SALE, amount: Number.NaN }), assert.AssertionError)
    assert.throws(() => sale({ ...SALE, amount: 10.5 }), assert.AssertionError)
  })
})
