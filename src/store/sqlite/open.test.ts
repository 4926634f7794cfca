import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { SchemaRefused } from '../migrate.ts'
import { GuardFailed, StoreUnavailable, statement, write } from '../store.ts'
import { FolderInUse } from './folder.ts'
import {
  ACCOUNT,
  allBalances,
  allItems,
  balances,
  changedItem,
  itemById,
  itemIds,
  itemMigrations,
  newItem,
  noItems,
  openItems,
  outcomes,
  temporaryFolder,
  unit,
  usd,
} from './items.fixture.ts'
import { openSqliteStore } from './open.ts'

/** Transactions in the WAL. Its format: https://sqlite.org/fileformat2.html#the_write_ahead_log */
function transactionsInWal(folder: string): number {
  const wal = readFileSync(join(folder, 'koban.db-wal'))
  const frameBytes = 24 + wal.readUInt32BE(8)
  let transactions = 0
  for (let frame = 32; frame + frameBytes <= wal.length; frame += frameBytes) {
    if (wal.readUInt32BE(frame + 4) !== 0) transactions++ // only the last frame of one tells the size of the database
  }
  return transactions
}

describe('commit', () => {
  it('makes a unit readable once it resolves', async (t) => {
    const store = await openItems(t)
    await store.commit(unit([newItem('a', 'first')]))
    assert.deepEqual({ ...(await store.get(itemById, [ACCOUNT, 'a'])) }, { id: 'a', version: 1, body: 'first' })
    assert.equal(await store.get(itemById, [ACCOUNT, 'b']), undefined)
  })

  it('puts units that arrive together into two transactions, one to write while the other is answered', async (t) => {
    const folder = temporaryFolder(t)
    const store = await openItems(t, folder)
    const before = transactionsInWal(folder)
    await Promise.all(
      Array.from({ length: 100 }, (_, n) => store.commit(unit([newItem(`i${n}`)], [usd('pending', 7)]))),
    )
    assert.equal(transactionsInWal(folder) - before, 2)
    assert.equal((await itemIds(store)).length, 100)
    assert.deepEqual(await balances(store), { pending: 700 })
  })

  it('writes by itself while its thread starts, and hands over without losing or doubling anything', async (t) => {
    const store = await openItems(t, temporaryFolder(t), { threadUp: false })
    const sent: Promise<void>[] = []
    let isUp = false
    const up = store.threadUp().then(() => {
      isUp = true
    })
    for (let n = 0; !isUp || n % 100 !== 0; n++) {
      sent.push(store.commit(unit([newItem(`i${n}`)], [usd('pending', 7)])))
      if (n % 10 === 0) await new Promise(setImmediate)
    }
    await Promise.all([up, ...sent])
    await store.commit(unit([newItem('after')]))
    assert.equal((await itemIds(store)).length, sent.length + 1)
    assert.deepEqual(await balances(store), { pending: 7 * sent.length })
  })

  it('closes while its thread is still starting', async (t) => {
    const folder = temporaryFolder(t)
    const store = await openItems(t, folder, { threadUp: false })
    await store.commit(unit([newItem('a')]))
    await store.close()
    assert.deepEqual(await itemIds(await openItems(t, folder)), ['a'])
  })

  it('undoes the one unit whose guard fails, with its balances', async (t) => {
    const store = await openItems(t)
    await store.commit(unit([newItem('shared')]))
    const results = await outcomes([
      store.commit(unit([newItem('a'), changedItem('shared', 1, 'a')], [usd('pending', 10)])),
      store.commit(unit([newItem('b'), changedItem('shared', 1, 'b')], [usd('pending', 100)])),
      store.commit(unit([newItem('c')], [usd('pending', 1000), usd('fees', -3)])),
    ])
    assert.deepEqual(results, ['ok', 'GuardFailed: guard failed: update item', 'ok'])
    assert.deepEqual(await itemIds(store), ['a', 'c', 'shared'])
    assert.deepEqual(await balances(store), { pending: 1010, fees: -3 })
  })

  it('tells of a row that was there before by the name of its statement', async (t) => {
    const store = await openItems(t)
    await store.commit(unit([newItem('a', 'first')]))
    await assert.rejects(store.commit(unit([newItem('b'), newItem('a', 'second')])), (error) => {
      return error instanceof GuardFailed && error.statement === 'insert item'
    })
    assert.deepEqual(await itemIds(store), ['a'])
  })

  it('keeps one of each pair where 200 units are 100 that collide', async (t) => {
    const store = await openItems(t)
    const pairs = Array.from({ length: 200 }, (_, n) => unit([newItem(`i${n % 100}`, `${n}`)], [usd('pending', 1)]))
    const results = await outcomes(pairs.map((pair) => store.commit(pair)))
    assert.equal(results.filter((result) => result === 'ok').length, 100)
    assert.equal(results.filter((result) => result.startsWith('GuardFailed')).length, 100)
    assert.equal((await itemIds(store)).length, 100)
    assert.deepEqual(await balances(store), { pending: 100 })
  })

  it('lets a write without a guard touch any number of rows', async (t) => {
    const store = await openItems(t)
    await store.commit(unit([noItems()]))
    await store.commit(unit([newItem('a'), newItem('b')]))
    await store.commit(unit([noItems()]))
    assert.deepEqual(await itemIds(store), [])
  })

  it('keeps balances as exact integers, and counts currencies and modes apart', async (t) => {
    const store = await openItems(t)
    const large = 2 ** 52
    await store.commit(unit([], [usd('pending', large)]))
    await store.commit(unit([], [usd('pending', 1), { ...usd('pending', 5), livemode: true }]))
    await store.commit(unit([], [{ ...usd('pending', 8), currency: 'jpy' }]))
    const rows = await store.all(allBalances, [])
    assert.deepEqual(
      rows.map(({ currency, amount, type }) => `${currency} ${amount} ${type}`).toSorted(),
      ['jpy 8 integer', `usd ${large + 1} integer`, 'usd 5 integer'].toSorted(),
    )
  })

  it('rejects a wrong statement or value alone, and hangs nobody', async (t) => {
    const store = await openItems(t)
    const wrong = statement('wrong', 'INSERT INTO nowhere VALUES (1)')
    const results = await outcomes([
      store.commit(unit([newItem('a')])),
      store.commit(unit([newItem('b'), write(wrong)])),
      store.commit(unit([write(newItem('').statement, ACCOUNT, 'c', null)])),
      store.commit(unit([newItem('d', Number.NaN as unknown as string)])),
      store.commit(unit([newItem('e')], [usd('pending', 0.5)])),
      store.commit(unit([newItem('f')])),
    ])
    assert.deepEqual(results, [
      'ok',
      'Error: statement wrong: no such table: nowhere',
      'Error: statement insert item: NOT NULL constraint failed: items.body',
      'TypeError: statement insert item: a value that cannot be stored',
      'TypeError: balance pending: 0.5 is no whole amount',
      'ok',
    ])
    assert.deepEqual(await itemIds(store), ['a', 'f'])
    await assert.rejects(store.all(statement('bad query', 'SELECT'), []), /^Error: bad query: incomplete input$/)
  })

  it('keeps the WAL small under continuous load', async (t) => {
    const folder = temporaryFolder(t)
    const store = await openItems(t, folder)
    const body = 'x'.repeat(20_000)
    for (let n = 0; n < 1800; n++) {
      await store.commit(unit([newItem(`i${n}`, body)]))
      await store.get(itemById, [ACCOUNT, `i${n}`])
    }
    assert.ok(statSync(join(folder, 'koban.db-wal')).size < 24_000_000, 'more than 24 MB of 90 MB')
  })
})

