import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ids } from '../ids.ts'
import type { Store } from '../store/store.ts'
import { statement, writeAny } from '../store/store.ts'
import type { Vault } from '../vault/vault.ts'

/** The file in the data folder by which the command line finds the running server. */
const CONTROL_FILE = 'control.json'

export type ControlFile = { readonly url: string; readonly token: string }

const SETTING = 'admin_token_hash'
const readHash = statement('admin token', 'SELECT value FROM settings WHERE name = ?')
const keepHash = statement(
  'keep admin token',
  'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
)

const TOKEN_LENGTH = 32

type TokenSources = {
  readonly store: Store
  readonly vault: Pick<Vault, 'lookupHash'>
  readonly ids: Pick<Ids, 'random'>
  readonly folder: string
  /** The value of KOBAN_ADMIN_TOKEN. */
  readonly given: string | undefined
}

/**
 * The token that opens the server's control endpoints: the one given, else the one of the last start, else a new one.
 * The database keeps its hash; the token itself is only in the control file.
 */
export async function adminToken({ store, vault, ids, folder, given }: TokenSources): Promise<string> {
  const kept = (await store.get(readHash, [SETTING]))?.value
  const last = readControlFile(folder)?.token
  const token =
    given ?? (last !== undefined && vault.lookupHash(last) === kept ? last : `koban_${ids.random(TOKEN_LENGTH)}`)
  const hash = vault.lookupHash(token)
  if (hash !== kept) {
    await store.commit({ account: '', writes: [writeAny(keepHash, SETTING, hash)], balances: [] })
  }
  return token
}

/**
 * Tells the command line where the server is, and how it may speak to it. Only the owner can read the file. Writes
 * nothing where it says so already: a server that starts anew on a full disk can still be read from.
 */
export function writeControlFile(folder: string, content: ControlFile): void {
  const last = readControlFile(folder)
  if (last?.url === content.url && last.token === content.token) return
  const path = join(folder, CONTROL_FILE)
  const unfinished = `${path}.new` // who reads it meanwhile, or after a crash, finds the last one whole
  try {
    writeFileSync(unfinished, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
    chmodSync(unfinished, 0o600)
    renameSync(unfinished, path)
  } finally {
    rmSync(unfinished, { force: true })
  }
}

/** What the control file of a data folder says, or undefined where there is none that can be read. */
export function readControlFile(folder: string): ControlFile | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, CONTROL_FILE), 'utf8'))
  } catch {
    return undefined
  }
}
