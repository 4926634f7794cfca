/** Keeps the WAL small: its pages are moved to the database file a little at a time, between two groups. */

import type { DatabaseSync, StatementSync } from 'node:sqlite'

/**
 * 16 MB of 8 KB pages. A page that was written many times since is moved once, so that fewer checkpoints move less: with
 * 32 clients 4 MB cost a tenth of the rate, and 32 MB half again of the p99. With a WAL of 1 GB a commit costs twice the
 * CPU. Another thread for it has the same p99, costs a tenth more CPU, and falls behind under load.
 */
const FRAMES_BETWEEN_CHECKPOINTS = 2048

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
