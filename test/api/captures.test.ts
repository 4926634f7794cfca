import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY } from './clock.ts'
import { type Body, type Form, NEW, OLD, startTestServer } from './server.ts'

const shop = await startTestServer()

const HOLD = { amount: 1000, currency: 'usd', source: 'tok_visa', description: 'Deposit', capture: false }
const authorize = (form: Form = {}, version = OLD) => shop.made('POST /v1/charges', { ...HOLD, ...form }, { version })
const capture = (id: string, form: Form = {}, version = OLD) =>
  shop.made(`POST /v1/charges/${id}/capture`, form, { version })
const refuse = (id: string, form: Form = {}, version = OLD) =>
  shop.refused(`POST /v1/charges/${id}/capture`, form, { version })
const transaction = (charge: Body) => shop.made(`GET /v1/balance_transactions/${charge.balance_transaction}`)
const balance = async () => JSON.stringify(await shop.made('GET /v1/balance'))

describe('an authorization', () => {
  it('holds the amount, and moves no money', async () => {
    const before = await balance()
    const charge = await authorize()
    assert.deepEqual(
      [charge.captured, charge.paid, charge.status, charge.amount_captured],
      [false, true, 'succeeded', 0],
    )
    assert.deepEqual([charge.balance_transaction, charge.refunded, charge.amount_refunded], [null, false, 0])
    assert.equal(await balance(), before)
  })

  for (const capture of ['false', 'False', 'FALSE']) {
    it(`is asked for by capture=${capture}`, async () => assert.equal((await authorize({ capture })).captured, false))
  }
  for (const capture of ['true', 'True']) {
    it(`is not asked for by capture=${capture}`, async () =>
      assert.equal((await authorize({ capture })).captured, true))
  }
})

describe('a capture takes', () => {
  for (const version of [OLD, NEW]) {
    it(`the whole amount by default, in ${version}`, async () => {
      const { id } = await authorize()
      const charge = await capture(id, {}, version)
      assert.deepEqual(
        [charge.captured, charge.amount, charge.amount_captured, charge.amount_refunded],
        [true, 1000, 1000, 0],
      )
      const { amount, fee, net, type } = await transaction(charge)
      assert.deepEqual([amount, fee, net, type], [1000, 59, 941, 'charge'])
      assert.deepEqual((await shop.made('GET /v1/refunds', { charge: id })).data, [])
    })
  }

  it('less, with a refund of the rest in the old version: eight of ten dollars', async () => {
    const { id } = await authorize()
    const charge = await capture(id, { amount: 800 })
    assert.deepEqual([charge.captured, charge.amount, charge.amount_captured], [true, 1000, 800])
    assert.deepEqual([charge.amount_refunded, charge.refunded], [200, false])
    assert.deepEqual([charge.refunds.total_count, charge.refunds.data.length], [1, 1])
    const [rest] = charge.refunds.data
    assert.deepEqual(
      [rest?.amount, rest?.balance_transaction, rest?.reason, rest?.status],
      [200, null, null, 'succeeded'],
    )
    assert.deepEqual(await shop.made(`GET /v1/refunds/${rest?.id}`), rest)
    const { amount, fee, net } = await transaction(charge)
    assert.deepEqual([amount, fee, net], [800, 53, 747])
  })

  it('less, without a refund in the newest version', async () => {
    const { id } = await authorize({}, NEW)
    const charge = await capture(id, { amount: 800 }, NEW)
    assert.deepEqual([charge.captured, charge.amount, charge.amount_captured], [true, 1000, 800])
    assert.deepEqual([charge.amount_refunded, charge.refunded], [0, false])
    assert.deepEqual((await shop.made('GET /v1/refunds', { charge: id })).data, [])
    assert.equal((await transaction(charge)).amount, 800)
    // Later reads under any version show what is there.
    assert.equal((await shop.made(`GET /v1/charges/${id}`, {}, { version: OLD })).refunds.total_count, 0)
  })

  it('500 of 999 with the fee of 500: 14.5 + 30, half up', async () => {
    const { id } = await authorize({ amount: 999 })
    const { fee, net } = await transaction(await capture(id, { amount: 500 }))
    assert.deepEqual([fee, net], [45, 455])
  })

  it('receipt address, descriptor and group along', async () => {
    const { id } = await authorize({ receipt_email: 'old@example.com' })
    const sent = {
      receipt_email: 'jenny.rosen@example.com',
      statement_descriptor_suffix: 'Bill 7',
      transfer_group: 'T7',
    }
    const charge = await capture(id, sent)
    assert.deepEqual(
      Object.keys(sent).map((name) => charge[name]),
      Object.values(sent),
    )
  })

  it('the whole amount when asked for exactly that', async () => {
    const { id } = await authorize()
    const charge = await capture(id, { amount: 1000 })
    assert.deepEqual([charge.amount_captured, charge.amount_refunded, charge.refunds.total_count], [1000, 0, 0])
  })

  it('its money on the day of the capture, not of the authorization', async () => {
    const { id } = await authorize()
    shop.clock.advance(3 * DAY)
    const charge = await capture(id)
    const { created } = await transaction(charge)
    assert.equal(created, shop.clock.seconds)
    assert.equal(charge.created, shop.clock.seconds - 3 * DAY)
  })
})

