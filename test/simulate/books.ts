/**
 * The model: what a merchant who reads Stripe's documentation expects of its own account. It knows no ledger, no due
 * work and no ids but those that it was told.
 */

import type { TestCard } from './cards.ts'
import { type Dispute, isChargedBack } from './disputes.ts'
import { type Country, type Currency, feeOf, HOLD_SECONDS, RULES } from './laws.ts'

export type Refund = {
  /** Null where the server made it by itself, and nobody has been told of it. */
  readonly id: string | null
  readonly amount: number
  /** Given back of an authorization: no money had moved. */
  readonly isRelease: boolean
  /** One that failed counts as not made. */
  status: 'pending' | 'succeeded' | 'failed'
}

export type Charge = {
  readonly id: string
  readonly created: number
  readonly amount: number
  readonly currency: Currency
  readonly card: TestCard
  readonly customer: string | null
  state: 'failed' | 'held' | 'captured' | 'released' | 'lapsed'
  captured: number
  /** When the money of its capture becomes available. */
  availableOn: number
  readonly refunds: Refund[]
}

/** A line of the balance: `amount` less `fee` is the merchant's from `availableOn` on, pending before. */
export type Movement = {
  readonly type: 'charge' | 'refund' | 'adjustment'
  readonly source: string
  readonly currency: Currency
  readonly amount: number
  readonly fee: number
  readonly availableOn: number
}

export type SavedCard = { readonly id: string; readonly card: TestCard }
export type Customer = { readonly id: string; cards: SavedCard[]; defaultCard: string | null; deleted: boolean }

export type Told = { readonly type: string; readonly object: string; readonly created: number }

/** A refusal as the API words it: by its code, or by words of its message where Stripe gives no code. */
export type Refusal = { readonly status: number; readonly code?: string; readonly words?: string }

const refusal = (code: string): Refusal => ({ status: 400, code })
const refusalInWords = (words: string): Refusal => ({ status: 400, words })

/** Test mode tells the result of an asynchronous refund after five seconds. */
const RESULT_SECONDS = 5

type Due = { readonly at: number; readonly happen: () => void }

export class Books {
  readonly country: Country
  /** Whether the account's own version is one of before 2025-03-31.basil: then a Refund stands for what is released. */
  readonly isOld: boolean
  now: number
  readonly charges: Charge[] = []
  readonly customers: Customer[] = []
  readonly movements: Movement[] = []
  readonly disputes: Dispute[] = []
  readonly events: Told[] = []
  #due: Due[] = []

  constructor(country: Country, isOld: boolean, now: number) {
    this.country = country
    this.isOld = isOld
    this.now = now
  }

  /** Lets the time be `then`: what falls due by it has happened, each thing at its own time. */
  passUntil(then: number): void {
    for (;;) {
      const next = this.#due.reduce<Due | null>((first, due) => (first && first.at <= due.at ? first : due), null)
      if (!next || next.at > then) break
      this.#due = this.#due.filter((due) => due !== next)
      this.now = Math.max(this.now, next.at)
      next.happen()
    }
    this.now = then
  }

  authorized(id: string, wanted: Pick<Charge, 'amount' | 'currency' | 'card' | 'customer'>): Charge {
    const charge: Charge = {
      ...wanted,
      id,
      created: this.now,
      state: 'held',
      captured: 0,
      availableOn: 0,
      refunds: [],
    }
    this.charges.push(charge)
    this.tell('charge.succeeded', id)
    this.later(this.now + HOLD_SECONDS, () => this.#lapse(charge))
    return charge
  }

  declined(id: string, wanted: Pick<Charge, 'amount' | 'currency' | 'card' | 'customer'>): void {
    this.charges.push({
      ...wanted,
      id,
      created: this.now,
      state: 'failed',
      captured: 0,
      availableOn: 0,
      refunds: [],
    })
    this.tell('charge.failed', id)
  }

  /** A charge that is captured as it is authorized. */
  sold(charge: Charge, availableOn: number): void {
    this.#take(charge, charge.amount, availableOn)
  }

  /** `amount` of a hold is taken; the rest goes back, as a Refund where the request's version has one (before basil). */
  capture(charge: Charge, amount: number, availableOn: number, restIsRefund: boolean): void {
    this.#take(charge, amount, availableOn)
    this.tell('charge.captured', charge.id)
    if (amount < charge.amount && restIsRefund) this.#release(charge, charge.amount - amount)
  }

  #take(charge: Charge, amount: number, availableOn: number): void {
    charge.state = 'captured'
    charge.captured = amount
    charge.availableOn = availableOn
    const { id, currency } = charge
    const fee = feeOf(this.country, amount, currency)
    this.movements.push({ type: 'charge', source: id, currency, amount, fee, availableOn })
  }

