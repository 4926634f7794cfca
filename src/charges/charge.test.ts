import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Accepted, Decision } from '../decision.ts'
import { errorBody, type StripeError } from '../errors.ts'
import type { LedgerTransaction } from '../ledger/ledger.ts'
import type { Refund } from '../refunds/refund.ts'
import {
  amountRefundedShown,
  authorize,
  type Capture,
  type Charge,
  capture,
  checkAmount,
  fail,
  holdEndsAt,
  isFullyRefunded,
  type RefundRequest,
  refund,
  refundable,
  update,
} from './charge.ts'

const US = { country: 'US' }
const NOON = at('2019-05-16T12:00:00Z') // a Thursday: funds of that day are there on Monday
const MONDAY = at('2019-05-20T00:00:00Z')
const DAY = 86_400

/** A hold of $10.00, seen right after the issuer's yes. */
const HOLD: Charge = frozen({
  id: 'ch_hold',
  created: NOON,
  state: 'authorized',
  amount: 1000,
  currency: 'usd',
  amountCaptured: 0,
  amountRefunded: 0,
  amountReleased: 0,
  releaseIsRefund: false,
  refundCount: 0,
  customer: null,
  dispute: null,
  amountInquired: 0,
  amountWithheld: 0,
  earlyFraudWarning: null,
  source: null,
  card: {
    id: 'card_visa',
    fingerprint: 'Xt5EWLLDS7FJjR1c',
    brand: 'visa',
    funding: 'credit',
    country: 'US',
    last4: '4242',
    expMonth: 8,
    expYear: 2020,
    name: null,
    address: { line1: null, line2: null, city: null, state: null, zip: null, country: null },
    checks: { cvc: 'pass', line1: null, zip: null },
    currency: null,
  },
  outcome: {
    type: 'authorized',
    networkStatus: 'approved_by_network',
    reason: null,
    riskLevel: 'normal',
    riskScore: 20,
    rule: null,
    sellerMessage: 'Payment complete.',
    adviceCode: null,
    networkAdviceCode: null,
    networkDeclineCode: null,
  },
  failure: null,
  authorization: { code: '123456', networkTransactionId: '123456789012345' },
  balanceTransaction: null,
  fundsAvailableOn: null,
  description: null,
  metadata: {},
  receiptEmail: null,
  receiptSecret: 'secret',
  shipping: null,
  statementDescriptor: null,
  statementDescriptorSuffix: null,
  calculatedStatementDescriptor: 'KOBAN TEST',
  transferGroup: null,
  userReport: null,
  stripeReport: null,
})

const FAILED: Charge = frozen({
  ...HOLD,
  id: 'ch_failed',
  state: 'failed',
  failure: { code: 'card_declined', message: 'Your card was declined.' },
  authorization: null,
  receiptSecret: null,
})

function at(instant: string): number {
  return Date.parse(instant) / 1000
}

/** The core returns new values: nothing that it was given may change. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen)
  return value
}

function accepted<T>(decision: Decision<T>): Accepted<T> {
  if (decision.refused) throw decision.refused
  return frozen(decision)
}

/** Why not, as the merchant reads it. */
function refusalOf(decision: Decision<unknown>) {
  assert.ok(decision.refused, 'it was to be refused')
  return told(decision.refused)
}

function told(error: StripeError) {
  const { error: body } = errorBody(error)
  const { code, param, message, type } = body
  assert.equal(type, 'invalid_request_error')
  return { status: error.fields.status, ...(code ? { code } : {}), ...(param ? { param } : {}), message }
}

function charged(changes: Partial<Charge> = {}): Charge {
  return accepted(authorize({ ...HOLD, id: 'ch_sold', ...changes }, US, 'txn_sale')).value
}

