import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY } from './clock.ts'
import { type Body, type Form, NEW, OLD, startTestServer } from './server.ts'
import { assertKeyOrder, assertKeys, CHARGE_KEYS, EVENT_KEYS, keysOf, OLD_CHARGE_KEYS, REFUND_KEYS } from './shapes.ts'

type Event = Pick<Body, 'id' | 'object' | 'created' | 'request'> & {
  readonly type: string
  readonly api_version: string
  readonly livemode: boolean
  readonly pending_webhooks: number
  readonly data: { readonly object: Body; readonly previous_attributes?: Readonly<Record<string, unknown>> }
}
type EventList = { readonly data: readonly Event[] }

const shop = await startTestServer()

/** An account of today beside the guide's: its events are in its own version. */
const { body: today } = await shop.control<{ secret_key: string }>('POST /accounts', {})
const accounts = [
  { version: OLD, key: undefined, chargeKeys: OLD_CHARGE_KEYS },
  { version: NEW, key: today.secret_key, chargeKeys: CHARGE_KEYS },
]

for (const { version, key, chargeKeys } of accounts) {
  const options = key === undefined ? {} : { key }
  // The header must not matter to an event: each request is made in the version that is not the account's.
  const inOtherVersion = { ...options, version: version === OLD ? NEW : OLD }
  const post = (path: string, form?: Form) => shop.made(`POST ${path}`, form, inOtherVersion)
  const charge = (form: Form = {}) =>
    post('/v1/charges', { amount: 1000, currency: 'usd', source: 'tok_visa', ...form })
  const list = (form: Form = {}) => shop.made<EventList>('GET /v1/events', { limit: 100, ...form }, inOtherVersion)

  /** The events that `deed` causes, oldest first, less the clock's and the caller's. */
  async function eventsOf(deed: () => Promise<unknown>): Promise<readonly Event[]> {
    const before = (await list({ limit: 1 })).data[0]?.id
    await deed()
    return (await list({ ending_before: before })).data.toReversed()
  }

  const typesOf = async (deed: () => Promise<unknown>) => (await eventsOf(deed)).map(({ type }) => type)

  describe(`the events of an account of ${version}`, () => {
    it('tell of a charge', async () => {
      let made: Body | undefined
      const [event, ...others] = await eventsOf(async () => {
        made = await charge({ description: 'Example charge' })
      })
      assert(event && made)
      assert.deepEqual(others, [])
      assert.match(event.id, /^evt_[0-9A-Za-z]{24}$/)
      assert.deepEqual(
        [event.type, event.api_version, event.livemode, event.pending_webhooks],
        ['charge.succeeded', version, false, 0],
      )
      assert.equal(event.created, shop.clock.seconds)
      assert.match(String(event.request.id), /^req_[0-9A-Za-z]{14}$/)
      assert.equal(event.request.idempotency_key, null)
      assert.deepEqual(Object.keys(event.data), ['object'])
      assertKeys(event.data.object, chargeKeys)
      assertKeyOrder(event)
      assert.deepEqual(event.data.object, await shop.made(`GET /v1/charges/${made.id}`, {}, { ...options, version }))
      assert.deepEqual(Object.keys(event), EVENT_KEYS)
    })

    it('tell of a decline, and of nothing else', async () => {
      const declined = () =>
        shop.refused('POST /v1/charges', { amount: 999, currency: 'usd', source: 'tok_chargeDeclined' }, inOtherVersion)
      const [event, ...others] = await eventsOf(declined)
      assert.deepEqual([event?.type, event?.data.object.status, others], ['charge.failed', 'failed', []])
      assert.equal(event && 'previous_attributes' in event.data, false)
    })

    it('tell of a capture and of a refund, in their order', async () => {
      const { id } = await charge({ capture: false })
      assert.deepEqual(await typesOf(() => post(`/v1/charges/${id}/capture`)), ['charge.captured'])
      assert.deepEqual(await typesOf(() => post('/v1/refunds', { charge: id, amount: 400 })), [
        'refund.created',
        'charge.refunded',
      ])
      assert.deepEqual(await typesOf(() => post('/v1/refunds', { charge: id })), ['refund.created', 'charge.refunded'])
    })

    it('tell what a capture changed', async () => {
      const { id } = await charge({ capture: false })
      const [event] = await eventsOf(() => post(`/v1/charges/${id}/capture`))
      const previous = event?.data.previous_attributes
      const { payment_method_details: details, ...rest } = previous ?? {}
      assert.deepEqual(rest, { amount_captured: 0, balance_transaction: null, captured: false })
      assert.deepEqual(keysOf(details), ['card', 'card.capture_before'])
    })

    it('tell what a refund changed', async () => {
      const { id } = await charge()
      const previousOf = async (form: Form) =>
        (await eventsOf(() => post('/v1/refunds', { charge: id, ...form }))).at(-1)?.data.previous_attributes
      const first = await previousOf({ amount: 400 })
      const rest = await previousOf({})
      const lists = (data: number) => (version === OLD ? { refunds: { data, total_count: data } } : {})
      const counted = (previous: typeof first) => {
        const { refunds, ...others } = previous ?? {}
        const { data, total_count } = (refunds ?? {}) as { data?: unknown[]; total_count?: number }
        return refunds === undefined ? others : { ...others, refunds: { data: data?.length, total_count } }
      }
      assert.deepEqual(counted(first), { amount_refunded: 0, ...lists(0) })
      assert.deepEqual(counted(rest), { amount_refunded: 400, refunded: false, ...lists(1) })
    })

    it('tell of ten refunds before, also of a charge that has more', async () => {
      const { id } = await charge()
      for (let n = 0; n < 10; n++) await post('/v1/refunds', { charge: id, amount: 10 })
      const [eleventh, twelfth] = [
        (await eventsOf(() => post('/v1/refunds', { charge: id, amount: 10 }))).at(-1),
        (await eventsOf(() => post('/v1/refunds', { charge: id, amount: 10 }))).at(-1),
      ]
      if (version === NEW) {
        assert.deepEqual(twelfth?.data.previous_attributes, { amount_refunded: 110 })
        return
      }
      const before = eleventh?.data.object.refunds
      assert.deepEqual([before?.data.length, before?.has_more, before?.total_count], [10, true, 11])
      const previous = { amount_refunded: 110, refunds: { data: before?.data, total_count: 11 } }
      assert.deepEqual(twelfth?.data.previous_attributes, previous)
      assert.equal(twelfth?.data.object.refunds.data.length, 10)
      const list = eleventh?.data.previous_attributes?.refunds as Body['refunds'] | undefined
      assert.deepEqual([list?.data.length, list?.has_more, list?.total_count], [10, false, 10])
    })

    it('carry the charge of that moment, with its refunds of that moment', async () => {
      const { id } = await charge()
      const events = await eventsOf(async () => {
        for (const amount of [100, 200]) await post('/v1/refunds', { charge: id, amount })
      })
      const charges = events.filter(({ type }) => type === 'charge.refunded').map(({ data }) => data.object)
      assert.deepEqual(
        charges.map(({ amount_refunded }) => amount_refunded),
        [100, 300],
      )
      for (const one of charges) assertKeyOrder(one)
      if (version === OLD)
        assert.deepEqual(
          charges.map(({ refunds }) => refunds.data.map(({ amount }) => amount)),
          [[100], [200, 100]],
        )
      else
        assert.deepEqual(
          charges.map((one) => 'refunds' in one),
          [false, false],
        )
      const refunds = events.filter(({ type }) => type === 'refund.created').map(({ data }) => data.object)
      for (const one of refunds) assertKeys(one, REFUND_KEYS)
      assert.deepEqual(
        refunds.map(({ amount, charge }) => [amount, charge]),
        [
          [100, id],
          [200, id],
        ],
      )
    })

    it('tell of a change, with the old values: null for a new key of metadata', async () => {
      const { id } = await charge({ description: 'before', metadata: { kept: '1', changed: 'old', removed: 'x' } })
      const change = { description: 'after', metadata: { changed: 'new', removed: '', added: '2' } }
      const [event, ...others] = await eventsOf(() => post(`/v1/charges/${id}`, change))
      assert.deepEqual([event?.type, others], ['charge.updated', []])
      assert.deepEqual(event?.data.previous_attributes, {
        description: 'before',
        metadata: { changed: 'old', removed: 'x', added: null },
      })
      assert.deepEqual(event?.data.object.metadata, { kept: '1', changed: 'new', added: '2' })
    })

    it('tell of a change of shipping, set and changed', async () => {
      const { id } = await charge()
      const address = { line1: '1 Main Street' }
      const [set] = await eventsOf(() => post(`/v1/charges/${id}`, { shipping: { name: 'Jenny', address } }))
      assert.deepEqual(set?.data.previous_attributes, { shipping: null })
      const [changed] = await eventsOf(() => post(`/v1/charges/${id}`, { shipping: { name: 'Jenny Rosen', address } }))
      assert.deepEqual(changed?.data.previous_attributes, { shipping: { name: 'Jenny' } })
    })

    it('tell nothing of a change that changed nothing, of a refusal, and of a token', async () => {
      const { id } = await charge({ metadata: { a: '1' } })
      const silent = async () => {
        await post(`/v1/charges/${id}`, { metadata: { a: '1' } })
        await post(`/v1/charges/${id}`)
        await shop.refused(`POST /v1/charges/${id}/capture`, {}, options)
        await shop.refused('POST /v1/charges', { amount: 1, currency: 'usd', source: 'tok_visa' }, options)
        await post('/v1/tokens', { card: { number: '4242424242424242', exp_month: 1, exp_year: 2020 } })
      }
      assert.deepEqual(await typesOf(silent), [])
    })

    it("tell of a refund's metadata under both names", async () => {
      const refund = await post('/v1/refunds', { charge: (await charge()).id })
      const events = await eventsOf(() => post(`/v1/refunds/${refund.id}`, { metadata: { a: '1' } }))
      assert.deepEqual(events.map(({ type }) => type).sort(), ['charge.refund.updated', 'refund.updated'])
      for (const { data } of events) assert.deepEqual(data.previous_attributes, { metadata: { a: null } })
    })

    it('tell of a released hold', async () => {
      const { id } = await charge({ capture: false })
      const events = await eventsOf(() => post('/v1/refunds', { charge: id }))
      assert.equal(events.at(-1)?.type, 'charge.refunded')
      const released = events.at(-1)?.data.object
      assert.deepEqual([released?.captured, released?.refunded, released?.amount_refunded], [false, true, 1000])
      assert.equal(released?.balance_transaction, null)
    })

    it('name the request that caused them', async () => {
      const sent = { amount: 999, currency: 'usd', source: 'tok_visa' }
      let requestId: string | null = null
      const [event] = await eventsOf(async () => {
        const { headers } = await shop.call('POST /v1/charges', sent, {
          ...options,
          idempotencyKey: `named-${version}`,
        })
        requestId = headers.get('request-id')
      })
      assert.deepEqual(event?.request, { id: requestId, idempotency_key: `named-${version}` })
    })

    it('are the same whoever asks, in whatever version', async () => {
      const [first] = (await list({ limit: 1 })).data
      for (const asked of [OLD, NEW]) {
        assert.deepEqual(await shop.made(`GET /v1/events/${first?.id}`, {}, { ...options, version: asked }), first)
      }
    })
  })
}

