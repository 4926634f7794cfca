import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CARD, type Dispute, newDispute, previous, types } from './dispute.ts'
import { newMerchant } from './merchant.ts'
import { type Form, NEW, startTestServer } from './server.ts'

const shop = await startTestServer()
const merchant = () => newMerchant(shop, NEW)
const disputed = (source?: string, version?: string, more?: Form) => newDispute(shop, source, version, more)

describe('evidence', () => {
  it('may be kept first and submitted later, once', async () => {
    const { id, made, refused, read } = await disputed()
    const staged = await made<Dispute>(`POST /v1/disputes/${id}`, {
      evidence: { customer_name: 'Jenny Rosen', billing_address: '1 Main Street' },
      submit: false,
    })
    assert.deepEqual(
      [staged.status, staged.evidence_details.has_evidence, staged.evidence_details.submission_count],
      ['needs_response', true, 0],
    )
    await made(`POST /v1/disputes/${id}`, {
      evidence: { billing_address: null, service_date: 'May 16' },
      submit: false,
    })
    const sent = await made<Dispute>(`POST /v1/disputes/${id}`, { submit: true })
    const { customer_name, billing_address, service_date } = sent.evidence
    assert.deepEqual(
      [sent.status, customer_name, billing_address, service_date],
      ['under_review', 'Jenny Rosen', null, 'May 16'],
    )
    const { error } = await refused(`POST /v1/disputes/${id}`, { evidence: { uncategorized_text: 'More.' } })
    assert.match(error.message, /can be submitted only once/)
    const marked = await made<Dispute>(`POST /v1/disputes/${id}`, { metadata: { order: '6735' } })
    assert.deepEqual([marked.status, marked.metadata], ['under_review', { order: '6735' }])
    assert.deepEqual(await read(), marked)
  })

  it('is filled in with what is known of the customer and the purchase', async () => {
    const own = await merchant()
    const customer = await own.made('POST /v1/customers', {
      email: 'jenny@example.com',
      name: 'Jenny',
      source: 'tok_createDispute',
    })
    await own.made('POST /v1/charges', { amount: 1000, currency: 'usd', customer: customer.id, description: 'A cake' })
    const [dispute] = (await own.made('GET /v1/disputes')).data as readonly Dispute[]
    const { customer_email_address, customer_name, product_description } = dispute?.evidence ?? {}
    assert.deepEqual(
      [customer_email_address, customer_name, product_description],
      ['jenny@example.com', 'Jenny', 'A cake'],
    )
    assert.equal(dispute?.evidence_details.has_evidence, false)
    const { read } = await disputed()
    const { enhanced_evidence, ...empty } = (await read()).evidence
    assert.deepEqual([enhanced_evidence, Object.values(empty).every((value) => value === null)], [{}, true])
  })

  it('has its limits', async () => {
    const { id, refused, made, read } = await disputed()
    const send = (evidence: Form) => refused(`POST /v1/disputes/${id}`, { evidence })
    const tooLong = await send({ uncategorized_text: 'x'.repeat(20_001) })
    assert.deepEqual(
      [tooLong.error.param, tooLong.error.message],
      ['evidence[uncategorized_text]', 'Invalid string: xxxx...xxxx; must be at most 20000 characters'],
    )
    assert.equal((await send({ billing_address: 'x'.repeat(5001) })).error.param, 'evidence[billing_address]')
    assert.equal((await send({ nonsense: 'x' })).error.code, 'parameter_unknown')
    const missing = await send({ receipt: 'file_nope' })
    assert.deepEqual([missing.error.message, missing.error.param], ["No such file: 'file_nope'", 'evidence[receipt]'])
    const long = 'x'.repeat(20_000)
    const texts = [
      'access_activity_log',
      'cancellation_policy_disclosure',
      'cancellation_rebuttal',
      'duplicate_charge_explanation',
    ]
    const more = ['product_description', 'refund_policy_disclosure', 'refund_refusal_explanation']
    const all = Object.fromEntries([...texts, ...more].map((name) => [name, long]))
    const tooMuch = await send({ ...all, uncategorized_text: 'x'.repeat(10_001) })
    assert.match(tooMuch.error.message, /at most 150000 characters together/)
    assert.equal((await read()).status, 'needs_response')
    await made(`POST /v1/disputes/${id}`, { evidence: { ...all, uncategorized_text: 'x'.repeat(10_000) } })
  })

  it('of a violated rule is taken when its fee is acknowledged', async () => {
    const { id, refused, made, read } = await disputed('tok_createComplianceDispute')
    const details = async () => (await read()).evidence_details.enhanced_eligibility
    assert.deepEqual(await details(), { visa_compliance: { status: 'requires_fee_acknowledgement' } })
    const evidence = { uncategorized_text: 'winning_evidence' }
    const { error } = await refused(`POST /v1/disputes/${id}`, { evidence })
    assert.equal(error.param, 'evidence[enhanced_evidence][visa_compliance][fee_acknowledged]')
    const acknowledged = { enhanced_evidence: { visa_compliance: { fee_acknowledged: true } } }
    const sent = await made<Dispute>(`POST /v1/disputes/${id}`, { evidence: { ...evidence, ...acknowledged } })
    assert.deepEqual(
      [sent.status, sent.enhanced_eligibility_types, sent.evidence.enhanced_evidence],
      ['under_review', ['visa_compliance'], { visa_compliance: { fee_acknowledged: true } }],
    )
    assert.deepEqual(await details(), { visa_compliance: { status: 'fee_acknowledged' } })
  })

  it('of Visa’s program says what it lacks', async () => {
    const { id, made, read } = await disputed('tok_createCe3EligibleDispute')
    const lacks = async () => (await read()).evidence_details.enhanced_eligibility
    assert.deepEqual(await lacks(), {
      visa_compelling_evidence_3: {
        required_actions: [
          ...['missing_customer_identifiers', 'missing_disputed_transaction_description'],
          ...['missing_merchandise_or_services', 'missing_prior_undisputed_transactions'],
        ],
        status: 'requires_action',
      },
    })
    const same = {
      customer_purchase_ip: '203.0.113.7',
      customer_email_address: 'jenny@example.com',
      product_description: 'A cake',
    }
    const prior = await made('POST /v1/charges', CARD('tok_visa'))
    const compelling = {
      disputed_transaction: { ...same, merchandise_or_services: 'merchandise' },
      prior_undisputed_transactions: { 0: { charge: prior.id, ...same }, 1: { charge: prior.id, ...same } },
    }
    const evidence = { enhanced_evidence: { visa_compelling_evidence_3: compelling } }
    await made(`POST /v1/disputes/${id}`, { evidence, submit: false })
    assert.deepEqual(await lacks(), { visa_compelling_evidence_3: { required_actions: [], status: 'qualified' } })
  })
})

