import type { FastifyInstance } from 'fastify'
import { FIRST_ACCOUNT } from '../accounts/account.ts'
import { findAccount } from '../accounts/operations.ts'
import { DISPUTE_REASONS } from '../disputes/dispute.ts'
import { type OpenDispute, openDispute } from '../disputes/operations.ts'
import { renderDispute } from '../disputes/render.ts'
import { errors } from '../errors.ts'
import type { Send } from '../http/app.ts'
import { boolean, choice, integer, required, string, withDefault } from '../http/params.ts'
import type { Context } from '../operation.ts'
import { GuardFailed } from '../store/store.ts'
import { bodyOf, callerOf, decode, mountCall } from './call.ts'
import type { ControlPorts } from './operations.ts'

export type DisputePorts = ControlPorts & {
  /** A context in which nobody asks, in an account's test mode; null where the account is gone. */
  readonly contextAt: (account: string, now: number) => Promise<Context | null>
}

const fields = {
  account: string(),
  charge: required(string()),
  amount: integer(1),
  reason: withDefault(choice(...DISPUTE_REASONS), 'fraudulent'),
  inquiry: withDefault(boolean(), false),
  network_reason_code: string(20),
}

/** `POST /_koban/disputes`: what only a bank does at Stripe, by the account's secret key or the admin token. */
export function mountDisputes(app: FastifyInstance, send: Send, ports: DisputePorts): void {
  mountCall(app, send, ports, 'POST /disputes', async (request) => {
    const caller = await callerOf(ports, request)
    if (caller?.livemode) throw errors.disputeOfLiveMode()
    const { account, charge, amount, reason, inquiry, network_reason_code: code } = decode(fields, bodyOf(request))
    const id = account ?? caller?.account.id ?? FIRST_ACCOUNT
    const mayTouch = caller === null ? await findAccount(ports.store, id) : caller.account.id === id
    if (!mayTouch) throw errors.noSuch('account', id, 'account', 'parameter')
    const complaint = {
      amount: amount ?? null,
      reason,
      isInquiry: inquiry,
      networkReasonCode: code ?? null,
      eligibility: reason === 'noncompliant' ? ('visa_compliance' as const) : null,
    }
    return open(ports, id, { charge, ...complaint })
  })
}

const MAXIMUM_TRIES = 100

async function open({ clock, store, contextAt }: DisputePorts, account: string, command: OpenDispute) {
  for (let tries = 1; ; tries++) {
    const now = clock.now(account, false)
    const context = await contextAt(account, now)
    if (!context) throw errors.noSuch('account', account, 'account', 'parameter')
    const { answer, writes, balances } = await openDispute(context, command)
    if ('error' in answer) throw answer.error
    try {
      await store.commit({ account, writes, balances })
      return renderDispute(answer.value, { livemode: false, now })
    } catch (error) {
      if (!(error instanceof GuardFailed)) throw error
      if (tries === MAXIMUM_TRIES) throw errors.lockTimeout()
    }
  }
}
