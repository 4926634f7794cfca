/** Reads a data folder as it stands at one moment: while its server runs, after it has stopped, or after it was killed. */

import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { pendingMigrations, SchemaRefused } from '../migrate.ts'
import { type Migration, migrations } from '../schema.ts'
import { type Store, StoreUnavailable } from '../store.ts'
import { openReader } from './connection.ts'
import { failureOf, isFolderClosed, messageOf } from './failure.ts'
import { appliedMigrations } from './migration.ts'
import { Reader } from './reader.ts'

/** Nobody has started a server with this data folder. */
export class NoDatabase extends Error {
  constructor(folder: string) {
    super(`There is no Koban database in ${folder}: koban start makes one.`)
    this.name = 'NoDatabase'
  }
}

/** Every read sees the rows that were committed when the snapshot was opened. */
export type Snapshot = Pick<Store, 'get' | 'all' | 'close'>

/**
 * Opens a snapshot, in one read transaction: it takes no lock that a server would miss, but keeps the WAL from being
 * emptied while it is open. It changes no row, so it refuses a schema that is older than the code too.
 * Throws NoDatabase, SchemaRefused, StoreUnavailable, or an error of the file system.
 */
export function openSqliteSnapshot(folder: string, known: readonly Migration[] = migrations): Snapshot {
  const path = join(folder, 'koban.db')
  if (!statSync(path, { throwIfNoEntry: false })) throw new NoDatabase(folder)
  try {
    return begin(path, known)
  } catch (error) {
    // A database in WAL mode needs its index beside it (`koban.db-shm`), which SQLite makes where it is not there. A copy
    // on a read-only medium has none, and needs none where it has no WAL: nobody can change it.
    if (isFolderClosed(error) && !existsSync(`${path}-wal`)) return begin(immutable(path), known)
    throw failureOf(error) === 'unavailable' ? new StoreUnavailable(messageOf(error), { cause: error }) : error
  }
}

function begin(path: string | URL, known: readonly Migration[]): Snapshot {
  const db = openReader(path)
  try {
    db.exec('BEGIN')
    checkSchema(db, known) // the first read: it fixes the moment
    return snapshotOf(new Reader(db))
  } catch (error) {
    db.close()
    throw error
  }
}

function snapshotOf(reader: Reader): Snapshot {
  return {
    get: async (query, values) => reader.get(query, values),
    all: async (query, values) => reader.all(query, values),
    close: async () => reader.close(), // ends the transaction
  }
}

function checkSchema(db: DatabaseSync, known: readonly Migration[]): void {
  const begun = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'").get()
  const [pending] = pendingMigrations(known, begun ? appliedMigrations(db) : [])
  if (!pending) return
  throw new SchemaRefused(
    `The database has not had migration ${pending.number} (${pending.name}) yet: start its server once with this version of Koban.`,
  )
}

/** Tells SQLite that nobody can change the file, so that it takes no locks and looks for no WAL. */
function immutable(path: string): URL {
  const url = pathToFileURL(path)
  url.searchParams.set('immutable', '1')
  return url
}
