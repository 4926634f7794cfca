import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Charge } from '../charges/charge.ts'
import { refund } from '../charges/charge.ts'
import type { Accepted, Decision } from '../decision.ts'
import { complaintsAbout } from './bank.ts'
import { DAY, MONDAY, NOON, sold } from './charge.fixture.ts'
import { endInquiry, lapse, nextOf, rule } from './course.ts'
import {
  close,
  type Dispute,
  type DisputeChange,
  type Disputed,
  type DisputeRequest,
  type Opened,
  open,
  type Standing,
  update,
} from './dispute.ts'

const KEEPS_FEE = { returnsDisputeFee: false }
const RETURNS_FEE = { returnsDisputeFee: true }

const FRAUD: DisputeRequest = {
  id: 'du_1',
  amount: null,
  reason: 'fraudulent',
  isInquiry: false,
  networkReasonCode: null,
  eligibility: null,
  evidence: {},
  transaction: 'txn_out',
}
const INQUIRY: DisputeRequest = { ...FRAUD, isInquiry: true }
const NOTHING: DisputeChange = { evidence: {}, enhancedEvidence: null, submit: undefined, metadata: undefined }

const says = (uncategorized_text: string): DisputeChange => ({ ...NOTHING, evidence: { uncategorized_text } })

function accepted<T>(decision: Decision<T>): Accepted<T> {
  if (decision.refused) throw decision.refused
  return decision
}

function opened(charge: Charge, wanted: DisputeRequest, now = NOON): Accepted<Opened> & { standing: Standing } {
  const decision = accepted(open(charge, [wanted], now))
  const [dispute] = decision.value.disputes
  assert(dispute)
  return { ...decision, standing: { dispute, charge: decision.value.charge, refunds: [] } }
}

const standingOf = (wanted: DisputeRequest): Standing => opened(sold(), wanted).standing

function answered(standing: Standing, text: string, now = NOON): Standing {
  return { ...standing, dispute: accepted(update(standing, says(text), now)).value }
}

const refusalOf = (decision: Decision<unknown>) => decision.refused?.fields
const told = ({ events }: Accepted<unknown>) => events.map(({ type }) => type)
const next = ({ dispute, charge }: Disputed): Standing => ({ dispute, charge, refunds: [] })

describe('what a dispute costs', () => {
  // Amounts in the smallest unit: the withdrawal, then what a win brings back in our days and in those before 2024.
  const CASES = [
    ['usd', 1000, [-1000, 1500, -2500], [1000, 0, 1000], [1000, -1500, 2500]],
    ['eur', 50_000, [-50_000, 2000, -52_000], [50_000, 0, 50_000], [50_000, -2000, 52_000]],
    ['gbp', 4400, [-4400, 2000, -6400], [4400, 0, 4400], [4400, -2000, 6400]],
    ['jpy', 999, [-999, 1300, -2299], [999, 0, 999], [999, -1300, 2299]],
    ['kwd', 5120, [-5120, 0, -5120], [5120, 0, 5120], [5120, 0, 5120]],
  ] as const
  for (const [currency, amount, out, back, backBefore] of CASES) {
    it(`${amount} ${currency}`, () => {
      const { transactions, standing } = opened(sold({ amount, currency }), FRAUD)
      const rowOf = ({ amount, fee, net }: { amount: number; fee: number; net: number }) => [amount, fee, net]
      assert.deepEqual(transactions.map(rowOf), [out])
      for (const [terms, expected] of [
        [KEEPS_FEE, back],
        [RETURNS_FEE, backBefore],
      ] as const) {
        const won = accepted(rule(answered(standing, 'winning_evidence'), 'txn_back', terms, NOON + 5))
        assert.deepEqual(won.transactions.map(rowOf), [expected])
      }
    })
  }

  it('is said in Stripe’s words', () => {
    const { transactions, standing } = opened(sold(), FRAUD)
    const won = accepted(rule(answered(standing, 'winning_evidence'), 'txn_back', RETURNS_FEE, NOON + 5))
    const words = [...transactions, ...won.transactions].map(
      ({ type, reportingCategory, source, description, feeDetails }) => [
        type,
        reportingCategory,
        source,
        description,
        feeDetails,
      ],
    )
    const fee = { currency: 'usd', type: 'stripe_fee' }
    assert.deepEqual(words, [
      [
        ...['adjustment', 'dispute', 'du_1', 'Chargeback withdrawal for ch_1'],
        [{ ...fee, amount: 1500, description: 'Dispute fee' }],
      ],
      [
        ...['adjustment', 'dispute_reversal', 'du_1', 'Chargeback reversal for ch_1'],
        [{ ...fee, amount: -1500, description: 'Dispute fee refund' }],
      ],
    ])
  })

  it('is taken from where the charge’s money is, and brought back there', () => {
    const pending = `pending:${MONDAY / DAY}`
    const of = (now: number) => {
      const { transactions, standing } = opened(sold(), FRAUD, now)
      const back = accepted(rule(answered(standing, 'winning_evidence', now), 'txn_back', KEEPS_FEE, now + 5))
      return [...transactions, ...back.transactions].map(({ availableOn, postings }) => [
        availableOn,
        postings.map(({ ledgerAccount, amount }) => `${ledgerAccount} ${amount}`),
      ])
    }
    assert.deepEqual(of(NOON), [
      [MONDAY, ['network 1000', `${pending} -2500`, 'fees 1500']],
      [MONDAY, ['network -1000', `${pending} 1000`]],
    ])
    assert.deepEqual(of(MONDAY), [
      [MONDAY, ['network 1000', 'available -2500', 'fees 1500']],
      [MONDAY + 5, ['network -1000', 'available 1000']],
    ])
  })
})

