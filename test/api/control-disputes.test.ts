import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CARD } from './dispute.ts'
import { newMerchant } from './merchant.ts'
import { type Body, type Form, NEW, startTestServer } from './server.ts'

const shop = await startTestServer()
const merchant = () => newMerchant(shop, NEW)

describe('POST /_koban/disputes', () => {
  it('disputes any charge, by its account’s secret key', async () => {
    const own = await merchant()
    const charge = await own.made('POST /v1/charges', CARD('tok_mastercard'))
    const form = { charge: charge.id, amount: 400, reason: 'duplicate', network_reason_code: '4834' }
    const made = await own.dispute(form)
    assert.deepEqual(
      [made.object, made.amount, made.reason, made.status],
      ['dispute', 400, 'duplicate', 'needs_response'],
    )
    const dispute = await own.made(`GET /v1/disputes/${made.id}`)
    assert.deepEqual(dispute, made)
    const { card } = dispute.payment_method_details
    assert.deepEqual([card.brand, card.case_type, card.network_reason_code], ['mastercard', 'chargeback', '4834'])
    const inquiry = await own.dispute({ charge: charge.id, inquiry: true }, 'application/json')
    assert.deepEqual([inquiry.status, inquiry.amount, inquiry.reason], ['warning_needs_response', 600, 'fraudulent'])
    assert.deepEqual(await own.balance(), { available: 0, pending: 941 - 400 - 1500 })
  })

  it('by the admin token, in the account that is named', async () => {
    const own = await merchant()
    const charge = await own.made('POST /v1/charges', CARD('tok_visa'))
    const { status, body } = await shop.control<Body>('POST /disputes', { account: own.account, charge: charge.id })
    assert.deepEqual([status, body.charge], [200, charge.id])
    const elsewhere = await shop.control<Body>('POST /disputes', { charge: charge.id })
    assert.deepEqual([elsewhere.status, elsewhere.body.error.message], [400, `No such charge: '${charge.id}'`])
  })

  it('refuses what no bank could do', async () => {
    const own = await merchant()
    const held = await own.made('POST /v1/charges', CARD('tok_visa', { capture: false }))
    const charge = await own.made('POST /v1/charges', CARD('tok_visa'))
    const refusal = async (form: Form) => {
      const { status, body } = await own.control('POST /disputes', form)
      assert.equal(status, 400)
      return [body.error.param, body.error.message]
    }
    assert.deepEqual(await refusal({ charge: held.id }), [
      'charge',
      `Charge ${held.id} cannot be disputed: nothing of it has been captured.`,
    ])
    assert.deepEqual(await refusal({ charge: charge.id, amount: 1001 }), [
      'amount',
      'A dispute of this charge can be of $10.00 at most.',
    ])
    assert.deepEqual(await refusal({ charge: 'ch_nope' }), ['charge', "No such charge: 'ch_nope'"])
    assert.equal((await refusal({}))[0], 'charge')
    assert.equal((await refusal({ charge: charge.id, reason: 'so' }))[0], 'reason')
    assert.equal((await refusal({ charge: charge.id, amount: 0 }))[0], 'amount')
    const other = await merchant()
    assert.equal((await own.control('POST /disputes', { charge: charge.id, account: other.account })).status, 400)
    assert.equal((await other.control('POST /disputes', { charge: charge.id })).status, 400)
    assert.deepEqual((await own.made('GET /v1/disputes')).data, [])
  })

  it('is not for live mode, for browsers and for other keys', async () => {
    const { body: live } = await shop.control<{ key: string }>('POST /accounts/acct_1KobanTestAccount/keys', {
      livemode: true,
    })
    const own = await merchant()
    const ask = async (key: string, headers = {}) =>
      (
        await fetch(`${shop.url}/_koban/disputes`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, ...headers },
        })
      ).status
    assert.equal(await ask(live.key), 403)
    assert.equal(await ask(own.key, { origin: 'https://example.com' }), 403)
    assert.equal(await ask(own.publishableKey), 401)
  })

  it('wins over a refund, or loses to it, when both come at once', async () => {
    const own = await merchant()
    for (let round = 0; round < 10; round++) {
      const charge = await own.made('POST /v1/charges', CARD('tok_visa'))
      const [refund, dispute] = await Promise.all([
        own.call('POST /v1/refunds', { charge: charge.id }),
        own.control('POST /disputes', { charge: charge.id }),
      ])
      assert.equal(dispute.status, 200)
      const { refunded } = await own.made(`GET /v1/charges/${charge.id}`)
      assert.equal(refund.status === 200, refunded)
      if (refund.status !== 200) assert.equal(refund.body.error.code, 'charge_disputed')
    }
  })
})
