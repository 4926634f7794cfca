import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { HOUR, START } from './clock.ts'
import { type Body, expanded, type Form, NEW, OLD, startTestServer } from './server.ts'

const shop = await startTestServer()

const CHARGE = { currency: 'usd', source: 'tok_visa' }
const MANY = 105
const first = 1000

/** All charges of this file, oldest first: amounts count up, an hour passes after each of the first five. */
const ids: string[] = []

before(async () => {
  for (let n = 0; n < 5; n++) {
    ids.push(
      (await shop.made('POST /v1/charges', { ...CHARGE, amount: first + n, transfer_group: n < 2 ? 'A' : 'B' })).id,
    )
    shop.clock.advance(HOUR)
  }
  for (let n = 5; n < MANY; n++) ids.push((await shop.made('POST /v1/charges', { ...CHARGE, amount: first + n })).id)
})

const idsOf = ({ data }: Pick<Body, 'data'>) => data.map(({ id }) => id)
const list = (form: Form = {}) => shop.made('GET /v1/charges', form)
const newestFirst = (from: number, to: number) => ids.slice(from, to).reverse()

describe('a list of charges', () => {
  it('has the ten newest, newest first, and says that there is more', async () => {
    const page = await list()
    assert.deepEqual(Object.keys(page), ['object', 'data', 'has_more', 'url'])
    assert.deepEqual([page.object, page.has_more, page.url], ['list', true, '/v1/charges'])
    assert.deepEqual(idsOf(page), newestFirst(MANY - 10, MANY))
  })

  it('is walked towards the oldest, page by page, each charge once', async () => {
    const seen: string[] = []
    let after: string | undefined
    for (;;) {
      const page = await list({ limit: 25, starting_after: after })
      seen.push(...idsOf(page))
      if (!page.has_more) break
      after = page.data.at(-1)?.id
    }
    assert.deepEqual(seen, newestFirst(0, MANY))
  })

  it('is walked by the library of today on its own', async () => {
    const seen: string[] = []
    for await (const { id } of shop.stripe.charges.list({ limit: 50 })) seen.push(id)
    assert.deepEqual(seen, newestFirst(0, MANY))
  })

  it('is read by the old library, which sends its filters in the body of the GET', async () => {
    const page = await shop.oldStripe.charges.list({ limit: 3, starting_after: ids[50] })
    assert.deepEqual(idsOf(page), newestFirst(47, 50))
  })

  it('goes back towards the newest: those just newer than the cursor, newest first', async () => {
    const page = await list({ limit: 3, ending_before: ids[50] })
    assert.deepEqual(idsOf(page), newestFirst(51, 54))
    assert.equal(page.has_more, true)
    const last = await list({ limit: 10, ending_before: ids[MANY - 3] })
    assert.deepEqual([idsOf(last), last.has_more], [newestFirst(MANY - 2, MANY), false])
  })

  it('is empty beyond its ends', async () => {
    const older = await list({ starting_after: ids[0] })
    const newer = await list({ ending_before: ids.at(-1) })
    for (const page of [older, newer]) assert.deepEqual([page.data, page.has_more], [[], false])
  })

  it('says that there is no more when the last one is on the page', async () => {
    const page = await list({ limit: 2, starting_after: ids[2] })
    assert.deepEqual([idsOf(page), page.has_more], [newestFirst(0, 2), false])
  })

  const limits = [
    [1, 1],
    [100, 100],
    [0, 1],
    [-1, 1],
    [101, 100],
    [200, 100],
    [1_000_000, 100],
  ] as const
  for (const [limit, length] of limits) {
    it(`of limit ${limit} has ${length}`, async () => assert.equal((await list({ limit })).data.length, length))
  }

  it('refuses a limit that is no number', async () => {
    const { status, error } = await shop.refused('GET /v1/charges', { limit: 'abc' })
    assert.deepEqual(
      [status, error.code, error.param, error.message],
      [400, 'parameter_invalid_integer', 'limit', 'Invalid integer: abc'],
    )
  })

  it('refuses a cursor that names nothing', async () => {
    for (const cursor of ['starting_after', 'ending_before']) {
      const { status, error } = await shop.refused('GET /v1/charges', { [cursor]: 'ch_nope' })
      assert.deepEqual(
        [status, error.code, error.param, error.message],
        [400, 'resource_missing', cursor, "No such charge: 'ch_nope'"],
      )
    }
  })

  it('refuses two cursors, looking at starting_after first', async () => {
    const both = await shop.refused('GET /v1/charges', { starting_after: ids[1], ending_before: ids[1] })
    assert.equal(
      both.error.message,
      'Received both starting_after and ending_before parameters. Please pass in only one.',
    )
    assert.deepEqual([both.status, both.error.code, both.error.param], [400, undefined, undefined])
    const unknown = await shop.refused('GET /v1/charges', { starting_after: 'ch_nope', ending_before: ids[1] })
    assert.equal(unknown.error.param, 'starting_after')
  })
})

