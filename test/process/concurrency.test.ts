import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type Client, connect, type Form, type Reply, SALE } from './client.ts'
import { freshKoban, runKoban } from './koban.ts'

const AT_ONCE = 200

/** So many calls at one moment, each on a connection of its own. */
function together(count: number, call: (n: number) => Promise<Reply>): Promise<Reply[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => call(n)))
}

/** How often each outcome came, named by its status and code. */
function tally(replies: readonly Reply[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status, json } of replies) {
    const name = [status, json?.error?.code ?? json?.error?.type].filter((part) => part !== undefined).join(' ')
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

async function shop(t: TestContext): Promise<{ client: Client; folder: string }> {
  const { url, folder } = await freshKoban(t)
  const client = connect(url, { connections: AT_ONCE })
  t.after(() => client.close())
  return { client, folder }
}

async function assertBooksAgree(client: Client, folder: string): Promise<void> {
  const { json: balance } = await client.get('/v1/balance')
  const transactions = await client.list('/v1/balance_transactions')
  const pending = balance.pending.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0)
  assert.equal(
    pending,
    transactions.reduce((sum, { net }) => sum + net, 0),
  )
  const doctor = await runKoban(['doctor', '--data', folder])
  assert.equal(doctor.code, 0, doctor.stdout + doctor.stderr)
}

const CARD: Form = { 'card[number]': '4242424242424242', 'card[exp_month]': 12, 'card[exp_year]': 2030 }

describe('many at once', () => {
  it('200 requests with one key make one charge', async (t) => {
    const { client, folder } = await shop(t)
    const pay = () => client.post('/v1/charges', SALE, { idempotencyKey: 'one order' })
    const replies = await together(AT_ONCE, pay)
    const { 200: answered = 0, '409 idempotency_key_in_use': inUse = 0, ...others } = tally(replies)
    assert.deepEqual(others, {})
    assert.equal(answered + inUse, AT_ONCE)
    assert(answered >= 1)
    const bodies = new Set(replies.filter(({ status }) => status === 200).map(({ body }) => body))
    assert.equal(bodies.size, 1)
    const first = replies.filter(({ status, headers }) => status === 200 && !headers['idempotent-replayed'])
    assert.equal(first.length, 1)

    for (const { body, headers } of await together(AT_ONCE, pay)) {
      if (headers['idempotent-replayed']) assert(bodies.has(body))
    }
    assert.equal((await pay()).headers['idempotent-replayed'], 'true')
    assert.equal((await client.list('/v1/charges')).length, 1)
    await assertBooksAgree(client, folder)
  })

  it('a token that is used by 50 pays one of them', async (t) => {
    const { client, folder } = await shop(t)
    const { json: token } = await client.post('/v1/tokens', CARD)
    const replies = await together(50, () => client.post('/v1/charges', { ...SALE, source: token.id }))
    assert.deepEqual(tally(replies), { 200: 1, '400 token_already_used': 49 })
    assert.equal((await client.list('/v1/charges')).length, 1)
    await assertBooksAgree(client, folder)
  })

  it('50 refunds give back no more than was paid', async (t) => {
    const { client, folder } = await shop(t)
    const { json: charge } = await client.post('/v1/charges', { ...SALE, amount: 1000 })
    const replies = await together(50, () => client.post('/v1/refunds', { charge: charge.id, amount: 300 }))
    const accepted = replies.filter(({ status }) => status === 200)
    assert.equal(accepted.length, 3)
    assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([200, 400]))
    const { json: refunded } = await client.get(`/v1/charges/${charge.id}`)
    assert.equal(refunded.amount_refunded, 900)
    assert.equal((await client.list('/v1/refunds')).length, 3)
    await assertBooksAgree(client, folder)
  })

  it('of 50 refunds in full one is made, and the others find the charge refunded', async (t) => {
    const { client, folder } = await shop(t)
    const { json: charge } = await client.post('/v1/charges', SALE)
    const replies = await together(50, () => client.post('/v1/refunds', { charge: charge.id }))
    assert.deepEqual(tally(replies), { 200: 1, '400 charge_already_refunded': 49 })
    await assertBooksAgree(client, folder)
  })

  it('the second of two captures finds a captured charge', async (t) => {
    const { client, folder } = await shop(t)
    for (let round = 0; round < 10; round++) {
      const { json: held } = await client.post('/v1/charges', { ...SALE, capture: false })
      const replies = await together(2, (n) => client.post(`/v1/charges/${held.id}/capture`, { amount: 500 + n }))
      assert.deepEqual(tally(replies), { 200: 1, '400 charge_already_captured': 1 })
      const winner = replies.find(({ status }) => status === 200)
      const { json: charge } = await client.get(`/v1/charges/${held.id}`)
      assert.equal(charge.amount_captured, winner?.json.amount_captured)
    }
    await assertBooksAgree(client, folder)
  })

  it('of a capture and a refund in full at once, the hold is captured or released, never both', async (t) => {
    const { client, folder } = await shop(t)
    for (let round = 0; round < 10; round++) {
      const { json: held } = await client.post('/v1/charges', { ...SALE, capture: false })
      const [capture, refund] = await together(2, (n) =>
        n === 0 ? client.post(`/v1/charges/${held.id}/capture`, {}) : client.post('/v1/refunds', { charge: held.id }),
      )
      const { json: charge } = await client.get(`/v1/charges/${held.id}`)
      const transactions = (await client.list('/v1/balance_transactions')).filter(({ source }) => source === held.id)
      assert.equal(refund?.status, 200) // released before, or refunded after
      assert.equal(charge.captured, capture?.status === 200)
      assert.equal(charge.amount_refunded, SALE.amount)
      assert.equal(transactions.length, capture?.status === 200 ? 1 : 0)
    }
    await assertBooksAgree(client, folder)
  })

  it('200 different charges are all made', async (t) => {
    const { client, folder } = await shop(t)
    const replies = await together(AT_ONCE, (n) =>
      client.post('/v1/charges', { ...SALE, amount: 1000 + n }, { idempotencyKey: `order ${n}` }),
    )
    assert.deepEqual(tally(replies), { 200: AT_ONCE })
    const amounts = (await client.list('/v1/charges')).map(({ amount }) => amount).sort()
    assert.deepEqual(
      amounts,
      Array.from({ length: AT_ONCE }, (_, n) => 1000 + n),
    )
    await assertBooksAgree(client, folder)
  })
})
