import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Body, expanded, type Form, NEW, OLD, startTestServer } from './server.ts'
import { assertKeyOrder, assertKeys, REFUND_KEYS } from './shapes.ts'

// Refunds whose result comes later, and funds that come at once: what the test cards for them do.

const shop = await startTestServer()

type Options = { readonly version?: string; readonly idempotencyKey?: string }

/** A merchant with a clock of its own, which stands still until it is moved. */
async function merchant() {
  const { body: account } = await shop.control<{ id: string; secret_key: string }>('POST /accounts', {})
  const key = account.secret_key
  const clock = async (change: object) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const answer = await fetch(`${shop.url}/_koban/clock`, { method: 'POST', headers, body: JSON.stringify(change) })
    assert.equal(answer.status, 200)
    return (await answer.json()) as { readonly now: number; readonly done: Readonly<Record<string, number>> }
  }
  await clock({ freeze: true })
  const post = (path: string, form: Form = {}, options: Options = {}) =>
    shop.made(`POST /v1/${path}`, form, { key, version: OLD, ...options })
  const get = (path: string, form: Form = {}, version = OLD) => shop.made(`GET /v1/${path}`, form, { key, version })
  return {
    key,
    clock,
    post,
    get,
    refuse: (path: string, form: Form = {}) => shop.refused(`POST /v1/${path}`, form, { key }),
    charge: (source: string, form: Form = {}) => post('charges', { amount: 1000, currency: 'usd', source, ...form }),
    events: async () => (await get('events', { limit: 100 })).data.toReversed(),
    balance: async () => {
      const { available, pending } = await get('balance')
      return [available[0]?.amount, pending[0]?.amount]
    },
  }
}

const told = (events: readonly Body[]) => events.map(({ type }) => type)
const dataOf = (event: Body | undefined) => event?.data as unknown as { object: Body; previous_attributes?: unknown }

describe('a refund to a card whose bank takes its time', () => {
  it('is pending, and has succeeded five seconds later', async () => {
    const { charge, post, get, clock, events, balance } = await merchant()
    const { id } = await charge('tok_pendingRefund')
    const refund = await post('refunds', { charge: id, amount: 400 })
    assert.equal(refund.status, 'pending')
    assertKeys(refund, REFUND_KEYS)
    const before = await get(`charges/${id}`)
    assert.deepEqual([before.amount_refunded, before.refunded], [400, false])
    assert.deepEqual((await clock({ advance: 4 })).done, {})
    assert.deepEqual(await get(`refunds/${refund.id}`), refund)
    const money = await balance()

    assert.deepEqual((await clock({ advance: 1 })).done, { refunds_succeeded: 1 })
    const after = { ...refund, status: 'succeeded' }
    assert.deepEqual(await get(`refunds/${refund.id}`), after)
    assert.deepEqual(await get(`charges/${id}`), { ...before, refunds: { ...before.refunds, data: [after] } })
    assert.deepEqual(await balance(), money)
    const [, , , updated, old, ...more] = await events()
    assert.deepEqual(more, [])
    assert.deepEqual(told(await events()), [
      'charge.succeeded',
      'refund.created',
      'charge.refunded',
      'refund.updated',
      'charge.refund.updated',
    ])
    for (const event of [updated, old]) {
      assert.deepEqual(dataOf(event), { object: after, previous_attributes: { status: 'pending' } })
      assert.deepEqual(event?.request, { id: null, idempotency_key: null })
      assert.equal(event?.created, refund.created + 5)
    }
  })

  it('of a hold releases it at once: no money is on its way', async () => {
    const { charge, post, clock } = await merchant()
    const { id } = await charge('tok_pendingRefund', { capture: false })
    assert.equal((await post('refunds', { charge: id })).status, 'succeeded')
    assert.deepEqual((await clock({ advance: 60 })).done, {})
  })

  it('of a hold that is captured in part, too, until what was captured is refunded', async () => {
    const { charge, post, get, clock } = await merchant()
    const { id } = await charge('tok_pendingRefund', { capture: false })
    await post(`charges/${id}/capture`, { amount: 700 })
    assert.equal((await get('refunds', { charge: id })).data[0]?.status, 'succeeded')
    assert.equal((await post('refunds', { charge: id })).status, 'pending')
    assert.deepEqual((await clock({ advance: 60 })).done, { refunds_succeeded: 1 })
  })

  it('cannot be cancelled either', async () => {
    const { charge, post, refuse } = await merchant()
    const { id } = await post('refunds', { charge: (await charge('tok_pendingRefund')).id })
    const { status, error } = await refuse(`refunds/${id}/cancel`)
    assert.deepEqual([status, error.message], [400, 'Canceling this refund is unsupported.'])
  })
})

