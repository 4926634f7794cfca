/** What an error of SQLite means for the one who asked. */

/**
 * - `guard`: another request was faster; the unit may be decided again.
 * - `unavailable`: the database cannot write or read now.
 * - `bug`: the statement or its values are wrong, and will be next time.
 */
export type Failure = 'guard' | 'unavailable' | 'bug'

const BUSY = 5
const READONLY = 8
const CANTOPEN = 14

/** Result codes that tell of the surroundings and not of the statement: https://sqlite.org/rescode.html */
const SURROUNDINGS = new Set([
  3, // PERM
  BUSY,
  6, // LOCKED
  7, // NOMEM
  READONLY,
  9, // INTERRUPT
  10, // IOERR
  11, // CORRUPT
  13, // FULL
  CANTOPEN,
  15, // PROTOCOL: a race for the WAL that went on for too long
  22, // NOLFS: the file has grown beyond what the file system can hold
  26, // NOTADB
])

/** A row with the key was there, or a row that it refers to was not. A missing value or a failed CHECK is a bug. */
const GUARDS = new Set([
  1555, // CONSTRAINT_PRIMARYKEY
  2067, // CONSTRAINT_UNIQUE
  2579, // CONSTRAINT_ROWID
  787, // CONSTRAINT_FOREIGNKEY
])

/** Tells the three kinds of failure apart. */
export function failureOf(error: unknown): Failure {
  const code = sqliteCode(error)
  if (code === undefined) return 'bug'
  if (GUARDS.has(code)) return 'guard'
  return SURROUNDINGS.has(code & 0xff) ? 'unavailable' : 'bug' // the low byte is the primary result code
}

/** Another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return ((sqliteCode(error) ?? 0) & 0xff) === BUSY
}

/** A file could not be made beside the database, which even reading needs where there is a WAL. */
export function isFolderClosed(error: unknown): boolean {
  const code = (sqliteCode(error) ?? 0) & 0xff
  return code === READONLY || code === CANTOPEN
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined
}
