import { writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { createRequestLog, silentRequestLog } from '../http/request-log.ts'
import { GUIDE_PUBLISHABLE_KEY, GUIDE_SECRET_KEY } from '../keys/key.ts'
import type { Server, ServerOptions } from '../server.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import { StoreUnavailable } from '../store/store.ts'
import { DEFAULT_FOLDER, readOptions, UsageError } from './options.ts'
import { boundYoungGeneration } from './young-generation.ts'

const DEFAULT_PORT = 12111
const LARGEST_PORT = 65_535

/** `koban start`: serves until SIGINT or SIGTERM. */
export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = readOptions(argv, {
    port: 'string',
    host: 'string',
    data: 'string',
    'public-url': 'string',
    'public-test-keys': 'boolean',
    quiet: 'boolean',
  })
  if (positionals.length > 0) throw new UsageError(`koban start takes options only, not ${positionals.join(' ')}`)
  const dataFolder = resolve(values.data ?? DEFAULT_FOLDER)
  const { KOBAN_VAULT_KEY: vaultKey, KOBAN_ADMIN_TOKEN: adminToken } = process.env
  // Whatever is started from here must not inherit them.
  delete process.env.KOBAN_VAULT_KEY
  delete process.env.KOBAN_ADMIN_TOKEN
  boundYoungGeneration()
  const place = { host: values.host ?? 'localhost', port: portOf(values.port), dataFolder }
  const server = await start({
    ...place,
    publicUrl: publicUrlOf(values['public-url']),
    publicTestKeys: values['public-test-keys'],
    vaultKey,
    adminToken,
    log: values.quiet ? silentRequestLog() : createRequestLog(print),
  }).catch((error) => {
    throw explained(error, place)
  })
  const stopped = stopSignal() // heard from before it says that it is ready: whoever waits for that may stop it at once
  print(welcome(server, dataFolder))
  await stopped
  await server.close()
  return 0
}

/** The writing thread starts while the rest of the program is loaded. */
async function start(options: ServerOptions): Promise<Server> {
  const [{ startServer }, store] = await Promise.all([
    import('../server.ts'),
    openSqliteStore({ folder: options.dataFolder }),
  ])
  // Nothing can be written any more: whoever supervises this process starts it anew.
  void store.died().then(({ message }) => {
    console.error(`koban: ${message}`)
    process.exit(1)
  })
  return startServer({ ...options, store })
}

type Place = { readonly host: string; readonly port: number; readonly dataFolder: string }

const DISK_FAULTS = new Set(['ENOSPC', 'EDQUOT', 'EROFS'])
const PATH_FAULTS = new Set(['EEXIST', 'ENOTDIR', 'ENOENT', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'EISDIR'])
const HOST_FAULTS = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL', 'EINVAL'])
const NOT_A_DATABASE = 26 // SQLITE_NOTADB

/** Why the server could not start, with what to do about it where that is known. */
function explained(error: Error & { code?: string; path?: string }, { host, port, dataFolder }: Place): Error {
  const { code = '' } = error
  if (code === 'EADDRINUSE') {
    return new UsageError(
      `port ${port} of ${host} is in use: stop what listens there, or choose another with --port (0: any)`,
    )
  }
  if (code === 'EACCES' && error.path === undefined) {
    return new UsageError(`port ${port} of ${host} may not be taken by this user: choose one from 1024 on with --port`)
  }
  if (HOST_FAULTS.has(code)) return new UsageError(`--host takes an address of this machine, not ${host} (${code})`)
  if (PATH_FAULTS.has(code)) {
    return new UsageError(`the data folder ${dataFolder} cannot be used: ${error.path ?? dataFolder} gives ${code}`)
  }
  if (isNoDatabase(error)) {
    return new UsageError(`the data folder ${dataFolder} cannot be used: its koban.db is no database. Choose another`)
  }
  if (error instanceof StoreUnavailable || DISK_FAULTS.has(code)) {
    return new UsageError(
      `the data folder ${dataFolder} cannot be used: ${error.message}. Is its disk full or read-only?`,
    )
  }
  return error
}

function isNoDatabase({ cause }: Error): boolean {
  return cause instanceof Error && 'errcode' in cause && cause.errcode === NOT_A_DATABASE
}

function publicUrlOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new UsageError(`--public-url takes an http or https URL without a query, not ${text}`)
  }
  return url.href.replace(/\/+$/, '')
}

function portOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > LARGEST_PORT)
    throw new UsageError(`--port takes a number from 0 to 65535, not ${text}`)
  return port
}

function welcome({ url, guideKeysCount }: Server, dataFolder: string): string {
  const keys = guideKeysCount
    ? [
        `  secret key        ${GUIDE_SECRET_KEY}`,
        `  publishable key   ${GUIDE_PUBLISHABLE_KEY}`,
        '',
        `  curl ${url}/v1/charges -u ${GUIDE_SECRET_KEY}: -d amount=999 -d currency=usd -d description="Example charge" -d source=tok_visa`,
      ]
    : [
        "  The guide's test keys are public and do not count on this host. `koban keys create` makes your own;",
        '  --public-test-keys lets the public ones count all the same.',
      ]
  return [
    'Koban is ready.',
    '',
    `  url               ${url}`,
    `  data              ${dataFolder}`,
    ...keys,
    '',
    '',
  ].join('\n')
}

/** Straight to the descriptor: what is printed before the end is seen, also where the output is a pipe. */
function print(text: string): void {
  try {
    writeSync(1, text)
  } catch {
    // Nobody reads the output any more; serving goes on.
  }
}

function stopSignal(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done())
  })
}
