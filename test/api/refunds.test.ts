import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { expanded, type Form, NEW, OLD, startTestServer } from './server.ts'
import { assertKeyOrder, assertKeys, CHARGE_KEYS, OLD_CHARGE_KEYS, REFUND_KEYS } from './shapes.ts'

const shop = await startTestServer()

const SAMPLE = { amount: 1000, currency: 'usd', source: 'tok_visa', description: 'Example charge' }
const charge = (form: Form = {}) => shop.made('POST /v1/charges', { ...SAMPLE, ...form })
const refund = (form: Form, version = OLD) => shop.made('POST /v1/refunds', form, { version })
const refuse = (form: Form) => shop.refused('POST /v1/refunds', form)
const read = (id: string, version = OLD) => shop.made(`GET /v1/charges/${id}`, {}, { version })

describe('a refund', () => {
  for (const version of [OLD, NEW]) {
    it(`gives back all that remains, in ${version}`, async () => {
      const { id } = await charge()
      const made = await refund({ charge: id, reason: 'requested_by_customer', metadata: { ticket: '7' } }, version)
      assertKeys(made, [...REFUND_KEYS, 'metadata.ticket'])
      assertKeyOrder(made)
      assert.match(made.id, /^re_[0-9A-Za-z]{24}$/)
      assert.deepEqual([made.object, made.amount, made.charge, made.currency], ['refund', 1000, id, 'usd'])
      assert.deepEqual(
        [made.reason, made.status, made.metadata],
        ['requested_by_customer', 'succeeded', { ticket: '7' }],
      )
      assert.deepEqual(await shop.made(`GET /v1/refunds/${made.id}`, {}, { version }), made)
      const after = await read(id)
      assert.deepEqual([after.refunded, after.amount_refunded], [true, 1000])
      assert.deepEqual([after.status, after.paid, after.captured], ['succeeded', true, true])
    })
  }

  it('is a row of the balance, and returns no fee', async () => {
    const made = await refund({ charge: (await charge()).id, amount: 400 })
    const row = await shop.made(`GET /v1/balance_transactions/${made.balance_transaction}`)
    assert.deepEqual([row.amount, row.fee, row.fee_details, row.net], [-400, 0, [], -400])
    assert.deepEqual([row.type, row.reporting_category, row.source], ['refund', 'refund', made.id])
    assert.equal(row.description, 'REFUND FOR CHARGE (Example charge)')
    const plain = await refund({ charge: (await charge({ description: null })).id })
    const other = await shop.made(`GET /v1/balance_transactions/${plain.balance_transaction}`)
    assert.equal(other.description, 'REFUND FOR CHARGE')
  })

  it('can be made in parts, the newest first in the charge', async () => {
    const { id } = await charge()
    const first = await refund({ charge: id, amount: 300 })
    const partly = await read(id)
    assert.deepEqual([partly.refunded, partly.amount_refunded], [false, 300])
    const second = await refund({ charge: id, amount: 200 })
    const rest = await refund({ charge: id })
    assert.equal(rest.amount, 500)
    const { refunded, amount_refunded, refunds } = await read(id)
    assert.deepEqual([refunded, amount_refunded], [true, 1000])
    assert.deepEqual(refunds.data, [rest, second, first])
    assert.deepEqual([refunds.total_count, refunds.has_more], [3, false])
  })

  it('stands in the charge ten times at most, and counted in full', async () => {
    const { id } = await charge()
    for (let n = 0; n < 12; n++) await refund({ charge: id, amount: 10 })
    const { refunds } = await read(id)
    assertKeyOrder(refunds)
    assert.deepEqual([refunds.data.length, refunds.total_count, refunds.has_more], [10, 12, true])
    assert.equal(refunds.url, `/v1/charges/${id}/refunds`)
  })

  it('by both libraries', async () => {
    const { id } = await charge()
    const old = await shop.oldStripe.refunds.create({ charge: id, amount: 100 })
    const today = await shop.stripe.refunds.create({ charge: id, amount: 100, reason: 'duplicate' })
    assert.deepEqual([old.amount, today.amount, today.reason], [100, 100, 'duplicate'])
    assert.deepEqual(
      (await shop.oldStripe.refunds.list({ charge: id })).data.map((one) => one.id),
      [today.id, old.id],
    )
    assert.deepEqual(
      (await shop.stripe.refunds.list({ charge: id, limit: 1 })).data.map((one) => one.id),
      [today.id],
    )
  })

  it('can be told more about, and only that', async () => {
    const { id } = await refund({ charge: (await charge()).id })
    const changed = await shop.made(`POST /v1/refunds/${id}`, { metadata: { why: 'broken' } })
    assert.deepEqual(changed.metadata, { why: 'broken' })
    assert.deepEqual(await shop.made(`GET /v1/refunds/${id}`), changed)
    const { error } = await shop.refused(`POST /v1/refunds/${id}`, { amount: 1 })
    assert.equal(error.message, 'Received unknown parameter: amount')
  })

  it('expands to its charge, and to its row of the balance', async () => {
    const { id } = await charge()
    for (const [version, keys] of [
      [OLD, OLD_CHARGE_KEYS],
      [NEW, CHARGE_KEYS],
    ] as const) {
      const made = await refund({ charge: id, amount: 100, expand: ['charge', 'balance_transaction'] }, version)
      const inside = expanded(made.charge)
      if (version === NEW) assertKeys(inside, keys)
      assertKeyOrder(made)
      assert.deepEqual(inside, await read(id, version))
      assert.deepEqual(
        made.balance_transaction as unknown,
        await shop.made(`GET /v1/balance_transactions/${expanded(made.balance_transaction).id}`),
      )
      const later = await shop.made(`GET /v1/refunds/${made.id}`, { expand: ['charge'] }, { version })
      assert.deepEqual(later.charge, inside)
    }
  })
})

