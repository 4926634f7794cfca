import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { SchemaRefused } from '../migrate.ts'
import { StoreUnavailable } from '../store.ts'
import { balances, itemIds, itemMigrations, newItem, openItems, temporaryFolder, unit, usd } from './items.fixture.ts'
import { NoDatabase, openSqliteSnapshot } from './snapshot.ts'

const open = (folder: string) => openSqliteSnapshot(folder, itemMigrations)

/** Root may write anywhere, so it must be somebody else for a moment. */
function asNobody<T>(open: () => T): T {
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(65_534)
  try {
    return open()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

describe('a snapshot', () => {
  it('stands still while the store writes', async (t) => {
    const folder = temporaryFolder(t)
    const store = await openItems(t, folder)
    await store.commit(unit([newItem('a')], [usd('pending', 1)]))
    const before = open(folder)
    await store.commit(unit([newItem('b')], [usd('pending', 1)]))
    const later = open(folder)
    assert.deepEqual([await itemIds(before), await balances(before)], [['a'], { pending: 1 }])
    assert.deepEqual([await itemIds(later), await balances(later)], [['a', 'b'], { pending: 2 }])
    await before.close()
    await later.close()
    await store.commit(unit([newItem('c')]))
  })

  it('reads a folder whose store was closed, and leaves it to the next one', async (t) => {
    const folder = temporaryFolder(t)
    const store = await openItems(t, folder)
    await store.commit(unit([newItem('a')]))
    await store.close()
    const snapshot = open(folder)
    assert.deepEqual(await itemIds(snapshot), ['a'])
    const next = await openItems(t, folder)
    await next.commit(unit([newItem('b')]))
    assert.deepEqual(await itemIds(snapshot), ['a'])
    await snapshot.close()
  })

  for (const indexIs of ['left behind', 'gone']) {
    it(`reads the WAL of a process that was killed, its index ${indexIs}`, async (t) => {
      const folder = temporaryFolder(t)
      const program = fileURLToPath(new URL('./commit-forever.fixture.ts', import.meta.url))
      const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
      t.after(() => child.kill('SIGKILL'))
      let reported = ''
      child.stdout.on('data', (chunk) => {
        reported += chunk
        if (reported.length > 1000) child.kill('SIGKILL')
      })
      await once(child, 'close')
      assert.ok(existsSync(join(folder, 'koban.db-wal')))
      if (indexIs === 'gone') rmSync(join(folder, 'koban.db-shm'))

      const snapshot = open(folder)
      const kept = new Set(await itemIds(snapshot))
      const { pending } = await balances(snapshot)
      await snapshot.close()
      const acknowledged = reported.split('\n').slice(0, -1)
      assert.deepEqual(
        acknowledged.filter((number) => !kept.has(`${number}b`)),
        [],
      )
      assert.equal(pending, kept.size / 2)
    })
  }

  it('reads a copy in a folder that cannot be written', async (t) => {
    const folder = temporaryFolder(t)
    const store = await openItems(t, folder)
    await store.commit(unit([newItem('a')]))
    await store.close()
    const copy = temporaryFolder(t)
    copyFileSync(join(folder, 'koban.db'), join(copy, 'koban.db'))
    chmodSync(join(copy, 'koban.db'), 0o444)
    chmodSync(copy, 0o555)
    const snapshot = asNobody(() => open(copy))
    chmodSync(copy, 0o755)
    assert.deepEqual(await itemIds(snapshot), ['a'])
    await snapshot.close()
  })

  it('is refused where there is no database', (t) => {
    const folder = temporaryFolder(t)
    assert.throws(() => open(folder), NoDatabase)
    assert.ok(!existsSync(join(folder, 'koban.db')))
    assert.throws(() => open(join(folder, 'nowhere')), NoDatabase)
    writeFileSync(join(folder, 'koban.db'), 'something else')
    assert.throws(() => open(folder), StoreUnavailable)
  })

  it('is refused where the schema is older or newer than the code', async (t) => {
    const folder = temporaryFolder(t)
    await (await openItems(t, folder)).close()
    const second = { number: 2, name: 'more items', oldestCode: 2, sql: [] }
    assert.throws(() => openSqliteSnapshot(folder, [...itemMigrations, second]), {
      name: 'SchemaRefused',
      message: /has not had migration 2 \(more items\) yet: start its server once/,
    })
    const db = new DatabaseSync(join(folder, 'koban.db'))
    db.exec("INSERT INTO schema_migrations VALUES (2, 'more items', 2, 0)")
    db.close()
    assert.throws(() => open(folder), SchemaRefused)
  })

  it('is refused where a server was stopped before it made its tables', (t) => {
    const folder = temporaryFolder(t)
    writeFileSync(join(folder, 'koban.db'), '')
    assert.throws(() => open(folder), SchemaRefused)
  })
})
