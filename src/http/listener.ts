/**
 * Listens, and stops without cutting anybody off. Fastify's own listening is not used: of the two servers that
 * `localhost` needs it waits for one only when it closes, it destroys idle connections though the next request may be
 * on its way, and it waits for ever for one who connected and said nothing.
 */

import { createServer, type RequestListener, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net'
import { setTimeout as later, setImmediate as turn } from 'node:timers/promises'
import { codeOf } from '../system-error.ts'

/**
 * One turn of the event loop reads what the kernel holds for every open connection, but accepts a single new one. After
 * so many turns without either there was nothing left; under a load that never ends, the last turn comes all the same.
 */
const QUIET_TURNS = 3
const MOST_TURNS = 1_000

/**
 * How long a connection may still send its next request, which is answered with `Connection: close`. A request that
 * meets our end of the connection would go unanswered, and clients in the middle of their work send one at once.
 */
const LAST_REQUEST_MS = 100

/** Bounds the wait for a client that does not close its half of an ended connection, as pools do that look only later. */
const FAREWELL_MS = 250

/** Bounds the wait for a request that never ends. `docker stop` kills after 10 s. */
const STOP_MS = 8_000

/** For port 0: how often the port that one address got may be taken on the other. */
const PORT_TRIES = 10

export type ListenOptions = {
  /** `localhost` listens on all that it stands for, 127.0.0.1 and ::1. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly handler: RequestListener
  /** Told of bytes that are no HTTP, and of requests that do not arrive in time. */
  readonly onUnreadable: (error: Error, socket: Socket) => void
  readonly server: ServerOptions
}

export type Listener = {
  readonly port: number
  /** Takes no new connections, answers what was sent before, ends every connection. Resolves when all are gone. */
  stop(): Promise<void>
}

/** Throws where the port cannot be had on one of the addresses that this machine has. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const connections = new Connections()
  const [first = options.host, ...others] = await addressesOf(options.host)
  for (let tries = 1; ; tries++) {
    const server = await bind(options, connections, first, options.port)
    const servers = [server]
    const { port } = server.address() as AddressInfo
    try {
      for (const address of others) servers.push(await bind(options, connections, address, port))
      return { port, stop: () => stop(servers, connections) }
    } catch (error) {
      for (const server of servers) server.close()
      const mayTryAnother = options.port === 0 && tries < PORT_TRIES && codeOf(error) === 'EADDRINUSE'
      if (!mayTryAnother) throw error
    }
  }
}

/** IPv4 first: it must be there; a machine may have no IPv6. Asking the resolver would cost time, and say the same. */
async function addressesOf(host: string): Promise<string[]> {
  if (host !== 'localhost') return [host]
  return (await isUsable('::1')) ? ['127.0.0.1', '::1'] : ['127.0.0.1']
}

async function isUsable(address: string): Promise<boolean> {
  const probe = new NetServer()
  try {
    await listening(probe, address, 0)
    probe.close()
    return true
  } catch {
    return false
  }
}

async function bind(options: ListenOptions, connections: Connections, host: string, port: number): Promise<Server> {
  const { handler, onUnreadable } = options
  const answer: RequestListener = (request, response) => {
    // We have ended this connection, so that no answer could reach anybody: nothing may be done.
    if (request.socket.writableEnded) return
    connections.answering(request.socket, response)
    handler(request, response)
  }
  const server = createServer(options.server, answer)
  server.on('checkExpectation', answer) // Node would refuse what it does not know with an empty body
  server.on('connection', (socket) => connections.add(socket))
  server.on('clientError', onUnreadable)
  await listening(server, host, port)
  return server
}

function listening(server: NetServer, host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen({ host, port }, () => {
      server.off('error', fail)
      done()
    })
  })
}

async function stop(servers: readonly Server[], connections: Connections): Promise<void> {
  await takeUpWhatWasSent(connections)
  // Not http's own close: it would destroy idle connections, and look no more for requests that take too long.
  for (const server of servers) NetServer.prototype.close.call(server)
  await connections.endAll()
  for (const server of servers) server.close() // now it only clears a timer
}

async function takeUpWhatWasSent(connections: Connections): Promise<void> {
  let quiet = 0
  for (let turns = 0; turns < MOST_TURNS && quiet < QUIET_TURNS; turns++) {
    const before = connections.taken
    await turn()
    quiet = connections.taken === before ? quiet + 1 : 0
  }
}

/** All open connections, each with the last answer that was begun on it. */
class Connections {
  readonly #open = new Map<Socket, ServerResponse | undefined>()
  readonly #gone = Promise.withResolvers<void>()
  #isEnding = false
  /** How many connections and requests there have been. */
  taken = 0

  add(socket: Socket): void {
    this.taken++
    this.#open.set(socket, undefined)
    socket.once('close', () => {
      this.#open.delete(socket)
      if (this.#isEnding && this.#open.size === 0) this.#gone.resolve()
    })
  }

  answering(socket: Socket, response: ServerResponse): void {
    this.taken++
    this.#open.set(socket, response)
    if (this.#isEnding) this.#endAfter(socket, response)
  }

  #endAfter(socket: Socket, response: ServerResponse): void {
    response.shouldKeepAlive = false
    response.once('close', () => endGently(socket))
  }

  async endAll(): Promise<void> {
    this.#isEnding = true
    if (this.#open.size === 0) return
    for (const [socket, response] of this.#open) {
      if (response && !response.writableEnded) this.#endAfter(socket, response)
    }
    await Promise.race([later(LAST_REQUEST_MS), this.#gone.promise])
    if (this.#open.size === 0) return
    for (const [socket, response] of this.#open) {
      if (!response || response.writableEnded) endGently(socket)
    }
    const deadline = setTimeout(() => {
      for (const socket of this.#open.keys()) socket.destroy()
    }, STOP_MS)
    await this.#gone.promise
    clearTimeout(deadline)
  }
}

/** Ends our half, and lets the other side close: destroying it could reset bytes that are still under way. */
function endGently(socket: Socket): void {
  socket.end()
  const timer = setTimeout(() => socket.destroy(), FAREWELL_MS)
  socket.once('close', () => clearTimeout(timer))
}