describe('a dispute that is opened', () => {
  it('is of all that was captured, refunded or not', () => {
    const { dispute, charge } = opened(sold({ amountRefunded: 200 }), FRAUD).standing
    assert.deepEqual(
      [dispute.amount, dispute.status, charge.dispute, charge.amountWithheld],
      [1000, 'needs_response', 'du_1', 1000],
    )
  })

  it('is to be answered by the end of the ninth day', () => {
    assert.equal(standingOf(FRAUD).dispute.dueBy, Date.parse('2019-05-25T23:59:59Z') / 1000)
    const midnight = Date.parse('2019-05-16T00:00:00Z') / 1000
    assert.equal(opened(sold(), FRAUD, midnight).standing.dispute.dueBy, Date.parse('2019-05-25T23:59:59Z') / 1000)
  })

  it('has the code of the network, where one is known', () => {
    const codeOf = (more: Partial<DisputeRequest>, charge = sold()) =>
      opened(charge, { ...FRAUD, ...more }).standing.dispute.networkReasonCode
    assert.equal(codeOf({}), '10.4')
    assert.equal(codeOf({ reason: 'product_not_received' }), '13.1')
    assert.equal(codeOf({ isInquiry: true }), '10')
    assert.equal(codeOf({ reason: 'duplicate' }), null)
    assert.equal(codeOf({ networkReasonCode: '4853' }), '4853')
    const { card } = sold()
    assert.equal(codeOf({}, sold({ card: { ...card, brand: 'mastercard' } })), null)
  })

  it('tells of itself, and of the money that went', () => {
    assert.deepEqual(told(opened(sold(), FRAUD)), ['charge.dispute.created', 'charge.dispute.funds_withdrawn'])
    const { events, transactions, standing } = opened(sold(), INQUIRY)
    assert.deepEqual(
      events.map(({ type }) => type),
      ['charge.dispute.created'],
    )
    assert.deepEqual([transactions, standing.charge.amountWithheld, standing.charge.amountInquired], [[], 0, 1000])
  })

  it('forbids a refund while the money is withheld, but an inquiry does not', () => {
    const wanted = { id: 're_1', amount: 100, reason: null, metadata: {}, transaction: 'txn_re' } as const
    const refunded = ({ charge }: Disputed) => refusalOf(refund(charge, wanted, [], NOON))?.code
    const chargedBack = standingOf(FRAUD)
    assert.equal(refunded(chargedBack), 'charge_disputed')
    assert.equal(refunded(standingOf(INQUIRY)), undefined)
    const won = accepted(rule(answered(chargedBack, 'winning_evidence'), 'txn_back', KEEPS_FEE, NOON + 5))
    assert.equal(refunded(won.value), undefined)
    assert.equal(refunded(accepted(close(chargedBack)).value), 'charge_disputed')
  })

  it('needs captured money that is not disputed yet', () => {
    for (const state of ['failed', 'authorized', 'released', 'expired'] as const) {
      const refused = refusalOf(open(sold({ state, amountCaptured: 0 }), [FRAUD], NOON))
      assert.equal(refused?.message, 'Charge ch_1 cannot be disputed: nothing of it has been captured.')
    }
    const part = standingOf({ ...FRAUD, amount: 400 })
    const more = (amount: number | null) => open(part.charge, [{ ...FRAUD, id: 'du_2', amount }], NOON)
    assert.equal(refusalOf(more(601))?.message, 'A dispute of this charge can be of $6.00 at most.')
    assert.equal(accepted(more(null)).value.disputes[0]?.amount, 600)
    const full = standingOf(FRAUD)
    assert.equal(refusalOf(open(full.charge, [FRAUD], NOON))?.message, 'Charge ch_1 is disputed already, in full.')
    const asked = standingOf(INQUIRY)
    assert.equal(refusalOf(open(asked.charge, [FRAUD], NOON))?.message, 'Charge ch_1 is disputed already, in full.')
    const rounded = open(sold({ currency: 'isk', amount: 10_000 }), [{ ...FRAUD, amount: 150 }], NOON)
    assert.equal(refusalOf(rounded)?.param, 'amount')
  })

  it('is one of two halves where the bank says so', () => {
    const halves = (amount: number, currency = 'usd') =>
      complaintsAbout(sold({ amount, currency }), 'disputes').map((one) => one.amount)
    assert.deepEqual(halves(999), [500, 499])
    assert.deepEqual(halves(1), [1])
    assert.deepEqual(halves(1010, 'kwd'), [510, 500])
    assert.deepEqual(halves(900, 'isk'), [500, 400])
  })
})

