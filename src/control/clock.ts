import type { FastifyInstance, FastifyRequest } from 'fastify'
import { FIRST_ACCOUNT } from '../accounts/account.ts'
import { findAccount } from '../accounts/operations.ts'
import { readDuration } from '../clock/account-clock.ts'
import type { Clocks } from '../clock/clocks.ts'
import type { DueSummary, DueWorker } from '../clock/due-worker.ts'
import { moveClock } from '../clock/operations.ts'
import { errors } from '../errors.ts'
import type { Send } from '../http/app.ts'
import { parseFormText } from '../http/form.ts'
import { boolean, integer, type Optional, parameter, string } from '../http/params.ts'
import { bodyOf, callerOf, decode, mountCall } from './call.ts'
import type { ControlPorts } from './operations.ts'

export type ClockPorts = ControlPorts & { readonly clocks: Clocks; readonly worker: DueWorker }

const names = { account: string() }
const changes = { ...names, advance: duration(), to: integer(0), freeze: boolean(), resume: boolean() }

/** `8d`, `36h`, `90m`, `30s`, or plain seconds. */
function duration(): Optional<number> {
  return parameter('duration', (sent, name) => {
    const seconds = typeof sent === 'string' ? readDuration(sent) : null
    if (seconds === null) throw errors.durationInvalid(name, String(sent))
    return seconds
  })
}

/** `/_koban/clock`: the time of an account's test mode, by its secret key, or by the admin token for any account. */
export function mountClock(app: FastifyInstance, send: Send, ports: ClockPorts): void {
  mountCall(app, send, ports, 'GET /clock', async (request) => {
    const { account } = decode(names, parseFormText(queryOf(request)))
    return shown(ports, await accountOf(ports, request, account), {})
  })
  mountCall(app, send, ports, 'POST /clock', async (request) => {
    const { account, ...change } = decode(changes, bodyOf(request))
    const id = await accountOf(ports, request, account)
    await moveClock(ports, id, change)
    return shown(ports, id, await ports.worker.run(id, false))
  })
}

function queryOf({ url }: FastifyRequest): string {
  const mark = url.indexOf('?')
  return mark === -1 ? '' : url.slice(mark + 1)
}

/** Whose clock is meant, where the caller may touch it. Throws for live mode, and for an account of somebody else. */
async function accountOf(ports: ClockPorts, request: FastifyRequest, named: string | undefined): Promise<string> {
  const caller = await callerOf(ports, request)
  if (caller?.livemode) throw errors.clockOfLiveMode()
  const id = named ?? caller?.account.id ?? FIRST_ACCOUNT
  const mayTouch = caller === null ? await findAccount(ports.store, id) : caller.account.id === id
  if (!mayTouch) throw errors.noSuch('account', id, 'account', 'parameter')
  return id
}

function shown({ clocks }: ClockPorts, id: string, done: DueSummary) {
  const { frozenAt, offset } = clocks.of(id)
  return {
    object: 'clock',
    account: id,
    now: clocks.now(id, false),
    frozen: frozenAt !== null,
    offset,
    done,
    pending_deliveries: 0, // part of the answer; nothing is delivered yet
  }
}
