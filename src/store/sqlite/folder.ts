/** The data folder: private to its owner, and open in one process at a time. */

import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { codeOf } from '../../system-error.ts'
import { isBusy } from './failure.ts'

/** Another store, in this process or in another, has the folder open. */
export class FolderInUse extends Error {
  constructor(folder: string) {
    super(`The data folder ${folder} is in use by another Koban. Stop that one, or choose another folder.`)
    this.name = 'FolderInUse'
  }
}

/**
 * Makes the folder (mode 0700; one that is there keeps its own) and the database file (mode 0600).
 * Returns the file's path.
 */
export function prepareFolder(folder: string): string {
  makeFolder(folder)
  const path = join(folder, 'koban.db')
  makePrivate(path) // SQLite gives the WAL and its index the mode of the database file
  return path
}

/** Not Node's own `recursive`, which tries for ever where a folder cannot be made, as in /proc. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    const wasMadeMeanwhile = statSync(folder, { throwIfNoEntry: false })?.isDirectory()
    if (!wasMadeMeanwhile) throw error
  }
}

/**
 * Takes the folder for this process until the returned function is called, or the process ends however it may.
 * The lock is SQLite's own, on a file without content: portable, and nothing of it outlives the process.
 * Throws FolderInUse.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'koban.lock')
  makePrivate(path)
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    throw isBusy(error) ? new FolderInUse(folder) : error
  }
  return () => lock.close()
}

/**
 * A file that is there is never opened here: POSIX drops all locks that a process holds on a file when the process
 * closes any descriptor of it, and with them SQLite's.
 */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    chmodSync(path, 0o600)
  }
}
