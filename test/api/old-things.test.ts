import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openSqliteSnapshot } from '../../src/store/sqlite/snapshot.ts'
import { statement } from '../../src/store/store.ts'
import { ledgerProblems } from './ledger.ts'
import { type Form, startTestServer } from './server.ts'

// What is too old is not seen any more, and is gone from the database soon after. At the file's end the books are audited.

const shop = await startTestServer()

/** A merchant with a clock of its own. */
async function merchant() {
  const { body: account } = await shop.control<{ id: string; secret_key: string }>('POST /accounts', {})
  const key = account.secret_key
  return {
    account: account.id,
    key,
    move: async (advance: string) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
      const body = JSON.stringify({ advance })
      const { status } = await fetch(`${shop.url}/_koban/clock`, { method: 'POST', headers, body })
      assert.equal(status, 200)
    },
    post: (path: string, form: Form = {}, idempotencyKey?: string) =>
      shop.made(`POST /v1/${path}`, form, { key, ...(idempotencyKey && { idempotencyKey }) }),
    get: (path: string, form: Form = {}) => shop.made(`GET /v1/${path}`, form, { key }),
    refuse: (route: string, form: Form = {}) => shop.refused(route, form, { key }),
    rows: (table: string) => rowsOf(account.id, table),
    /** Waits until the table has so many rows of the merchant. */
    until: async (table: string, count: number) => {
      while ((await rowsOf(account.id, table)) !== count) await new Promise((later) => setTimeout(later, 50))
    },
  }
}

async function rowsOf(account: string, table: string): Promise<number> {
  const snapshot = openSqliteSnapshot(shop.folder)
  try {
    const [row] = await snapshot.all(statement('rows', `SELECT COUNT(*) AS n FROM ${table} WHERE account = ?`), [
      account,
    ])
    return Number(row?.n)
  } finally {
    await snapshot.close()
  }
}

const card = (number: string) => ({ card: { number, exp_month: 12, exp_year: 2040, cvc: '123' } })
const SALE = { amount: 1000, currency: 'usd' }

describe('a token', () => {
  it('that was not used goes after a day, with its card number', async () => {
    const { post, get, refuse, move, until, rows } = await merchant()
    const { id } = await post('tokens', card('4242424242424242'))
    await move('23h')
    assert.equal((await get(`tokens/${id}`)).id, id)
    assert.deepEqual([await rows('tokens'), await rows('vault_cards')], [1, 1])
    await move('1h')
    const { status, error } = await refuse(`GET /v1/tokens/${id}`)
    assert.deepEqual([status, error.message], [404, `No such token: '${id}'`])
    await until('tokens', 0)
    assert.equal(await rows('vault_cards'), 0)
    assert.equal((await refuse('POST /v1/charges', { ...SALE, source: id })).error.message, `No such token: '${id}'`)
  })

  it('that was used goes too, and the number stays for its charge', async () => {
    const { post, refuse, move, until, rows } = await merchant()
    const { id } = await post('tokens', card('4000000000005126'))
    const charge = await post('charges', { ...SALE, source: id })
    await move('23h')
    assert.match((await refuse('POST /v1/charges', { ...SALE, source: id })).error.message, /more than once/)
    await move('1h')
    assert.equal((await refuse('POST /v1/charges', { ...SALE, source: id })).error.message, `No such token: '${id}'`)
    await until('tokens', 0)
    assert.equal(await rows('vault_cards'), 1)
    assert.equal((await post('refunds', { charge: charge.id })).status, 'succeeded')
  })

  it('that was saved leaves a card that can be charged, also when others with its number go', async () => {
    const { post, move, until, rows } = await merchant()
    await post('tokens', card('4242424242424242'))
    const saved = await post('tokens', card('4242424242424242'))
    await post('tokens', card('5555555555554444'))
    const customer = await post('customers', { source: saved.id })
    await move('25h')
    await until('tokens', 0)
    assert.equal(await rows('vault_cards'), 1)
    assert.equal((await post('charges', { ...SALE, customer: customer.id })).status, 'succeeded')
  })

  it('made of a number whose last token has gone is as good as any', async () => {
    const { post, move, until } = await merchant()
    await post('tokens', card('4242424242424242'))
    await move('25h')
    await until('vault_cards', 0)
    const { id } = await post('tokens', card('4242424242424242'))
    assert.equal((await post('charges', { ...SALE, source: id })).status, 'succeeded')
    await post('tokens', card('4242424242424242'))
    await move('25h')
    await until('tokens', 0)
    const customer = await post('customers', { source: { object: 'card', ...card('4242424242424242').card } })
    assert.equal((await post('charges', { ...SALE, customer: customer.id })).status, 'succeeded')
  })
})

describe('an Idempotency-Key', () => {
  it('goes after a day, a hundred of them as well, and those that are younger stay', async () => {
    const { post, move, until } = await merchant()
    await Promise.all(Array.from({ length: 230 }, (_, n) => post('customers', {}, `old ${n}`)))
    await move('23h')
    const { id } = await post('customers', {}, 'young')
    await move('1h')
    await until('idempotency_keys', 1)
    assert.equal((await post('customers', {}, 'young')).id, id)
  })
})

describe('an event', () => {
  it('is not read after 30 days, not listed, and goes; what it told of stays', async () => {
    const { post, get, refuse, move, until, rows } = await merchant()
    // Its funds are there at once: no event tells later that they have become available.
    const { id } = await post('charges', { ...SALE, source: 'tok_bypassPending' })
    await move('1d')
    const customer = await post('customers')
    const [young, old] = (await get('events')).data
    assert.deepEqual([young?.type, old?.type], ['customer.created', 'charge.succeeded'])
    await move('29d')
    const { status, error } = await refuse(`GET /v1/events/${old?.id}`)
    assert.deepEqual([status, error.code, error.message], [404, 'resource_missing', `No such event: '${old?.id}'`])
    await until('events', 1)
    assert.deepEqual(
      (await get('events')).data.map((one) => one.id),
      [young?.id],
    )
    assert.equal((await get(`charges/${id}`)).id, id)
    await move('1d')
    assert.deepEqual((await get('events')).data, [])
    await until('events', 0)
    assert.equal((await get(`customers/${customer.id}`)).id, customer.id)
    assert.equal(await rows('ledger_transactions'), 1)
    assert.deepEqual(await ledgerProblems(shop.folder), [])
  })

  it('of another account, whose clock has not moved, stays', async () => {
    const [mine, yours] = [await merchant(), await merchant()]
    for (const { post } of [mine, yours]) await post('customers')
    await mine.move('31d')
    await mine.until('events', 0)
    assert.equal(await yours.rows('events'), 1)
  })
})
