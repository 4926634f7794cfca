import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY } from './clock.ts'
import { CARD, type Dispute, newDispute, previous, shown, types } from './dispute.ts'
import { newMerchant } from './merchant.ts'
import { type Body, type Form, NEW, startTestServer } from './server.ts'

const shop = await startTestServer()
const merchant = () => newMerchant(shop, NEW)
const disputed = (source?: string, version?: string, more?: Form) => newDispute(shop, source, version, more)

describe('a charge of a card whose bank disputes it', () => {
  it('is answered as any other, and whoever asks next sees the dispute', async () => {
    const { charge, id, made, read } = await disputed()
    assert.deepEqual([charge.dispute, charge.disputed, charge.status], [null, false, 'succeeded'])
    const after = await made(`GET /v1/charges/${charge.id}`)
    assert.deepEqual([after.dispute, after.disputed, after.status, after.refunded], [id, true, 'succeeded', false])
    const { reason, status, amount, is_charge_refundable, evidence_details, charge: of } = await read()
    assert.deepEqual(
      [reason, status, amount, is_charge_refundable, of],
      ['fraudulent', 'needs_response', 1000, false, charge.id],
    )
    const due = Math.floor(charge.created / DAY) * DAY + 10 * DAY - 1
    assert.deepEqual(
      [
        evidence_details.due_by,
        evidence_details.has_evidence,
        evidence_details.past_due,
        evidence_details.submission_count,
      ],
      [due, false, false, 0],
    )
  })

  it('loses the amount and the fee', async () => {
    const { made, read, balance, charge } = await disputed()
    const [row] = (await read()).balance_transactions
    assert(row)
    const { amount, fee, net, type, description, reporting_category, fee_details } = row
    assert.deepEqual(
      [amount, fee, net, type, description, reporting_category],
      [-1000, 1500, -2500, 'adjustment', `Chargeback withdrawal for ${charge.id}`, 'dispute'],
    )
    assert.deepEqual((fee_details as readonly Body[])[0]?.description, 'Dispute fee')
    assert.deepEqual(await made(`GET /v1/balance_transactions/${row.id}`), row)
    // The sale brought 1000 less 59.
    assert.deepEqual(await balance(), { available: 0, pending: 941 - 2500 })
  })

  it('tells in Stripe’s order', async () => {
    const { events, id, read } = await disputed()
    const told = await events()
    assert.deepEqual(types(told), ['charge.succeeded', 'charge.dispute.created', 'charge.dispute.funds_withdrawn'])
    for (const event of told.slice(1)) {
      assert.deepEqual([shown(event).id, shown(event).balance_transactions.length], [id, 1])
      assert.deepEqual([event.request, previous(event)], [{ id: null, idempotency_key: null }, undefined])
      assert.deepEqual(shown(event), await read())
    }
  })

  it('is disputed when it is captured, not before', async () => {
    const { made, events } = await merchant()
    const { id } = await made('POST /v1/charges', CARD('tok_createDispute', { capture: false }))
    assert.deepEqual((await made('GET /v1/disputes')).data, [])
    const captured = await made(`POST /v1/charges/${id}/capture`, { amount: 700 })
    assert.deepEqual([captured.dispute, captured.captured], [null, true])
    assert.deepEqual(
      (await made('GET /v1/disputes')).data.map(({ amount }) => amount),
      [700],
    )
    assert.deepEqual(types(await events()).slice(1), [
      'charge.captured',
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
    ])
  })

  it('is disputed also where the clock stands', async () => {
    const { made, move } = await merchant()
    await move({ freeze: true, advance: '3d' })
    const charge = await made('POST /v1/charges', CARD('tok_createDispute'))
    const [dispute] = (await made('GET /v1/disputes')).data
    assert.deepEqual([dispute?.charge, dispute?.created], [charge.id, charge.created])
    await made(`POST /v1/disputes/${dispute?.id}`, { evidence: { uncategorized_text: 'winning_evidence' } })
    assert.equal((await made(`GET /v1/disputes/${dispute?.id}`)).status, 'under_review')
    assert.deepEqual((await move({ advance: 5 })).done, { disputes_ruled: 1 })
    assert.equal((await made(`GET /v1/disputes/${dispute?.id}`)).status, 'won')
  })

  it('is disputed once, whatever was sent twice', async () => {
    const { call, made } = await merchant()
    const send = () => call('POST /v1/charges', CARD('tok_createDispute'), { idempotencyKey: 'once' })
    const [first, second] = [await send(), await send()]
    assert.equal(first.text, second.text)
    assert.equal((await made('GET /v1/disputes')).data.length, 1)
  })

  it('cannot be refunded while the money is with the bank', async () => {
    const { charge, refused, answer, move, made } = await disputed()
    const refuses = async () => {
      for (const route of ['POST /v1/refunds', `POST /v1/charges/${charge.id}/refund`]) {
        const form = route === 'POST /v1/refunds' ? { charge: charge.id, amount: 100 } : { amount: 100 }
        const { status, error } = await refused(route, form)
        assert.deepEqual(
          [status, error.code, error.message, error.param],
          [400, 'charge_disputed', `Charge ${charge.id} has been charged back; cannot issue a refund.`, undefined],
        )
      }
    }
    await refuses()
    await answer('winning_evidence')
    await refuses()
    await move({ advance: '5s' })
    assert.equal((await made('POST /v1/refunds', { charge: charge.id })).status, 'succeeded')
  })

  it('may be disputed in two parts, which end apart', async () => {
    const { made, move, balance, charge, refused, answer, id } = await disputed('tok_createMultipleDisputes', NEW, {
      amount: 1001,
    })
    const { data } = await made('GET /v1/disputes', { charge: charge.id })
    assert.deepEqual(
      data.map(({ amount }) => amount),
      [500, 501],
    )
    assert.equal((await made(`GET /v1/charges/${charge.id}`)).dispute, id)
    await answer('winning_evidence')
    await move({ advance: '5s' })
    assert.equal((await refused('POST /v1/refunds', { charge: charge.id })).error.code, 'charge_disputed')
    assert.deepEqual(await balance(), { available: 0, pending: 942 - 501 - 2 * 1500 })
  })
})

