import type { FastifyInstance, FastifyRequest } from 'fastify'
import { FIRST_ACCOUNT } from '../accounts/account.ts'
import { findAccount } from '../accounts/operations.ts'
import { readDuration } from '../clock/account-clock.ts'
import { realSeconds } from '../clock/clock.ts'
import type { Clocks } from '../clock/clocks.ts'
import type { DueSummary, DueWorker } from '../clock/due-worker.ts'
import { moveClock } from '../clock/operations.ts'
import { errors } from '../errors.ts'
import { type Answer, serialize } from '../http/answer.ts'
import type { Send } from '../http/app.ts'
import { authenticate, keyOf } from '../http/authentication.ts'
import { errorAnswer } from '../http/error-answer.ts'
import { parseFormText } from '../http/form.ts'
import { boolean, integer, type Optional, parameter, string } from '../http/params.ts'
import { GUIDE_SECRET_KEY } from '../keys/key.ts'
import type { Store } from '../store/store.ts'
import { bodyOf, decode, isAdmin } from './call.ts'
import type { ControlPorts } from './operations.ts'

export type ClockPorts = Pick<ControlPorts, 'adminToken' | 'directory' | 'guideKeyControls' | 'ids' | 'vault'> & {
  readonly store: Store
  readonly clocks: Clocks
  readonly worker: DueWorker
}

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
  const on = (method: 'GET' | 'POST', answer: (request: FastifyRequest) => Promise<object>) => {
    app.route({
      method,
      url: '/_koban/clock',
      handler: async (request, reply) => {
        const startedMs = ports.clocks.elapsedMs()
        send(request, reply, await answered(ports, request, answer), startedMs)
      },
    })
  }
  on('GET', async (request) => {
    const { account } = decode(names, parseFormText(queryOf(request)))
    return shown(ports, await accountOf(ports, request, account), {})
  })
  on('POST', async (request) => {
    const { account, ...change } = decode(changes, bodyOf(request))
    const id = await accountOf(ports, request, account)
    await moveClock(ports, id, change)
    return shown(ports, id, await ports.worker.run(id, false))
  })
}

async function answered(
  { ids }: ClockPorts,
  request: FastifyRequest,
  answer: (request: FastifyRequest) => Promise<object>,
): Promise<Answer> {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', 'request-id': ids.requestId() }
  try {
    if (request.headers.origin !== undefined) throw errors.originRefused()
    return { status: 200, headers, body: serialize(await answer(request)), why: null }
  } catch (error) {
    return errorAnswer(error, headers)
  }
}

function queryOf({ url }: FastifyRequest): string {
  const mark = url.indexOf('?')
  return mark === -1 ? '' : url.slice(mark + 1)
}

/** Whose clock is meant, where the caller may touch it. */
async function accountOf(ports: ClockPorts, request: FastifyRequest, named: string | undefined): Promise<string> {
  const { clocks, directory, store } = ports
  const token = keyOf(request.headers.authorization)
  if (token !== null && isAdmin(ports, token)) {
    const id = named ?? FIRST_ACCOUNT
    if (!(await findAccount(store, id))) throw errors.noSuch('account', id, 'account', 'parameter')
    return id
  }
  const principal = await authenticate(directory, token, realSeconds(clocks))
  const counts = principal.kind === 'secret' && (token !== GUIDE_SECRET_KEY || ports.guideKeyControls)
  if (!counts) throw errors.adminTokenOrOwnKeyNeeded()
  if (principal.livemode) throw errors.clockOfLiveMode()
  const { id } = principal.account
  if (named !== undefined && named !== id) throw errors.noSuch('account', named, 'account', 'parameter')
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
    pending_deliveries: 0,
  }
}
