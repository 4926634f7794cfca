import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, HOUR } from './clock.ts'
import { ADMIN_TOKEN, type Body, NEW, OLD, startTestServer } from './server.ts'

const shop = await startTestServer()

const HOLD = { amount: 1000, currency: 'usd', source: 'tok_visa', capture: false }

type Account = { readonly id: string; readonly secret_key: string; readonly publishable_key: string }

/** An account of its own, with its clock: nothing of another test is due in it. */
async function merchant() {
  const { body: account } = await shop.control<Account>('POST /accounts', {})
  const key = account.secret_key
  const asked = (version = OLD) => ({ key, version })
  return {
    key,
    account,
    hold: (form = {}) => shop.made('POST /v1/charges', { ...HOLD, ...form }, asked()),
    read: (path: string, form = {}, version = OLD) => shop.made(`GET /v1/${path}`, form, asked(version)),
    refused: (route: string, form = {}) => shop.refused(route, form, asked()),
    move: async (change: object) => (await clock('POST', change, key)).body,
    events: async () => (await shop.made('GET /v1/events', { limit: 100 }, asked())).data.toReversed() as Body[],
  }
}

type Shown = Body & { readonly now: number; readonly offset: number; readonly done: Readonly<Record<string, number>> }

async function clock(method: 'GET' | 'POST', change: object | undefined, key: string) {
  const pairs = Object.entries(change ?? {}).map(([name, value]): [string, string] => [name, String(value)])
  const body = change && new URLSearchParams(pairs)
  const headers = { authorization: `Bearer ${key}` }
  const response = await fetch(`${shop.url}/_koban/clock`, { method, headers, body: body ?? null })
  return { status: response.status, body: (await response.json()) as Shown }
}

describe('a hold', () => {
  it('lapses after seven days, at its own time, when the clock jumps far beyond', async () => {
    const { hold, move, read, refused, events } = await merchant()
    const { id, created } = await hold()
    const { done, now } = await move({ advance: '29d' })
    assert.deepEqual(done, { charges_expired: 1 })
    assert.equal(now, created + 29 * DAY)

    const charge = await read(`charges/${id}`)
    assert.deepEqual([charge.captured, charge.paid, charge.status], [false, true, 'succeeded'])
    assert.deepEqual([charge.amount_captured, charge.balance_transaction], [0, null])
    const { error } = await refused(`POST /v1/charges/${id}/capture`)
    assert.equal(error.code, 'charge_expired_for_capture')
    assert.equal((await refused('POST /v1/refunds', { charge: id })).error.code, 'charge_already_refunded')
    const told = await events()
    assert.deepEqual(
      told.map(({ type, created }) => [type, created]),
      [
        ['charge.succeeded', created],
        ['charge.expired', created + 7 * DAY],
      ],
    )
    assert.deepEqual(told[1]?.request, { id: null, idempotency_key: null })
  })

  it('leaves no refund in an account of today, and a refund in one of the guide’s days', async () => {
    const { hold, move, read } = await merchant()
    const { id } = await hold()
    await move({ advance: '8d' })
    const today = await read(`charges/${id}`, {}, NEW)
    assert.deepEqual([today.refunded, today.amount_refunded], [false, 0])
    assert.deepEqual((await read('refunds', { charge: id })).data, [])

    const old = await shop.made('POST /v1/charges', HOLD)
    await shop.control('POST /clock', { advance: '8d' })
    const lapsed = await shop.made(`GET /v1/charges/${old.id}`)
    assert.deepEqual([lapsed.refunded, lapsed.amount_refunded, lapsed.captured], [true, 1000, false])
    const [refund] = lapsed.refunds.data
    assert(refund)
    assert.deepEqual(
      [refund.amount, refund.reason, refund.balance_transaction],
      [1000, 'expired_uncaptured_charge', null],
    )
    assert.equal(refund.created, old.created + 7 * DAY)
  })

  it('that was captured or released is left alone', async () => {
    const { hold, move, key, events } = await merchant()
    const captured = await hold()
    const released = await hold()
    await shop.made(`POST /v1/charges/${captured.id}/capture`, {}, { key })
    await shop.made('POST /v1/refunds', { charge: released.id }, { key })
    assert.deepEqual((await move({ advance: '8d' })).done, {})
    assert(!(await events()).some(({ type }) => type === 'charge.expired'))
  })

  it('lapses in the order of its time, with hundreds of others', async () => {
    const { hold, move, events } = await merchant()
    await move({ freeze: true })
    const made: Body[] = []
    for (let n = 0; n < 6; n++) {
      made.push(...(await Promise.all(Array.from({ length: 50 }, () => hold()))))
      await move({ advance: '1h' })
    }
    const { done } = await move({ advance: '7d' })
    assert.deepEqual(done, { charges_expired: 300 })
    const lapsed = (await events()).filter(({ type }) => type === 'charge.expired')
    assert.deepEqual(
      lapsed.map(({ created }) => created),
      lapsed.map(({ created }) => created).toSorted((a, b) => a - b),
    )
    assert.equal((await move({ advance: 0 })).done.charges_expired, undefined)
  })

  it('lapses by itself when real time has passed', async () => {
    const other = await startTestServer()
    const { id } = await other.made('POST /v1/charges', HOLD)
    other.clock.advance(7 * DAY)
    for (;;) {
      const charge = await other.made(`GET /v1/charges/${id}`)
      if (charge.refunded) break
      await new Promise((later) => setTimeout(later, 50))
    }
  })

  it('that fell due while the server was down lapses when it is up again', async () => {
    const other = await startTestServer()
    const { id } = await other.made('POST /v1/charges', HOLD)
    other.clock.advance(8 * DAY)
    await other.restart()
    assert.deepEqual((await other.control('POST /clock', {})).status, 200)
    assert.equal((await other.made(`GET /v1/charges/${id}`)).refunded, true)
  })
})

