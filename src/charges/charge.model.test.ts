import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Accepted, Decision } from '../decision.ts'
import type { Happening } from '../events/event.ts'
import type { LedgerTransaction } from '../ledger/ledger.ts'
import type { Refund } from '../refunds/refund.ts'
import { fail as failRefund, succeed } from '../refunds/result.ts'
import {
  amountRefundedShown,
  authorize,
  type Charge,
  capture,
  fail,
  isFullyRefunded,
  refund,
  update,
} from './charge.ts'
import { decodeCharge } from './encoding.ts'
import { expire } from './expire.ts'

/**
 * Any sequence of commands, carried out twice: by the core, and by a model that knows nothing of it but the rules of
 * Stripe's documentation. After every command both must agree, and the laws of money must hold.
 */

const START = Date.parse('2019-05-16T12:00:00Z') / 1000
const DAY = 86_400
const HOLD_SECONDS = 7 * DAY
const ACCOUNT = { country: 'US' }

type Command =
  | { do: 'create'; amount: number; currency: string; outcome: 'captured' | 'held' | 'declined' }
  | { do: 'capture'; which: number; amount: number | null; olderThanBasil: boolean }
  | { do: 'refund'; which: number; amount: number | null; isPending: boolean }
  | { do: 'result'; which: number; refund: number; result: 'succeeded' | 'failed' }
  | { do: 'update'; which: number; entries: [string, string][]; clear: boolean }
  | { do: 'lapse'; which: number; olderThanBasil: boolean }
  | { do: 'wait'; seconds: number }

// --- the model ------------------------------------------------------------------------------------------------------

type ModelCharge = {
  held: boolean
  lapsed: boolean
  failed: boolean
  created: number
  currency: string
  authorized: number
  captured: number
  released: number
  refunded: number
  refunds: ModelRefund[]
  metadata: Map<string, string>
}

/** `moved`: it gave back captured money, and not a hold. */
type ModelRefund = { amount: number; moved: boolean; status: Refund['status'] }

const LEAST: Readonly<Record<string, number>> = { usd: 50, eur: 50, jpy: 50 }
const FIXED_FEE: Readonly<Record<string, bigint>> = { usd: 30n, eur: 25n, jpy: 0n }

/** 2.9 % and the fixed part, exact halves up. */
function modelFee(amount: number, currency: string): number {
  return Number((BigInt(amount) * 290n + (FIXED_FEE[currency] ?? 0n) * 10_000n + 5_000n) / 10_000n)
}

/** Does the command on the model's charge; or says with which code (or words) it is refused, having done nothing. */
function modelCapture(charge: ModelCharge, wanted: number | null, olderThanBasil: boolean, now: number): string | null {
  const amount = wanted ?? charge.authorized
  if (charge.failed) return 'charge_invalid_parameter'
  if (!charge.held && charge.captured > 0) return 'charge_already_captured'
  if (!charge.held && !charge.lapsed) return 'charge_already_refunded'
  if (isLapsed(charge, now)) return 'charge_expired_for_capture'
  if (amount > charge.authorized) return 'amount_too_large'
  if (amount < (LEAST[charge.currency] ?? 1)) return 'amount_too_small'
  charge.held = false
  charge.captured = amount
  charge.released = charge.authorized - amount
  if (charge.released > 0 && olderThanBasil)
    charge.refunds.push({ amount: charge.released, moved: false, status: 'succeeded' })
  return null
}

function isLapsed(charge: ModelCharge, now: number): boolean {
  return charge.lapsed || now - charge.created >= HOLD_SECONDS
}

/** Gives back a hold that is due. Nothing else lapses. */
function modelLapse(charge: ModelCharge, olderThanBasil: boolean): void {
  charge.held = false
  charge.lapsed = true
  charge.released = charge.authorized
  if (olderThanBasil) charge.refunds.push({ amount: charge.released, moved: false, status: 'succeeded' })
}