describe('the refunds of a charge', () => {
  it('are in the old version of the charge, and in the new one when asked for', async () => {
    const { id } = await charge()
    const made = await refund({ charge: id, amount: 100 })
    assert.deepEqual((await read(id, OLD)).refunds.data, [made])
    assert.equal('refunds' in (await read(id, NEW)), false)
    const told = await shop.made(`GET /v1/charges/${id}`, { expand: ['refunds'] }, { version: NEW })
    assert.deepEqual(told.refunds, (await read(id, OLD)).refunds)
    assertKeyOrder(told)
  })

  it('are in every charge of a list of the old version', async () => {
    const { data } = await shop.made('GET /v1/charges', { limit: 5 }, { version: OLD })
    for (const { refunds } of data) assert.equal(refunds.object, 'list')
    const today = await shop.made('GET /v1/charges', { limit: 5 }, { version: NEW })
    for (const one of today.data) assert.equal('refunds' in one, false)
  })

  it('are listed apart too', async () => {
    const { id } = await charge()
    const made = [await refund({ charge: id, amount: 100 }), await refund({ charge: id, amount: 200 })]
    const below = await shop.made(`GET /v1/charges/${id}/refunds`)
    assert.deepEqual([below.data, below.url], [made.toReversed(), `/v1/charges/${id}/refunds`])
    const flat = await shop.made('GET /v1/refunds', { charge: id, limit: 1 })
    assert.deepEqual([flat.data, flat.has_more, flat.url], [[made[1]], true, '/v1/refunds'])
    const next = await shop.made('GET /v1/refunds', { charge: id, starting_after: made[1]?.id })
    assert.deepEqual([next.data, next.has_more], [[made[0]], false])
  })

  it('can be read and changed below their charge, not below another', async () => {
    const { id } = await charge()
    const other = await charge()
    const made = await refund({ charge: id, amount: 100 })
    assert.deepEqual(await shop.made(`GET /v1/charges/${id}/refunds/${made.id}`), made)
    const changed = await shop.made(`POST /v1/charges/${id}/refunds/${made.id}`, { metadata: { a: '1' } })
    assert.deepEqual(changed.metadata, { a: '1' })
    for (const method of ['GET', 'POST']) {
      const { status, error } = await shop.refused(`${method} /v1/charges/${other.id}/refunds/${made.id}`)
      assert.deepEqual([status, error.code, error.message], [404, 'resource_missing', `No such refund: '${made.id}'`])
    }
  })
})

