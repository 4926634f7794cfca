import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, it } from 'node:test'
import fc from 'fast-check'
import { seededRandom } from '../ids.ts'
import { migrations } from '../store/schema.ts'
import { GuardFailed, type Row, type Store, type Unit, type Write } from '../store/store.ts'
import { VaultError } from './sealing.ts'
import { openVault, type Vault } from './vault.ts'

/** The store's port over a database in memory, with guards. */
function memoryStore() {
  const database = new DatabaseSync(':memory:')
  for (const { sql } of migrations) for (const statement of sql) database.exec(statement)
  const run = ({ statement, values, rows }: Write) => {
    try {
      const { changes } = database.prepare(statement.sql).run(...values)
      if (rows === null || rows === changes) return
    } catch (error) {
      if (!String(error).includes('UNIQUE')) throw error
    }
    throw new GuardFailed(statement.name)
  }
  return {
    database,
    get: async ({ sql }, values) => database.prepare(sql).get(...values) as Row | undefined,
    all: async ({ sql }, values) => database.prepare(sql).all(...values) as Row[],
    async commit({ writes }: Unit) {
      database.exec('BEGIN')
      try {
        writes.forEach(run)
        database.exec('COMMIT')
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
    close: async () => database.close(),
  } satisfies Store & { database: DatabaseSync }
}

const A = 'acct_1KobanTestAccount'
const B = 'acct_1AnotherAccount12'
const PAN = '4242424242424242'
const KEY = '11'.repeat(32)

let folder: string
let store: ReturnType<typeof memoryStore>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'koban-vault-'))
  store = memoryStore()
})
afterEach(() => rmSync(folder, { recursive: true }))

const openWith = (environmentValue: string | undefined = KEY, over: Store = store) =>
  openVault({ store: over, keySource: { environmentValue, dataFolder: folder } })
const commit = (writes: readonly Write[]) => store.commit({ account: A, writes, balances: [] })
const cardsKept = () => store.database.prepare('SELECT account, fingerprint FROM vault_cards').all().length

async function keep(vault: Vault, account: string, pan: string): Promise<string> {
  const fingerprint = vault.fingerprint(account, pan)
  const writes = vault.keepCard(account, pan, fingerprint)
  await commit(writes)
  vault.kept(account, fingerprint)
  return fingerprint
}

describe('opening the vault', () => {
  it('makes its keys at the first start and finds them at the next', async () => {
    const first = await openWith()
    const settings = store.database.prepare('SELECT value FROM settings').all()
    assert.equal(settings.length, 3)
    for (const { value } of settings) assert.match(String(value), /^v1\./)

    const second = await openWith()
    assert.equal(second.fingerprint(A, PAN), first.fingerprint(A, PAN))
    assert.equal(second.lookupHash('sk_test_1'), first.lookupHash('sk_test_1'))
    assert.deepEqual(store.database.prepare('SELECT value FROM settings').all(), settings)
  })

  it('refuses another key than that of the database', async () => {
    await openWith()
    await assert.rejects(openWith('22'.repeat(32)), /^VaultError: the key in KOBAN_VAULT_KEY is not the vault key/)
  })

  it('makes a key file at the first start, and none over sealed values', async () => {
    await assert.rejects(openWith(''), /KOBAN_VAULT_KEY must hold/)
    const opened = () => openVault({ store, keySource: { environmentValue: undefined, dataFolder: folder } })
    const print = (await opened()).fingerprint(A, PAN)
    assert.equal((await opened()).fingerprint(A, PAN), print)
    rmSync(join(folder, 'vault.key'))
    await assert.rejects(opened(), /none was made/)
    assert.deepEqual(readdirSync(folder), [])
  })

  it('refuses a database whose check value or keys are gone or were exchanged', async () => {
    await openWith()
    const change = async (sql: string) => {
      store.database.exec('SAVEPOINT before')
      store.database.exec(sql)
      await assert.rejects(openWith(), VaultError)
      store.database.exec('ROLLBACK TO before')
      store.database.exec('RELEASE before')
    }
    for (const name of ['vault_check', 'vault_lookup_key', 'vault_fingerprint_key']) {
      await change(`DELETE FROM settings WHERE name = '${name}'`)
    }
    const lookup = `SELECT value FROM settings WHERE name = 'vault_lookup_key'`
    await change(`UPDATE settings SET value = (${lookup}) WHERE name = 'vault_fingerprint_key'`)
    await openWith()
  })

  it('uses the keys of the process that was first, where two start at once', async () => {
    let reads = 0
    const late: Store = { ...store, all: async (query, values) => (reads++ === 0 ? [] : store.all(query, values)) }
    const first = await openWith()
    const second = await openWith(KEY, late)
    assert.equal(reads, 2)
    assert.equal(second.fingerprint(A, PAN), first.fingerprint(A, PAN))
  })

  it('makes the same keys from the same seed', async () => {
    const seeded = () =>
      openVault({
        store: memoryStore(),
        keySource: { environmentValue: KEY, dataFolder: folder },
        random: seededRandom(1),
      })
    assert.equal((await seeded()).fingerprint(A, PAN), (await seeded()).fingerprint(A, PAN))
  })
})

