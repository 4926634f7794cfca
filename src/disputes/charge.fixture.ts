import type { Charge } from '../charges/charge.ts'
import { chargeOf } from '../charges/encoding.ts'
import { SECONDS_PER_DAY } from '../money.ts'

/** Thursday 2019-05-16, 12:00:00 UTC. */
export const NOON = Date.parse('2019-05-16T12:00:00Z') / 1000
export const DAY = SECONDS_PER_DAY
/** When funds of that day are there: Monday. */
export const MONDAY = Date.parse('2019-05-20T00:00:00Z') / 1000

/** A charge of $10.00 that was captured at noon. */
export function sold(more: Partial<Charge> = {}): Charge {
  const amount = more.amount ?? 1000
  return chargeOf({
    id: 'ch_1',
    created: NOON,
    currency: 'usd',
    amount,
    amountCaptured: amount,
    balanceTransaction: 'txn_sale',
    fundsAvailableOn: MONDAY,
    card: { id: 'card_1', brand: 'visa', funding: 'credit', country: 'US', last4: '0259', expMonth: 8, expYear: 2030 },
    outcome: { riskScore: 20 },
    authorization: { code: '123456', networkTransactionId: '123456789012345' },
    calculatedStatementDescriptor: 'KOBAN TEST',
    ...more,
  } as Charge)
}
