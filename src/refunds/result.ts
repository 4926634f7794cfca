import assert from 'node:assert/strict'
import type { Charge } from '../charges/charge.ts'
import { accept, type Decision } from '../decision.ts'
import type { TransactionId } from '../ids.ts'
import { returnFailed } from '../ledger/ledger.ts'
import type { UnixSeconds } from '../money.ts'
import type { Refund, RefundFailureReason } from './refund.ts'

/** A pending refund has arrived. */
export function succeed(refund: Refund): Decision<Refund> {
  assert(refund.status === 'pending', 'only what is pending succeeds')
  const after: Refund = { ...refund, status: 'succeeded' }
  return accept(after, { events: updated(refund, after) })
}

export type Failure = {
  readonly reason: RefundFailureReason
  readonly transaction: TransactionId
}

export type FailedRefund = { readonly charge: Charge; readonly refund: Refund }

/**
 * A refund of captured money has come back, pending or after it had succeeded: the money is the merchant's again, and
 * the charge is as if the refund had not been made, so that it can be refunded anew. Stripe: failed refunds.
 */
export function fail(charge: Charge, refund: Refund, failure: Failure, now: UnixSeconds): Decision<FailedRefund> {
  assert(refund.charge === charge.id && refund.amount <= charge.amountRefunded, 'the charge counts what was refunded')
  assert(refund.status !== 'failed' && refund.balanceTransaction !== null, 'what comes back had left, and comes once')
  const { id, amount, currency } = refund
  const transaction = returnFailed({ id: failure.transaction, refund: id, currency, amount, now })
  const after: Refund = {
    ...refund,
    status: 'failed',
    failureReason: failure.reason,
    failureBalanceTransaction: transaction.id,
  }
  return accept(
    { charge: { ...charge, amountRefunded: charge.amountRefunded - amount }, refund: after },
    {
      transactions: [transaction],
      events: [{ type: 'refund.failed', object: 'refund', before: null, after }, ...updated(refund, after)],
    },
  )
}

/** Stripe tells of the result of a refund twice, in the new word and in the old. */
function updated(before: Refund, after: Refund) {
  const told = { object: 'refund', before, after } as const
  return [{ type: 'refund.updated', ...told } as const, { type: 'charge.refund.updated', ...told } as const]
}
