import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect as connectSocket, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { connect, SALE } from './client.ts'
import { freshKoban, SECRET_KEY, startKoban } from './koban.ts'

const CONNECTIONS = 20
const BODY = new URLSearchParams({ ...SALE, amount: '999' }).toString()

/** A request as bytes, cut in two in the middle of its body. */
function bytesOf(key: string): { readonly first: string; readonly rest: string } {
  const head = [
    'POST /v1/charges HTTP/1.1',
    'host: localhost',
    `authorization: Bearer ${SECRET_KEY}`,
    `idempotency-key: ${key}`,
    'content-type: application/x-www-form-urlencoded',
    `content-length: ${BODY.length}`,
  ]
  return { first: `${head.join('\r\n')}\r\n\r\n${BODY.slice(0, 10)}`, rest: BODY.slice(10) }
}

async function open(url: string): Promise<Socket> {
  const socket = connectSocket(Number(new URL(url).port), new URL(url).hostname)
  await once(socket, 'connect')
  return socket
}

/** Sends a whole request and waits for its answer; the connection stays open. */
async function warmUp(socket: Socket): Promise<void> {
  socket.write(`GET /v1/balance HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${SECRET_KEY}\r\n\r\n`)
  const [answer] = await once(socket, 'data')
  assert.match(String(answer), /^HTTP\/1\.1 200 /)
}

/** Waits until nobody listens there any more. */
async function refusesConnections(url: string): Promise<void> {
  for (;;) {
    try {
      ;(await open(url)).destroy()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return // and not reset: that was on the way
    }
    await new Promise((done) => setTimeout(done, 10))
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  describe(`on ${signal}`, () => {
    it('ends with 0, and leaves a folder that is closed and a port that is free', async (t) => {
      const koban = await freshKoban(t)
      const client = connect(koban.url)
      assert.equal((await client.post('/v1/charges', SALE)).status, 200)
      assert(existsSync(join(koban.folder, 'koban.db-wal')))

      assert.deepEqual(await koban.end(signal), { code: 0, signal: null })
      client.close()
      assert(!existsSync(join(koban.folder, 'koban.db-wal')))
      assert(!existsSync(join(koban.folder, 'koban.db-shm')))
      const port = Number(new URL(koban.url).port)
      const next = createServer().listen(port, 'localhost')
      await once(next, 'listening')
      next.close()

      const again = await startKoban(koban.folder)
      t.after(() => again.end('SIGKILL'))
      assert.equal((await connect(again.url).list('/v1/charges')).length, 1)
    })

    it('answers every charge that it makes, while clients send one after the other', async (t) => {
      const koban = await freshKoban(t)
      const connections = 32
      const client = connect(koban.url, { connections })
      let answered = 0
      const buyer = async () => {
        for (;;) {
          // Ends by the connection: refused, or closed before the request was read.
          const reply = await client.post('/v1/charges', SALE).catch(() => undefined)
          if (!reply) return
          assert.equal(reply.status, 200)
          answered++
        }
      }
      const buyers = Array.from({ length: connections }, buyer)
      await new Promise((done) => setTimeout(done, 300))
      assert.deepEqual(await koban.end(signal), { code: 0, signal: null })
      await Promise.all(buyers)
      assert(answered > connections)

      const again = await startKoban(koban.folder)
      t.after(() => again.end('SIGKILL'))
      assert.equal((await connect(again.url).list('/v1/charges')).length, answered)
    })

    it('closes connections that are kept open without a reset', async (t) => {
      const koban = await freshKoban(t)
      const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(koban.url)))
      await Promise.all(sockets.slice(1).map(warmUp)) // the first one has sent nothing yet
      const ends = sockets.map((socket) => text(socket)) // rejects when the connection is reset
      assert.deepEqual(await koban.end(signal), { code: 0, signal: null })
      assert.deepEqual(
        await Promise.all(ends),
        sockets.map(() => ''),
      )
    })

    it('answers a request that is still being sent', async (t) => {
      const koban = await freshKoban(t)
      const socket = await open(koban.url)
      await warmUp(socket)
      const { first, rest } = bytesOf('slow')
      socket.write(first)
      await warmUp(await open(koban.url)) // whoever answers this has read the other's bytes, too
      const answer = text(socket)
      koban.child.kill(signal)
      await refusesConnections(koban.url)
      socket.write(rest)
      assert.match(await answer, /^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close\r\n[\s\S]*"paid": true/i)
      assert.deepEqual(await koban.ended, { code: 0, signal: null })
    })

    it('answers all that was sent just before, on connections kept open and on new ones', async (t) => {
      const koban = await freshKoban(t)
      const kept = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(koban.url)))
      await Promise.all(kept.map(warmUp))
      const fresh = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(koban.url)))
      const sockets = [...kept, ...fresh]
      const answers = sockets.map((socket) => text(socket))
      for (const [n, socket] of sockets.entries()) {
        const { first, rest } = bytesOf(`key-${n}`)
        socket.write(first + rest)
      }
      assert.deepEqual(await koban.end(signal), { code: 0, signal: null })
      for (const answer of await Promise.all(answers)) assert.match(answer, /^HTTP\/1\.1 200 OK\r\n[\s\S]*"paid": true/)

      const again = await startKoban(koban.folder)
      t.after(() => again.end('SIGKILL'))
      assert.equal((await connect(again.url).list('/v1/charges')).length, sockets.length)
    })
  })
}