describe('charges are found by their time', () => {
  const at = (n: number) => START + n * HOUR
  const cases: readonly (readonly [what: string, created: Form | number, from: number, to: number])[] = [
    ['at one second', at(2), 2, 3],
    ['after', { gt: at(2) }, 3, MANY],
    ['from', { gte: at(2) }, 2, MANY],
    ['before', { lt: at(2) }, 0, 2],
    ['up to', { lte: at(2) }, 0, 3],
    ['between', { gt: at(0), lte: at(3) }, 1, 4],
    ['all at once', { gt: at(0), gte: at(1), lt: at(4), lte: at(2) }, 1, 3],
    ['never', { gt: at(3), lt: at(3) }, 0, 0],
  ]
  for (const [what, created, from, to] of cases) {
    it(what, async () => {
      const found = newestFirst(from, to)
      assert.deepEqual(idsOf(await list({ created, limit: 100 })), found.slice(0, 100))
    })
  }

  it('refuses a time that is none', async () => {
    const { status, error } = await shop.refused('GET /v1/charges', { created: { gt: 'yesterday' } })
    assert.deepEqual([status, error.param, error.message], [400, 'created[gt]', 'Invalid integer: yesterday'])
    const whole = await shop.refused('GET /v1/charges', { created: 'yesterday' })
    assert.deepEqual([whole.error.param, whole.error.message], ['created', 'Invalid integer: yesterday'])
    const unknown = await shop.refused('GET /v1/charges', { created: { after: 1 } })
    assert.equal(unknown.error.message, 'Received unknown parameter: created[after]')
  })
})

describe('charges are found by their group', () => {
  it('with cursors that stay in it', async () => {
    assert.deepEqual(idsOf(await list({ transfer_group: 'A' })), newestFirst(0, 2))
    assert.deepEqual(idsOf(await list({ transfer_group: 'B', starting_after: ids[4] })), newestFirst(2, 4))
    assert.deepEqual((await list({ transfer_group: 'C' })).data, [])
  })

  it('also one that was put in later', async () => {
    await shop.made(`POST /v1/charges/${ids[60]}`, { transfer_group: 'D' })
    assert.deepEqual(idsOf(await list({ transfer_group: 'D' })), [ids[60]])
  })
})

describe('a list is counted', () => {
  const FROM = '2025-03-31.basil'
  const BEFORE = '2025-02-24.acacia'
  const counted = async (form: Form, version: string, route = 'GET /v1/charges') => shop.made(route, form, { version })

  for (const asking of ['expand', 'include']) {
    it(`before ${FROM}, by ${asking}[]=total_count`, async () => {
      for (const version of [OLD, BEFORE]) {
        const page = await counted({ limit: 2, [asking]: ['total_count'] }, version)
        assert.deepEqual(Object.keys(page), ['object', 'data', 'has_more', 'total_count', 'url'])
        assert.deepEqual([page.total_count, page.data.length, page.has_more], [MANY, 2, true])
      }
    })

    it(`no longer from ${FROM} on, by ${asking}[]`, async () => {
      for (const version of [FROM, NEW]) {
        const { status, error } = await shop.refused('GET /v1/charges', { [asking]: ['total_count'] }, { version })
        assert.deepEqual(
          [status, error.code, error.param, error.message],
          [400, 'property_forbidden', undefined, 'This property cannot be included (total_count)'],
        )
      }
    })
  }

  it('with its filters, and without its cursor', async () => {
    const expand = ['total_count', 'data.balance_transaction']
    const page = await counted({ expand, transfer_group: 'B', starting_after: ids[4] }, OLD)
    assert.deepEqual([page.total_count, idsOf(page)], [3, newestFirst(2, 4)])
    assert.equal(expanded(page.data[0]?.balance_transaction).object, 'balance_transaction')
    assert.equal((await counted({ expand: ['total_count'], created: { lt: START } }, OLD)).total_count, 0)
  })

  it('of every kind, also where it is empty', async () => {
    for (const [route, filter, count] of [
      ['GET /v1/balance_transactions', {}, MANY],
      ['GET /v1/events', { type: 'charge.succeeded' }, MANY],
      ['GET /v1/refunds', {}, 0],
      [`GET /v1/charges/${ids[0]}/refunds`, {}, 0],
    ] as const) {
      assert.equal((await counted({ include: ['total_count'], ...filter }, OLD, route)).total_count, count, route)
    }
  })

  it('is not counted unasked, and includes nothing else', async () => {
    assert.equal('total_count' in (await counted({}, OLD)), false)
    const { error } = await shop.refused('GET /v1/charges', { include: ['data.customer'] }, { version: OLD })
    assert.equal(error.message, 'This property cannot be included (data.customer)')
  })

  it('is asked for on lists alone', async () => {
    const { error } = await shop.refused(`GET /v1/charges/${ids[0]}`, { include: ['total_count'] }, { version: OLD })
    assert.equal(error.message, 'Received unknown parameter: include')
  })
})