describe('evidence', () => {
  it('is submitted when it is sent', () => {
    const standing = standingOf(FRAUD)
    const decision = accepted(update(standing, says('We are right.'), NOON + 60))
    const { status, hasEvidence, submissionCount, submittedAt, evidence } = decision.value
    assert.deepEqual(
      [status, hasEvidence, submissionCount, submittedAt, evidence],
      ['under_review', true, 1, NOON + 60, { uncategorized_text: 'We are right.' }],
    )
    assert.deepEqual(told(decision), ['charge.dispute.updated', 'charge.updated'])
  })

  it('is kept without being submitted, field by field, and taken away', () => {
    let standing = standingOf({ ...FRAUD, evidence: { customer_name: 'Jenny Rosen' } })
    const stage = (evidence: DisputeChange['evidence']) => {
      const { value } = accepted(update(standing, { ...NOTHING, evidence, submit: false }, NOON))
      standing = { ...standing, dispute: value }
      return value
    }
    assert.equal(standing.dispute.hasEvidence, false)
    assert.equal(stage({ billing_address: '1 Main Street', receipt: 'file_1' }).hasEvidence, true)
    const { evidence, status, submissionCount } = stage({ billing_address: null, service_date: 'May 16' })
    assert.deepEqual(evidence, { customer_name: 'Jenny Rosen', receipt: 'file_1', service_date: 'May 16' })
    assert.deepEqual([status, submissionCount], ['needs_response', 0])
    const sent = accepted(update(standing, { ...NOTHING, submit: true }, NOON)).value
    assert.deepEqual([sent.status, sent.submissionCount, sent.evidence], ['under_review', 1, evidence])
  })

  it('is not what metadata is', () => {
    const metadata = { clear: false, entries: [['order', '6735']] } as const
    const { value } = accepted(update(standingOf(FRAUD), { ...NOTHING, metadata }, NOON))
    assert.deepEqual([value.status, value.hasEvidence, value.metadata], ['needs_response', false, { order: '6735' }])
  })

  it('is taken once', () => {
    const reviewed = answered(standingOf(FRAUD), 'We are right.')
    assert.match(String(refusalOf(update(reviewed, says('And more.'), NOON))?.message), /can be submitted only once/)
    assert.match(String(refusalOf(update(reviewed, { ...NOTHING, submit: true }, NOON))?.message), /only once/)
    const metadata = { clear: false, entries: [['order', '6735']] } as const
    assert.equal(accepted(update(reviewed, { ...NOTHING, metadata }, NOON)).value.status, 'under_review')
  })

  it('is taken until the last second', () => {
    const standing = standingOf(FRAUD)
    const { dueBy } = standing.dispute
    assert.equal(answered(standing, 'In time.', dueBy).dispute.status, 'under_review')
    const late = update(standing, says('Late.'), dueBy + 1)
    assert.equal(refusalOf(late)?.message, 'The deadline for submitting evidence for this dispute has passed.')
  })

  it('has at most 150,000 characters', () => {
    const evidence = Object.fromEntries(
      ['access_activity_log', 'cancellation_rebuttal', 'product_description', 'uncategorized_text'].map((name) => [
        name,
        '🍣'.repeat(37_500),
      ]),
    )
    const standing = standingOf(FRAUD)
    accepted(update(standing, { ...NOTHING, evidence }, NOON))
    const more = { ...NOTHING, evidence: { ...evidence, billing_address: 'x' } }
    assert.match(String(refusalOf(update(standing, more, NOON))?.message), /at most 150000 characters together/)
  })

  it('waits for the network’s fee to be acknowledged', () => {
    const standing = standingOf({ ...FRAUD, reason: 'noncompliant', eligibility: 'visa_compliance' })
    assert.equal(standing.dispute.caseType, 'compliance')
    assert.match(String(refusalOf(update(standing, says('We are right.'), NOON))?.param), /fee_acknowledged/)
    accepted(update(standing, { ...says('We are right.'), submit: false }, NOON))
    const enhancedEvidence = { visa_compliance: { fee_acknowledged: true } }
    assert.equal(
      accepted(update(standing, { ...says('We are.'), enhancedEvidence }, NOON)).value.status,
      'under_review',
    )
  })
})