describe('the clock of an account', () => {
  it('shows where it stands', async () => {
    const { key, account } = await merchant()
    const { body } = await clock('GET', undefined, key)
    assert.deepEqual(body, {
      object: 'clock',
      account: account.id,
      now: shop.clock.seconds,
      frozen: false,
      offset: 0,
      done: {},
      pending_deliveries: 0,
    })
  })

  it('moves nobody else’s time, and is kept over a restart', async () => {
    const [mine, yours] = [await merchant(), await merchant()]
    await mine.move({ advance: '36h' })
    assert.equal((await mine.hold()).created, shop.clock.seconds + 36 * HOUR)
    assert.equal((await yours.hold()).created, shop.clock.seconds)
    await mine.move({ freeze: true })
    await shop.restart()
    assert.equal((await mine.hold()).created, shop.clock.seconds + 36 * HOUR)
  })

  it('decides about tokens and keys', async () => {
    const { key, move } = await merchant()
    const card = { number: '4242424242424242', exp_month: 12, exp_year: 2040 }
    const { id } = await shop.made('POST /v1/tokens', { card }, { key })
    const form = { amount: 500, currency: 'usd', source: 'tok_visa' }
    const first = await shop.made('POST /v1/charges', form, { key, idempotencyKey: 'once' })
    await move({ advance: '11m' })
    await shop.refused('POST /v1/charges', { ...form, source: id }, { key })
    assert.equal((await shop.made('POST /v1/charges', form, { key, idempotencyKey: 'once' })).id, first.id)
    await move({ advance: '24h' })
    assert.notEqual((await shop.made('POST /v1/charges', form, { key, idempotencyKey: 'once' })).id, first.id)
  })

  const wrong: [string, object, string][] = [
    ['backwards', { to: 1_000_000_000 }, 'to'],
    ['by something that is no time', { advance: 'soon' }, 'advance'],
    ['with a parameter that is not there', { back: '1d' }, 'back'],
    ['by a span and to a time', { advance: '1d', to: 2_000_000_000 }, 'advance'],
  ]
  for (const [how, change, param] of wrong) {
    it(`is not moved ${how}`, async () => {
      const { key } = await merchant()
      const { status, body } = await clock('POST', change, key)
      assert.deepEqual([status, body.error.param], [400, param])
      assert.equal((await clock('GET', undefined, key)).body.offset, 0)
    })
  }

  it('is nobody else’s: a publishable, live or wrong key cannot move it', async () => {
    const { account } = await merchant()
    const live = await shop.control<{ readonly key: string }>(`POST /accounts/${account.id}/keys`, { livemode: true })
    for (const key of [account.publishable_key, live.body.key, 'sk_test_wrong', ''])
      assert((await clock('POST', { advance: '1d' }, key)).status >= 401)
    const admin = await clock('POST', { advance: '1d', account: account.id }, ADMIN_TOKEN)
    assert.equal(admin.body.offset, DAY)
  })
})
