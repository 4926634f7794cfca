/** Where a life's server runs: in this process, which is quick, or as a process of its own, which can be killed. */

import { silentRequestLog } from '../../src/http/request-log.ts'
import { startServer } from '../../src/server.ts'
import { startKoban } from '../process/koban.ts'

export const ADMIN_TOKEN = 'koban_the_token_of_the_simulation'

export type Host = {
  readonly url: string
  /** Stops as a whole and starts again on the same folder. */
  restart(): Promise<void>
  /** Lets real time pass; null where it is the machine's own. */
  readonly pass: ((seconds: number) => void) | null
  /** SIGKILL; null where it would be the end of the simulation. */
  readonly kill: (() => Promise<void>) | null
  stop(): Promise<void>
}

/** Thursday 2019-05-16, 09:46:40 UTC: the guide's days. */
export const START = 1_558_000_000

/** A server in this process. Its real time stands until it is let pass. */
export async function hostInside(dataFolder: string): Promise<Host> {
  let seconds = START
  const clock = { now: () => seconds, realMs: () => Date.now(), elapsedMs: () => performance.now() }
  const start = () =>
    startServer({
      ...{ host: '127.0.0.1', port: 0, dataFolder, clock, adminToken: ADMIN_TOKEN, log: silentRequestLog() },
      ...{ publicUrl: undefined, publicTestKeys: false, vaultKey: undefined },
    })
  let server = await start()
  return {
    get url() {
      return server.url
    },
    async restart() {
      await server.close()
      server = await start()
    },
    pass(by) {
      seconds += by
    },
    kill: null,
    stop: () => server.close(),
  }
}

/** A server as its users run it. It lives in real time, so that only its accounts' clocks can be told what to show. */
export async function hostOutside(folder: string): Promise<Host> {
  const start = () => startKoban(folder, ['--quiet'], { environment: { KOBAN_ADMIN_TOKEN: ADMIN_TOKEN } })
  let koban = await start()
  const restartAfter = async (signal: NodeJS.Signals) => {
    await koban.end(signal)
    koban = await start()
  }
  return {
    get url() {
      return koban.url
    },
    restart: () => restartAfter('SIGTERM'),
    pass: null,
    kill: () => restartAfter('SIGKILL'),
    async stop() {
      await koban.end('SIGTERM')
    },
  }
}
