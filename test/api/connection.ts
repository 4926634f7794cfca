import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { FORM_TYPE, SECRET_KEY } from './server.ts'

export type RawAnswer = {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly body: {
    readonly [member: string]: unknown
    readonly id: string
    readonly error: { readonly message: string; readonly type: string; readonly param?: string }
  }
}

/** One TCP connection, on which any bytes can be sent and answers are read one after another. */
export class Connection {
  readonly #socket: Socket
  #received = Buffer.alloc(0)
  #ended = false
  #wake = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes])
      this.#wake()
    })
    socket.on('close', () => {
      this.#ended = true
      this.#wake()
    })
    socket.on('error', () => {}) // a reset shows as an answer that is missing
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new Connection(socket)
  }

  send(bytes: string | Buffer): void {
    this.#socket.write(bytes)
  }

  /** The next answer; of a HEAD there is no body to read. */
  async answer({ hasBody = true } = {}): Promise<RawAnswer> {
    const head = await this.#until((received) => {
      const end = received.indexOf('\r\n\r\n')
      return end === -1 ? null : end + 4
    })
    const [statusLine = '', ...lines] = head.toString('latin1').trimEnd().split('\r\n')
    const headers: Record<string, string> = {}
    for (const line of lines)
      headers[line.slice(0, line.indexOf(':')).toLowerCase()] = line.slice(line.indexOf(':') + 1).trim()
    const length = hasBody ? Number(headers['content-length']) : 0
    assert(Number.isInteger(length), `no Content-Length in: ${head}`)
    const text = (await this.#until((received) => (received.length >= length ? length : null))).toString('utf8')
    return { status: Number(statusLine.split(' ')[1]), headers, text, body: text === '' ? null : JSON.parse(text) }
  }

  /** Whether the server has ended the connection; waits a while for it. */
  async isClosed(): Promise<boolean> {
    for (let tries = 0; tries < 120 && !this.#ended; tries++) await new Promise((done) => setTimeout(done, 25))
    return this.#ended
  }

  get isOpen(): boolean {
    return !this.#ended
  }

  close(): void {
    this.#socket.destroy()
  }

  async #until(lengthOf: (received: Buffer) => number | null): Promise<Buffer> {
    for (;;) {
      const length = lengthOf(this.#received)
      if (length !== null) {
        const taken = this.#received.subarray(0, length)
        this.#received = this.#received.subarray(length)
        return taken
      }
      assert(!this.#ended, `the connection ended after: ${JSON.stringify(this.#received.toString('latin1'))}`)
      await new Promise<void>((done) => {
        this.#wake = done
      })
    }
  }
}

/** The head of a request by the guide's key; header lines as they are. */
export function head(route: string, ...lines: readonly string[]): string {
  return [`${route} HTTP/1.1`, 'Host: localhost', `Authorization: Bearer ${SECRET_KEY}`, ...lines, '', ''].join('\r\n')
}

/** A whole request with a form as its body. */
export function formRequest(route: string, body: string | Buffer, ...lines: readonly string[]): Buffer {
  const bytes = Buffer.from(body)
  return Buffer.concat([
    Buffer.from(head(route, `Content-Type: ${FORM_TYPE}`, `Content-Length: ${bytes.length}`, ...lines)),
    bytes,
  ])
}

/** A body in chunks, ended. */
export function chunked(...parts: readonly string[]): string {
  return [...parts, ''].map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`).join('')
}

/** Every refusal is JSON with a Request-Id. */
export function assertRefusal({ status, headers, text, body }: RawAnswer, expected: number): void {
  assert.equal(status, expected, text)
  assert.equal(headers['content-type'], 'application/json')
  assert.match(headers['request-id'] ?? '', /^req_[0-9A-Za-z]{14}$/)
  assert.deepEqual([typeof body.error.message, body.error.type], ['string', 'invalid_request_error'])
}