describe('the end of a dispute', () => {
  it('comes five seconds after winning evidence, with the money', () => {
    const reviewed = answered(standingOf(FRAUD), 'winning_evidence')
    assert.deepEqual(nextOf(reviewed.dispute), { kind: 'dispute_ruling', due: NOON + 5 })
    const decision = accepted(rule(reviewed, 'txn_back', KEEPS_FEE, NOON + 5))
    assert.deepEqual([decision.value.dispute.status, decision.value.charge.amountWithheld], ['won', 0])
    assert.deepEqual(told(decision), ['charge.dispute.funds_reinstated', 'charge.dispute.closed'])
  })

  it('comes five seconds after losing evidence, without', () => {
    const decision = accepted(rule(answered(standingOf(FRAUD), 'losing_evidence'), 'txn_back', KEEPS_FEE, NOON + 5))
    assert.deepEqual([decision.value.dispute.status, decision.value.charge.amountWithheld], ['lost', 1000])
    assert.deepEqual([told(decision), decision.transactions], [['charge.dispute.closed', 'charge.updated'], []])
  })

  it('never comes for other evidence', () => {
    for (const text of ['We are right.', 'winning_evidence ', 'Winning_Evidence', 'escalate_inquiry_evidence']) {
      assert.equal(nextOf(answered(standingOf(FRAUD), text).dispute), null, text)
    }
  })

  it('comes at midnight after the deadline where nobody answers', () => {
    const standing = standingOf(FRAUD)
    const { dueBy } = standing.dispute
    assert.deepEqual(nextOf(standing.dispute), { kind: 'dispute_deadline', due: dueBy + 1 })
    assert.throws(() => lapse(standing, dueBy))
    const { dispute } = accepted(lapse(standing, dueBy + 1)).value
    assert.deepEqual([dispute.status, dispute.pastDue, nextOf(dispute)], ['lost', true, null])
  })

  it('comes at once where the merchant gives up, also under review', () => {
    for (const standing of [standingOf(FRAUD), answered(standingOf(FRAUD), 'winning_evidence')]) {
      const decision = accepted(close(standing))
      assert.deepEqual(
        [decision.value.dispute.status, told(decision)],
        ['lost', ['charge.dispute.closed', 'charge.updated']],
      )
    }
  })

  it('is final', () => {
    const ended: readonly Dispute[] = [
      accepted(close(standingOf(FRAUD))).value.dispute,
      accepted(close(standingOf(INQUIRY))).value.dispute,
      accepted(rule(answered(standingOf(FRAUD), 'winning_evidence'), 'txn_back', KEEPS_FEE, NOON + 5)).value.dispute,
    ]
    assert.deepEqual(
      ended.map(({ status }) => status),
      ['lost', 'warning_closed', 'won'],
    )
    for (const dispute of ended) {
      const standing = { ...standingOf(FRAUD), dispute }
      const metadata = { clear: true, entries: [] }
      for (const refused of [
        close(standing),
        update(standing, says('x'), NOON),
        update(standing, { ...NOTHING, metadata }, NOON),
      ]) {
        const { status, message, code, param } = refusalOf(refused) ?? {}
        assert.deepEqual([status, message, code, param], [400, 'This dispute is already closed', undefined, undefined])
      }
      assert.equal(nextOf(dispute), null)
    }
  })
})

