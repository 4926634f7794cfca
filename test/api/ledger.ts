import { realSeconds, systemClock } from '../../src/clock/clock.ts'
import { auditBooks } from '../../src/ledger/audit-reading.ts'
import { openSqliteSnapshot } from '../../src/store/sqlite/snapshot.ts'

/** What is wrong with the books in a data folder, a line each; empty where they are sound. */
export async function ledgerProblems(folder: string): Promise<string[]> {
  const snapshot = openSqliteSnapshot(folder)
  const problems: string[] = []
  try {
    await auditBooks(snapshot, realSeconds(systemClock()), ({ line }) => problems.push(line))
  } finally {
    await snapshot.close()
  }
  return problems
}