function modelRefund(charge: ModelCharge, wanted: number | null, isPending: boolean, now: number): string | null {
  if (wanted !== null && wanted > 99_999_999) return 'amount_too_large'
  if (charge.failed) return 'charge_not_refundable'
  if (charge.held && isLapsed(charge, now)) return 'charge_already_refunded'
  const left = charge.held ? charge.authorized : charge.captured - charge.refunded
  if (left === 0) return 'charge_already_refunded'
  const amount = wanted ?? left
  const untouched = charge.refunds.every(({ status }) => status === 'failed')
  if (amount > charge.authorized && untouched) return 'is greater than charge amount'
  if (amount > left) return 'is greater than unrefunded amount on charge'
  if (charge.held && amount < left) return 'You cannot partially refund an uncaptured charge'
  charge.refunds.push({ amount, moved: !charge.held, status: isPending && !charge.held ? 'pending' : 'succeeded' })
  if (charge.held) charge.released = amount
  else charge.refunded += amount
  charge.held = false
  return null
}

/** What moved no money cannot come back; what is pending succeeds once, and what has not failed fails once. */
function modelResult(charge: ModelCharge, refund: ModelRefund, result: 'succeeded' | 'failed'): boolean {
  if (!refund.moved || refund.status === 'failed' || refund.status === result) return false
  if (result === 'failed') charge.refunded -= refund.amount
  refund.status = result
  return true
}

function modelUpdate(charge: ModelCharge, entries: [string, string][], clear: boolean): null {
  if (clear) charge.metadata.clear()
  for (const [key, value] of entries) {
    charge.metadata.delete(key)
    if (value !== '') charge.metadata.set(key, value)
  }
  return null
}

// --- the core, and what it has told -----------------------------------------------------------------------------------

type RealCharge = {
  charge: Charge
  refunds: readonly Refund[]
  transactions: LedgerTransaction[]
  /** The charge as the last event told of it. */
  told: Charge | null
  eventTypes: string[]
}

/** All that one merchant does, and the ledger of it. */
class Shop {
  now = START
  readonly model: ModelCharge[] = []
  readonly real: RealCharge[] = []
  readonly ledger = new Map<string, number>()
  #ids = 0

  run(command: Command): void {
    switch (command.do) {
      case 'wait':
        this.now += command.seconds
        break
      case 'create':
        this.#create(command)
        break
      default:
        if (this.real.length > 0) this.#change(command, command.which % this.real.length)
    }
  }