describe('a refund to a card that is no longer there', () => {
  it('has succeeded, and fails five seconds later: the money and the charge are back', async () => {
    const { charge, post, get, clock, events, balance } = await merchant()
    const { id } = await charge('tok_refundFail')
    const whole: Body = await get(`charges/${id}`)
    const refund = await post('refunds', { charge: id })
    assert.equal(refund.status, 'succeeded')
    assert.deepEqual(await balance(), [0, -59])
    assert.deepEqual((await clock({ advance: 5 })).done, { refunds_failed: 1 })

    const failed = await get(`refunds/${refund.id}`)
    const { failure_balance_transaction: row } = failed
    assert.deepEqual(failed, {
      ...refund,
      failure_balance_transaction: row,
      failure_reason: 'expired_or_canceled_card',
      status: 'failed',
    })
    assertKeyOrder(failed)
    assert.deepEqual(await balance(), [1000, -59])
    const back = await get(`balance_transactions/${row}`)
    assert.deepEqual([back.amount, back.fee, back.net, back.source], [1000, 0, 1000, refund.id])
    assert.deepEqual([back.type, back.reporting_category], ['adjustment', 'refund_failure'])
    assert.deepEqual([back.status, back.available_on, back.created], ['available', back.created, refund.created + 5])
    assert.equal(back.description, 'REFUND FAILURE')

    const list = { ...whole.refunds, data: [failed], total_count: 1 }
    const after: Body = await get(`charges/${id}`)
    assert.deepEqual(after as object, { ...whole, refunds: list })
    assert.deepEqual([after.amount_refunded, after.refunded], [0, false])
    assert.deepEqual((await get('charges', {}, OLD)).data, [after])
    const today = await get(`charges/${id}`, { expand: ['refunds'] }, NEW)
    assert.deepEqual(today.refunds, list)
    assert.equal('refunds' in (await get(`charges/${id}`, {}, NEW)), false)

    const [, , , gone, updated, old, ...more] = await events()
    assert.deepEqual(more, [])
    assert.deepEqual(told(await events()).slice(2), [
      'charge.refunded',
      'refund.failed',
      'refund.updated',
      'charge.refund.updated',
    ])
    assert.deepEqual(dataOf(gone), { object: failed })
    const previous = { failure_balance_transaction: null, failure_reason: null, status: 'succeeded' }
    for (const event of [updated, old])
      assert.deepEqual(dataOf(event), { object: failed, previous_attributes: previous })
  })

  it('can be made again, in another part, and fails again', async () => {
    const { charge, post, get, refuse, clock, balance } = await merchant()
    const { id } = await charge('tok_refundFail')
    const before = await balance()
    await post('refunds', { charge: id, amount: 600 })
    assert.equal((await refuse('refunds', { charge: id, amount: 401 })).error.param, 'amount')
    await clock({ advance: 5 })
    assert.match(
      (await refuse('refunds', { charge: id, amount: 1001 })).error.message,
      /is greater than charge amount \(\$10\.00\)/,
    )
    const again = await post('refunds', { charge: id, amount: 1000 })
    assert.equal((await get(`charges/${id}`)).refunded, true)
    await clock({ advance: 5 })
    const { amount_refunded, refunds } = await get(`charges/${id}`)
    assert.deepEqual([amount_refunded, refunds.total_count], [0, 2])
    assert.deepEqual(
      refunds.data.map(({ id, status }) => [id === again.id, status]),
      [
        [true, 'failed'],
        [false, 'failed'],
      ],
    )
    assert.deepEqual(await balance(), [1600, Number(before[1]) - 1600])
  })

  it('expands to the transaction of its failure', async () => {
    const { charge, post, get, clock } = await merchant()
    const { id } = await post('refunds', { charge: (await charge('tok_refundFail')).id })
    await clock({ advance: 5 })
    for (const version of [OLD, NEW]) {
      const expand = ['failure_balance_transaction.source', 'charge']
      const refund = await get(`refunds/${id}`, { expand }, version)
      const back = expanded(refund.failure_balance_transaction)
      assert.deepEqual([back.object, expanded(back.source).id], ['balance_transaction', id])
      assert.equal(expanded(refund.charge).amount_refunded, 0)
    }
  })

  it('fails at its own time when the clock jumps far, and is not missed while the server is down', async () => {
    const { charge, post, get, clock } = await merchant()
    const { id } = await charge('tok_refundFail')
    const refund = await post('refunds', { charge: id })
    await shop.restart()
    await clock({ advance: '30d' })
    const row = await get(`balance_transactions/${(await get(`refunds/${refund.id}`)).failure_balance_transaction}`)
    assert.equal(row.created, refund.created + 5)
  })

  it('keeps what is said of it meanwhile and afterwards', async () => {
    const { charge, post, get, clock } = await merchant()
    const { id } = await post('refunds', { charge: (await charge('tok_refundFail')).id })
    await post(`refunds/${id}`, { metadata: { ticket: '7' } })
    await clock({ advance: 5 })
    await post(`refunds/${id}`, { metadata: { letter: 'sent' } })
    const { metadata, status } = await get(`refunds/${id}`)
    assert.deepEqual([metadata, status], [{ ticket: '7', letter: 'sent' }, 'failed'])
  })
})