function captureOf(charge: Charge, wanted: Partial<Capture> = {}, now = NOON + DAY) {
  const request: Capture = {
    amount: null,
    calculatedStatementDescriptor: charge.calculatedStatementDescriptor,
    releaseRefund: null,
    transaction: 'txn_capture',
    ...wanted,
  }
  return capture(charge, request, US, [], now)
}

/** As a version before 2025-03-31.basil captures: a Refund stands for the rest. */
function oldCaptureOf(charge: Charge, amount: number | null) {
  return captureOf(charge, { amount, releaseRefund: 're_rest' })
}

function refundOf(
  charge: Charge,
  wanted: Partial<RefundRequest> = {},
  { refunds = [], now = NOON + DAY }: { refunds?: readonly Refund[]; now?: number } = {},
) {
  const request = { id: 're_new', amount: null, reason: null, metadata: {}, transaction: 'txn_refund', ...wanted }
  return refund(charge, request, refunds, now)
}

function postingsOf(transactions: readonly LedgerTransaction[]) {
  return transactions.map(({ postings }) =>
    Object.fromEntries(postings.map(({ ledgerAccount, amount }) => [ledgerAccount, amount])),
  )
}

const eventTypes = ({ events }: Accepted<unknown>) => events.map(({ type }) => type)

const PENDING_MONDAY = `pending:${MONDAY / DAY}`

describe('an amount that is to be charged', () => {
  const refused: [amount: number, currency: string, message: string, code: string | undefined][] = [
    [49, 'usd', 'Amount must be at least $0.50 usd', 'amount_too_small'],
    [29, 'gbp', 'Amount must be at least £0.30 gbp', 'amount_too_small'],
    [49, 'jpy', 'Amount must be at least ¥50 jpy', 'amount_too_small'],
    [100_000_000, 'usd', 'Amount must be no more than $999,999.99', 'amount_too_large'],
    [100_000_000, 'jpy', 'Amount must be no more than ¥99,999,999', 'amount_too_large'],
    [1005, 'kwd', 'Amounts in kwd must be a multiple of 10.', undefined],
    [550, 'ugx', 'Amounts in ugx must be a multiple of 100.', undefined],
  ]
  for (const [amount, currency, message, code] of refused) {
    it(`of ${amount} ${currency} is refused: ${message}`, () => {
      const error = checkAmount(amount, currency, 'amount')
      assert.ok(error)
      assert.deepEqual(told(error), { status: 400, ...(code && { code }), param: 'amount', message })
    })
  }

  const taken: [amount: number, currency: string][] = [
    [50, 'usd'],
    [99_999_999, 'usd'],
    [30, 'gbp'],
    [50, 'jpy'],
    [1, 'amd'],
    [1010, 'kwd'],
    [999_999_999_999, 'idr'],
  ]
  for (const [amount, currency] of taken) {
    it(`of ${amount} ${currency} is taken`, () => assert.equal(checkAmount(amount, currency, 'amount'), null))
  }
})

