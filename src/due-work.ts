import { accountsAfter, findAccount } from './accounts/operations.ts'
import { expireCharge } from './charges/operations.ts'
import { Cleaner, type Cleaning } from './clock/cleaner.ts'
import type { Clocks } from './clock/clocks.ts'
import type { DueKind } from './clock/due.ts'
import { type DueHandler, DueWorker } from './clock/due-worker.ts'
import { closeInquiry, followPayment, lapseDispute, ruleDispute } from './disputes/operations.ts'
import { oldEvents } from './events/operations.ts'
import { lapsedKeys } from './http/idempotency.ts'
import { contextFor, type Ports } from './http/respond.ts'
import type { UnixSeconds } from './money.ts'
import type { Context } from './operation.ts'
import { failPayout, releaseFunds, sendPayout, settlePayout } from './payouts/due.ts'
import { failRefund, succeedRefund } from './refunds/operations.ts'
import { oldTokens } from './tokens/operations.ts'

/** What happens by itself. A new kind is a line here. */
const HANDLERS: Readonly<Record<DueKind, DueHandler>> = {
  bank_sequel: { counted: 'bank_sequels', run: followPayment },
  charge_hold: { counted: 'charges_expired', run: expireCharge },
  funds: { counted: null, run: releaseFunds },
  payout_sent: { counted: null, run: sendPayout },
  payout_arrival: { counted: 'payouts_paid', run: settlePayout },
  payout_failure: { counted: 'payouts_failed', run: failPayout },
  dispute_deadline: { counted: 'disputes_past_due', run: lapseDispute },
  dispute_ruling: { counted: 'disputes_ruled', run: ruleDispute },
  inquiry_end: { counted: 'inquiries_closed', run: closeInquiry },
  refund_success: { counted: 'refunds_succeeded', run: succeedRefund },
  refund_failure: { counted: 'refunds_failed', run: failRefund },
}

/** What goes away when it is too old. A new kind is a name here. */
const CLEANINGS: readonly Cleaning[] = [oldTokens, lapsedKeys, oldEvents]

/** The worker that lets it happen. `failed` is told why something could not be done. */
export function dueWorker(ports: Ports, clocks: Clocks, failed: (why: string) => void): DueWorker {
  const { store, vault } = ports
  const tellFailed = (error: unknown) => failed(error instanceof Error ? error.message : String(error))
  return new DueWorker({
    store,
    clocks,
    handlers: HANDLERS,
    cleaner: new Cleaner({
      store,
      vault,
      clocks,
      cleanings: CLEANINGS,
      accountsAfter: (account) => accountsAfter(store, account),
      failed: tellFailed,
    }),
    contextAt: (account, livemode, now) => contextAt(ports, account, livemode, now),
    failed: tellFailed,
  })
}

/** A context in which nobody asks: the account's own version counts. */
export async function contextAt(
  ports: Ports,
  id: string,
  livemode: boolean,
  now: UnixSeconds,
): Promise<Context | null> {
  const account = await findAccount(ports.store, id)
  if (!account) return null
  const request = { id: null, idempotencyKey: null, ip: null }
  return contextFor(ports, { account, livemode, callerKind: 'secret', now, version: account.apiVersion, request })
}
