import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { describe, it, type TestContext } from 'node:test'
import { openWriter } from './connection.ts'
import { ACCOUNT, insertItem, itemMigrations, temporaryFolder } from './items.fixture.ts'
import { migrate } from './migration.ts'
import type { UnitMessage } from './protocol.ts'
import { GroupWriter } from './writer.ts'

function openItemsFile(t: TestContext): { db: DatabaseSync; writer: GroupWriter } {
  const db = openWriter(join(temporaryFolder(t), 'koban.db'))
  t.after(() => db.close())
  migrate(db, itemMigrations)
  const writer = new GroupWriter(db)
  writer.learn([insertItem.sql])
  return { db, writer }
}

const item = (id: string, body: string): UnitMessage => [[[0, 1, [ACCOUNT, id, body]]], []]

function count(db: DatabaseSync): unknown {
  return db.prepare('SELECT count(*) AS n FROM items').get()?.n
}

describe('GroupWriter', () => {
  it('keeps nothing of a group for which there is no room, and goes on when there is', (t) => {
    const { db, writer } = openItemsFile(t)
    const { page_count } = db.prepare('PRAGMA page_count').get() ?? {}
    db.exec(`PRAGMA max_page_count = ${Number(page_count) + 4}`)
    const group = [item('small', 'x'), item('large', 'x'.repeat(200_000)), item('small', 'again')]

    assert.deepEqual(writer.write(group), {
      kind: 'undone',
      failure: 'unavailable',
      message: 'database or disk is full',
    })
    assert.equal(count(db), 0)
    assert.deepEqual(writer.write([item('small', 'x')]), { kind: 'done', refused: [] })

    db.exec('PRAGMA max_page_count = 1000000')
    const outcome = writer.write([item('large', 'x'.repeat(200_000)), item('small', 'again')])
    assert.equal(outcome.kind, 'done')
    assert.deepEqual(outcome.kind === 'done' && outcome.refused.map(({ unit, failure }) => [unit, failure]), [
      [1, 'guard'],
    ])
    assert.equal(count(db), 2)
  })

  it('keeps nothing of a group while a stranger holds the database', (t) => {
    const { db, writer } = openItemsFile(t)
    db.exec('PRAGMA busy_timeout = 0')
    const stranger = openWriter(db.location() ?? '')
    t.after(() => stranger.close())
    stranger.exec('BEGIN IMMEDIATE')
    assert.equal(writer.write([item('a', '')]).kind, 'undone')
    stranger.exec('COMMIT')
    assert.equal(writer.write([item('a', '')]).kind, 'done')
  })

  it('undoes a group whose balances cannot be written, and says that it is a bug', (t) => {
    const { db, writer } = openItemsFile(t)
    db.exec('DROP TABLE balances')
    const outcome = writer.write([[[[0, 1, [ACCOUNT, 'a', '']]], [[ACCOUNT, 0, 'usd', 'pending', 1]]]])
    assert.deepEqual(outcome, { kind: 'undone', failure: 'bug', message: 'no such table: balances' })
    assert.equal(count(db), 0)
  })
})
