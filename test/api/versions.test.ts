import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { VERSIONS } from '../../src/http/versions/version.ts'
import { type Body, expanded, NEW, OLD, startTestServer } from './server.ts'
import { assertKeyOrder, assertKeys, CHARGE_KEYS, keysOf, OLD_CHARGE_KEYS, REFUND_KEYS } from './shapes.ts'

const shop = await startTestServer()

const SAMPLE = { amount: 1000, currency: 'usd', source: 'tok_visa' }

/** What a version shows of a charge that later ones do not. */
const BEFORE_REFUNDS_LEFT = ['2019-05-16', '2019-12-03', '2020-08-27', '2022-08-01']
const BEFORE_INVOICE_LEFT = [
  ...BEFORE_REFUNDS_LEFT,
  '2022-11-15',
  '2023-10-16',
  '2025-02-24.acacia',
  '2025-03-01.dashboard',
]
const AFTER_BOTH_LEFT = [
  '2025-03-31.basil',
  '2025-08-27.basil',
  '2025-09-30.clover',
  '2026-03-25.dahlia',
  '2026-10-28.endive',
]

describe('a Stripe-Version header', () => {
  const taken: readonly (readonly [sent: string, served: string])[] = [
    [OLD, OLD],
    [NEW, NEW],
    ['2020-08-27', '2020-08-27'],
    ['2025-03-31.basil', '2025-03-31.basil'],
    // Next month's library works with what there is.
    ['2026-11-25.endive', NEW],
    ['2027-03-31.ficus', NEW],
    ['2030-01-01', NEW],
    // Previews are served as the stable version of their date, or the one before; single features are left out.
    ['2026-08-26.preview', '2026-08-26.dahlia'],
    ['2026-09-15.preview', '2026-08-26.dahlia'],
    ['2026-10-28.endive; some_feature=v1', NEW],
    ['2020-08-27;a_beta=v1;b_beta=v2', '2020-08-27'],
  ]
  for (const [sent, served] of taken) {
    it(`${sent} is served as ${served}`, async () => {
      const { status, headers } = await shop.call('GET /v1/balance', {}, { version: sent })
      assert.deepEqual([status, headers.get('stripe-version')], [200, served])
    })
  }

  const wrong = [
    '2019-2-19',
    '2022-08-02',
    '2025-09-30.acacia',
    '2019-05-16, 2019-12-03',
    'not-a-real-version',
    '2018-01-01',
    '2026-10-28',
    '2026-10-28.dahlia',
  ]
  for (const sent of wrong) {
    it(`${sent} is refused, and told back`, async () => {
      const { status, error, headers } = await shop.refused('POST /v1/charges', SAMPLE, { version: sent })
      assert.equal(status, 400)
      assert.deepEqual(error, { message: `Invalid Stripe API version: ${sent}`, type: 'invalid_request_error' })
      assert.equal(headers.get('stripe-version'), sent)
    })
  }

  it("that is empty or missing means the account's default", async () => {
    const { body: account } = await shop.control<{ secret_key: string }>('POST /accounts', {})
    for (const [key, served] of [
      [undefined, OLD],
      [account.secret_key, NEW],
    ] as const) {
      for (const version of [undefined, '']) {
        const { headers } = await shop.call(
          'GET /v1/balance',
          {},
          { ...(key && { key }), ...(version !== undefined && { version }) },
        )
        assert.equal(headers.get('stripe-version'), served)
      }
    }
  })

  it('is looked at after the key, and before the URL and the parameters', async () => {
    const version = '2022-08-02'
    assert.equal((await shop.refused('GET /v1/charges', {}, { version, key: 'sk_test_wrong' })).status, 401)
    assert.match((await shop.refused('POST /v1/charges', { wat: 1 }, { version })).error.message, /API version/)
    assert.match((await shop.refused('GET /v1/nothing', {}, { version })).error.message, /API version/)
  })

  it('is told on every answer, errors too', async () => {
    for (const version of [OLD, NEW]) {
      for (const route of ['POST /v1/charges', 'GET /v1/nothing', 'GET /v1/charges/ch_nope']) {
        assert.equal((await shop.refused(route, {}, { version })).headers.get('stripe-version'), version)
      }
    }
  })

  it('is sent by the library of today, and by the old one not', async () => {
    const charge = await shop.stripe.charges.create(SAMPLE)
    assert.equal(charge.lastResponse.apiVersion, NEW)
    const old: Body = await shop.oldStripe.charges.retrieve(charge.id)
    assertKeys(old, OLD_CHARGE_KEYS)
    assertKeys(JSON.parse(JSON.stringify(charge)), CHARGE_KEYS)
  })
})