describe('charging a card', () => {
  it('captures at once: the merchant is owed the amount less the fee, from Monday on', () => {
    const { value, transactions, events } = accepted(authorize({ ...HOLD, description: 'Lamp' }, US, 'txn_sale'))

    assert.equal(value.state, 'captured')
    assert.equal(value.amountCaptured, 1000)
    assert.equal(value.balanceTransaction, 'txn_sale')
    assert.equal(value.fundsAvailableOn, MONDAY)
    assert.deepEqual(events, [{ type: 'charge.succeeded', object: 'charge', before: null, after: value, refunds: [] }])
    assert.deepEqual(transactions, [
      {
        id: 'txn_sale',
        type: 'charge',
        source: 'ch_hold',
        currency: 'usd',
        amount: 1000,
        fee: 59,
        feeDetails: [{ amount: 59, currency: 'usd', description: 'Stripe processing fees', type: 'stripe_fee' }],
        net: 941,
        description: 'Lamp',
        created: NOON,
        availableOn: MONDAY,
        postings: [
          { ledgerAccount: 'network', amount: -1000 },
          { ledgerAccount: PENDING_MONDAY, amount: 941 },
          { ledgerAccount: 'fees', amount: 59 },
        ],
      },
    ])
  })

  it("takes the fee and the delay of the account's country", () => {
    const { transactions } = accepted(authorize({ ...HOLD, currency: 'jpy' }, { country: 'JP' }, 'txn_sale'))
    const [{ fee, net, availableOn } = assert.fail()] = transactions
    assert.deepEqual({ fee, net, availableOn }, { fee: 36, net: 964, availableOn: at('2019-05-22T00:00:00Z') })
  })

  it('with capture=false only holds: no money moves', () => {
    const { value, transactions, events } = accepted(authorize(HOLD, US, null))
    assert.equal(value, HOLD)
    assert.deepEqual(transactions, [])
    assert.deepEqual(events, [{ type: 'charge.succeeded', object: 'charge', before: null, after: HOLD, refunds: [] }])
  })

  it('that the issuer declines is kept as a failed charge: no money moves', () => {
    const { value, transactions, events } = accepted(fail(FAILED))
    assert.equal(value, FAILED)
    assert.deepEqual(transactions, [])
    assert.deepEqual(events, [{ type: 'charge.failed', object: 'charge', before: null, after: FAILED, refunds: [] }])
  })

  it('is never told as what it is not: that would be a bug of Koban, and stops', () => {
    assert.throws(() => authorize(FAILED, US, null), assert.AssertionError)
    assert.throws(() => authorize(charged(), US, null), assert.AssertionError)
    assert.throws(() => authorize({ ...HOLD, authorization: null }, US, null), assert.AssertionError)
    assert.throws(() => fail(HOLD), assert.AssertionError)
    assert.throws(() => fail({ ...FAILED, failure: null }), assert.AssertionError)
  })
})

