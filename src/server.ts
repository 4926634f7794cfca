import { FIRST_ACCOUNT } from './accounts/account.ts'
import { findAccount, firstAccount } from './accounts/operations.ts'
import { accountEndpoints } from './accounts/routes.ts'
import { balanceEndpoints } from './balance/routes.ts'
import { firstBankAccount } from './bank-accounts/operations.ts'
import { bankAccountEndpoints } from './bank-accounts/routes.ts'
import { chargeEndpoints } from './charges/routes.ts'
import { type Clock, realSeconds, systemClock } from './clock/clock.ts'
import { accountClocks } from './clock/clocks.ts'
import { FundsDays } from './clock/funds.ts'
import { movedClocks } from './clock/repository.ts'
import { adminToken, setControlFileAside, writeControlFile } from './control/admin-token.ts'
import { mountClock } from './control/clock.ts'
import { mountDisputes } from './control/disputes.ts'
import { mountControl } from './control/routes.ts'
import { customerSourceEndpoints } from './customer-sources/routes.ts'
import { customerEndpoints } from './customers/routes.ts'
import { disputeEndpoints } from './disputes/routes.ts'
import { contextAt, dueWorker } from './due-work.ts'
import { earlyFraudWarningEndpoints } from './early-fraud-warnings/routes.ts'
import { eventEndpoints } from './events/routes.ts'
import { fileEndpoints } from './files/routes.ts'
import { createApp, listenWith, type Timeouts } from './http/app.ts'
import type { Endpoint } from './http/endpoint.ts'
import { runningKeys } from './http/idempotency.ts'
import type { Listener } from './http/listener.ts'
import type { RequestLog } from './http/request-log.ts'
import type { Ports } from './http/respond.ts'
import { createIds } from './ids.ts'
import { createDirectory } from './keys/directory.ts'
import type { Acquirer } from './network/acquirer.ts'
import { simulatedBanks } from './network/simulator/banks.ts'
import { simulatedCards } from './network/simulator/issuers.ts'
import { assessTestCard } from './network/simulator/risk.ts'
import { simulator } from './network/simulator/simulator.ts'
import { objectReader } from './objects.ts'
import { pageAt } from './pages/page-at.ts'
import { payoutEndpoints } from './payouts/routes.ts'
import { refundEndpoints } from './refunds/routes.ts'
import { sourceEndpoints } from './sources/routes.ts'
import { openSqliteStore } from './store/sqlite/open.ts'
import { GuardFailed, type Store } from './store/store.ts'
import { tokenEndpoints } from './tokens/routes.ts'
import { openVault } from './vault/vault.ts'

/** Every route of the API. A new resource is a folder and a line here. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...chargeEndpoints,
  ...refundEndpoints,
  ...tokenEndpoints,
  ...customerEndpoints,
  ...customerSourceEndpoints,
  ...sourceEndpoints,
  ...disputeEndpoints,
  ...earlyFraudWarningEndpoints,
  ...fileEndpoints,
  ...balanceEndpoints,
  ...payoutEndpoints,
  ...bankAccountEndpoints,
  ...eventEndpoints,
  ...accountEndpoints,
]

export type ServerOptions = {
  /** `localhost` listens on 127.0.0.1 and ::1. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Where the database, the vault key and the control file are. */
  readonly dataFolder: string
  /** The store of that folder, where the caller has opened it; it is the server's to close. */
  readonly store?: Store
  /** Where links lead that leave the server; the address that it listens on, where none is given. */
  readonly publicUrl: string | undefined
  /** Whether the guide's public test keys count although others can reach the server. */
  readonly publicTestKeys: boolean
  /** The values of KOBAN_VAULT_KEY and KOBAN_ADMIN_TOKEN. */
  readonly vaultKey: string | undefined
  readonly adminToken: string | undefined
  readonly log: RequestLog
  readonly clock?: Clock
  /** The link to the card networks in live mode; without one live charges are refused. */
  readonly liveAcquirer?: Acquirer
  readonly timeouts?: Timeouts
}

export type Server = {
  /** Where it answers, e.g. `http://localhost:12111`. */
  readonly url: string
  readonly guideKeysCount: boolean
  /** Takes no new connections, answers what is in flight, closes the store. */
  close(): Promise<void>
}

/** The composition root: configuration → store → ports → HTTP. Throws where the store or the port cannot be had. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { dataFolder, log } = options
  const store = options.store ?? (await openSqliteStore({ folder: dataFolder }))
  let listener: Listener | undefined
  try {
    const clock = accountClocks(options.clock ?? systemClock(), await movedClocks(store))
    const ids = createIds({ now: clock.realMs })
    const vault = await openVault({ store, keySource: { environmentValue: options.vaultKey, dataFolder } })
    const guideKeysCount = options.publicTestKeys || isLoopback(options.host)
    const guideKeyControls = isLoopback(options.host)
    const directory = createDirectory({ store, vault }, { guideKeysCount })
    const token = await adminToken({ store, vault, ids, folder: dataFolder, given: options.adminToken })
    let url = ''
    const ports: Ports = {
      clock,
      ids,
      store,
      vault,
      directory,
      running: runningKeys(),
      reader: objectReader,
      acquirers: { test: simulator(), live: options.liveAcquirer ?? null },
      testCards: simulatedCards,
      testBanks: simulatedBanks,
      fundsDays: new FundsDays(),
      assessRisk: assessTestCard,
      doDue: (account, livemode) => worker.catchUp(account, livemode).catch(notDone),
      get publicUrl() {
        return options.publicUrl ?? url
      },
    }
    await makeFirstAccount(ports)
    const notDone = (why: unknown) => log.note(`What fell due was not done, and is tried again: ${why}`)
    const worker = dueWorker(ports, clock, notDone)
    const app = createApp({
      ports,
      endpoints: ENDPOINTS,
      log,
      page: pageAt,
      mount: (app, send) => {
        const control = { store, vault, ids, clock, directory, adminToken: token, guideKeyControls }
        mountControl(app, send, control)
        mountClock(app, send, { ...control, clocks: clock, worker })
        mountDisputes(app, send, { ...control, contextAt: (id, now) => contextAt(ports, id, false, now) })
      },
    })
    listener = await listenWith(app, { ids, host: options.host, port: options.port, timeouts: options.timeouts })
    url = urlOf(options.host, listener.port)
    writeControlFile(dataFolder, { url, token })
    worker.start()
    const close = async () => {
      await listener?.stop()
      setControlFileAside(dataFolder)
      await worker.stop()
      await app.close()
      await store.close()
      log.flush()
    }
    return { url, guideKeysCount, close }
  } catch (error) {
    await listener?.stop() // else a server that cannot go on would listen for ever
    await store.close()
    throw error
  }
}

async function makeFirstAccount(ports: Ports): Promise<void> {
  if (await findAccount(ports.store, FIRST_ACCOUNT)) return
  try {
    const now = realSeconds(ports.clock)
    const unit = firstAccount(ports, now)
    const bank = firstBankAccount({ ...ports, account: { id: FIRST_ACCOUNT } }, now)
    await ports.store.commit({ ...unit, writes: [...unit.writes, bank] })
  } catch (error) {
    // Another process that shares the database was first.
    if (!(error instanceof GuardFailed)) throw error
  }
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1'])

function isLoopback(host: string): boolean {
  return LOOPBACK.has(host)
}

function urlOf(host: string, port: number): string {
  const named = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${named.includes(':') ? `[${named}]` : named}:${port}`
}
