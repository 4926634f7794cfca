import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What a client sent through the proxy, in its order. */
export type Sent = { readonly method: string; readonly path: string; readonly idempotencyKey: string | undefined }

export type CuttingProxy = {
  readonly url: string
  readonly sent: readonly Sent[]
  close(): Promise<void>
}

const HEAD = /(?:^|\r\n|[^A-Za-z])(POST|GET|DELETE) (\/v1\/\S*) HTTP\/1\.1\r\n([\s\S]*?\r\n)\r\n/g

/**
 * Stands between a client and Koban, and resets the connection of the first POST that is answered: the server has done
 * what it was asked, and the client does not learn of it. All that comes later passes.
 */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target)
  const sent: Sent[] = []
  const sockets = new Set<Socket>()
  let hasCut = false

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    let received = ''
    const seenBefore = sent.length
    const isPost = () => sent.slice(seenBefore).some(({ method }) => method === 'POST')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {}) // a reset is what this is for
      socket.on('close', () => sockets.delete(socket))
    }
    client.on('data', (bytes) => {
      received += bytes.toString('latin1')
      for (const match of received.matchAll(HEAD)) sent.push(sentOf(match))
      received = received.slice(endOfHeads(received))
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (hasCut || !isPost()) {
        client.write(bytes)
        return
      }
      hasCut = true
      client.resetAndDestroy()
      upstream.destroy()
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function sentOf([, method = '', path = '', lines = '']: RegExpExecArray): Sent {
  return { method, path, idempotencyKey: lines.match(/^idempotency-key: *(.*?)\r?$/im)?.[1] }
}

function endOfHeads(received: string): number {
  return Math.max(0, ...[...received.matchAll(HEAD)].map((match) => match.index + match[0].length))
}