describe('close', () => {
  it('finishes what is under way, and leaves one file that opens again', async (t) => {
    const folder = temporaryFolder(t)
    const first = await openItems(t, folder)
    const commits = Array.from({ length: 700 }, (_, n) => first.commit(unit([newItem(`i${n}`)])))
    await first.close()
    await Promise.all(commits)
    assert.deepEqual(readdirSync(folder).toSorted(), ['koban.db', 'koban.lock'])

    const second = await openItems(t, folder)
    assert.equal((await itemIds(second)).length, 700)
  })

  it('may be called twice, and ends reading and writing', async (t) => {
    const store = await openItems(t)
    await Promise.all([store.close(), store.close()])
    await assert.rejects(store.commit(unit([newItem('a')])), StoreUnavailable)
    await assert.rejects(store.get(allItems, []), StoreUnavailable)
  })
})

describe('openSqliteStore', () => {
  it('makes its folder and files private', { skip: process.platform === 'win32' }, async (t) => {
    const folder = join(temporaryFolder(t), 'new', 'folder')
    const store = await openItems(t, folder)
    await store.commit(unit([newItem('a')]))
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    for (const file of readdirSync(folder)) assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600, file)
  })

  it('refuses a folder that is open in this process', async (t) => {
    const folder = temporaryFolder(t)
    const store = await openItems(t, folder)
    await assert.rejects(openItems(t, folder), FolderInUse)
    await assert.rejects(openItems(t, folder), FolderInUse) // the first refusal has not taken the lock away
    await store.commit(unit([newItem('a')]))
    await store.close()
    assert.deepEqual(await itemIds(await openItems(t, folder)), ['a'])
  })

  it('runs each migration once, and those that were added since', async (t) => {
    const folder = temporaryFolder(t)
    const added = { number: 2, name: 'notes', oldestCode: 1, sql: ['CREATE TABLE notes (id text)'] }
    const history = statement('history', 'SELECT number, name, oldest_code FROM schema_migrations ORDER BY number')
    await (await openItems(t, folder)).close()
    for (let times = 0; times < 2; times++) {
      const store = await openSqliteStore({ folder, migrations: [...itemMigrations, added] })
      assert.deepEqual(
        (await store.all(history, [])).map(({ number, name }) => `${number} ${name}`),
        ['1 items', '2 notes'],
      )
      await store.close()
    }
    const older = await openItems(t, folder) // knows nothing of notes, which don't need it to
    await older.commit(unit([newItem('a')]))
  })

  it('keeps nothing of a migration that fails', async (t) => {
    const folder = temporaryFolder(t)
    const broken = {
      number: 2,
      name: 'broken',
      oldestCode: 1,
      sql: ['CREATE TABLE notes (id text)', 'CREATE nonsense'],
    }
    await assert.rejects(openSqliteStore({ folder, migrations: [...itemMigrations, broken] }), /syntax error/)
    const db = new DatabaseSync(join(folder, 'koban.db'))
    assert.deepEqual(
      db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        .all()
        .map(({ name }) => name),
      ['balances', 'items', 'schema_migrations'],
    )
    db.close()
  })

  it('refuses a folder that demands newer code, and leaves it free', async (t) => {
    const folder = temporaryFolder(t)
    const newer = { number: 2, name: 'newer', oldestCode: 2, sql: [] }
    await (await openSqliteStore({ folder, migrations: [...itemMigrations, newer] })).close()
    await assert.rejects(openItems(t, folder), SchemaRefused)
    await (await openSqliteStore({ folder, migrations: [...itemMigrations, newer] })).close()
  })

  it('refuses a file that is no database', async (t) => {
    const folder = temporaryFolder(t)
    writeFileSync(join(folder, 'koban.db'), 'not a database, but long enough to be read as one'.repeat(100))
    await assert.rejects(openItems(t, folder), StoreUnavailable)
  })
})
