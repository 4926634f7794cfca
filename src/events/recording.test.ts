import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Account } from '../accounts/account.ts'
import { authorize, type Charge, capture, refund, update } from '../charges/charge.ts'
import { decodeCharge } from '../charges/encoding.ts'
import type { Accepted, Decision } from '../decision.ts'
import { seededIds } from '../ids.ts'
import type { Context } from '../operation.ts'
import { type Refund, updateRefund } from '../refunds/refund.ts'
import type { Write } from '../store/store.ts'
import type { Happening } from './event.ts'
import { eventWrites } from './recording.ts'
import { renderEvent } from './render.ts'
import { readEvent, type StoredEvent } from './repository.ts'

const NOON = Date.parse('2019-05-16T12:00:00Z') / 1000
const HOLD_ENDS = NOON + 7 * 86_400
const US = { country: 'US' }
const OLD = '2019-05-16'
const NEW = '2026-10-28.endive'
const SCENE = { account: 'acct_1', livemode: false, publicUrl: 'http://localhost:12111' }

/** As a request of an account of that version would be carried out. */
function contextOf(apiVersion: string): Context {
  const account = { id: SCENE.account, apiVersion } as Account
  const request = { id: 'req_1', idempotencyKey: 'key_1', ip: null }
  const { livemode, publicUrl } = SCENE
  return { account, livemode, publicUrl, now: NOON, ids: seededIds(1), request } satisfies Partial<Context> as Context
}

/** A hold of $10.00. What is not named is as usual. */
function hold(changes: Partial<Charge> = {}): Charge {
  return decodeCharge(
    JSON.stringify({
      id: 'ch_1',
      created: NOON,
      state: 'authorized',
      amount: 1000,
      currency: 'usd',
      card: { id: 'card_1', fingerprint: 'f', brand: 'visa', funding: 'credit', country: 'US', last4: '4242' },
      outcome: { riskScore: 20 },
      authorization: { code: '123456', networkTransactionId: '1' },
      calculatedStatementDescriptor: 'KOBAN TEST',
      ...changes,
    }),
  )
}

function accepted<T>(decision: Decision<T>): Accepted<T> {
  if (decision.refused) throw decision.refused
  return decision
}

const sold = (changes: Partial<Charge> = {}) => accepted(authorize(hold(changes), US, 'txn_1')).value

/** What was written of what happened, as the store gives it back. */
function recorded(happenings: readonly Happening[], version = NEW): StoredEvent[] {
  return eventWrites(contextOf(version), happenings).map(rowOf).map(readEvent)
}

function rowOf({ values, rows }: Write) {
  assert.equal(rows, 1)
  const [account, id, livemode, created, type, api_version, request_id, idempotency_key, body] = values
  assert.deepEqual([account, livemode], ['acct_1', 0])
  return { id, created, type, api_version, request_id, idempotency_key, body } as Record<string, string>
}

/** `previous_attributes` by the type of the event, as a merchant of that version gets them. */
function previousOf({ events }: Accepted<unknown>, version = NEW) {
  return recorded(events, version).map((event) => {
    const { type, data } = JSON.parse(JSON.stringify(renderEvent(event, SCENE)))
    return [type, data.previous_attributes]
  })
}

function captureOf(charge: Charge, amount: number | null = null, releaseRefund: string | null = null) {
  const { calculatedStatementDescriptor } = charge
  const wanted = { amount, calculatedStatementDescriptor, releaseRefund, transaction: 'txn_1' }
  return accepted(capture(charge, wanted, US, [], NOON))
}

function refundOf(charge: Charge, amount: number | null = null, refunds: readonly Refund[] = []) {
  const wanted = { id: `re_${charge.refundCount + 1}`, amount, reason: null, metadata: {}, transaction: 'txn_2' }
  return accepted(refund(charge, wanted, refunds, NOON))
}

describe('an event', () => {
  it('keeps the object as it is at that moment, and what caused it', () => {
    const { value, events } = accepted(authorize(hold(), US, 'txn_1'))
    const [event, ...more] = recorded(events)
    assert.ok(event)
    assert.deepEqual(more, [])
    const { id, ...rest } = event
    assert.match(id, /^evt_/)
    assert.deepEqual(rest, {
      created: NOON,
      type: 'charge.succeeded',
      apiVersion: NEW,
      requestId: 'req_1',
      idempotencyKey: 'key_1',
      snapshot: { charge: value, refunds: [] },
    })
  })

  it("has ids in the order in which it happened, and the account's version", () => {
    const events = recorded(captureOf(hold(), 700, 're_1').events, OLD)
    assert.deepEqual(
      events.map(({ type, apiVersion }) => [type, apiVersion]),
      [
        ['charge.captured', OLD],
        ['refund.created', OLD],
        ['charge.refunded', OLD],
      ],
    )
    const ids = events.map(({ id }) => id)
    assert.deepEqual(ids, [...ids].sort())
  })

  it('of a new object has no previous_attributes', () => {
    assert.deepEqual(previousOf(accepted(authorize(hold(), US, null))), [['charge.succeeded', undefined]])
    assert.deepEqual(previousOf(refundOf(sold()))[0], ['refund.created', undefined])
  })
})

