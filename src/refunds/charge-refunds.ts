import type { Charge } from '../charges/charge.ts'
import type { Context } from '../operation.ts'
import type { Write } from '../store/store.ts'
import type { Refund } from './refund.ts'
import { insertRefund, refundsOfCharge } from './repository.ts'

/** All refunds of a charge, newest first; nothing is read for a charge that has none. */
export async function allRefundsOf(context: Context, charge: Charge): Promise<readonly Refund[]> {
  return charge.refundCount === 0 ? [] : refundsOfCharge(context, charge.id)
}

/** The write that keeps a new refund. */
export function recordRefund({ account, livemode }: Context, refund: Refund): Write {
  return insertRefund(account.id, livemode, refund)
}
