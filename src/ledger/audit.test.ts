import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { checkTransaction, PostingSums } from './audit.ts'
import { type LedgerTransaction, returnOfSale, sale } from './ledger.ts'

const NOW = 1_558_000_000
const amounts = fc.integer({ min: 1, max: 99_999_999 })

const sales = fc.record({ amount: amounts, fee: fc.integer({ min: 0, max: 500 }) }).map(({ amount, fee }) =>
  sale({
    id: 'txn_1',
    charge: 'ch_1',
    currency: 'usd',
    amount,
    fee: { fee, details: [] },
    description: null,
    now: NOW,
    availableOn: NOW,
  }),
)
const returns = fc.record({ amount: amounts, now: fc.constantFrom(NOW - 1, NOW) }).map(({ amount, now }) =>
  returnOfSale({
    id: 'txn_1',
    refund: 're_1',
    currency: 'usd',
    amount,
    chargeDescription: null,
    now,
    chargeAvailableOn: NOW,
  }),
)
const transactions: fc.Arbitrary<LedgerTransaction> = fc.oneof(sales, returns)

const source = { balanceTransaction: 'txn_1' }
const kindsOf = (transaction: LedgerTransaction) => checkTransaction(transaction, source).map(({ kind }) => kind)

describe('the audit of a ledger transaction', () => {
  it('finds nothing wrong with what the ledger makes', () => {
    fc.assert(fc.property(transactions, (transaction) => assert.deepEqual(kindsOf(transaction), [])))
  })

  it('finds any posting that was changed', () => {
    const change = fc.record({ transaction: transactions, which: fc.nat(1), by: amounts })
    fc.assert(
      fc.property(change, ({ transaction, which, by }) => {
        const postings = transaction.postings.map((posting, n) =>
          n === which ? { ...posting, amount: posting.amount + by } : posting,
        )
        assert.ok(kindsOf({ ...transaction, postings }).includes('transaction_postings_not_zero'))
      }),
    )
  })

  it('finds any change of amount, fee or net', () => {
    const change = fc.record({ transaction: transactions, what: fc.constantFrom('amount', 'fee', 'net'), by: amounts })
    fc.assert(
      fc.property(change, ({ transaction, what, by }) =>
        assert.ok(kindsOf({ ...transaction, [what]: transaction[what] + by }).includes('transaction_net_wrong')),
      ),
    )
  })
})

describe('the audit of balances', () => {
  it('takes them as right where they are what was posted, in any order', () => {
    fc.assert(
      fc.property(fc.array(transactions), (all) => {
        const sums = new PostingSums()
        const kept = new Map<string, number>()
        for (const transaction of all) sums.add(transaction)
        for (const { ledgerAccount, amount } of all.toReversed().flatMap(({ postings }) => postings)) {
          kept.set(ledgerAccount, (kept.get(ledgerAccount) ?? 0) + amount)
        }
        const balances = [...kept].map(([name, amount]) => ({ currency: 'usd', ledgerAccount: name as 'fees', amount }))
        assert.deepEqual(sums.check(balances), [])
        const wrong = sums.check([...balances, { currency: 'eur', ledgerAccount: 'available', amount: 1 }])
        assert.deepEqual(
          wrong.map(({ kind, id }) => [kind, id]),
          [['balance_wrong', 'eur available']],
        )
      }),
    )
  })
})
