/** A process for the tests to kill: commits items without end, and prints the number of each that is durable. */

import { writeSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { ACCOUNT, insertItem, itemMigrations, usd } from './items.fixture.ts'
import { openSqliteStore } from './open.ts'

const CLIENTS = 16
const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('which folder?')
const store = await openSqliteStore({ folder, migrations: itemMigrations })
await store.threadUp()

let next = 0
async function client(): Promise<never> {
  for (;;) {
    const number = next++
    const writes = [`${number}a`, `${number}b`].map((id) => ({
      statement: insertItem,
      values: [ACCOUNT, id, 'x'.repeat(500)],
      rows: 1,
    }))
    await store.commit({ account: ACCOUNT, writes, balances: [usd('pending', 1)] })
    await say(`${number}\n`)
  }
}

/** Straight into the pipe, so that nothing said is lost when this is killed; a test that reads slowly is waited for. */
async function say(line: string): Promise<void> {
  for (;;) {
    try {
      writeSync(1, line)
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      await setTimeout(1)
    }
  }
}

await Promise.all(Array.from({ length: CLIENTS }, client))
