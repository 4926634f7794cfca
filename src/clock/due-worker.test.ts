import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import type { Context, Outcome } from '../operation.ts'
import { found } from '../operation.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import { statement } from '../store/store.ts'
import { systemClock } from './clock.ts'
import { accountClocks } from './clocks.ts'
import { scheduleDue } from './due.ts'
import { type DueHandler, DueWorker } from './due-worker.ts'
import { moveClock } from './operations.ts'
import { accountsWithDueWork } from './repository.ts'

const REAL = 1_790_000_000
const DAY = 86_400

/** A worker over a real store; `run` is what its only kind of work does. */
async function workshop(t: TestContext, run: (context: Context, object: string) => Outcome<unknown>) {
  const folder = mkdtempSync(join(tmpdir(), 'koban-due-'))
  const store = await openSqliteStore({ folder })
  const clocks = accountClocks({ ...systemClock(), now: () => REAL }, new Map())
  const failures: unknown[] = []
  const handler: DueHandler = { counted: 'charges_expired', run: async (context, object) => run(context, object) }
  const worker = new DueWorker({
    store,
    clocks,
    cleaner: { clean: async () => {}, cleanAll: async () => {} },
    handlers: {
      ...{ bank_sequel: handler, charge_hold: handler, dispute_deadline: handler, dispute_ruling: handler },
      ...{ inquiry_end: handler, refund_success: handler, refund_failure: handler },
      ...{ funds: handler, payout_sent: handler, payout_arrival: handler, payout_failure: handler },
    },
    contextAt: async (account, livemode, now) => ({ account: { id: account }, livemode, now }) as Context,
    failed: (error) => failures.push(error),
  })
  t.after(async () => {
    await worker.stop()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const schedule = (account: string, object: string, due: number) =>
    store.commit({ account, writes: scheduleDue(account, false, { kind: 'charge_hold', object, due }), balances: [] })
  const waking = async () => (await accountsWithDueWork(store, REAL)).map(({ account }) => account)
  const left = async () => {
    const rows = await store.all(statement('due work left', 'SELECT object FROM due_work ORDER BY object'), [])
    return rows.map(({ object }) => object)
  }
  return { store, clocks, worker, failures, schedule, waking, left }
}

describe('due work', () => {
  it('is done in the order of its times, and what it causes in between, too', async (t) => {
    const done: [string, number][] = []
    const { worker, schedule, left } = await workshop(t, ({ now }, object) => {
      done.push([object, now])
      if (object !== 'first') return found(null)
      const caused = { kind: 'charge_hold', object: 'caused', due: REAL - 25 } as const
      return { ...found(null), writes: scheduleDue('acct_1', false, caused) }
    })
    await schedule('acct_1', 'last', REAL - 20)
    await schedule('acct_1', 'first', REAL - 30)
    await schedule('acct_1', 'later', REAL + 1)
    assert.deepEqual(await worker.run('acct_1', false), { charges_expired: 1 })
    // What was looked at and not done, because something caused came before it, is looked at again.
    assert.deepEqual(
      [...new Map(done).entries()].toSorted((a, b) => a[1] - b[1]).map(([object]) => object),
      ['first', 'caused', 'last'],
    )
    assert.deepEqual(done.map(([object]) => object).slice(0, 2), ['first', 'caused'])
    assert.deepEqual(await left(), ['later'])
  })

  it('is done once for many who ask at once, and each finds it done', async (t) => {
    const done: string[] = []
    let runs = 0
    const { worker, store, schedule, left } = await workshop(t, (_context, object) => {
      done.push(object)
      return found(null)
    })
    const { all } = store
    t.mock.method(store, 'all', (...sent: Parameters<typeof all>) => {
      if (sent[0].name === 'first due work') runs += 1
      return all.apply(store, sent)
    })
    const ask = async (n: number) => {
      await schedule('acct_1', `thing ${n}`, REAL)
      await worker.catchUp('acct_1', false)
      assert(!(await left()).includes(`thing ${n}`))
    }
    await Promise.all(Array.from({ length: 30 }, (_, n) => ask(n)))
    assert.equal(new Set(done).size, 30)
    assert(runs < 20, `the list was looked at ${runs} times`)
  })

  it('that fails in one account is put off there, and done in every other', async (t) => {
    const { worker, schedule, failures, left, waking } = await workshop(t, (_context, object) => {
      if (object === 'broken') throw new Error('this cannot be done')
      return found(null)
    })
    await schedule('acct_1', 'broken', REAL - 30)
    await schedule('acct_2', 'whole', REAL - 20)
    worker.start()
    while ((await waking()).length > 0) await new Promise((later) => setTimeout(later, 20))
    assert.deepEqual(await left(), ['broken'])
    assert.equal(String(failures[0]), 'Error: this cannot be done')
    await assert.rejects(worker.run('acct_1', false), /cannot be done/)
  })
})

describe('an account wakes the worker', () => {
  const nothing = () => found(null)

  it('when its clock shows the time of what is due', async (t) => {
    const { store, clocks, schedule, waking } = await workshop(t, nothing)
    await schedule('acct_1', 'one', REAL + DAY)
    assert.deepEqual(await waking(), [])
    await moveClock({ store, clocks }, 'acct_1', { advance: DAY })
    assert.deepEqual(await waking(), ['acct_1'])
  })

  it('also for what is scheduled after the clock was moved', async (t) => {
    const { store, clocks, schedule, waking } = await workshop(t, nothing)
    await moveClock({ store, clocks }, 'acct_1', { advance: 10 * DAY })
    await schedule('acct_1', 'one', REAL + 10 * DAY + 1)
    assert.deepEqual(await waking(), [])
    await schedule('acct_1', 'two', REAL + 10 * DAY)
    assert.deepEqual(await waking(), ['acct_1'])
  })

  it('not for what lies after the time at which its clock stands, at once for what lies before', async (t) => {
    const { store, clocks, schedule, waking } = await workshop(t, nothing)
    await moveClock({ store, clocks }, 'acct_1', { freeze: true, advance: DAY })
    await schedule('acct_1', 'after', REAL + DAY + 1)
    assert.deepEqual(await waking(), [])
    await schedule('acct_1', 'before', REAL + DAY)
    assert.deepEqual(await waking(), ['acct_1'])
  })
})
