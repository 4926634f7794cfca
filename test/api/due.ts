import { openSqliteSnapshot } from '../../src/store/sqlite/snapshot.ts'
import { statement } from '../../src/store/store.ts'
import type { TestServer } from './server.ts'

const dueNow = statement('due work now', 'SELECT COUNT(*) AS count FROM due_work WHERE due <= ?')

/** Resolves when all that fell due has happened: from then on nothing changes but by a request. */
export async function nothingIsDue({ clock, folder }: Pick<TestServer, 'clock' | 'folder'>): Promise<void> {
  for (;;) {
    const snapshot = openSqliteSnapshot(folder)
    const [row] = await snapshot.all(dueNow, [clock.seconds])
    await snapshot.close()
    if (row?.count === 0) return
    await new Promise((later) => setTimeout(later, 50))
  }
}
