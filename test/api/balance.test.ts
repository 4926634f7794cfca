import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY } from './clock.ts'
import { type Body, type Form, NEW, OLD, startTestServer } from './server.ts'
import { assertKeyOrder, assertKeys, BALANCE_TRANSACTION_KEYS } from './shapes.ts'

const shop = await startTestServer()

/** A merchant of one test, with an empty balance. */
async function merchant(form: object = {}) {
  const { body: account } = await shop.control<{ id: string; secret_key: string }>('POST /accounts', form)
  const key = account.secret_key
  return {
    ...account,
    post: (path: string, sent?: Form) => shop.made(`POST ${path}`, sent, { key }),
    get: (path: string, sent?: Form) => shop.made(`GET ${path}`, sent, { key }),
    charge: (sent: Form) => shop.made('POST /v1/charges', { currency: 'usd', source: 'tok_visa', ...sent }, { key }),
    balance: async () => fundsOf(await shop.made('GET /v1/balance', {}, { key })),
  }
}

/** A balance as `currency: available/pending`. */
function fundsOf({ available, pending }: Body): string[] {
  return available.map(({ currency, amount }, n) => `${currency}: ${amount}/${pending[n]?.amount}`)
}

const midnight = (seconds: number) => seconds - (seconds % DAY)

