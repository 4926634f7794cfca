import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CARD, type Dispute, newDispute } from './dispute.ts'
import { newMerchant } from './merchant.ts'
import { type Body, expanded, type Form, NEW, OLD, refusalOf, startTestServer } from './server.ts'

const shop = await startTestServer()
const merchant = () => newMerchant(shop, NEW)
const disputed = (source?: string, version?: string, more?: Form) => newDispute(shop, source, version, more)

describe('what the API shows of disputes', () => {
  it('can be expanded both ways, with its files and rows', async () => {
    const { made, id, charge, read } = await disputed()
    const withDispute = await made(`GET /v1/charges/${charge.id}`, { expand: ['dispute.charge'] })
    const inside = expanded(withDispute.dispute)
    assert.deepEqual([inside.id, expanded(inside.charge).id], [id, charge.id])
    const listed = await made('GET /v1/disputes', { expand: ['data.charge'] })
    assert.equal(expanded(listed.data[0]?.charge).disputed, true)
    const row = (await read()).balance_transaction
    const transaction = await made(`GET /v1/balance_transactions/${row}`, { expand: ['source'] })
    assert.equal(expanded(transaction.source).id, id)
    const closed = await made(`POST /v1/disputes/${id}/close`, { expand: ['charge'] })
    assert.deepEqual([closed.status, expanded(closed.charge).id], ['lost', charge.id])
  })

  it('is for restricted keys that may read disputes', async () => {
    const { charge, id } = await disputedOfGuide()
    const keyWith = async (permissions: Form) =>
      (
        await shop.control<{ key: string }>('POST /accounts/acct_1KobanTestAccount/keys', {
          kind: 'restricted',
          permissions,
        })
      ).body.key
    const narrow = await keyWith({ charge: 'read' })
    const expanding = { expand: ['dispute'] }
    const { status, error } = await shop.refused(`GET /v1/charges/${charge.id}`, expanding, { key: narrow })
    assert.deepEqual([status, /'rak_(\w+)'/.exec(error.message)?.[1]], [403, 'dispute_read'])
    const below = await shop.refused(`GET /v1/charges/${charge.id}/dispute`, {}, { key: narrow })
    assert.equal(below.status, 403)
    const both = await keyWith({ charge: 'read', dispute: 'read' })
    const shown = await shop.made(`GET /v1/charges/${charge.id}`, expanding, { key: both })
    assert.equal(expanded(shown.dispute).id, id)
    const files = await shop.refused(`GET /v1/disputes/${id}`, { expand: ['evidence.receipt'] }, { key: both })
    assert.match(files.error.message, /'rak_file_read'/)
    assert.equal((await shop.refused(`POST /v1/disputes/${id}/close`, {}, { key: both })).status, 403)
  })

  async function disputedOfGuide() {
    const charge = await shop.made('POST /v1/charges', CARD('tok_createDispute'))
    const { id } = await shop.made(`GET /v1/charges/${charge.id}/dispute`)
    return { charge, id }
  }

  it('is listed by charge and by time, newest first', async () => {
    const own = await merchant()
    const charges: Body[] = []
    for (let n = 0; n < 3; n++) {
      charges.push(await own.made('POST /v1/charges', CARD('tok_createDispute')))
      await own.move({ advance: '1h' })
    }
    const idsOf = async (form: Form) => (await own.made('GET /v1/disputes', form)).data.map(({ charge }) => charge)
    const [first, second, third] = charges.map(({ id }) => id)
    assert.deepEqual(await idsOf({}), [third, second, first])
    assert.deepEqual(await idsOf({ charge: String(second) }), [second])
    assert.deepEqual(await idsOf({ created: { gt: Number(charges[0]?.created) } }), [third, second])
    const { data } = await own.made('GET /v1/disputes', { limit: 1 })
    assert.deepEqual(await idsOf({ starting_after: String(data[0]?.id) }), [second, first])
    assert.equal((await own.refused('GET /v1/disputes', { payment_intent: 'pi_nope' })).error.param, 'payment_intent')
    // Stripe: the rows name the dispute, and are not found by it.
    const rows = (await own.made('GET /v1/balance_transactions', { type: 'adjustment' })).data
    assert.deepEqual([rows.length, rows[0]?.source], [3, data[0]?.id])
    assert.deepEqual((await own.made('GET /v1/balance_transactions', { source: String(data[0]?.id) })).data, [])
  })

  it('is what a search for disputed charges finds', async () => {
    const { charge, made } = await disputed()
    await made('POST /v1/charges', CARD('tok_visa'))
    const found = async (query: string) => (await made('GET /v1/charges/search', { query })).data.map(({ id }) => id)
    assert.deepEqual(await found('disputed:"true"'), [charge.id])
    assert.equal((await found('disputed:"false"')).length, 1)
  })

  it('has the addresses of 2019, below its charge', async () => {
    const { made, refused, charge, id } = await disputed('tok_createDispute', OLD)
    assert.match(id, /^dp_/)
    assert.equal((await made(`GET /v1/charges/${charge.id}/dispute`)).id, id)
    const sent = await made<Dispute>(`POST /v1/charges/${charge.id}/dispute`, { evidence: { uncategorized_text: 'x' } })
    assert.deepEqual([sent.id, sent.status], [id, 'under_review'])
    assert.equal((await made(`POST /v1/charges/${charge.id}/dispute/close`)).status, 'lost')
    const plain = await made('POST /v1/charges', CARD('tok_visa'))
    const { status, error } = await refused(`GET /v1/charges/${plain.id}/dispute`)
    assert.deepEqual(
      [status, error],
      [404, { message: `No dispute for charge: ${plain.id}`, type: 'invalid_request_error' }],
    )
  })

  it('has today’s ids in an account of today, and is missed in Stripe’s words', async () => {
    const { id, refused } = await disputed()
    assert.match(id, /^du_1[0-9A-Za-z]{23}$/)
    for (const route of ['GET /v1/disputes/du_nope', 'POST /v1/disputes/du_nope', 'POST /v1/disputes/du_nope/close']) {
      const { status, error } = await refused(route)
      assert.deepEqual(
        [status, error.code, error.param, error.message],
        [404, 'resource_missing', 'dispute', "No such dispute: 'du_nope'"],
      )
    }
  })

  it('is what the official libraries know', async () => {
    const { stripe, oldStripe } = shop
    await stripe.charges.create(CARD('tok_createDisputeProductNotReceived'))
    const [dispute] = (await stripe.disputes.list({ limit: 1 })).data
    assert(dispute)
    assert.deepEqual(
      [dispute.reason, dispute.payment_method_details?.card?.network_reason_code],
      ['product_not_received', '13.1'],
    )
    const sent = await stripe.disputes.update(dispute.id, { evidence: { shipping_carrier: 'Post' }, submit: false })
    assert.equal(sent.evidence.shipping_carrier, 'Post')
    assert.equal((await oldStripe.disputes.retrieve(dispute.id)).status, 'needs_response')
    assert.equal((await oldStripe.disputes.close(dispute.id)).status, 'lost')
    const refusal = await refusalOf(stripe.disputes.close(dispute.id))
    assert.deepEqual([refusal.statusCode, refusal.message], [400, 'This dispute is already closed'])
  })
})