describe('capturing a hold', () => {
  it('in full: the money moves at the capture, not at the authorization', () => {
    const friday = NOON + DAY
    const { value, transactions, events } = accepted(captureOf(HOLD, {}, friday))
    const { charge, release } = value

    assert.equal(release, null)
    assert.deepEqual(charge, {
      ...HOLD,
      state: 'captured',
      amountCaptured: 1000,
      balanceTransaction: 'txn_capture',
      fundsAvailableOn: at('2019-05-21T00:00:00Z'),
    })
    assert.deepEqual(postingsOf(transactions), [
      { network: -1000, [`pending:${at('2019-05-21T00:00:00Z') / DAY}`]: 941, fees: 59 },
    ])
    assert.equal(transactions[0]?.created, friday)
    assert.deepEqual(events, [{ type: 'charge.captured', object: 'charge', before: HOLD, after: charge, refunds: [] }])
  })

  it('with its amount spelled out is a capture in full', () => {
    assert.deepEqual(captureOf(HOLD, { amount: 1000, releaseRefund: 're_rest' }), captureOf(HOLD))
  })

  it('says what the cardholder will read, and to whom the receipt goes; what is not said stays', () => {
    const held = { ...HOLD, receiptEmail: 'old@example.com', statementDescriptor: 'Old', transferGroup: 'old' }
    const said = {
      receiptEmail: 'new@example.com',
      statementDescriptor: 'New',
      statementDescriptorSuffix: 'Suffix',
      calculatedStatementDescriptor: 'KOBAN TEST* SUFFIX',
      transferGroup: 'new',
    }
    const { charge } = accepted(captureOf(held, said)).value
    assert.deepEqual(charge, { ...accepted(captureOf(held)).value.charge, ...said })

    const untold = accepted(captureOf(held)).value.charge
    assert.equal(untold.receiptEmail, 'old@example.com')
    assert.equal(untold.statementDescriptor, 'Old')
    assert.equal(untold.transferGroup, 'old')
  })

  describe('for less than was authorized', () => {
    it('releases the rest: one balance transaction, over what was captured', () => {
      for (const decision of [oldCaptureOf(HOLD, 700), captureOf(HOLD, { amount: 700 })]) {
        const { value, transactions } = accepted(decision)
        const { amount, amountCaptured, amountReleased, amountRefunded, state } = value.charge
        assert.deepEqual(
          { amount, amountCaptured, amountReleased, amountRefunded, state },
          { amount: 1000, amountCaptured: 700, amountReleased: 300, amountRefunded: 0, state: 'captured' },
        )
        // 2.9 % of $7.00 + 30 ¢ = 50.3
        assert.deepEqual(postingsOf(transactions), [
          { network: -700, [`pending:${at('2019-05-21T00:00:00Z') / DAY}`]: 650, fees: 50 },
        ])
      }
    })

    it('makes a Refund of the rest before 2025-03-31.basil, without balance transaction, which counts as refunded', () => {
      const decision = accepted(oldCaptureOf(HOLD, 700))
      const { charge, release } = decision.value

      assert.deepEqual(release, {
        id: 're_rest',
        charge: 'ch_hold',
        created: NOON + DAY,
        amount: 300,
        currency: 'usd',
        reason: null,
        metadata: {},
        status: 'succeeded',
        balanceTransaction: null,
      })
      assert.equal(charge.refundCount, 1)
      assert.equal(amountRefundedShown(charge), 300)
      assert.equal(isFullyRefunded(charge), false)
      assert.equal(refundable(charge), 700)
    })

    it('tells of the capture first, then of the Refund, then of the charge that it refunded', () => {
      const { events, value } = accepted(oldCaptureOf(HOLD, 700))
      const { charge, release } = value
      const unreleased = { ...charge, releaseIsRefund: false, refundCount: 0 }
      assert.deepEqual(events, [
        { type: 'charge.captured', object: 'charge', before: HOLD, after: charge, refunds: [release] },
        { type: 'refund.created', object: 'refund', before: null, after: release },
        { type: 'charge.refunded', object: 'charge', before: unreleased, after: charge, refunds: [release] },
      ])
    })

    it('makes no Refund from 2025-03-31.basil on, and nothing counts as refunded', () => {
      const decision = accepted(captureOf(HOLD, { amount: 700 }))
      const { charge, release } = decision.value
      assert.equal(release, null)
      assert.equal(charge.refundCount, 0)
      assert.equal(amountRefundedShown(charge), 0)
      assert.equal(isFullyRefunded(charge), false)
      assert.deepEqual(eventTypes(decision), ['charge.captured'])
    })
  })

  describe('is refused', () => {
    it('the second time', () => {
      const { charge } = accepted(oldCaptureOf(HOLD, 700)).value
      for (const again of [
        captureOf(charge),
        captureOf(charge, { amount: 300 }),
        captureOf(charge, { amount: 5000 }),
      ]) {
        assert.deepEqual(refusalOf(again), {
          status: 400,
          code: 'charge_already_captured',
          message: 'Charge ch_hold has already been captured.',
        })
      }
    })

    it('above what was authorized', () => {
      assert.deepEqual(refusalOf(captureOf(HOLD, { amount: 1001 })), {
        status: 400,
        code: 'amount_too_large',
        message:
          'The payment could not be captured because the requested capture amount is greater than the amount you can capture for this charge. Contact us via https://support.stripe.com/contact/ for help.',
      })
    })

    it('below the least amount that can be charged', () => {
      assert.deepEqual(refusalOf(captureOf(HOLD, { amount: 49 })), {
        status: 400,
        code: 'amount_too_small',
        message: 'Amount must be at least $0.50 usd',
      })
    })

    it('from the first second after seven days on', () => {
      assert.equal(holdEndsAt(HOLD), NOON + 7 * DAY)
      accepted(captureOf(HOLD, {}, NOON + 7 * DAY - 1))
      for (const late of [NOON + 7 * DAY, NOON + 70 * DAY]) {
        assert.deepEqual(refusalOf(captureOf(HOLD, {}, late)), {
          status: 400,
          code: 'charge_expired_for_capture',
          message:
            'Charge ch_hold cannot be captured because the charge has expired (a charge must be captured within 7 days). You will need to create a new charge to retry the payment.',
        })
      }
    })

    it('once the hold was released', () => {
      const { charge } = accepted(refundOf(HOLD)).value
      assert.deepEqual(refusalOf(captureOf(charge)), {
        status: 400,
        code: 'charge_already_refunded',
        message: 'Charge ch_hold has already been refunded.',
      })
    })

    it('where the charge failed', () => {
      assert.deepEqual(refusalOf(captureOf(FAILED)), {
        status: 400,
        code: 'charge_invalid_parameter',
        message: 'Charge ch_failed cannot be captured because it failed.',
      })
    })

    it('for the weightiest reason: what the charge is comes before what is wanted of it', () => {
      const late = NOON + 8 * DAY
      assert.equal(refusalOf(captureOf(charged(), { amount: 5000 }, late)).code, 'charge_already_captured')
      assert.equal(refusalOf(captureOf(HOLD, { amount: 5000 }, late)).code, 'charge_expired_for_capture')
    })
  })
})