describe('a capture is refused', () => {
  const captured = (id: string) => ({
    code: 'charge_already_captured',
    doc_url: 'https://stripe.com/docs/error-codes/charge-already-captured',
    message: `Charge ${id} has already been captured.`,
    type: 'invalid_request_error',
  })

  it('the second time', async () => {
    const { id } = await authorize()
    await capture(id)
    const { status, error } = await refuse(id)
    assert.deepEqual([status, error], [400, captured(id)])
  })

  it('the second time, also of what a first partial one left', async () => {
    const { id } = await authorize()
    await capture(id, { amount: 800 })
    assert.deepEqual((await refuse(id, { amount: 200 })).error, captured(id))
    assert.equal((await shop.made(`GET /v1/charges/${id}`)).amount_captured, 800)
  })

  it('of a charge that was captured at once', async () => {
    const { id } = await shop.made('POST /v1/charges', { ...HOLD, capture: true })
    assert.deepEqual((await refuse(id)).error, captured(id))
  })

  it('above the authorized amount', async () => {
    const { id } = await authorize()
    const { status, error } = await refuse(id, { amount: 1001 })
    assert.deepEqual([status, error.code, error.param], [400, 'amount_too_large', undefined])
    assert.equal(
      error.message,
      'The payment could not be captured because the requested capture amount is greater than the amount you can capture for this charge. Contact us via https://support.stripe.com/contact/ for help.',
    )
  })

  for (const amount of [0, -5]) {
    it(`of ${amount}`, async () => {
      const { id } = await authorize()
      const { status, error } = await refuse(id, { amount })
      assert.deepEqual([status, error.code, error.param], [400, 'parameter_invalid_integer', 'amount'])
      assert.equal(error.message, 'This value must be greater than or equal to 1.')
    })
  }

  it('below the minimum, without naming a parameter', async () => {
    const { id } = await authorize()
    const { status, error } = await refuse(id, { amount: 49 })
    assert.deepEqual([status, error.code, error.param], [400, 'amount_too_small', undefined])
    assert.equal(error.message, 'Amount must be at least $0.50 usd')
  })

  it('of what was released', async () => {
    const { id } = await authorize()
    await shop.made('POST /v1/refunds', { charge: id })
    const { status, error } = await refuse(id)
    assert.deepEqual(
      [status, error.code, error.message],
      [400, 'charge_already_refunded', `Charge ${id} has already been refunded.`],
    )
  })

  it('after seven days, but not a second before', async () => {
    const late = await authorize()
    const justInTime = await authorize()
    shop.clock.advance(7 * DAY - 1)
    assert.equal((await capture(justInTime.id)).captured, true)
    shop.clock.advance(1)
    const { status, error } = await refuse(late.id)
    assert.deepEqual([status, error.code, error.param], [400, 'charge_expired_for_capture', undefined])
    assert.equal(
      error.message,
      `Charge ${late.id} cannot be captured because the charge has expired (a charge must be captured within 7 days). You will need to create a new charge to retry the payment.`,
    )
  })

  it('of a charge that is not there', async () => {
    const { status, error } = await refuse('ch_nope')
    assert.deepEqual(
      [status, error.code, error.param, error.message],
      [404, 'resource_missing', 'charge', "No such charge: 'ch_nope'"],
    )
  })

  it('and changes nothing', async () => {
    const { id } = await authorize()
    const before = [await balance(), await shop.made(`GET /v1/charges/${id}`)]
    for (const form of [{ amount: 1001 }, { amount: 0 }, { amount: 49 }, { amount: 'ten' }, { nope: 1 }])
      await refuse(id, form)
    assert.deepEqual([await balance(), await shop.made(`GET /v1/charges/${id}`)], before)
  })
})

describe('fifty captures at once', () => {
  for (const amount of [undefined, 700]) {
    it(`take the money once, ${amount ?? 'in full'}`, async () => {
      const { id } = await authorize()
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => shop.call(`POST /v1/charges/${id}/capture`, { amount })),
      )
      assert.equal(answers.filter(({ status }) => status === 200).length, 1)
      for (const { status, body } of answers)
        if (status !== 200) assert.equal(body.error.code, 'charge_already_captured')
      const rows = await shop.made('GET /v1/balance_transactions', { source: id })
      assert.deepEqual(
        rows.data.map((row) => row.amount),
        [amount ?? 1000],
      )
      const refunds = await shop.made('GET /v1/refunds', { charge: id })
      assert.deepEqual(
        refunds.data.map((refund) => refund.amount),
        amount === undefined ? [] : [300],
      )
    })
  }

  it('against fifty releases: one of them wins', async () => {
    const { id } = await authorize()
    const routes = Array.from({ length: 50 }, (_, n) =>
      n % 2 === 0 ? `POST /v1/charges/${id}/capture` : `POST /v1/charges/${id}/refund`,
    )
    const answers = await Promise.all(routes.map((route) => shop.call(route)))
    const charge = await shop.made(`GET /v1/charges/${id}`)
    const captures = answers.filter(({ status }, n) => status === 200 && n % 2 === 0).length
    const refunds = answers.filter(({ status }, n) => status === 200 && n % 2 === 1).length
    assert(captures <= 1 && refunds === 1, `${captures} captures and ${refunds} refunds`)
    assert.deepEqual([charge.captured, charge.refunded, charge.amount_refunded], [captures === 1, true, 1000])
  })
})