describe('a partial capture', () => {
  const eventsOfCapture = async (version: string) => {
    const { id } = await shop.made('POST /v1/charges', {
      amount: 1000,
      currency: 'usd',
      source: 'tok_visa',
      capture: false,
    })
    await shop.made(`POST /v1/charges/${id}/capture`, { amount: 700 }, { version })
    const { data } = await shop.made<EventList>('GET /v1/events', { limit: 10 })
    return data.filter(({ data }) => data.object.id === id || data.object.charge === id).toReversed()
  }

  it('tells of the released rest as a refund in the old version', async () => {
    const events = await eventsOfCapture(OLD)
    const types = ['charge.succeeded', 'charge.captured', 'refund.created', 'charge.refunded']
    assert.deepEqual(
      events.map(({ type }) => type),
      types,
    )
    const [, captured, , refunded] = events
    for (const event of [captured, refunded]) {
      const { amount_captured, amount_refunded, refunds } = event?.data.object ?? assert.fail('no charge')
      assert.deepEqual([amount_captured, amount_refunded, refunds.total_count], [700, 300, 1])
    }
    assert.deepEqual(refunded?.data.previous_attributes, { amount_refunded: 0, refunds: { data: [], total_count: 0 } })
  })

  it('tells only of the capture in the newest', async () => {
    const events = await eventsOfCapture(NEW)
    assert.deepEqual(
      events.map(({ type }) => type),
      ['charge.succeeded', 'charge.captured'],
    )
    assert.equal(events[1]?.data.object.amount_refunded, 0)
  })
})