describe('a charge in the versions between', () => {
  it('answers each that Stripe has published', async () => {
    const { id } = await shop.made('POST /v1/charges', SAMPLE)
    for (const version of VERSIONS) {
      const { headers, status } = await shop.call(`GET /v1/charges/${id}`, {}, { version })
      assert.deepEqual([status, headers.get('stripe-version')], [200, version])
    }
    assert.equal(VERSIONS.length, 42)
  })

  it('carries its refunds before 2022-11-15, and an invoice before 2025-03-31.basil', async () => {
    const { id } = await shop.made('POST /v1/charges', SAMPLE)
    for (const version of [...BEFORE_INVOICE_LEFT, ...AFTER_BOTH_LEFT]) {
      const charge = await shop.made(`GET /v1/charges/${id}`, {}, { version })
      const { refunds, invoice } = { refunds: 'refunds' in charge, invoice: 'invoice' in charge }
      assert.deepEqual(
        [version, refunds, invoice],
        [version, BEFORE_REFUNDS_LEFT.includes(version), BEFORE_INVOICE_LEFT.includes(version)],
      )
      assertKeyOrder(charge)
    }
  })

  it('a partial capture makes a refund before 2025-03-31.basil', async () => {
    for (const [version, refunded] of [
      ['2025-02-24.acacia', 300],
      ['2025-03-01.dashboard', 300],
      ['2025-03-31.basil', 0],
    ] as const) {
      const { id } = await shop.made('POST /v1/charges', { ...SAMPLE, capture: false })
      const { amount_refunded } = await shop.made(`POST /v1/charges/${id}/capture`, { amount: 700 }, { version })
      assert.deepEqual([version, amount_refunded], [version, refunded])
    }
  })
})

describe('objects inside others are in the version asked for', async () => {
  const charge = await shop.made('POST /v1/charges', SAMPLE)
  const refund = await shop.made('POST /v1/refunds', { charge: charge.id, amount: 300 })
  const versions = [
    { version: OLD, keys: OLD_CHARGE_KEYS },
    { version: NEW, keys: CHARGE_KEYS },
  ]
  for (const { version, keys } of versions) {
    const read = (path: string, ...expand: string[]) => shop.made(`GET ${path}`, { expand }, { version })
    // The one refund in the list has keys of its own.
    const expected = [...keys, ...(version === OLD ? REFUND_KEYS.map((key) => `refunds.data[].${key}`) : [])]

    it(`a charge in its refund, ${version}`, async () => {
      const { charge: inside } = await read(`/v1/refunds/${refund.id}`, 'charge')
      assertKeys(inside, expected)
      assert.deepEqual(inside, await read(`/v1/charges/${charge.id}`))
    })

    it(`a charge in each refund of a list, ${version}`, async () => {
      const { data } = await read('/v1/refunds', 'data.charge')
      assertKeys(data[0]?.charge, expected)
    })

    it(`a charge in its balance transaction, ${version}`, async () => {
      const { source } = await read(`/v1/balance_transactions/${charge.balance_transaction}`, 'source')
      assertKeys(source, expected)
    })

    it(`a charge in the refund in the balance transaction, ${version}`, async () => {
      const { source } = await read(`/v1/balance_transactions/${refund.balance_transaction}`, 'source.charge')
      assertKeys(expanded(source).charge, expected)
    })

    it(`its balance transaction in a charge, and the charge in that, ${version}`, async () => {
      const charged = await read(`/v1/charges/${charge.id}`, 'balance_transaction.source')
      const row = expanded(charged.balance_transaction)
      assert.equal(row.object, 'balance_transaction')
      assertKeys(row.source, expected)
      assertKeyOrder(charged)
    })

    it(`the refunds with their rows of the balance, when asked for, ${version}`, async () => {
      const { refunds } = await read(`/v1/charges/${charge.id}`, 'refunds.data.balance_transaction')
      assert.deepEqual([refunds.total_count, refunds.data.length], [1, 1])
      assert.equal(expanded(refunds.data[0]?.balance_transaction).id, refund.balance_transaction)
    })

    it(`the refunds in each charge of a list, when asked for, ${version}`, async () => {
      const { data } = await read('/v1/charges', 'data.refunds')
      for (const one of data) assert.equal(one.refunds.object, 'list')
      assert.equal(data.find(({ id }) => id === charge.id)?.refunds.data[0]?.id, refund.id)
    })

    it(`also in the answer that made them, ${version}`, async () => {
      const made = await shop.made(
        'POST /v1/charges',
        { ...SAMPLE, expand: ['balance_transaction', 'refunds'] },
        { version },
      )
      assert.equal(expanded(made.balance_transaction).source, made.id)
      assert.deepEqual(made.refunds.data, [])
      const released = await shop.made(
        'POST /v1/refunds',
        { charge: made.id, expand: ['charge.refunds', 'charge.balance_transaction'] },
        { version },
      )
      const after = expanded(released.charge)
      assert.deepEqual([after.refunded, after.refunds.data.length, after.refunds.data[0]?.id], [true, 1, released.id])
      assert.equal(expanded(after.balance_transaction).id, expanded(made.balance_transaction).id)
    })
  }
})

describe('metadata is never touched by a version', () => {
  it('not even where it looks like an object', async () => {
    const metadata = { object: 'charge', refunds: 'mine', invoice: '17', type: 'charge.refunded' }
    const { id } = await shop.made('POST /v1/charges', { ...SAMPLE, metadata })
    for (const version of [OLD, NEW])
      assert.deepEqual((await shop.made(`GET /v1/charges/${id}`, {}, { version })).metadata, metadata)
  })

  it('and an event of it is in the version of its account', async () => {
    const { data } = await shop.made('GET /v1/events', { type: 'charge.succeeded', limit: 1 }, { version: NEW })
    const { object } = (data[0] as unknown as { data: { object: Body } }).data
    assert.deepEqual(keysOf({ ...object, metadata: {} }), [...OLD_CHARGE_KEYS].sort())
  })
})
