import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as later } from 'node:timers/promises'
import { openBooks, temporaryFolder, VAULT_KEY } from '../../src/cli/books.fixture.ts'
import { silentRequestLog } from '../../src/http/request-log.ts'
import { startServer } from '../../src/server.ts'
import { ADMIN_TOKEN, type Body } from './server.ts'

it('what the bank would have done right after a payment, it does when the server is there again', async (t) => {
  const folder = temporaryFolder(t)
  const books = await openBooks(folder) // it commits, and does nothing that is due: as if it had died then
  const charge = await books.charge({ source: 'tok_createDispute' })
  await books.store.close()

  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    dataFolder: folder,
    publicUrl: undefined,
    publicTestKeys: false,
    vaultKey: VAULT_KEY,
    adminToken: ADMIN_TOKEN,
    log: silentRequestLog(),
  })
  t.after(() => server.close())
  const ask = async (path: string, key: string, method = 'GET') => {
    const response = await fetch(`${server.url}${path}`, { method, headers: { authorization: `Bearer ${key}` } })
    return (await response.json()) as Body
  }
  const { key } = await ask(`/_koban/accounts/${books.account.id}/keys`, ADMIN_TOKEN, 'POST')
  let disputes: readonly Body[] = []
  while (disputes.length === 0) {
    await later(20)
    disputes = (await ask('/v1/disputes', String(key))).data
  }
  assert.deepEqual(
    disputes.map(({ charge: of, created }) => [of, created]),
    [[charge, 1_558_000_000]],
    'once, and at the time of the payment',
  )
})
