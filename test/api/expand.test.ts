import assert from 'node:assert/strict'
import { before, describe, it, type TestContext } from 'node:test'
import { SqliteStore } from '../../src/store/sqlite/open.ts'
import { refusals } from './refusals.ts'
import { type Body, expanded, type Form, NEW, OLD, startTestServer } from './server.ts'

const shop = await startTestServer()

const SAMPLE = { amount: 1000, currency: 'usd', source: 'tok_visa' }
const MANY = 100

/** Oldest first. Every fifth is refunded in part, twice. */
const charges: Body[] = []

before(async () => {
  for (let n = 0; n < MANY; n++) {
    const charge = await shop.made('POST /v1/charges', SAMPLE)
    charges.push(charge)
    if (n % 5 !== 0) continue
    for (const amount of [100, 200]) await shop.made('POST /v1/refunds', { charge: charge.id, amount })
  }
})

/** How often the store was read while `request` was answered. */
async function readsOf(t: TestContext, request: () => Promise<Body>): Promise<{ reads: number; answer: Body }> {
  const all = t.mock.method(SqliteStore.prototype, 'all')
  const get = t.mock.method(SqliteStore.prototype, 'get')
  const answer = await request()
  const reads = all.mock.callCount() + get.mock.callCount()
  all.mock.restore()
  get.mock.restore()
  return { reads, answer }
}

describe('what is expanded in a list', () => {
  const list = (form: Form, version = NEW) => shop.made('GET /v1/charges', form, { version })

  it('is there for every member', async () => {
    const { data } = await list({ limit: 100, expand: ['data.balance_transaction'] })
    assert.equal(data.length, MANY)
    for (const { id, balance_transaction } of data) {
      const { object, source } = expanded(balance_transaction)
      assert.deepEqual([object, source], ['balance_transaction', id])
    }
  })

  const asked: readonly (readonly [what: string, form: Form, version: string])[] = [
    ['one level', { expand: ['data.balance_transaction'] }, NEW],
    ['four levels', { expand: ['data.balance_transaction.source.balance_transaction'] }, NEW],
    ['two paths', { expand: ['data.balance_transaction', 'data.refunds'] }, NEW],
    ['the refunds of old versions', {}, OLD],
    ['the charges of refunds', { expand: ['data.refunds.data.charge'] }, NEW],
  ]
  for (const [what, form, version] of asked) {
    it(`is read together: ${what}`, async (t) => {
      const plain = await readsOf(t, () => list({ limit: 100 }))
      const few = await readsOf(t, () => list({ ...form, limit: 10 }, version))
      const many = await readsOf(t, () => list({ ...form, limit: 100 }, version))
      assert.equal(many.reads, few.reads, 'as many reads for a hundred as for ten')
      const levels = 4
      assert.ok(plain.reads > 0)
      assert.ok(many.reads - plain.reads <= levels, `${many.reads} reads, ${plain.reads} of them for the list`)
    })
  }

  it('shows the two newest refunds of each charge in order, to old versions unasked', async () => {
    const { data } = await list({ limit: 100 }, OLD)
    for (const [n, { id, refunds }] of data.toReversed().entries()) {
      assert.equal(refunds.url, `/v1/charges/${id}/refunds`)
      assert.deepEqual(
        refunds.data.map(({ amount, charge }) => [amount, charge]),
        n % 5 === 0
          ? [
              [200, id],
              [100, id],
            ]
          : [],
      )
    }
  })

  it('is expanded at each place as that place asks, though it is read once', async () => {
    const { data } = await shop.made('GET /v1/refunds', { limit: 2, expand: ['data.charge.balance_transaction'] })
    const [newer, older] = data.map(({ charge }) => expanded(charge))
    assert.equal(newer?.id, older?.id)
    assert.deepEqual(newer, older)
    assert.equal(expanded(newer?.balance_transaction).source, newer?.id)
  })
})

