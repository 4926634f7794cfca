import { findAccount } from './accounts/operations.ts'
import { expireCharge } from './charges/operations.ts'
import type { Clocks } from './clock/clocks.ts'
import type { DueKind } from './clock/due.ts'
import { type DueHandler, DueWorker } from './clock/due-worker.ts'
import { contextFor, type Ports } from './http/respond.ts'
import type { UnixSeconds } from './money.ts'
import type { Context } from './operation.ts'
import { failPayout, releaseFunds, sendPayout, settlePayout } from './payouts/due.ts'

/** What happens by itself. A new kind is a line here. */
const HANDLERS: Readonly<Record<DueKind, DueHandler>> = {
  charge_hold: { counted: 'charges_expired', run: expireCharge },
  funds: { counted: null, run: releaseFunds },
  payout_sent: { counted: null, run: sendPayout },
  payout_arrival: { counted: 'payouts_paid', run: settlePayout },
  payout_failure: { counted: 'payouts_failed', run: failPayout },
}

/** The worker that lets it happen. `failed` is told why something could not be done. */
export function dueWorker(ports: Ports, clocks: Clocks, failed: (why: string) => void): DueWorker {
  return new DueWorker({
    store: ports.store,
    clocks,
    handlers: HANDLERS,
    contextAt: (account, livemode, now) => contextAt(ports, account, livemode, now),
    failed: (error) => failed(error instanceof Error ? error.message : String(error)),
  })
}

/** A context in which nobody asks: the account's own version counts. */
async function contextAt(ports: Ports, id: string, livemode: boolean, now: UnixSeconds): Promise<Context | null> {
  const account = await findAccount(ports.store, id)
  if (!account) return null
  const request = { id: null, idempotencyKey: null, ip: null }
  return contextFor(ports, { account, livemode, callerKind: 'secret', now, version: account.apiVersion, request })
}