describe('previous_attributes', () => {
  // Recorded from Stripe: {"amount_captured": 0, "balance_transaction": null, "captured": false}, at a time when a card
  // did not say yet until when it can be captured.
  it('of a capture', () => {
    assert.deepEqual(previousOf(captureOf(hold())), [
      [
        'charge.captured',
        {
          amount_captured: 0,
          balance_transaction: null,
          captured: false,
          payment_method_details: { card: { capture_before: HOLD_ENDS } },
        },
      ],
    ])
  })

  // Recorded from Stripe: {"amount_refunded": 0, "refunded": false, "refunds": {"data": [], "total_count": 0}}
  it('of a refund, with the list that charges hold before 2022-11-15', () => {
    const refunded = refundOf(sold())
    assert.deepEqual(previousOf(refunded, OLD)[1], [
      'charge.refunded',
      { amount_refunded: 0, refunded: false, refunds: { data: [], total_count: 0 } },
    ])
    assert.deepEqual(previousOf(refunded, NEW)[1], ['charge.refunded', { amount_refunded: 0, refunded: false }])
  })

  it('of a refund in part: what did not change is not there', () => {
    const first = refundOf(sold(), 300)
    assert.deepEqual(previousOf(first)[1], ['charge.refunded', { amount_refunded: 0 }])
    const second = refundOf(first.value.charge, 300, [first.value.refund])
    const [, [, previous]] = previousOf(second, OLD) as [unknown, [string, Record<string, { total_count: number }>]]
    assert.equal(previous.amount_refunded, 300)
    assert.equal(previous.refunds?.total_count, 1)
  })

  it('of a partial capture, under a version that makes a Refund of the rest', () => {
    assert.deepEqual(previousOf(captureOf(hold(), 700, 're_1'), OLD), [
      [
        'charge.captured',
        {
          amount_captured: 0,
          amount_refunded: 0,
          balance_transaction: null,
          captured: false,
          payment_method_details: { card: { capture_before: HOLD_ENDS } },
          refunds: { data: [], total_count: 0 },
        },
      ],
      ['refund.created', undefined],
      ['charge.refunded', { amount_refunded: 0, refunds: { data: [], total_count: 0 } }],
    ])
  })

  it('of a hold that is released: it can no longer be captured', () => {
    assert.deepEqual(previousOf(refundOf(hold()))[1], [
      'charge.refunded',
      {
        amount_refunded: 0,
        payment_method_details: { card: { capture_before: HOLD_ENDS } },
        refunded: false,
      },
    ])
  })

  const updated = (charge: Charge, change: Parameters<typeof update>[1]) =>
    previousOf(accepted(update(charge, change, [])))

  it('of metadata: only the keys that changed, null for those that are new', () => {
    const charge = sold({ metadata: { order: '1', color: 'red', size: 'L' } })
    const entries = Object.entries({ color: 'blue', size: '', foo: 'bar' })
    assert.deepEqual(updated(charge, { metadata: { clear: false, entries } }), [
      ['charge.updated', { metadata: { color: 'red', size: 'L', foo: null } }],
    ])
  })

  it('of metadata whose keys are names that every JavaScript object knows', () => {
    const entries = [
      ['constructor', 'x'],
      ['toString', 'y'],
    ] as const
    assert.deepEqual(updated(sold(), { metadata: { clear: false, entries } }), [
      ['charge.updated', { metadata: { constructor: null, toString: null } }],
    ])
    const charge = accepted(update(sold(), { metadata: { clear: false, entries } }, [])).value
    assert.deepEqual(updated(charge, { metadata: { clear: true, entries: [] } }), [
      ['charge.updated', { metadata: { constructor: 'x', toString: 'y' } }],
    ])
  })

  it('of a hash: only the members that changed; the whole old hash, or null, where it went or came', () => {
    const address = { city: 'Kyoto', country: 'JP', line1: 'Ebisugawa 1', line2: null, postal_code: null, state: null }
    const home = { address, carrier: null, name: 'Jenny Rosen', phone: null, tracking_number: null }
    const moved = { ...home, address: { ...address, city: 'Osaka', line2: 'c/o Koban' } }
    assert.deepEqual(updated(sold({ shipping: home }), { shipping: moved }), [
      ['charge.updated', { shipping: { address: { city: 'Kyoto', line2: null } } }],
    ])
    assert.deepEqual(updated(sold(), { shipping: home }), [['charge.updated', { shipping: null }]])
    assert.deepEqual(updated(sold({ shipping: home }), { shipping: null }), [['charge.updated', { shipping: home }]])
  })

  it('of text: the old one, null where there was none', () => {
    const charge = sold({ description: 'Lamp' })
    assert.deepEqual(updated(charge, { description: null, receiptEmail: 'jenny@example.com' }), [
      ['charge.updated', { description: 'Lamp', receipt_email: null }],
    ])
  })

  it('of a report of fraud, which was not there before', () => {
    assert.deepEqual(updated(sold(), { userReport: 'fraudulent' }), [
      ['charge.updated', { fraud_details: { user_report: null } }],
    ])
  })

  it("of a refund's metadata", () => {
    const { refund: made } = refundOf(sold()).value
    const change = { clear: false, entries: [['foo', 'bar'] as const] }
    assert.deepEqual(previousOf(accepted(updateRefund(made, change))), [
      ['charge.refund.updated', { metadata: { foo: null } }],
      ['refund.updated', { metadata: { foo: null } }],
    ])
  })
})

describe('an update that changes nothing', () => {
  it('is no event', () => {
    const charge = sold({ description: 'Lamp', metadata: { order: '1' } })
    const change = { description: 'Lamp', metadata: { clear: false, entries: [['order', '1'] as const] } }
    assert.deepEqual(recorded(accepted(update(charge, change, [])).events), [])
    assert.deepEqual(recorded(accepted(update(charge, {}, [])).events), [])
    assert.deepEqual(recorded(accepted(updateRefund(refundOf(charge).value.refund, undefined)).events), [])
  })
})