describe('an inquiry', () => {
  it('moves no money, and its charge can be refunded', async () => {
    const { read, events, balance, charge, made } = await disputed('tok_createDisputeInquiry')
    const inquiry = await read()
    const { status, is_charge_refundable, balance_transactions, balance_transaction } = inquiry
    assert.deepEqual(
      [status, is_charge_refundable, balance_transactions, balance_transaction],
      ['warning_needs_response', true, [], null],
    )
    const { card } = inquiry.payment_method_details
    assert.deepEqual([card.case_type, card.network_reason_code], ['inquiry', '10'])
    assert.deepEqual(types(await events()), ['charge.succeeded', 'charge.dispute.created'])
    assert.deepEqual(await balance(), { available: 0, pending: 941 })
    assert.equal((await made(`GET /v1/charges/${charge.id}`)).disputed, true)
    assert.equal((await made('POST /v1/refunds', { charge: charge.id })).status, 'succeeded')
  })

  it('becomes a chargeback where it is escalated', async () => {
    const { read, answer, move, events, balance, made, charge } = await disputed('tok_createDisputeInquiry')
    await made('POST /v1/refunds', { charge: charge.id, amount: 200 })
    assert.equal((await answer('escalate_inquiry_evidence')).status, 'warning_under_review')
    await move({ advance: '5s' })
    const { status, balance_transactions, is_charge_refundable } = await read()
    assert.deepEqual(
      [status, balance_transactions.map(({ net }) => net), is_charge_refundable],
      ['needs_response', [-2500], false],
    )
    const told = (await events()).slice(-2)
    assert.deepEqual(types(told), ['charge.dispute.updated', 'charge.dispute.funds_withdrawn'])
    assert.equal((previous(told[0]) as { status: string }).status, 'warning_under_review')
    assert.deepEqual(await balance(), { available: 0, pending: 941 - 200 - 2500 })
    assert.equal((await answer('losing_evidence')).evidence_details.submission_count, 2)
    await move({ advance: '5s' })
    assert.equal((await read()).status, 'lost')
  })

  it('that wins, loses, or is given up is closed without money', async () => {
    for (const end of ['winning_evidence', 'losing_evidence', 'close']) {
      const { id, read, answer, move, balance, made } = await disputed('tok_createDisputeInquiry')
      if (end === 'close') await made(`POST /v1/disputes/${id}/close`)
      else await answer(end)
      await move({ advance: '5s' })
      assert.equal((await read()).status, 'warning_closed')
      assert.deepEqual(await balance(), { available: 0, pending: 941 })
    }
  })

  it('that nobody answers is past due, and closed after 120 days', async () => {
    const { read, move, id, refused } = await disputed('tok_createDisputeInquiry')
    await move({ advance: '10d' })
    const late = await read()
    assert.deepEqual([late.status, late.evidence_details.past_due], ['warning_needs_response', true])
    const { error } = await refused(`POST /v1/disputes/${id}`, { evidence: { uncategorized_text: 'winning_evidence' } })
    assert.match(error.message, /deadline .* has passed/)
    assert.deepEqual((await move({ advance: '110d' })).done, { inquiries_closed: 1 })
    assert.equal((await read()).status, 'warning_closed')
  })
})