  /** A Refund that nobody asked for stands for what goes back. */
  #release(charge: Charge, amount: number): void {
    charge.refunds.push({ id: null, amount, isRelease: true, status: 'succeeded' })
    this.tell('refund.created', charge.id)
    this.tell('charge.refunded', charge.id)
  }

  captureRefusal(charge: Charge, amount: number): Refusal | null {
    switch (charge.state) {
      case 'failed':
        return refusal('charge_invalid_parameter')
      case 'captured':
        return refusal('charge_already_captured')
      case 'released':
        return refusal('charge_already_refunded')
      case 'lapsed':
        return refusal('charge_expired_for_capture')
      case 'held': {
        const { least, multiple } = RULES[charge.currency]
        if (amount > charge.amount) return refusal('amount_too_large')
        if (amount < least) return refusal('amount_too_small')
        return amount % multiple === 0 ? null : refusalInWords('must be a multiple of')
      }
      default:
        return charge.state satisfies never
    }
  }

  refund(charge: Charge, id: string, amount: number): void {
    const isRelease = charge.state === 'held'
    if (isRelease) charge.state = 'released'
    const { follows } = charge.card
    const isPending = follows === 'refund_pending' && !isRelease
    const refund: Refund = { id, amount, isRelease, status: isPending ? 'pending' : 'succeeded' }
    charge.refunds.push(refund)
    this.tell('refund.created', id)
    this.tell('charge.refunded', charge.id)
    if (isRelease) return
    const availableOn = Math.max(this.now, charge.availableOn) // from where the charge's own money is
    const { currency } = charge
    this.movements.push({ type: 'refund', source: id, currency, amount: -amount, fee: 0, availableOn })
    if (isPending) this.later(this.now + RESULT_SECONDS, () => (refund.status = 'succeeded'))
    if (follows !== 'refund_failing') return
    this.later(this.now + RESULT_SECONDS, () => {
      refund.status = 'failed'
      this.tell('refund.failed', id)
      this.move({ type: 'adjustment', source: id, currency, amount, fee: 0, availableOn: this.now })
    })
  }

  refundRefusal(charge: Charge, amount: number | null): Refusal | null {
    const { state, currency } = charge
    if (state === 'failed') return refusal('charge_not_refundable')
    if (state === 'released' || state === 'lapsed') return refusal('charge_already_refunded')
    if (isChargedBack(this, charge)) return refusal('charge_disputed')
    const left = refundable(charge)
    if (left === 0) return refusal('charge_already_refunded')
    if (amount === null) return null
    if (amount > left) return refusalInWords('is greater than')
    if (state === 'held')
      return amount < left ? refusalInWords('You cannot partially refund an uncaptured charge') : null
    return amount % RULES[currency].multiple === 0 ? null : refusalInWords('must be a multiple of')
  }

  /** What is pending and what is available now, by currency. What is nothing is left out. */
  balance(): { pending: Record<string, number>; available: Record<string, number> } {
    const pending: Record<string, number> = {}
    const available: Record<string, number> = {}
    for (const { currency, amount, fee, availableOn } of this.movements) {
      const part = availableOn > this.now ? pending : available
      part[currency] = (part[currency] ?? 0) + amount - fee
    }
    return { pending: withoutZeros(pending), available: withoutZeros(available) }
  }

  #lapse(charge: Charge): void {
    if (charge.state !== 'held') return
    charge.state = 'lapsed'
    this.tell('charge.expired', charge.id)
    if (this.isOld) this.#release(charge, charge.amount)
  }

  /** Notes that money has moved. */
  move(movement: Movement): void {
    this.movements.push(movement)
  }

  /** Lets something happen when its time has come. */
  later(at: number, happen: () => void): void {
    this.#due.push({ at, happen })
  }

  /** Notes an event. Of a refund by its id, or by that of its charge. */
  tell(type: string, object: string): void {
    this.events.push({ type, object, created: this.now })
  }
}

/** What can still be given back of a charge. */
export function refundable(charge: Charge): number {
  if (charge.state === 'held') return charge.amount
  const given = madeOf(charge).filter(({ isRelease }) => !isRelease)
  return charge.captured - sum(given.map(({ amount }) => amount))
}

/** The API's `amount_refunded` and `refunded`: every Refund counts, and nothing else. */
export function refundedOf(charge: Charge): { amount_refunded: number; refunded: boolean } {
  const amount = sum(madeOf(charge).map((refund) => refund.amount))
  return { amount_refunded: amount, refunded: amount > 0 && amount === charge.amount - unseenRelease(charge) }
}

function madeOf({ refunds }: Charge): Refund[] {
  return refunds.filter(({ status }) => status !== 'failed')
}

/** What was released without a Refund to show for it. */
function unseenRelease({ state, amount, captured, refunds }: Charge): number {
  const shown = sum(refunds.filter(({ isRelease }) => isRelease).map((refund) => refund.amount))
  if (state === 'captured') return amount - captured - shown
  return state === 'lapsed' || state === 'released' ? amount - shown : 0
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

export function withoutZeros(amounts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount !== 0))
}