  #create({ amount, currency, outcome }: Extract<Command, { do: 'create' }>): void {
    const failed = outcome === 'declined'
    const charge = frozen(this.#authorized(amount, currency, failed))
    const decision = failed ? fail(charge) : authorize(charge, ACCOUNT, outcome === 'held' ? null : this.#id('txn'))
    const held = outcome === 'held'
    const captured = outcome === 'captured' ? amount : 0
    const money = { authorized: amount, captured, released: 0, refunded: 0, refunds: [] }
    this.model.push({ held, lapsed: false, failed, created: this.now, currency, ...money, metadata: new Map() })
    this.real.push({ charge, refunds: [], transactions: [], told: null, eventTypes: [] })
    this.#keep(this.real.length - 1, null, decision, (kept) => ({ charge: kept, made: null }))
  }

  #change(command: Exclude<Command, { do: 'create' | 'wait' }>, at: number): void {
    const [real, model] = [this.real[at], this.model[at]]
    assert.ok(real && model)
    switch (command.do) {
      case 'capture': {
        const wanted = {
          amount: command.amount,
          calculatedStatementDescriptor: real.charge.calculatedStatementDescriptor,
          releaseRefund: command.olderThanBasil ? this.#id('re') : null,
          transaction: this.#id('txn'),
        }
        const refusal = modelCapture(model, command.amount, command.olderThanBasil, this.now)
        const decision = capture(real.charge, wanted, ACCOUNT, real.refunds, this.now)
        this.#keep(at, refusal, decision, ({ charge, release }) => ({ charge, made: release }))
        break
      }
      case 'refund': {
        const ids = { id: this.#id('re'), transaction: this.#id('txn') }
        const { amount, isPending } = command
        const wanted = { ...ids, amount, isPending, reason: null, metadata: {} }
        const refusal = modelRefund(model, amount, isPending, this.now)
        const decision = refund(real.charge, wanted, real.refunds, this.now)
        this.#keep(at, refusal, decision, ({ charge, refund }) => ({ charge, made: refund }))
        break
      }
      case 'result': {
        const place = command.refund % Math.max(model.refunds.length, 1)
        const expected = model.refunds[place]
        const refund = real.refunds.toReversed()[place]
        if (!expected || !refund || !modelResult(model, expected, command.result)) break
        this.#settle(real, refund, command.result)
        break
      }
      case 'lapse': {
        if (!model.held || !isLapsed(model, this.now)) break
        modelLapse(model, command.olderThanBasil)
        const decision = expire(real.charge, command.olderThanBasil ? this.#id('re') : null, this.now)
        this.#keep(at, null, decision, ({ charge, release }) => ({ charge, made: release }))
        break
      }
      case 'update': {
        const { entries, clear } = command
        const refusal = modelUpdate(model, entries, clear)
        const decision = update(real.charge, { metadata: { entries, clear } }, real.refunds)
        this.#keep(at, refusal, decision, (charge) => ({ charge, made: null }))
        break
      }
      default:
        command satisfies never
    }
  }

  /** Keeps what was decided, as the store would; where it was refused, nothing: not even an event. */
  #keep<T>(
    at: number,
    refusal: string | null,
    decision: Decision<T>,
    read: (value: T) => { charge: Charge; made: Refund | null },
  ): void {
    const told = decision.refused ? `${decision.refused.fields.code} ${decision.refused.message}` : null
    assert.ok(refusal === null ? told === null : told?.includes(refusal), `model: ${refusal}; core: ${told}`)
    if (decision.refused) return
    const real = this.real[at]
    assert.ok(real)
    const { charge, made } = read(frozen(decision).value)
    checkEvents(real, decision, charge, made)
    real.charge = charge
    if (made) real.refunds = frozen([made, ...real.refunds])
    for (const transaction of decision.transactions) this.#post(real, transaction)
  }

  /** The result of a refund. Its charge changes where it failed, and the refund alone is told of (Stripe's events). */
  #settle(real: RealCharge, refund: Refund, result: 'succeeded' | 'failed'): void {
    const failure = { reason: 'expired_or_canceled_card', transaction: this.#id('txn') } as const
    const decision = result === 'succeeded' ? succeed(refund) : failRefund(real.charge, refund, failure, this.now)
    assert.ok(!decision.refused)
    const { value, events, transactions } = frozen<Accepted<Refund | { charge: Charge; refund: Refund }>>(decision)
    const after = 'refund' in value ? value.refund : value
    if ('refund' in value) real.charge = value.charge
    real.told = real.charge
    for (const event of events) assert.deepEqual([event.object, event.after], ['refund', after])
    real.refunds = frozen(real.refunds.map((one) => (one === refund ? after : one)))
    for (const transaction of transactions) this.#post(real, transaction)
  }

  #post(real: RealCharge, transaction: LedgerTransaction): void {
    real.transactions.push(transaction)
    for (const { ledgerAccount, amount } of transaction.postings) {
      const key = `${transaction.currency} ${ledgerAccount}`
      this.ledger.set(key, (this.ledger.get(key) ?? 0) + amount)
    }
  }

  #authorized(amount: number, currency: string, failed: boolean): Charge {
    return decodeCharge(
      JSON.stringify({
        id: this.#id('ch'),
        created: this.now,
        state: failed ? 'failed' : 'authorized',
        amount,
        currency,
        card: { id: 'card_1', fingerprint: 'f', brand: 'visa', funding: 'credit', country: 'US', last4: '4242' },
        outcome: { riskScore: 20 },
        failure: failed ? { code: 'card_declined', message: 'Your card was declined.' } : null,
        authorization: failed ? null : { code: '123456', networkTransactionId: '1' },
        calculatedStatementDescriptor: 'KOBAN TEST',
      }),
    )
  }

  #id(prefix: string): string {
    this.#ids += 1
    return `${prefix}_${this.#ids}`
  }
}