describe('evidence that wins', () => {
  it('brings the money back five seconds later, and keeps the fee', async () => {
    const { answer, move, read, events, made, balance } = await disputed()
    const reviewed = await answer('winning_evidence')
    assert.deepEqual(
      [reviewed.status, reviewed.evidence_details.has_evidence, reviewed.evidence_details.submission_count],
      ['under_review', true, 1],
    )
    assert.deepEqual((await move({ advance: '4s' })).done, {})
    assert.deepEqual((await move({ advance: '1s' })).done, { disputes_ruled: 1 })
    const won = await read()
    assert.deepEqual([won.status, won.is_charge_refundable], ['won', true])
    const [, reversal] = won.balance_transactions
    const { amount, fee, net, fee_details, description, reporting_category, source } = reversal ?? assert.fail()
    assert.deepEqual(
      [amount, fee, net, fee_details, description, reporting_category, source],
      [1000, 0, 1000, [], `Chargeback reversal for ${won.charge}`, 'dispute_reversal', won.id],
    )
    assert.deepEqual(await balance(), { available: 0, pending: 941 - 1500 })
    const charge = await made(`GET /v1/charges/${won.charge}`)
    assert.deepEqual([charge.disputed, charge.dispute], [true, won.id])

    const told = (await events()).slice(3)
    assert.deepEqual(types(told), [
      'charge.dispute.updated',
      'charge.updated',
      'charge.dispute.funds_reinstated',
      'charge.dispute.closed',
    ])
    assert.deepEqual(told.map(previous), [
      {
        evidence: { uncategorized_text: null },
        evidence_details: { has_evidence: false, submission_count: 0, submission_method: 'not_submitted' },
        status: 'needs_response',
      },
      {},
      undefined,
      undefined,
    ])
    assert.deepEqual(told.slice(2).map(shown), [won, won])
    assert.deepEqual(
      told.map(({ created }) => created - won.created),
      [0, 0, 5, 5],
    )
  })

  it('brings back the fee where the account is told so', async () => {
    const own = await disputed()
    const { body } = await shop.control<Body>(`POST /accounts/${own.account}`, { dispute_fee_returned: true })
    assert.equal(body.dispute_fee_returned, true)
    await own.answer('winning_evidence')
    await own.move({ advance: '5s' })
    const [, reversal] = (await own.read()).balance_transactions
    assert.deepEqual([reversal?.amount, reversal?.fee, reversal?.net], [1000, -1500, 2500])
    assert.equal((reversal?.fee_details as readonly Body[] | undefined)?.[0]?.description, 'Dispute fee refund')
    assert.deepEqual(await own.balance(), { available: 0, pending: 941 })
  })

  it('of a charge that was paid out long ago, it is available at once', async () => {
    const { charge, read, answer, move, made, balance } = await disputedLater()
    const [row] = (await read()).balance_transactions
    assert.deepEqual([row?.status, row?.available_on], ['available', row?.created])
    assert.deepEqual(await balance(), { available: 941 - 2500, pending: 0 })
    await answer('winning_evidence')
    await move({ advance: '5s' })
    assert.deepEqual(await balance(), { available: 941 - 1500, pending: 0 })
    assert.equal((await made('GET /v1/balance_transactions', { source: charge.id })).data.length, 1)
  })

  async function disputedLater() {
    const own = await merchant()
    const charge = await own.made('POST /v1/charges', CARD('tok_visa'))
    await own.move({ advance: '20d' })
    const { id } = await own.dispute({ charge: charge.id })
    return {
      ...own,
      charge,
      read: () => own.made<Dispute>(`GET /v1/disputes/${id}`),
      answer: (uncategorized_text: string) => own.made(`POST /v1/disputes/${id}`, { evidence: { uncategorized_text } }),
    }
  }
})

