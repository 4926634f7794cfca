/** Keeps the WAL small: its pages are moved to the database file a little at a time, between two groups. */

import type { DatabaseSync, StatementSync } from 'node:sqlite'

/**
 * 4 MB of 8 KB pages. Measured with 32 and 128 clients: 16 MB (SQLite's default, in pages) doubles the p99 of a
 * commit, since the move takes 10 to 30 ms instead of 2 to 5; and with a WAL of 1 GB a commit costs twice the CPU.
 * Another thread for it has the same p99, costs a tenth more CPU, and falls behind under load.
 */
const FRAMES_BETWEEN_CHECKPOINTS = 512

export class Checkpoints {
  readonly #look: StatementSync
  readonly #move: StatementSync

  constructor(db: DatabaseSync) {
    this.#look = db.prepare('PRAGMA wal_checkpoint(NOOP)') // moves nothing, tells where the WAL stands
    this.#move = db.prepare('PRAGMA wal_checkpoint(PASSIVE)') // waits for nobody
  }

  /**
   * Moves what the WAL holds where that is much. When all of it has been moved, the next commit begins the WAL anew, so
   * that it doesn't grow. A reader in the middle of a query can hold this up until a later group.
   */
  afterGroup(): void {
    try {
      const { log, checkpointed } = this.#look.get() ?? {}
      if (Number(log) - Number(checkpointed) >= FRAMES_BETWEEN_CHECKPOINTS) this.#move.get()
    } catch {
      // The commits are safe in the WAL; the next group tries again.
    }
  }
}