describe('a fingerprint', () => {
  it('is 16 characters, the same within an account and another in another', async () => {
    const vault = await openWith()
    assert.match(vault.fingerprint(A, PAN), /^[0-9A-Za-z]{16}$/)
    assert.equal(vault.fingerprint(A, PAN), vault.fingerprint(A, PAN))
    assert.notEqual(vault.fingerprint(A, PAN), vault.fingerprint(B, PAN))
    assert.notEqual(vault.fingerprint(A, PAN), vault.fingerprint(A, '4000056655665556'))
  })

  it('is not made of what is no card number, which the error does not show', async () => {
    const vault = await openWith()
    for (const text of ['4242 4242 4242 4242', '42424242424', '']) {
      assert.throws(() => vault.fingerprint(A, text), { message: 'a card number is 12 to 19 digits' })
    }
  })
})

describe('a card number', () => {
  it('is kept once for each account and read back', async () => {
    const vault = await openWith()
    const print = await keep(vault, A, PAN)
    assert.equal(print, vault.fingerprint(A, PAN))
    assert.deepEqual(vault.keepCard(A, PAN, print), [])
    assert.equal(await vault.readPan(A, print), PAN)

    await keep(await openWith(), A, PAN) // after a restart: written again, found as kept
    assert.equal(cardsKept(), 1)
    await keep(vault, B, PAN)
    assert.equal(cardsKept(), 2)
  })

  it('is written again until a unit with it was committed', async () => {
    const vault = await openWith()
    assert.equal(vault.keepCard(A, PAN, vault.fingerprint(A, PAN)).length, 1)
    assert.equal(vault.keepCard(A, PAN, vault.fingerprint(A, PAN)).length, 1)
    await keep(vault, A, PAN)
    assert.equal(vault.keepCard(A, PAN, vault.fingerprint(A, PAN)).length, 0)
    vault.forgetKept()
    assert.equal(vault.keepCard(A, PAN, vault.fingerprint(A, PAN)).length, 1)
  })

  it('is there while anything needs it, and gone when nothing does any more', async () => {
    const vault = await openWith()
    const print = vault.fingerprint(A, PAN)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('lend', 'release', 'keep'), { maxLength: 12 }), async (steps) => {
        store.database.exec('DELETE FROM vault_cards')
        vault.forgetKept()
        let [lent, isKept] = [0, false]
        for (const step of steps) {
          if (step === 'lend') {
            await commit([vault.lendCard(A, PAN, print)])
            lent += 1
          } else if (step === 'release' && lent > 0) {
            await commit(vault.releaseCard(A, print))
            lent -= 1
          } else if (step === 'keep') {
            await keep(vault, A, PAN)
            isKept = true
          }
          assert.equal(cardsKept(), lent > 0 || isKept ? 1 : 0)
        }
        if (cardsKept() === 1) assert.equal(await vault.readPan(A, print), PAN)
      }),
    )
  })

  it('that was kept before uses were counted is never removed', async () => {
    const vault = await openWith()
    const print = await keep(vault, A, PAN)
    store.database.exec('UPDATE vault_cards SET uses = NULL')
    await commit([vault.lendCard(A, PAN, print)])
    await commit(vault.releaseCard(A, print))
    await commit(vault.releaseCard(A, print))
    assert.equal(await vault.readPan(A, print), PAN)
  })

  it('can be read though more cards were kept than the vault remembers', async () => {
    const vault = await openWith()
    vault.kept(A, vault.fingerprint(A, PAN))
    for (let n = 0; n < 25_000; n++) vault.kept(A, `fingerprint ${n}`)
    assert.equal(vault.keepCard(A, PAN, vault.fingerprint(A, PAN)).length, 1)
    const print = await keep(vault, A, PAN)
    assert.equal(await vault.readPan(A, print), PAN)
  })

  it('is in no row in clear', async () => {
    const vault = await openWith()
    await keep(vault, A, PAN)
    vault.sealSecret(A, 'key', 'sk_test_1')
    const rows = JSON.stringify(store.database.prepare('SELECT * FROM vault_cards').all())
    assert.ok(!rows.includes(PAN) && !rows.includes(Buffer.from(PAN).toString('base64url')))
  })

  it('is not read from another account, nor from a row put in its place', async () => {
    const vault = await openWith()
    const print = await keep(vault, A, PAN)
    const other = await keep(vault, A, '4000056655665556')
    await assert.rejects(vault.readPan(B, print), /holds no card number/)
    store.database.exec(
      `UPDATE vault_cards SET sealed = (SELECT sealed FROM vault_cards WHERE fingerprint = '${other}')`,
    )
    await assert.rejects(vault.readPan(A, print), VaultError)
  })
})

describe('a secret', () => {
  it('opens for its account and purpose alone', async () => {
    const vault = await openWith()
    fc.assert(
      fc.property(fc.string(), fc.string(), (purpose, secret) => {
        const sealed = vault.sealSecret(A, purpose, secret)
        assert.equal(vault.openSecret(A, purpose, sealed), secret)
        assert.throws(() => vault.openSecret(B, purpose, sealed), VaultError)
        assert.throws(() => vault.openSecret(A, `${purpose}.`, sealed), VaultError)
      }),
    )
  })

  it('has a lookup hash that differs between servers', async () => {
    const [one, other] = [await openWith(), await openWith(KEY, memoryStore())]
    assert.match(one.lookupHash('sk_test_1'), /^[\w-]{43}$/)
    assert.notEqual(one.lookupHash('sk_test_1'), one.lookupHash('sk_test_2'))
    assert.notEqual(one.lookupHash('sk_test_1'), other.lookupHash('sk_test_1'))
  })
})