describe('a list', () => {
  it('of a customer that is not there is refused', async () => {
    const { status, error } = await shop.refused('GET /v1/charges', { customer: 'cus_nope' })
    assert.deepEqual(
      [status, error.code, error.param, error.message],
      [400, 'resource_missing', 'customer', "No such customer: 'cus_nope'"],
    )
  })
})

describe('a cursor', () => {
  const refundsOf = (n: number) => `GET /v1/charges/${ids[n]}/refunds`

  it('is one of the objects below the same charge', async () => {
    const refund = (charge: string | undefined) => shop.made('POST /v1/refunds', { charge, amount: 100 })
    const other = await refund(ids[10])
    const [oldest, newest] = [await refund(ids[11]), await refund(ids[11])]
    assert.deepEqual(idsOf(await shop.made(refundsOf(11), { starting_after: newest.id })), [oldest.id])
    for (const cursor of ['starting_after', 'ending_before']) {
      const { status, error } = await shop.refused(refundsOf(11), { [cursor]: other.id })
      assert.deepEqual(
        [status, error.code, error.param, error.message],
        [400, 'resource_missing', cursor, `No such refund: '${other.id}'`],
      )
    }
  })

  it('is a place in the whole list where that is only filtered', async () => {
    const older = await shop.made('POST /v1/refunds', { charge: ids[12], amount: 100 })
    const other = await shop.made('POST /v1/refunds', { charge: ids[13], amount: 100 })
    const page = await shop.made('GET /v1/refunds', { charge: ids[12], starting_after: other.id })
    assert.deepEqual(idsOf(page), [older.id])
    assert.deepEqual(idsOf(await list({ transfer_group: 'A', starting_after: ids[4] })), newestFirst(0, 2))
  })

  it('of the other mode is refused, and says so', async () => {
    const sent = { kind: 'secret', livemode: true }
    const { body } = await shop.control<{ key: string }>('POST /accounts/acct_1KobanTestAccount/keys', sent)
    const live = { key: body.key }
    for (const cursor of ['starting_after', 'ending_before']) {
      const { status, error } = await shop.refused('GET /v1/charges', { [cursor]: ids[0] }, live)
      assert.deepEqual(
        [status, error.code, error.param, error.message],
        [
          400,
          'resource_missing',
          cursor,
          `No such charge: '${ids[0]}'; a similar object exists in test mode, but a live mode key was used to make this request.`,
        ],
      )
    }
  })

  it('is of the kind that is listed', async () => {
    for (const [route, word] of [
      ['refunds', 'refund'],
      ['balance_transactions', 'balance transaction'],
      ['events', 'event'],
    ]) {
      const { status, error } = await shop.refused(`GET /v1/${route}`, { ending_before: ids[0] })
      assert.deepEqual([status, error.message], [400, `No such ${word}: '${ids[0]}'`])
    }
  })
})

describe('what no object has', () => {
  it('is no PaymentIntent', async () => {
    for (const route of ['GET /v1/charges', 'GET /v1/refunds']) {
      const { status, error } = await shop.refused(route, { payment_intent: 'pi_nope' })
      assert.deepEqual(
        [status, error.code, error.param, error.message],
        [400, 'resource_missing', 'payment_intent', "No such payment_intent: 'pi_nope'"],
      )
    }
  })

  it('is an empty list of balance transactions', async () => {
    for (const filter of [
      { currency: 'gbp' },
      { type: 'nope' },
      { source: 'du_nope' },
      { available_on: { lt: START } },
    ]) {
      const page = await shop.made('GET /v1/balance/history', filter)
      assert.deepEqual([page.data, page.has_more, page.url], [[], false, '/v1/balance/history'])
    }
  })

  it('is asked for by `available_on` under the old name of the list alone', async () => {
    const { error } = await shop.refused('GET /v1/balance_transactions', { available_on: { lt: START } })
    assert.deepEqual([error.code, error.param], ['parameter_unknown', 'available_on'])
  })
})