describe('what is expanded four levels deep', () => {
  it('is the same in every place of a charge', async () => {
    const [charge] = charges
    const { balance_transaction } = await shop.made(`GET /v1/charges/${charge?.id}`, {
      expand: ['balance_transaction.source.balance_transaction.source'],
    })
    const inner = expanded(expanded(balance_transaction).source)
    const innermost = expanded(expanded(inner.balance_transaction).source)
    assert.deepEqual([inner.id, innermost.id], [charge?.id, charge?.id])
    assert.equal(innermost.balance_transaction, inner.balance_transaction && charge?.balance_transaction)
  })

  it('is in the version asked for throughout', async () => {
    const { data } = await shop.made('GET /v1/refunds', { expand: ['data.charge'] }, { version: OLD })
    for (const { charge } of data) {
      const { invoice, refunds } = expanded(charge)
      assert.deepEqual([invoice, refunds.total_count], [null, 2])
    }
  })
})

describe('an answer expands', () => {
  const expand = ['balance_transaction', 'customer', 'invoice', 'dispute', 'outcome.rule', 'refunds']

  it('what it has just made', async () => {
    const charge = await shop.made('POST /v1/charges', { ...SAMPLE, expand })
    assert.equal(expanded(charge.balance_transaction).source, charge.id)
    assert.deepEqual([charge.customer, charge.dispute, charge.refunds.data], [null, null, []])

    const refund = await shop.made('POST /v1/refunds', {
      charge: charge.id,
      expand: ['charge.balance_transaction', 'balance_transaction'],
    })
    assert.equal(expanded(refund.charge).amount_refunded, 1000)
    assert.equal(expanded(refund.balance_transaction).source, refund.id)
    assert.equal(expanded(expanded(refund.charge).balance_transaction).source, charge.id)
  })

  it('what it has just changed', async () => {
    const held = await shop.made('POST /v1/charges', { ...SAMPLE, capture: false, expand })
    assert.equal(held.balance_transaction, null)
    const captured = await shop.made(`POST /v1/charges/${held.id}/capture`, { expand })
    assert.equal(expanded(captured.balance_transaction).source, held.id)
    const updated = await shop.made(`POST /v1/charges/${held.id}`, { description: 'pears', expand })
    assert.deepEqual([updated.description, expanded(updated.balance_transaction).amount], ['pears', 1000])
  })

  it('nothing that is null or never there', async () => {
    const charge = await shop.made(`GET /v1/charges/${charges[1]?.id}`, {
      expand: ['application', 'invoice', 'review', 'transfer_data.destination', 'payment_method_details.card.mandate'],
    })
    const plain = await shop.made(`GET /v1/charges/${charges[1]?.id}`)
    assert.deepEqual(charge, plain)
  })
})

describe('an expansion is refused', () => {
  const refused = refusals(shop)
  const charge = 'GET /v1/charges/ch_nope'
  const cannot = (name: string) => [400, null, null, `This property cannot be expanded (${name}).`] as const

  refused('of metadata', charge, { expand: ['metadata'] }, cannot('metadata'))
  refused('of the id of a payment method', charge, { expand: ['payment_method'] }, cannot('payment_method'))
  refused('by the first segment at fault', charge, { expand: ['invalid.deep.path'] }, cannot('invalid'))
  refused('on an object without an id to expand', 'GET /v1/balance', { expand: ['available'] }, cannot('available'))
  refused('on a token', 'GET /v1/tokens/tok_visa', { expand: ['card'] }, cannot('card'))
  refused('on an event', 'GET /v1/events', { expand: ['data.request'] }, cannot('request'))
  refused('before anything is made', 'POST /v1/charges', { ...SAMPLE, expand: ['wat'] }, cannot('wat'))
  refused('on a list without data.', 'GET /v1/charges', { expand: ['customer'] }, [
    400,
    null,
    null,
    "This property cannot be expanded (customer). You may want to try expanding 'data.customer' instead.",
  ])
  refused('beyond four levels', 'GET /v1/charges', { expand: ['data.items.data.price.product'] }, [
    400,
    'property_expansion_max_depth',
    null,
    'You cannot expand more than 4 levels of a property. Property: data.items.data.price.product',
  ])
  refused('that is no array', charge, { expand: 'customer' }, [400, null, 'expand', 'Invalid array'])

  it('but data alone is taken', async () => {
    const { data } = await shop.made('GET /v1/charges', { limit: 1, expand: ['data'] })
    assert.equal(data.length, 1)
  })
})