describe('refunding a charge', () => {
  it('in full: the money goes back from where it waits, the fee does not come back', () => {
    const sold = charged({ description: 'Lamp' })
    const { value, transactions, events } = accepted(
      refundOf(sold, { reason: 'requested_by_customer', metadata: { ticket: '7' } }),
    )

    assert.deepEqual(value.refund, {
      id: 're_new',
      charge: 'ch_sold',
      created: NOON + DAY,
      amount: 1000,
      currency: 'usd',
      reason: 'requested_by_customer',
      metadata: { ticket: '7' },
      status: 'succeeded',
      balanceTransaction: 'txn_refund',
    })
    assert.deepEqual(value.charge, { ...sold, amountRefunded: 1000, refundCount: 1 })
    assert.equal(isFullyRefunded(value.charge), true)
    assert.equal(amountRefundedShown(value.charge), 1000)
    assert.deepEqual(transactions, [
      {
        id: 'txn_refund',
        type: 'refund',
        source: 're_new',
        currency: 'usd',
        amount: -1000,
        fee: 0,
        feeDetails: [],
        net: -1000,
        description: 'REFUND FOR CHARGE (Lamp)',
        created: NOON + DAY,
        availableOn: MONDAY,
        postings: [
          { ledgerAccount: 'network', amount: 1000 },
          { ledgerAccount: PENDING_MONDAY, amount: -1000 },
        ],
      },
    ])
    assert.deepEqual(events, [
      { type: 'refund.created', object: 'refund', before: null, after: value.refund },
      { type: 'charge.refunded', object: 'charge', before: sold, after: value.charge, refunds: [value.refund] },
    ])
  })

  it('in parts, until nothing is left; the newest refund is listed first', () => {
    const first = accepted(refundOf(charged(), { id: 're_1', amount: 300 })).value
    assert.equal(isFullyRefunded(first.charge), false)
    assert.equal(refundable(first.charge), 700)

    const second = accepted(refundOf(first.charge, { id: 're_2', amount: 200 }, { refunds: [first.refund] })).value
    const last = accepted(refundOf(second.charge, { id: 're_3' }, { refunds: [second.refund, first.refund] }))
    assert.equal(last.value.refund.amount, 500)
    assert.equal(last.value.charge.refundCount, 3)
    assert.equal(isFullyRefunded(last.value.charge), true)
    const event = last.events[1]
    assert.ok(event?.object === 'charge')
    assert.deepEqual(
      event.refunds.map(({ id }) => id),
      ['re_3', 're_2', 're_1'],
    )
  })

  it('once its funds have become available takes from what can be paid out', () => {
    const { transactions } = accepted(refundOf(charged(), {}, { now: MONDAY }))
    assert.deepEqual(postingsOf(transactions), [{ network: 1000, available: -1000 }])
    assert.equal(transactions[0]?.availableOn, MONDAY)

    const before = accepted(refundOf(charged(), {}, { now: MONDAY - 1 }))
    assert.deepEqual(postingsOf(before.transactions), [{ network: 1000, [PENDING_MONDAY]: -1000 }])
  })

  it('that was captured in part gives back what was captured, and no more', () => {
    for (const [decision, shown] of [
      [oldCaptureOf(HOLD, 700), 1000],
      [captureOf(HOLD, { amount: 700 }), 700],
    ] as const) {
      const { charge } = accepted(decision).value
      const { value, transactions } = accepted(refundOf(charge))
      assert.equal(value.refund.amount, 700)
      assert.equal(transactions[0]?.amount, -700)
      assert.equal(amountRefundedShown(value.charge), shown)
      assert.equal(isFullyRefunded(value.charge), true)
    }
  })

  describe('that is only a hold', () => {
    it('releases it: a Refund without balance transaction, in every version', () => {
      for (const amount of [null, 1000]) {
        const decision = accepted(refundOf(HOLD, { amount, reason: 'duplicate' }))
        const { charge, refund: made } = decision.value
        assert.deepEqual(decision.transactions, [])
        assert.equal(made.amount, 1000)
        assert.equal(made.reason, 'duplicate')
        assert.equal(made.balanceTransaction, null)
        assert.deepEqual(charge, {
          ...HOLD,
          state: 'released',
          amountReleased: 1000,
          releaseIsRefund: true,
          refundCount: 1,
        })
        assert.equal(amountRefundedShown(charge), 1000)
        assert.equal(isFullyRefunded(charge), true)
        assert.deepEqual(decision.events, [
          { type: 'refund.created', object: 'refund', before: null, after: made },
          { type: 'charge.refunded', object: 'charge', before: HOLD, after: charge, refunds: [made] },
        ])
      }
    })

    it('is refused in part', () => {
      assert.deepEqual(refusalOf(refundOf(HOLD, { amount: 999 })), {
        status: 400,
        param: 'amount',
        message:
          'You cannot partially refund an uncaptured charge. Instead, capture the charge for an amount less than the original amount',
      })
    })

    it('is refused above its amount', () => {
      assert.deepEqual(refusalOf(refundOf(HOLD, { amount: 1001 })), {
        status: 400,
        param: 'amount',
        message: 'Refund amount ($10.01) is greater than charge amount ($10.00)',
      })
    })
  })

  describe('is refused', () => {
    it('when nothing is left, whatever the amount', () => {
      const whole = accepted(refundOf(charged())).value.charge
      const released = accepted(refundOf(HOLD)).value.charge
      for (const [charge, id] of [
        [whole, 'ch_sold'],
        [released, 'ch_hold'],
      ] as const) {
        for (const amount of [null, 1, 5000]) {
          assert.deepEqual(refusalOf(refundOf(charge, { amount })), {
            status: 400,
            code: 'charge_already_refunded',
            message: `Charge ${id} has already been refunded.`,
          })
        }
      }
    })

    it('above the charge, as long as nothing was refunded', () => {
      assert.deepEqual(refusalOf(refundOf(charged(), { amount: 1100 })), {
        status: 400,
        param: 'amount',
        message: 'Refund amount ($11.00) is greater than charge amount ($10.00)',
      })
    })

    it('above what is left', () => {
      const half = accepted(refundOf(charged(), { amount: 500 })).value.charge
      const message = (amount: string) =>
        `Refund amount (${amount}) is greater than unrefunded amount on charge ($5.00)`
      for (const [amount, text] of [
        [501, '$5.01'],
        [600, '$6.00'],
        [100_000, '$1,000.00'],
      ] as const) {
        assert.deepEqual(refusalOf(refundOf(half, { amount })), {
          status: 400,
          param: 'amount',
          message: message(text),
        })
      }
    })

    it('above what was captured of a hold', () => {
      for (const decision of [oldCaptureOf(HOLD, 700), captureOf(HOLD, { amount: 700 })]) {
        const { charge } = accepted(decision).value
        assert.equal(
          refusalOf(refundOf(charge, { amount: 701 })).message,
          'Refund amount ($7.01) is greater than unrefunded amount on charge ($7.00)',
        )
      }
    })

    it("in the words of the charge's own currency", () => {
      const message = (currency: string) => refusalOf(refundOf(charged({ currency }), { amount: 1001 })).message
      assert.equal(message('gbp'), 'Refund amount (£10.01) is greater than charge amount (£10.00)')
      assert.equal(message('jpy'), 'Refund amount (¥1,001) is greater than charge amount (¥1,000)')
    })

    it('where the charge failed', () => {
      assert.deepEqual(refusalOf(refundOf(FAILED)), {
        status: 400,
        code: 'charge_not_refundable',
        message: 'Charge ch_failed cannot be refunded because it failed.',
      })
    })
  })
})