describe('a dispute that is lost', () => {
  it('by the merchant’s own word, at once', async () => {
    const { id, made, events, balance, refused } = await disputed()
    const closed = await made<Dispute>(`POST /v1/disputes/${id}/close`)
    assert.deepEqual(
      [closed.status, closed.is_charge_refundable, closed.balance_transactions.length],
      ['lost', false, 1],
    )
    assert.deepEqual(types(await events()).slice(3), ['charge.dispute.closed', 'charge.updated'])
    assert.deepEqual(await balance(), { available: 0, pending: 941 - 2500 })
    for (const [route, form] of [
      [`POST /v1/disputes/${id}/close`, {}],
      [`POST /v1/disputes/${id}`, { evidence: { uncategorized_text: 'winning_evidence' } }],
      [`POST /v1/disputes/${id}`, { metadata: { order: '6735' } }],
    ] as const) {
      const { status, error } = await refused(route, form)
      assert.deepEqual(
        [status, error],
        [400, { message: 'This dispute is already closed', type: 'invalid_request_error' }],
      )
    }
  })

  it('by evidence, five seconds later', async () => {
    const { answer, move, read } = await disputed()
    assert.equal((await answer('losing_evidence')).status, 'under_review')
    await move({ advance: '5s' })
    assert.equal((await read()).status, 'lost')
  })

  it('by silence, at midnight after the deadline, also when the clock jumps beyond', async () => {
    const { read, move, events, id, refused } = await disputed()
    const due = Number((await read()).evidence_details.due_by)
    await move({ to: due })
    assert.equal((await read()).status, 'needs_response')
    assert.deepEqual((await move({ advance: '20d' })).done.disputes_past_due, 1)
    const lost = await read()
    assert.deepEqual([lost.status, lost.evidence_details.past_due], ['lost', true])
    const told = (await events()).filter(({ type }) => String(type).startsWith('charge.dispute.closed'))
    assert.deepEqual(
      told.map(({ created }) => created),
      [due + 1],
    )
    const late = await refused(`POST /v1/disputes/${id}`, { evidence: { uncategorized_text: 'winning_evidence' } })
    assert.equal(late.error.message, 'This dispute is already closed')
  })

  it('not by evidence that says nothing to the test bank: it stays under review', async () => {
    const { answer, move, read } = await disputed()
    await answer('We have shipped it, and they have signed.')
    await move({ advance: '300d' })
    assert.equal((await read()).status, 'under_review')
  })
})

describe('after a restart', () => {
  it('what was due is still due', async () => {
    const { answer, read, move, made, id } = await disputed()
    await answer('winning_evidence')
    await shop.restart()
    assert.equal((await read()).status, 'under_review')
    await move({ advance: '5s' })
    assert.equal((await read()).status, 'won')
    assert.equal((await made('GET /v1/disputes')).data[0]?.id, id)
  })
})
