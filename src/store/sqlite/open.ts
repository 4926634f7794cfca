/** The embedded store: one SQLite file in a folder, read here and written by a thread of its own. */

import type { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { type Migration, migrations } from '../schema.ts'
import { type Row, type SqlValue, type Statement, type Store, StoreUnavailable, type Unit } from '../store.ts'
import { Committer } from './committer.ts'
import { openReader, openWriter } from './connection.ts'
import { failureOf, messageOf } from './failure.ts'
import { lockFolder, prepareFolder } from './folder.ts'
import { migrate } from './migration.ts'
import { Reader } from './reader.ts'

export type SqliteStoreOptions = {
  /** Where `koban.db` is, or is made. Made with mode 0700. */
  readonly folder: string
  /** Koban's own, but in tests. */
  readonly migrations?: readonly Migration[]
}

/** What a group of units makes is dead when it is committed; V8 would let it gather to 128 MB. */
const WORKER_YOUNG_GENERATION_MB = 4

/**
 * Opens the store in a folder, and makes both where there is none.
 * Throws FolderInUse, SchemaRefused (the folder belongs to newer code), or StoreUnavailable.
 */
export async function openSqliteStore({
  folder,
  migrations: known = migrations,
}: SqliteStoreOptions): Promise<SqliteStore> {
  const path = prepareFolder(folder)
  const unlock = lockFolder(folder)
  let own: DatabaseSync | undefined
  try {
    own = openWriter(path)
    migrate(own, known)
    const worker = new Worker(workerUrl(), {
      name: 'koban-store',
      workerData: { path },
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: WORKER_YOUNG_GENERATION_MB },
    })
    const reader = new Reader(openReader(path))
    return new SqliteStore(new Committer(worker, own, () => reader.forget()), reader, unlock)
  } catch (error) {
    own?.close()
    unlock()
    throw failureOf(error) === 'unavailable' ? new StoreUnavailable(messageOf(error), { cause: error }) : error
  }
}

export class SqliteStore implements Store {
  readonly #committer: Committer
  readonly #reader: Reader
  readonly #unlock: () => void
  #closing: Promise<void> | undefined

  constructor(committer: Committer, reader: Reader, unlock: () => void) {
    this.#committer = committer
    this.#reader = reader
    this.#unlock = unlock
  }

  async get(query: Statement, values: readonly SqlValue[]): Promise<Row | undefined> {
    return this.#reader.get(query, values)
  }

  async all(query: Statement, values: readonly SqlValue[]): Promise<readonly Row[]> {
    return this.#reader.all(query, values)
  }

  commit(unit: Unit): Promise<void> {
    return this.#committer.commit(unit)
  }

  /** Resolves with the reason if the writing thread dies: nothing can be written from then on. */
  died(): Promise<StoreUnavailable> {
    return this.#committer.died()
  }

  /** Resolves when the writing thread has taken over from this one. Nothing need wait for it. */
  threadUp(): Promise<void> {
    return this.#committer.threadUp()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** The writer closes last: only the last connection to close removes the WAL, and only if it can write. */
  async #close(): Promise<void> {
    await this.#committer.drain()
    this.#reader.close()
    await this.#committer.end()
    this.#unlock()
  }
}

/** In the source this is a neighbour; bundled, it is a file of its own beside the program. */
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './store-worker.js', import.meta.url)
}
