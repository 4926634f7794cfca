import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { previous, shown, types } from './dispute.ts'
import { newMerchant } from './merchant.ts'
import { expanded, NEW, startTestServer } from './server.ts'

const shop = await startTestServer()

/** A merchant with a charge of which the issuer has warned. */
async function warned(more = {}) {
  const own = await newMerchant(shop, NEW)
  const form = { amount: 1000, currency: 'usd', source: 'tok_createIssuerFraudRecord', ...more }
  const charge = await own.made('POST /v1/charges', form)
  const { data } = await own.made('GET /v1/radar/early_fraud_warnings', { charge: charge.id })
  const warning = data[0] ?? assert.fail('no warning')
  return { ...own, charge, warning, read: () => own.made(`GET /v1/radar/early_fraud_warnings/${warning.id}`) }
}

describe('an early fraud warning', () => {
  it('follows a charge of the card for it', async () => {
    const { warning, charge, read, events, made } = await warned()
    assert.match(warning.id, /^issfr_1/)
    assert.deepEqual(warning, {
      id: warning.id,
      object: 'radar.early_fraud_warning',
      actionable: true,
      charge: charge.id,
      created: charge.created,
      fraud_type: 'made_with_stolen_card',
      livemode: false,
    })
    assert.deepEqual(await read(), warning)
    const told = await events()
    assert.deepEqual(types(told), ['charge.succeeded', 'radar.early_fraud_warning.created'])
    assert.deepEqual(shown(told[1]), warning)
    assert.equal((await made(`GET /v1/charges/${charge.id}`)).disputed, false)
  })

  it('can be acted on until the charge is refunded in full', async () => {
    const { charge, read, made, events } = await warned()
    await made('POST /v1/refunds', { charge: charge.id, amount: 400 })
    assert.equal((await read()).actionable, true)
    await made('POST /v1/refunds', { charge: charge.id })
    assert.equal((await read()).actionable, false)
    const last = (await events()).slice(-3)
    assert.deepEqual(types(last), ['refund.created', 'charge.refunded', 'radar.early_fraud_warning.updated'])
    assert.deepEqual(previous(last[2]), { actionable: true })
  })

  it('can be acted on until the charge is disputed', async () => {
    const { charge, read, dispute, events } = await warned()
    await dispute({ charge: charge.id, amount: 100 })
    assert.equal((await read()).actionable, false)
    await dispute({ charge: charge.id, amount: 100 })
    assert.deepEqual(types(await events()).slice(2), [
      ...['charge.dispute.created', 'charge.dispute.funds_withdrawn', 'radar.early_fraud_warning.updated'],
      ...['charge.dispute.created', 'charge.dispute.funds_withdrawn'],
    ])
  })

  it('follows a capture, not a hold', async () => {
    const own = await newMerchant(shop, NEW)
    const hold = { amount: 1000, currency: 'usd', source: 'tok_createIssuerFraudRecord', capture: false }
    const { id } = await own.made('POST /v1/charges', hold)
    const warnings = async () => (await own.made('GET /v1/radar/early_fraud_warnings')).data.length
    assert.equal(await warnings(), 0)
    await own.made(`POST /v1/charges/${id}/capture`)
    assert.equal(await warnings(), 1)
  })

  it('is listed by charge, and shows it', async () => {
    const { charge, warning, made, refused } = await warned()
    const other = await made('POST /v1/charges', { amount: 1000, currency: 'usd', source: 'tok_visa' })
    assert.deepEqual((await made('GET /v1/radar/early_fraud_warnings', { charge: other.id })).data, [])
    const listed = await made('GET /v1/radar/early_fraud_warnings', { expand: ['data.charge'] })
    assert.equal(expanded(listed.data[0]?.charge).id, charge.id)
    const nobody = await refused('GET /v1/radar/early_fraud_warnings/issfr_nope')
    assert.deepEqual([nobody.status, nobody.error.message], [404, "No such early fraud warning: 'issfr_nope'"])
    assert.equal((await refused('GET /v1/radar/early_fraud_warnings', { payment_intent: 'pi_1' })).status, 400)
    assert.equal((await refused('GET /v1/radar/early_fraud_warnings', { charge: 'ch_nope' })).error.param, 'charge')
    assert.equal(warning.charge, charge.id)
  })

  it('is what the official library knows', async () => {
    const { stripe } = shop
    const { id } = await stripe.charges.create({ amount: 1000, currency: 'usd', source: 'tok_createIssuerFraudRecord' })
    const { data } = await stripe.radar.earlyFraudWarnings.list({ charge: id })
    assert.deepEqual(
      data.map(({ charge }) => charge),
      [id],
    )
    assert.equal((await stripe.radar.earlyFraudWarnings.retrieve(String(data[0]?.id))).actionable, true)
  })
})