/** Whoever changes what he was given, throws: so a refused command changes nothing. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const member of Object.values(value)) frozen(member)
  return value
}

// --- the laws -------------------------------------------------------------------------------------------------------

/** Each event goes on where the one before it ended, and the last one tells of the charge as it is kept. */
function checkEvents<T>(real: RealCharge, { events }: Accepted<T>, charge: Charge, made: Refund | null): void {
  for (const event of events) {
    real.eventTypes.push(event.type)
    if (event.object === 'refund') {
      assert.equal(event.before, null)
      assert.equal(event.after, made)
      continue
    }
    assert(event.object === 'charge', 'a charge tells of nobody else')
    checkChain(real.told, event)
    real.told = event.after
    assert.deepEqual(event.refunds, made ? [made, ...real.refunds] : real.refunds)
  }
  assert.equal(real.told, charge)
}

function checkChain(told: Charge | null, event: Extract<Happening, { object: 'charge' }>): void {
  if (event.before === told) return
  // The Refund of a partial capture is told of twice: by the capture itself, and by the refund that goes with it.
  assert.equal(event.type, 'charge.refunded', 'begins where the event before it ended')
  const refundCount = (told?.refundCount ?? 0) - 1
  assert.deepEqual(event.before, { ...told, releaseIsRefund: false, refundCount })
}

function checkLaws({ real, ledger, model }: Shop): void {
  for (const { charge, refunds, transactions, eventTypes } of real) {
    const { amount, amountCaptured, amountReleased, amountRefunded } = charge
    assert.ok(amountCaptured + amountReleased <= amount, 'captured + released ≤ authorized')
    assert.ok(amountRefunded <= amountCaptured, 'refunds of captured money ≤ captured')
    assert.ok(Math.min(amountCaptured, amountReleased, amountRefunded) >= 0)
    assert.equal(
      sum(refunds.filter(({ status }) => status !== 'failed').map((one) => one.amount)),
      amountRefundedShown(charge),
      'what is shown as refunded has Refunds',
    )
    const moved = (type: string) => transactions.filter((one) => one.type === type)
    assert.equal(moved('charge').length, amountCaptured > 0 ? 1 : 0, 'one capture only')
    assert.equal(charge.balanceTransaction, moved('charge')[0]?.id ?? null)
    assert.equal(sum(moved('charge').map((one) => one.amount)), amountCaptured)
    const cameBack = sum(moved('adjustment').map((one) => one.amount))
    assert.equal(sum(moved('refund').map((one) => -one.amount)), amountRefunded + cameBack, 'what failed was not made')
    for (const { status, failureBalanceTransaction } of refunds) {
      const names = moved('adjustment').filter(({ id }) => id === failureBalanceTransaction).length
      assert.equal(names, status === 'failed' ? 1 : 0, 'what came back is named by its refund')
    }
    for (const { postings, id } of transactions) assert.equal(sum(postings.map((one) => one.amount)), 0, id)
    assert.ok(eventTypes.filter((type) => type === 'charge.captured').length <= 1, 'captured once')
  }
  for (const currency of new Set(model.map((charge) => charge.currency))) {
    const accounts = [...ledger].filter(([key]) => key.startsWith(currency))
    assert.equal(sum(accounts.map(([, amount]) => amount)), 0, `${currency}: the ledger sums to zero`)
  }
}