describe('the old routes', () => {
  it('POST /v1/charges/:id/refunds answers the refund', async () => {
    const { id } = await charge()
    const made = await shop.made(`POST /v1/charges/${id}/refunds`, { amount: 250, reason: 'duplicate' })
    assert.deepEqual([made.object, made.amount, made.charge, made.reason], ['refund', 250, id, 'duplicate'])
  })

  it('POST /v1/charges/:id/refund answers the charge', async () => {
    const { id } = await charge()
    const old = await shop.made(`POST /v1/charges/${id}/refund`, { amount: 250 }, { version: OLD })
    assert.deepEqual([old.object, old.id, old.amount_refunded, old.refunds.total_count], ['charge', id, 250, 1])
    assert.deepEqual(old, await read(id, OLD))
    const today = await shop.made(`POST /v1/charges/${id}/refund`, {}, { version: NEW })
    assert.deepEqual([today.refunded, today.amount_refunded, 'refunds' in today], [true, 1000, false])
  })
})

describe('a hold is released by a refund', () => {
  for (const version of [OLD, NEW]) {
    it(`whole, and moves no money, in ${version}`, async () => {
      const before = await shop.made('GET /v1/balance')
      const { id } = await charge({ capture: false })
      const made = await refund({ charge: id }, version)
      assert.deepEqual([made.amount, made.balance_transaction, made.status], [1000, null, 'succeeded'])
      const { captured, refunded, amount_refunded, status, paid } = await read(id)
      assert.deepEqual([captured, refunded, amount_refunded, status, paid], [false, true, 1000, 'succeeded', true])
      assert.deepEqual(await shop.made('GET /v1/balance'), before)
    })
  }

  it('also when the whole amount is named, but not in part', async () => {
    const { id } = await charge({ capture: false })
    const part = await refuse({ charge: id, amount: 400 })
    assert.deepEqual([part.status, part.error.code, part.error.param], [400, undefined, 'amount'])
    assert.equal(
      part.error.message,
      'You cannot partially refund an uncaptured charge. Instead, capture the charge for an amount less than the original amount',
    )
    assert.equal((await refund({ charge: id, amount: 1000 })).amount, 1000)
    assert.equal((await refuse({ charge: id })).error.code, 'charge_already_refunded')
  })
})