describe('a refund under an Idempotency-Key', () => {
  for (const [token, result] of [
    ['tok_pendingRefund', 'succeeded'],
    ['tok_refundFail', 'failed'],
  ] as const) {
    it(`is answered as at first after it has ${result}, and not made again`, async () => {
      const { charge, post, get, clock } = await merchant()
      const { id } = await charge(token)
      const first = await post('refunds', { charge: id }, { idempotencyKey: 'once' })
      await clock({ advance: 5 })
      assert.deepEqual(await post('refunds', { charge: id }, { idempotencyKey: 'once' }), first)
      assert.deepEqual(
        (await get('refunds', { charge: id })).data.map(({ status }) => status),
        [result],
      )
    })
  }
})

describe('a refund that the balance does not cover', () => {
  it('is made all the same: the balance is negative until it fails', async () => {
    const { charge, post, clock, balance } = await merchant()
    const { id } = await charge('tok_refundFail')
    await clock({ advance: '7d' })
    assert.deepEqual(await balance(), [941, 0])
    assert.equal((await post('refunds', { charge: id })).status, 'succeeded')
    assert.deepEqual(await balance(), [-59, 0])
    assert.equal((await charge('tok_visa')).status, 'succeeded')
    await clock({ advance: 5 })
    assert.deepEqual(await balance(), [941, 941])
  })
})

describe('funds that come at once', () => {
  for (const token of ['tok_bypassPending', 'tok_bypassPendingInternational']) {
    it(`are those of ${token}, with the fee as usual`, async () => {
      const { charge, get, post, balance } = await merchant()
      const { id, created, balance_transaction } = await charge(token)
      const row = await get(`balance_transactions/${balance_transaction}`)
      assert.deepEqual([row.available_on, row.status, row.fee, row.net], [created, 'available', 59, 941])
      assert.deepEqual(await balance(), [941, 0])
      const refund = await post('refunds', { charge: id, amount: 100 })
      assert.equal((await get(`balance_transactions/${refund.balance_transaction}`)).available_on, created)
      assert.deepEqual(await balance(), [841, 0])
    })
  }

  it('are those of the number, of a saved card, and of a hold when it is captured', async () => {
    const { charge, post, clock, balance } = await merchant()
    const card = { number: '4000000000000077', exp_month: 12, exp_year: 2040 }
    await charge((await post('tokens', { card })).id)
    assert.deepEqual(await balance(), [941, 0])
    const customer = await post('customers', { source: 'tok_bypassPending' })
    await post('charges', { amount: 1000, currency: 'usd', customer: customer.id })
    assert.deepEqual(await balance(), [1882, 0])
    const { id } = await charge('tok_bypassPending', { capture: false })
    await clock({ advance: '1d' })
    await post(`charges/${id}/capture`)
    assert.deepEqual(await balance(), [2823, 0])
  })

  it('are not those of any other card', async () => {
    const { charge, post, balance } = await merchant()
    const card = { number: '5105105105105100', exp_month: 12, exp_year: 2040 }
    await charge((await post('tokens', { card })).id)
    assert.deepEqual(await balance(), [0, 941])
  })
})