describe('events are found', () => {
  const types = async (form: Form) =>
    new Set((await shop.made<EventList>('GET /v1/events', { limit: 100, ...form })).data.map(({ type }) => type))

  it('by type, by the beginning of one, by several', async () => {
    assert.deepEqual(await types({ type: 'charge.failed' }), new Set(['charge.failed']))
    assert.deepEqual(await types({ type: 'refund.*' }), new Set(['refund.created', 'refund.updated']))
    assert.deepEqual(
      await types({ types: ['charge.captured', 'charge.failed'] }),
      new Set(['charge.captured', 'charge.failed']),
    )
    assert.deepEqual(await types({ type: 'payout.paid' }), new Set())
    const { status, error } = await shop.refused('GET /v1/events', {
      type: 'charge.failed',
      types: ['charge.captured'],
    })
    assert.deepEqual([status, error.message], [400, 'You may only specify one of these parameters: type, types.'])
  })

  it('by twenty types at most', async () => {
    const twenty = Array.from({ length: 20 }, (_, n) => (n === 19 ? 'charge.failed' : `nope.${n}`))
    assert.deepEqual(await types({ types: twenty }), new Set(['charge.failed']))
    const { status, error } = await shop.refused('GET /v1/events', { types: [...twenty, 'charge.captured'] })
    assert.deepEqual([status, error.param, error.message], [400, 'types', 'Invalid array: at most 20 may be given'])
  })

  it('by their delivery: with nowhere to go, none fails', async () => {
    assert.deepEqual(await types({ delivery_success: true }), await types({}))
    assert.deepEqual(await types({ delivery_success: false }), new Set())
    const { error } = await shop.refused('GET /v1/events', { delivery_success: 'maybe' })
    assert.deepEqual([error.param, error.message], ['delivery_success', 'Invalid boolean: maybe'])
  })

  it('by the libraries, in pages', async () => {
    const page = await shop.stripe.events.list({ limit: 2, type: 'charge.succeeded' })
    const next = await shop.oldStripe.events.list({
      limit: 2,
      type: 'charge.succeeded',
      starting_after: page.data[1]?.id,
    })
    assert.deepEqual([page.data.length, next.data.length, page.has_more], [2, 2, true])
    assert.equal(new Set([...page.data, ...next.data].map(({ id }) => id)).size, 4)
    assert.equal((await shop.stripe.events.retrieve(String(next.data[0]?.id))).type, 'charge.succeeded')
  })

  it('for thirty days', async () => {
    const { data } = await shop.made<EventList>('GET /v1/events', { limit: 1 })
    const id = data[0]?.id
    shop.clock.advance(30 * DAY - 1)
    assert.equal((await shop.made(`GET /v1/events/${id}`)).id, id)
    shop.clock.advance(1)
    const { status, error } = await shop.refused(`GET /v1/events/${id}`)
    assert.deepEqual([status, error.message], [404, `No such event: '${id}'`])
    assert.deepEqual((await shop.made<EventList>('GET /v1/events', { type: 'charge.*' })).data, [])
  })
})