describe('updating a charge', () => {
  const shipping = {
    address: { city: 'Kyoto', country: 'JP', line1: 'Ebisugawa 1', line2: null, postal_code: null, state: null },
    carrier: null,
    name: 'Jenny Rosen',
    phone: null,
    tracking_number: null,
  }

  it('writes what is said, and tells of it', () => {
    const sold = charged({ metadata: { order_id: '6735', color: 'red' } })
    const change = {
      description: 'Lamp',
      metadata: { clear: false, entries: [['color', ''] as const, ['size', 'L'] as const] },
      receiptEmail: 'jenny@example.com',
      shipping,
      transferGroup: 'group',
      userReport: 'fraudulent' as const,
    }
    const { value, transactions, events } = accepted(update(sold, change, []))
    assert.deepEqual(value, { ...sold, ...change, metadata: { order_id: '6735', size: 'L' } })
    assert.deepEqual(transactions, [])
    assert.deepEqual(events, [{ type: 'charge.updated', object: 'charge', before: sold, after: value, refunds: [] }])
  })

  it('leaves what is not named, and empties what is named as empty', () => {
    const sold = charged({ description: 'Lamp', receiptEmail: 'jenny@example.com', shipping, transferGroup: 'group' })
    assert.deepEqual(accepted(update(sold, {}, [])).value, sold)
    assert.deepEqual(accepted(update(sold, { description: null, receiptEmail: null, shipping: null }, [])).value, {
      ...sold,
      description: null,
      receiptEmail: null,
      shipping: null,
    })
  })

  it('tells old versions of the refunds that stand inside the charge', () => {
    const { charge, refund: made } = accepted(refundOf(charged(), { amount: 1 })).value
    const [event] = accepted(update(charge, { description: 'Lamp' }, [made])).events
    assert.ok(event?.object === 'charge')
    assert.deepEqual(event.refunds, [made])
  })

  it('works on a charge that failed, or is held', () => {
    for (const charge of [FAILED, HOLD]) {
      assert.deepEqual(accepted(update(charge, { description: 'Lamp' }, [])).value, { ...charge, description: 'Lamp' })
    }
  })

  it('is refused where more than 50 metadata keys would stand', () => {
    const entries = (count: number) => Array.from({ length: count }, (_, index) => [`key${index}`, 'x'] as const)
    const full = accepted(update(HOLD, { metadata: { clear: false, entries: entries(50) } }, [])).value
    assert.deepEqual(refusalOf(update(full, { metadata: { clear: false, entries: [['one more', 'x']] } }, [])), {
      status: 400,
      param: 'metadata',
      message:
        "Metadata can have up to 50 keys, but you've set 51. Email us at support+metadata@stripe.com for more information.",
    })
  })
})
