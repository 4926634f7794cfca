import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ids } from '../ids.ts'
import type { Store } from '../store/store.ts'
import { statement, writeAny } from '../store/store.ts'
import type { Vault } from '../vault/vault.ts'

/** The file in the data folder by which the command line finds the running server. */
const CONTROL_FILE = 'control.json'
/** What the control file is called while no server runs: the next one takes its token over. */
const CONTROL_FILE_ASIDE = 'control.stopped.json'

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
  const last = (readControlFile(folder) ?? read(folder, CONTROL_FILE_ASIDE))?.token
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
 * nothing where the last server's file says so already: one that starts anew on a full disk can still be read from.
 */
export function writeControlFile(folder: string, content: ControlFile): void {
  const path = join(folder, CONTROL_FILE)
  const aside = join(folder, CONTROL_FILE_ASIDE)
  if (says(readControlFile(folder), content)) return
  if (says(read(folder, CONTROL_FILE_ASIDE), content)) {
    renameSync(aside, path)
    return
  }
  const unfinished = `${path}.new` // who reads it meanwhile, or after a crash, finds the last one whole
  try {
    writeFileSync(unfinished, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
    chmodSync(unfinished, 0o600)
    renameSync(unfinished, path)
    rmSync(aside, { force: true })
  } finally {
    rmSync(unfinished, { force: true })
  }
}

/** Takes the control file away: no server runs any more. Its token is kept, so that the next server has the same. */
export function setControlFileAside(folder: string): void {
  try {
    renameSync(join(folder, CONTROL_FILE), join(folder, CONTROL_FILE_ASIDE))
  } catch {
    // Somebody has removed it, or the whole folder: then nothing tells of a server either.
  }
}

/** What the control file of a data folder says, or undefined where no server runs (or has ended without a word). */
export function readControlFile(folder: string): ControlFile | undefined {
  return read(folder, CONTROL_FILE)
}

function says(file: ControlFile | undefined, { url, token }: ControlFile): boolean {
  return file?.url === url && file.token === token
}

/** Undefined where there is none that can be read. */
function read(folder: string, name: string): ControlFile | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8'))
  } catch {
    return undefined
  }
}