describe('the fee of a charge', () => {
  const examples: readonly (readonly [country: string, currency: string, amount: number, fee: number, net: number])[] =
    [
      ['US', 'usd', 2000, 88, 1912],
      ['US', 'usd', 999, 59, 940],
      ['US', 'usd', 500, 45, 455],
      ['US', 'usd', 50, 31, 19],
      ['JP', 'jpy', 999, 36, 963],
      ['GB', 'gbp', 4400, 82, 4318],
      ['GB', 'gbp', 1000, 34, 966],
      ['DE', 'eur', 50_000, 725, 49_275],
    ]
  for (const [country, currency, amount, fee, net] of examples) {
    it(`of ${amount} ${currency} is ${fee} in ${country}`, async () => {
      const { charge, get, balance } = await merchant({ country, default_currency: currency })
      const {
        id,
        created,
        balance_transaction: row,
      } = await charge({ amount, currency, description: 'Example charge' })
      const transaction = await get(`/v1/balance_transactions/${row}`)
      const { available_on, ...rest } = transaction
      assert(Number(available_on) > created && Number(available_on) % DAY === 0, `available_on ${available_on}`)
      assert.deepEqual(rest, {
        id: row,
        object: 'balance_transaction',
        amount,
        balance_type: 'payments',
        created,
        currency,
        description: 'Example charge',
        exchange_rate: null,
        fee,
        fee_details: [
          { amount: fee, application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' },
        ],
        net,
        reporting_category: 'charge',
        source: id,
        status: 'pending',
        type: 'charge',
      })
      assert.deepEqual(await balance(), [`${currency}: 0/${net}`])
    })
  }

  it('is not given back by a refund: the merchant has lost it', async () => {
    const { charge, post, balance } = await merchant()
    const { id } = await charge({ amount: 999 })
    await post('/v1/refunds', { charge: id, amount: 400 })
    assert.deepEqual(await balance(), ['usd: 0/540'])
    await post('/v1/refunds', { charge: id })
    assert.deepEqual(await balance(), ['usd: 0/-59'])
  })

  it('may exceed what is charged', async () => {
    const { charge, balance } = await merchant()
    await charge({ amount: 30, currency: 'gbp' })
    assert.deepEqual(await balance(), ['usd: 0/0', 'gbp: 0/9'])
    await charge({ amount: 250, currency: 'dkk' })
    assert.deepEqual(await balance(), ['usd: 0/0', 'dkk: 0/63', 'gbp: 0/9'])
  })
})

describe('the balance', () => {
  it('of a fresh account is nothing of its own currency, in both versions', async () => {
    const { secret_key: key } = await merchant()
    const empty = [{ amount: 0, currency: 'usd', source_types: { card: 0 } }]
    for (const version of [OLD, NEW]) {
      const balance = await shop.made('GET /v1/balance', {}, { key, version })
      assert.equal(
        JSON.stringify(balance),
        JSON.stringify({ object: 'balance', available: empty, livemode: false, pending: empty }),
      )
    }
  })

  it('counts charges and refunds, but no holds, releases or declines', async () => {
    const { charge, post, balance, secret_key: key } = await merchant()
    await charge({ amount: 2000 })
    const { id } = await charge({ amount: 1000, capture: false })
    await post(`/v1/charges/${(await charge({ amount: 1000, capture: false })).id}/refund`)
    await shop.refused('POST /v1/charges', { amount: 999, currency: 'usd', source: 'tok_chargeDeclined' }, { key })
    assert.deepEqual(await balance(), ['usd: 0/1912'])
    await post(`/v1/charges/${id}/capture`, { amount: 800 })
    assert.deepEqual(await balance(), ['usd: 0/2659'])
  })

  it('keeps each currency by itself', async () => {
    const { charge, balance } = await merchant()
    await charge({ amount: 1000, currency: 'jpy' })
    await charge({ amount: 1000, currency: 'eur' })
    await charge({ amount: 2000, currency: 'usd' })
    assert.deepEqual(await balance(), ['usd: 0/1912', 'eur: 0/946', 'jpy: 0/971'])
  })

  it('becomes available two business days later, at midnight', async () => {
    // The shop's clock: Thursday 2019-05-16, so Monday the 20th.
    const { charge, get, balance } = await merchant()
    const { balance_transaction: row, created } = await charge({ amount: 2000 })
    const { available_on } = await get(`/v1/balance_transactions/${row}`)
    assert.equal(available_on, midnight(created) + 4 * DAY)
    shop.clock.advance(Number(available_on) - shop.clock.seconds - 1)
    assert.deepEqual(await balance(), ['usd: 0/1912'])
    shop.clock.advance(1)
    assert.deepEqual(await balance(), ['usd: 1912/0'])
    assert.equal((await get(`/v1/balance_transactions/${row}`)).status, 'available')
  })

  it('gives a refund back from where the money of its charge is', async () => {
    const { charge, get, post, balance } = await merchant()
    const early = await charge({ amount: 2000 })
    const pending = await post('/v1/refunds', { charge: early.id, amount: 500 })
    assert.deepEqual(await balance(), ['usd: 0/1412'])
    const [charged, refunded] = [
      await get(`/v1/balance_transactions/${early.balance_transaction}`),
      await get(`/v1/balance_transactions/${pending.balance_transaction}`),
    ]
    assert.deepEqual([refunded.status, refunded.available_on], ['pending', charged.available_on])
    shop.clock.advance(7 * DAY)
    const late = await post('/v1/refunds', { charge: early.id, amount: 500 })
    const { status, available_on } = await get(`/v1/balance_transactions/${late.balance_transaction}`)
    assert.deepEqual([status, available_on], ['available', shop.clock.seconds])
    assert.deepEqual(await balance(), ['usd: 912/0'])
  })
})

describe('balance transactions', () => {
  it('have every key, in order, in both versions and under both names of the route', async () => {
    const { charge, secret_key: key } = await merchant()
    const { balance_transaction: row } = await charge({ amount: 999 })
    for (const version of [OLD, NEW]) {
      for (const path of ['/v1/balance_transactions', '/v1/balance/history']) {
        const one = await shop.made(`GET ${path}/${row}`, {}, { key, version })
        assertKeys(one, BALANCE_TRANSACTION_KEYS)
        assertKeyOrder(one)
        const list = await shop.made(`GET ${path}`, {}, { key, version })
        assert.deepEqual([list.data, list.url, list.has_more], [[one], path, false])
      }
    }
  })

  it('are found by type, source, currency, time and page', async () => {
    const { charge, get, post } = await merchant()
    const first = await charge({ amount: 1000 })
    shop.clock.advance(DAY)
    const second = await charge({ amount: 2000, currency: 'eur' })
    const refund = await post('/v1/refunds', { charge: first.id })
    const rows = [refund, second, first].map((one) => one.balance_transaction)
    const find = async (form: Form) =>
      (await get('/v1/balance_transactions', form)).data.map(({ id }) => rows.indexOf(id))
    assert.deepEqual(await find({}), [0, 1, 2])
    assert.deepEqual(await find({ type: 'refund' }), [0])
    assert.deepEqual(await find({ type: 'charge' }), [1, 2])
    assert.deepEqual(await find({ source: first.id }), [2])
    assert.deepEqual(await find({ source: refund.id }), [0])
    assert.deepEqual(await find({ currency: 'eur' }), [1])
    assert.deepEqual(await find({ created: { lt: second.created } }), [2])
    assert.deepEqual(await find({ limit: 1 }), [0])
    assert.deepEqual(await find({ starting_after: rows[0] }), [1, 2])
    assert.deepEqual(await find({ ending_before: rows[2] }), [0, 1])
    assert.deepEqual(await find({ type: 'nothing' }), [])
    assert.deepEqual(await find({ currency: 'xxx' }), [])
  })

  it('expand to what moved the money, in the version asked for', async () => {
    const { charge, secret_key: key } = await merchant()
    const { id, balance_transaction: row } = await charge({ amount: 999 })
    for (const version of [OLD, NEW]) {
      const { source } = await shop.made(
        `GET /v1/balance_transactions/${row}`,
        { expand: ['source'] },
        { key, version },
      )
      assert.deepEqual(source, await shop.made(`GET /v1/charges/${id}`, {}, { key, version }))
      const { data } = await shop.made('GET /v1/balance_transactions', { expand: ['data.source'] }, { key, version })
      assert.deepEqual(data[0]?.source, source)
    }
  })

  it('are read by the libraries', async () => {
    const charge = await shop.made('POST /v1/charges', { amount: 2000, currency: 'usd', source: 'tok_visa' })
    const row = await shop.stripe.balanceTransactions.retrieve(charge.balance_transaction)
    assert.deepEqual([row.fee, row.net], [88, 1912])
    const { data } = await shop.oldStripe.balanceTransactions.list({ source: charge.id })
    assert.deepEqual(
      data.map(({ id }) => id),
      [row.id],
    )
    assert.equal((await shop.stripe.balance.retrieve()).pending[0]?.amount, 1912)
    assert.equal((await shop.oldStripe.balance.retrieve()).pending[0]?.amount, 1912)
  })
})
