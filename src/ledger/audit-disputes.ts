/** What must be true of disputes, as audit.ts has it of charges and refunds. */

import type { Charge } from '../charges/charge.ts'
import { type Dispute, isClosed, isInquiry, withholds } from '../disputes/dispute.ts'
import type { Minor } from '../money.ts'
import { judge, type Say, type Wrong } from './audit.ts'
import type { LedgerTransaction } from './ledger.ts'

/**
 * A dispute has its charge, and its rows net to its outcome: an inquiry has moved nothing; what was charged back is gone,
 * with the fee; what was won is back, without the fee or with it.
 */
export function checkDispute(
  dispute: Dispute,
  charge: Charge | undefined,
  found: ReadonlyMap<string, LedgerTransaction>,
): Wrong[] {
  return judge('dispute', dispute.id, (say) => {
    if (!charge) say('dispute_charge_missing', `its charge ${dispute.charge} does not exist`)
    for (const own of dispute.transactions) {
      const { amount, fee, net, source, currency } = found.get(own.id) ?? {}
      const isSame = amount === own.amount && fee === own.fee && net === own.net && currency === dispute.currency
      if (!isSame || source !== dispute.id) {
        say('dispute_transaction_differs', `its ledger transaction ${own.id} is not as the dispute shows it`)
      }
    }
    checkOutcome(dispute, say)
  })
}

function checkOutcome({ amount, status, transactions }: Dispute, say: Say): void {
  const [withdrawal, reversal, ...more] = transactions
  const moved = transactions.reduce((sum, one) => sum + one.amount, 0)
  const fee = transactions.reduce((sum, one) => sum + one.fee, 0)
  const wanted = withholds({ status }) ? -amount : 0
  const rows = isInquiry({ status }) ? 0 : status === 'won' ? 2 : 1
  const isRight =
    moved === wanted &&
    transactions.length === rows &&
    more.length === 0 &&
    (withdrawal?.amount ?? -amount) === -amount &&
    (reversal?.amount ?? amount) === amount &&
    fee >= 0
  if (!isRight)
    say('dispute_rows_differ', `is ${status} over ${amount}, but its ${transactions.length} rows sum to ${moved}`)
}

/** What of a charge is in disputes, summed. */
export type DisputedSums = { readonly inquired: Minor; readonly withheld: Minor; readonly newest: string | null }

export const NOTHING_DISPUTED: DisputedSums = { inquired: 0, withheld: 0, newest: null }

/** In the order of ids. */
export function addDispute({ inquired, withheld }: DisputedSums, dispute: Dispute): DisputedSums {
  return {
    inquired: inquired + (isInquiry(dispute) && !isClosed(dispute) ? dispute.amount : 0),
    withheld: withheld + (withholds(dispute) ? dispute.amount : 0),
    newest: dispute.id,
  }
}

/** A charge says of its disputes what they say. */
export function checkDisputesOfCharge(charge: Charge, { inquired, withheld, newest }: DisputedSums): Wrong[] {
  const { id, amountInquired, amountWithheld, amountCaptured, dispute } = charge
  const isSame = amountInquired === inquired && amountWithheld === withheld && (dispute === null) === (newest === null)
  if (isSame && inquired + withheld <= amountCaptured) return []
  return judge('charge', id, (say) => {
    const says = `says ${amountInquired} inquired about and ${amountWithheld} withheld of ${amountCaptured} captured`
    say('charge_disputed_differs', `${says}; its disputes sum to ${inquired} and ${withheld}`)
  })
}