describe('a refund is refused', () => {
  it('when nothing is left', async () => {
    const { id } = await charge()
    await refund({ charge: id })
    for (const form of [{ charge: id }, { charge: id, amount: 1 }]) {
      const { status, error } = await refuse(form)
      assert.equal(status, 400)
      assert.deepEqual(error, {
        code: 'charge_already_refunded',
        doc_url: 'https://stripe.com/docs/error-codes/charge-already-refunded',
        message: `Charge ${id} has already been refunded.`,
        type: 'invalid_request_error',
      })
    }
  })

  const tooMuch: readonly (readonly [
    currency: string,
    amount: number,
    before: number,
    asked: number,
    message: string,
  ])[] = [
    ['usd', 1000, 0, 1100, 'Refund amount ($11.00) is greater than charge amount ($10.00)'],
    ['usd', 1000, 500, 600, 'Refund amount ($6.00) is greater than unrefunded amount on charge ($5.00)'],
    ['gbp', 1000, 500, 501, 'Refund amount (£5.01) is greater than unrefunded amount on charge (£5.00)'],
    ['eur', 1000, 500, 9599, 'Refund amount (€95.99) is greater than unrefunded amount on charge (€5.00)'],
    ['jpy', 1000, 0, 1100, 'Refund amount (¥1,100) is greater than charge amount (¥1,000)'],
  ]
  for (const [currency, amount, earlier, asked, message] of tooMuch) {
    it(`above what is left: ${message}`, async () => {
      const { id } = await charge({ amount, currency })
      if (earlier > 0) await refund({ charge: id, amount: earlier })
      const { status, error } = await refuse({ charge: id, amount: asked })
      assert.equal(status, 400)
      assert.deepEqual(error, { message, param: 'amount', type: 'invalid_request_error' })
    })
  }

  it('above what was captured, after a partial capture', async () => {
    const { id } = await charge({ capture: false })
    await shop.made(`POST /v1/charges/${id}/capture`, { amount: 800 })
    const { error } = await refuse({ charge: id, amount: 801 })
    assert.equal(error.message, 'Refund amount ($8.01) is greater than unrefunded amount on charge ($8.00)')
    await refund({ charge: id, amount: 800 })
    const { amount_refunded, refunded } = await read(id)
    assert.deepEqual([amount_refunded, refunded], [1000, true])
  })

  const wrong: readonly (readonly [
    form: Form,
    status: number,
    code: string | undefined,
    param: string | undefined,
    message: string,
  ])[] = [
    [{ amount: 0 }, 400, 'parameter_invalid_integer', 'amount', 'This value must be greater than or equal to 1.'],
    [{ amount: -1 }, 400, 'parameter_invalid_integer', 'amount', 'This value must be greater than or equal to 1.'],
    [{ amount: 100_000_000 }, 400, 'amount_too_large', 'amount', 'Amount must be no more than $999,999.99'],
    [{ amount: '1.50' }, 400, 'parameter_invalid_integer', 'amount', 'Invalid integer: 1.50'],
    [
      { reason: 'because' },
      400,
      undefined,
      'reason',
      'Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer',
    ],
    [{ charge: 'ch_nope' }, 404, 'resource_missing', 'id', "No such charge: 'ch_nope'"],
    [
      { charge: undefined },
      400,
      undefined,
      undefined,
      'One of the following params should be provided for this request: payment_intent or charge.',
    ],
    [{ wat: 1 }, 400, 'parameter_unknown', 'wat', 'Received unknown parameter: wat'],
  ]
  for (const [form, status, code, param, message] of wrong) {
    it(`with ${JSON.stringify(form)}`, async () => {
      const refused = await refuse({ charge: (await charge()).id, ...form })
      const { error } = refused
      assert.deepEqual([refused.status, error.code, error.param, error.message], [status, code, param, message])
    })
  }

  it('when it should be cancelled: it is on its way', async () => {
    const { id } = await refund({ charge: (await charge()).id })
    const { status, error } = await shop.refused(`POST /v1/refunds/${id}/cancel`)
    assert.deepEqual(
      [status, error],
      [400, { message: 'Canceling this refund is unsupported.', type: 'invalid_request_error' }],
    )
  })

  it('where the refund itself is not there', async () => {
    const { status, error } = await shop.refused('GET /v1/refunds/re_nope')
    assert.deepEqual(
      [status, error.code, error.param, error.message],
      [404, 'resource_missing', 'refund', "No such refund: 're_nope'"],
    )
  })
})

describe('fifty refunds at once', () => {
  it('never give back more than remains: the sum is exact', async () => {
    const { id } = await charge()
    await refund({ charge: id, amount: 70 })
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => shop.call('POST /v1/refunds', { charge: id, amount: 100 })),
    )
    const made = answers.filter(({ status }) => status === 200)
    assert.equal(made.length, 9)
    for (const { status, body } of answers) {
      if (status !== 200)
        assert.match(
          body.error.message,
          /^Refund amount \(\$1\.00\) is greater than unrefunded amount on charge \(\$0\.30\)$/,
        )
    }
    const { amount_refunded, refunds } = await read(id)
    assert.deepEqual([amount_refunded, refunds.total_count], [970, 10])
    assert.equal((await refund({ charge: id })).amount, 30)
    const rows = (await shop.made('GET /v1/balance_transactions', { type: 'refund', limit: 100 })).data
    const ids = new Set((await shop.made('GET /v1/refunds', { charge: id, limit: 100 })).data.map((one) => one.id))
    assert.equal(
      rows.filter(({ source }) => ids.has(String(source))).reduce((sum, { amount }) => sum + amount, 0),
      -1000,
    )
  })

  it('of the whole give it back once', async () => {
    const { id } = await charge()
    const answers = await Promise.all(Array.from({ length: 50 }, () => shop.call('POST /v1/refunds', { charge: id })))
    assert.equal(answers.filter(({ status }) => status === 200).length, 1)
    assert.equal((await read(id)).amount_refunded, 1000)
  })
})