describe('an inquiry', () => {
  it('is closed by winning and by losing evidence, and nothing has moved', () => {
    for (const text of ['winning_evidence', 'losing_evidence']) {
      const reviewed = answered(standingOf(INQUIRY), text)
      assert.equal(reviewed.dispute.status, 'warning_under_review')
      const decision = accepted(rule(reviewed, 'txn_1', KEEPS_FEE, NOON + 5))
      const { dispute, charge } = decision.value
      assert.deepEqual([dispute.status, charge.amountInquired, charge.amountWithheld], ['warning_closed', 0, 0])
      assert.deepEqual([decision.transactions, told(decision)], [[], ['charge.dispute.closed', 'charge.updated']])
    }
  })

  it('is escalated: then the money goes, and it must be answered anew', () => {
    const reviewed = answered(standingOf(INQUIRY), 'escalate_inquiry_evidence')
    const now = NOON + 3 * DAY
    const decision = accepted(rule(reviewed, 'txn_out', KEEPS_FEE, now))
    const { dispute, charge } = decision.value
    assert.deepEqual(
      [dispute.status, dispute.caseType, dispute.networkReasonCode],
      ['needs_response', 'chargeback', '10.4'],
    )
    assert.deepEqual([charge.amountInquired, charge.amountWithheld], [0, 1000])
    assert.deepEqual(
      decision.transactions.map(({ net }) => net),
      [-2500],
    )
    assert.deepEqual(told(decision), ['charge.dispute.updated', 'charge.dispute.funds_withdrawn'])
    assert.equal(dispute.dueBy, Date.parse('2019-05-28T23:59:59Z') / 1000)
    const again = answered(next(decision.value), 'winning_evidence', now)
    assert.deepEqual([again.dispute.submissionCount, again.dispute.status], [2, 'under_review'])
    assert.equal(accepted(rule(again, 'txn_back', KEEPS_FEE, now + 5)).value.dispute.status, 'won')
  })

  it('stays open after its deadline, but takes no evidence, and ends after 120 days', () => {
    const standing = standingOf(INQUIRY)
    const decision = accepted(lapse(standing, standing.dispute.dueBy + 1))
    const late = next(decision.value)
    assert.deepEqual([late.dispute.status, late.dispute.pastDue], ['warning_needs_response', true])
    assert.deepEqual(told(decision), ['charge.dispute.updated', 'charge.updated'])
    assert.match(String(refusalOf(update(late, says('x'), late.dispute.dueBy + 1))?.message), /deadline/)
    const end = { kind: 'inquiry_end', due: NOON + 120 * DAY }
    assert.deepEqual(nextOf(late.dispute), end)
    assert.deepEqual(nextOf(answered(standing, 'We are right.').dispute), end)
    assert.equal(accepted(endInquiry(late)).value.dispute.status, 'warning_closed')
  })
})
