import type { Card } from '../cards/card.ts'
import { Recent } from '../recent.ts'
import type { Charge } from './charge.ts'

/**
 * A charge as text, for its row and for the events that show it. What has its usual value is left out: a byte that is
 * not written need not be synced, and most charges use few of the fields.
 */
export function encodeCharge(charge: Charge): string {
  let text = encoded.get(charge)
  if (text === undefined) {
    text = JSON.stringify({
      ...withoutUsual(charge, USUAL),
      card: withoutUsual(charge.card, USUAL_CARD),
      outcome: withoutUsual(charge.outcome, USUAL_OUTCOME),
    })
    encoded.set(charge, text)
  }
  return text
}

/** A charge is never changed in place, and is written twice: as a row and inside an event. */
const encoded = new WeakMap<Charge, string>()

/** The charges read last: the same text is the same charge, and need not be read again. */
const decoded = new Recent<string, Charge>(500)

/** Reads what encodeCharge wrote. The same text gives the same object, while it is remembered. */
export function decodeCharge(text: string): Charge {
  let charge = decoded.get(text)
  if (charge === undefined) {
    charge = chargeOf(JSON.parse(text))
    decoded.set(text, charge)
  }
  return charge
}

/** Reads what encodeCharge wrote, where it stood inside other JSON: a charge without what has its usual value. */
export function chargeOf({ card, outcome, ...rest }: Charge): Charge {
  return { ...USUAL, ...rest, card: { ...USUAL_CARD, ...card }, outcome: { ...USUAL_OUTCOME, ...outcome } }
}

const USUAL: Partial<Charge> = {
  state: 'captured',
  amountCaptured: 0,
  amountRefunded: 0,
  amountReleased: 0,
  releaseIsRefund: false,
  refundCount: 0,
  failure: null,
  authorization: null,
  balanceTransaction: null,
  fundsAvailableOn: null,
  description: null,
  metadata: {},
  receiptEmail: null,
  receiptSecret: null,
  shipping: null,
  statementDescriptor: null,
  statementDescriptorSuffix: null,
  transferGroup: null,
  userReport: null,
  stripeReport: null,
}

const USUAL_CARD: Partial<Card> = {
  name: null,
  address: { line1: null, line2: null, city: null, state: null, zip: null, country: null },
  checks: { cvc: null, line1: null, zip: null },
  currency: null,
}

const USUAL_OUTCOME: Partial<Charge['outcome']> = {
  type: 'authorized',
  networkStatus: 'approved_by_network',
  reason: null,
  riskLevel: 'normal',
  rule: null,
  sellerMessage: 'Payment complete.',
  adviceCode: null,
  networkAdviceCode: null,
  networkDeclineCode: null,
}

/** The members of `value` that differ from the usual ones; a nested hash counts as usual when all its members do. */
function withoutUsual<T extends object>(value: T, usual: Partial<T>): Partial<T> {
  const kept: Partial<T> = {}
  for (const key in value) {
    if (!(key in usual) || !isSame(value[key], usual[key])) kept[key] = value[key]
  }
  return kept
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  const keys = Object.keys(one)
  if (keys.length !== Object.keys(other).length) return false
  return keys.every((key) => one[key as never] === other[key as never])
}
