import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assertRefusal, Connection, formRequest, head } from './connection.ts'
import { startTestServer } from './server.ts'

const shop = await startTestServer({ timeouts: { headersMs: 500, requestMs: 2000, keepAliveMs: 500, checkMs: 50 } })

describe('a client that takes its time', () => {
  it('is told that its headers did not come, long before a body would be missed', async () => {
    const connection = await Connection.open(shop.port)
    const startedMs = performance.now()
    connection.send('POST /v1/charges HTTP/1.1\r\nHost: x\r\n')
    assertRefusal(await connection.answer(), 408)
    assert(performance.now() - startedMs < 1500)
    assert(await connection.isClosed())
  })

  it('is told so also when it sends one header after another', async () => {
    const connection = await Connection.open(shop.port)
    connection.send('POST /v1/charges HTTP/1.1\r\nHost: x\r\n')
    const drip = setInterval(() => connection.send('X-Slow: 1\r\n'), 50)
    assertRefusal(await connection.answer(), 408)
    clearInterval(drip)
    assert(await connection.isClosed())
  })

  it('is told that its body did not come, and nothing was charged', async () => {
    const before = (await shop.made('GET /v1/charges')).data
    const connection = await Connection.open(shop.port)
    connection.send(formRequest('POST /v1/charges', 'amount=999&currency=usd&source=tok_visa').subarray(0, -5))
    assertRefusal(await connection.answer(), 408)
    assert(await connection.isClosed())
    assert.deepEqual((await shop.made('GET /v1/charges')).data, before)
  })

  it('keeps its connection between two requests for a while, then it is closed', async () => {
    const connection = await Connection.open(shop.port)
    connection.send(head('GET /v1/charges'))
    const { status, headers } = await connection.answer()
    assert.deepEqual([status, headers.connection], [200, 'keep-alive'])
    assert(await connection.isClosed())
  })
})