function checkAgreement({ real, model, ledger }: Shop): void {
  const owed = new Map<string, number>()
  model.forEach((expected, at) => {
    const { charge, refunds } = real[at] ?? assert.fail()
    assert.deepEqual(
      {
        state: charge.state,
        captured: charge.amountCaptured,
        released: charge.amountReleased,
        refunded: charge.amountRefunded,
        refunds: refunds.map(({ amount, status }) => ({ amount, status })).reverse(),
        count: charge.refundCount,
        shown: isFullyRefunded(charge),
        metadata: charge.metadata,
      },
      {
        state: stateOf(expected),
        captured: expected.captured,
        released: expected.released,
        refunded: expected.refunded,
        refunds: expected.refunds.map(({ amount, status }) => ({ amount, status })),
        count: expected.refunds.length,
        shown: isShownRefunded(expected),
        metadata: Object.fromEntries(expected.metadata),
      },
    )
    const fee = expected.captured > 0 ? modelFee(expected.captured, expected.currency) : 0
    const net = expected.captured - fee - expected.refunded
    owed.set(expected.currency, (owed.get(expected.currency) ?? 0) + net)
  })
  for (const [currency, amount] of owed) {
    const mine = [...ledger].filter(([key]) => key.startsWith(`${currency} pending`) || key === `${currency} available`)
    assert.equal(sum(mine.map(([, part]) => part)), amount, `${currency}: balance = captured − fees − refunded`)
  }
}

/** A hold that lapsed without a Refund shows none. */
function isShownRefunded({ failed, held, lapsed, captured, refunded, refunds }: ModelCharge): boolean {
  return !failed && !held && captured === refunded && (!lapsed || refunds.length > 0)
}

function stateOf({ failed, held, lapsed, captured }: ModelCharge): Charge['state'] {
  if (failed) return 'failed'
  if (lapsed) return 'expired'
  if (held) return 'authorized'
  return captured > 0 ? 'captured' : 'released'
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}

// --- any sequence of commands ---------------------------------------------------------------------------------------

/** Few different amounts, so that they often meet at the same limit; and the greatest. */
const charged = fc.oneof(fc.integer({ min: 50, max: 300 }), fc.integer({ min: 50, max: 99_999_999 }))
const wanted = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 310 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 100_000_000 }) },
)
const which = fc.nat(2)
const seconds = fc.oneof(fc.constantFrom(0, 1, DAY, HOLD_SECONDS - 1, HOLD_SECONDS), fc.nat(3 * DAY))
const entry = fc.tuple(fc.constantFrom('order', 'color', 'constructor'), fc.constantFrom('', 'red', '7'))

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    do: fc.constant('create'),
    amount: charged,
    currency: fc.constantFrom('usd', 'eur', 'jpy'),
    outcome: fc.constantFrom('captured', 'held', 'held', 'declined'),
  }),
  fc.record({ do: fc.constant('capture'), which, amount: wanted, olderThanBasil: fc.boolean() }),
  fc.record({ do: fc.constant('refund'), which, amount: wanted, isPending: fc.boolean() }),
  fc.record({ do: fc.constant('refund'), which, amount: wanted, isPending: fc.boolean() }),
  fc.record({ do: fc.constant('result'), which, refund: fc.nat(3), result: fc.constantFrom('succeeded', 'failed') }),
  fc.record({ do: fc.constant('update'), which, entries: fc.array(entry, { maxLength: 2 }), clear: fc.boolean() }),
  fc.record({ do: fc.constant('lapse'), which, olderThanBasil: fc.boolean() }),
  fc.record({ do: fc.constant('wait'), seconds }),
)

describe('any sequence of charges, captures, refunds, lapses and updates', () => {
  it('obeys the laws of money, and does what a small model of it does', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 20, size: 'max' }), (commands) => {
        const shop = new Shop()
        for (const one of commands) {
          shop.run(one)
          checkLaws(shop)
          checkAgreement(shop)
        }
        for (const { charge, refunds } of shop.real) {
          seen.add(`${charge.state}, ${Math.min(refunds.length, 3)} refunds`)
          if (refunds.some(({ status }) => status === 'failed') && charge.amountRefunded > 0) seen.add('made again')
        }
      }),
      { numRuns: 5000 },
    )
    // The laws would hold of nothing, too: everything that can become of a charge has been seen.
    for (const end of [
      'failed, 0',
      'authorized, 0',
      'released, 1',
      'expired, 0',
      'expired, 1',
      'captured, 0',
      'captured, 1',
      'captured, 3',
    ]) {
      assert.ok(seen.has(`${end} refunds`), end)
    }
    assert.ok(seen.has('made again'), 'a refund that failed, and one that did not')
  })
})
