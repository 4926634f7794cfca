import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { codeOf } from '../system-error.ts'
import { VaultError } from './sealing.ts'

export const VAULT_KEY_VARIABLE = 'KOBAN_VAULT_KEY'
export const VAULT_KEY_FILE = 'vault.key'

export type VaultKeySource = {
  /** The value of KOBAN_VAULT_KEY; undefined where it is not set. It goes before the file. */
  readonly environmentValue: string | undefined
  /** The folder in which `vault.key` is, or is made at the first start. */
  readonly dataFolder: string
}

const KEY_BYTES = 32
const FORM = '32 bytes, as 64 hexadecimal digits or as base64'

/**
 * The key that seals all other secrets: from the environment, else from `vault.key`, which is made where nothing was
 * sealed yet. A KeyObject, which no log or inspection shows. Throws VaultError where there is no key, a malformed one,
 * or one that other users of the machine can read.
 */
export function loadVaultKey({ environmentValue, dataFolder }: VaultKeySource, hasSealedValues: boolean): KeyObject {
  if (environmentValue !== undefined) {
    return decodeKey(environmentValue) ?? fail(`${VAULT_KEY_VARIABLE} must hold ${FORM}`)
  }
  const path = join(dataFolder, VAULT_KEY_FILE)
  const kept = readKeyFile(path)
  if (kept) return kept
  if (hasSealedValues) {
    fail(
      `the database holds sealed card numbers and keys, but the key that opens them is not there: put it into ` +
        `${path} (mode 0600) or ${VAULT_KEY_VARIABLE}. A new key would not open them, so none was made`,
    )
  }
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  makeKeyFile(path)
  return readKeyFile(path) ?? fail(`${path} was made and is gone again`)
}

function readKeyFile(path: string): KeyObject | undefined {
  const file = openIfThere(path)
  if (file === undefined) return undefined
  try {
    // Windows has no such modes: there the folder's access list must protect it.
    if (process.platform !== 'win32' && (fstatSync(file).mode & 0o077) !== 0) {
      fail(
        `${path} can be read by other users of this machine, who may know the key now: chmod 600 ${path} ` +
          `(on a file system without modes: put the key into ${VAULT_KEY_VARIABLE} and delete the file)`,
      )
    }
    return decodeKey(readFileSync(file, 'latin1')) ?? fail(`${path} is damaged: it must hold ${FORM}`)
  } finally {
    closeSync(file)
  }
}

/**
 * Makes the key file whole or not at all, and never over another: of two processes that start at once, one makes it.
 */
function makeKeyFile(path: string): void {
  const temporary = `${path}.${randomUUID()}`
  try {
    writeDurably(temporary, `${randomBytes(KEY_BYTES).toString('hex')}\n`)
    giveName(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
  syncFolderOf(path)
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    fchmodSync(file, 0o600) // where the folder's default access list gave more
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A link where the file system has them: a rename would replace the key that another process has just made. */
function giveName(temporary: string, path: string): void {
  try {
    linkSync(temporary, path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') renameSync(temporary, path)
  }
}

/** Without it the file's name may be gone after a power failure, and with it every value sealed since. */
function syncFolderOf(path: string): void {
  if (process.platform === 'win32') return // folders cannot be opened there
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    return fail(`${path} cannot be read (${codeOf(error)})`)
  }
}

function decodeKey(text: string): KeyObject | undefined {
  const value = text.trim()
  if (/^[0-9a-f]{64}$/i.test(value)) return createSecretKey(value, 'hex')
  // 43 characters are 32 bytes and two bits; both alphabets, with or without padding.
  if (/^[\w+/-]{43}=?$/.test(value)) return createSecretKey(value, 'base64')
  return undefined
}

function fail(message: string): never {
  throw new VaultError(message)
}
