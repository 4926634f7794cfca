import { findAccount } from './accounts/operations.ts'
import { expireCharge } from './charges/operations.ts'
import type { Clocks } from './clock/clocks.ts'
import type { DueKind } from './clock/due.ts'
import { type DueHandler, DueWorker } from './clock/due-worker.ts'
import type { Ports } from './http/respond.ts'
import type { UnixSeconds } from './money.ts'
import type { Context } from './operation.ts'

/** What happens by itself. A new kind is a line here. */
const HANDLERS: Readonly<Record<DueKind, DueHandler>> = {
  charge_hold: { counted: 'charges_expired', run: expireCharge },
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
  const { acquirers, assessRisk, directory, ids, publicUrl, store, testCards, vault } = ports
  const account = await findAccount(store, id)
  if (!account) return null
  return {
    account,
    livemode,
    now,
    version: account.apiVersion,
    callerKind: 'secret',
    request: { id: null, idempotencyKey: null, ip: null },
    publicUrl,
    ids,
    store,
    vault,
    testCards: livemode ? null : testCards,
    acquirer: livemode ? acquirers.live : acquirers.test,
    accountChanged: directory.forget,
    assessRisk,
  }
}
