import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { seeded } from '../crash/random.ts'
import { temporaryFolder } from '../process/koban.ts'
import { VISA } from './cards.ts'
import { makeCharge } from './charge-commands.ts'
import { Life } from './life.ts'
import { LifeFailed, type Lived, live, liveAll } from './run.ts'

const SEEDS = 12 // CI lives a hundred; one of these is that of a server process, which is killed
const STEPS = 100

describe("a merchant's random life", () => {
  it('goes as the model says, by every seed', async () => {
    const ended: (Lived | LifeFailed)[] = []
    const seeds = Array.from({ length: SEEDS }, (_, n) => n + 1)
    await liveAll(seeds, STEPS, (one) => ended.push(one))
    for (const one of ended) if (one instanceof LifeFailed) throw one
    assert.equal(ended.length, SEEDS)
  })

  it('is the same again by the same seed', async () => {
    const [first, again, other] = [await live(1001, 60), await live(1001, 60), await live(1002, 60)]
    assert.deepEqual(again, first)
    assert.notDeepEqual(other.trace, first.trace)
  })

  it('says by which seed it failed, at which step, and what was done before', async () => {
    const commands = [
      [1, 'fine', async () => 'done'],
      [1, 'impossible', async () => assert.fail('this must not be')],
    ] as const
    const failed = await live(7, 100, commands).catch((error) => error)
    assert(failed instanceof LifeFailed)
    rmSync(failed.folder, { recursive: true })
    assert.equal(failed.message, `seed 7 failed at step ${failed.trace.length}; its data is in ${failed.folder}`)
    assert.equal(failed.trace.at(-1), 'impossible')
    assert(failed.trace.slice(0, -1).every((line) => line === 'fine: done'))
  })
})

const COPY = `INSERT INTO ledger_transactions (account, id, livemode, created, type, source, currency, body)
  SELECT account, 'txn_wrong', livemode, created, type, source, currency, body FROM ledger_transactions LIMIT 1`
const UNBALANCED = COPY.replace('body FROM', `json_set(body, '$.postings.fees', 1) FROM`)

describe('the proof of each step', () => {
  const corruptions = [
    ['a kept balance that is not the sum of its postings', 'UPDATE balances SET amount = amount + 1', /kept balances/],
    ['a transaction whose postings do not sum to zero', UNBALANCED, /sum to zero/],
    ['a transaction too many', COPY, /as many ledger transactions/],
    ['a charge that nobody made', "UPDATE charges SET id = 'ch_wrong'", /charges/],
    ['a balance that is less than the model says', 'DELETE FROM balances', /kept balances/],
  ] as const
  for (const [what, sql, words] of corruptions) {
    it(`finds ${what}`, async (t) => {
      const folder = join(temporaryFolder(t), 'data')
      const life = await Life.begin(seeded(1), folder, false)
      t.after(() => life.end())
      const sale = { amount: 1000, currency: 'usd', card: VISA, customer: null } as const
      await makeCharge(life, sale, { source: 'tok_visa' }, true)
      await life.checkStep()
      await life.checkAll()
      const db = new DatabaseSync(join(folder, 'koban.db'))
      db.exec(sql)
      db.close()
      await assert.rejects(async () => {
        await life.checkStep()
        await life.checkAll()
      }, words)
    })
  }
})
