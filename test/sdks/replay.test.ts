/**
 * What the official SDKs of Ruby, PHP and .NET put on the wire in 2019 and today, on one connection that is kept, as
 * theirs are. Written from what was measured of them: keys, versions, types, booleans, lengths, indexed arrays, the
 * order of calls. What no server looks at (the languages' own versions, the order of headers) is an example of theirs.
 */

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Connection, type RawAnswer } from '../api/connection.ts'
import { SECRET_KEY, startTestServer } from '../api/server.ts'

const NEWEST = '2026-10-28.endive'
const shop = await startTestServer()

type Sdk = {
  readonly name: string
  /** `Name: value` in the SDK's own order; Content-Length and Idempotency-Key come behind. */
  readonly headers: readonly string[]
  readonly type: string
  /** What its idempotency keys begin with, where it makes any. */
  readonly keyed: boolean
  /** `false` of the language, as a form value. */
  readonly no: string
  /** Its name for the order in the guide's sample. */
  readonly orderName: string
  /** PHP's sample retrieves the charge before it captures it. */
  readonly retrievesFirst: boolean
  /** Whether it asks for its own version, or leaves that to the account. */
  readonly version: string | null
}

const FORM = 'application/x-www-form-urlencoded'
const authorization = `Authorization: Bearer ${SECRET_KEY}`

const userAgent = (language: string, version: string, details: object) => [
  `User-Agent: Stripe/v1 ${language}Bindings/${version}`,
  `X-Stripe-Client-User-Agent: ${JSON.stringify({ bindings_version: version, publisher: 'stripe', ...details })}`,
]

const SDKS: readonly Sdk[] = [
  {
    name: 'Ruby 4.18',
    headers: [...userAgent('Ruby', '4.18.0', { lang: 'ruby', lang_version: '2.6.3 p62 (2019-04-16)' }), authorization],
    type: FORM,
    keyed: false,
    no: 'false',
    orderName: 'order_id',
    retrievesFirst: false,
    version: null,
  },
  {
    name: 'Ruby 19.5',
    headers: [
      ...userAgent('Ruby', '19.5.0', { lang: 'ruby', lang_version: '3.4.5 p51 (2025-07-16)' }),
      authorization,
      `Stripe-Version: ${NEWEST}`,
    ],
    type: FORM,
    keyed: true,
    no: 'false',
    orderName: 'order_id',
    retrievesFirst: false,
    version: NEWEST,
  },
  {
    name: 'PHP 6.37',
    headers: ['Accept: */*', ...userAgent('Php', '6.37.0', { lang: 'php', lang_version: '7.3.6' }), authorization],
    type: FORM,
    keyed: false,
    no: 'false',
    orderName: 'order_id',
    retrievesFirst: true,
    version: null,
  },
  {
    name: 'PHP 21.0',
    headers: [
      'Accept: */*',
      ...userAgent('Php', '21.0.0', { lang: 'php', lang_version: '8.4.1' }),
      authorization,
      `Stripe-Version: ${NEWEST}`,
    ],
    type: FORM,
    keyed: false,
    no: 'false',
    orderName: 'order_id',
    retrievesFirst: true,
    version: NEWEST,
  },
  {
    name: '.NET 27.2',
    headers: [
      authorization,
      'Stripe-Version: 2019-05-16',
      ...userAgent('.NET', '27.2.0', { lang: '.net', lang_version: '.NET Core 2.2' }).toReversed(),
    ],
    type: `${FORM}; charset=utf-8`,
    keyed: true,
    no: 'False',
    orderName: 'OrderId',
    retrievesFirst: false,
    version: '2019-05-16',
  },
  {
    name: '.NET 37.35',
    headers: [
      authorization,
      'Stripe-Version: 2020-03-02',
      ...userAgent('.NET', '37.35.0', { lang: '.net', lang_version: '.NET Core 3.1' }).toReversed(),
    ],
    type: `${FORM}; charset=utf-8`,
    keyed: true,
    no: 'False',
    orderName: 'OrderId',
    retrievesFirst: false,
    version: '2020-03-02',
  },
]

/** A client that keeps its connection. Each request is put together as text, to the last byte. */
class Client {
  readonly #sdk: Sdk
  readonly #connection: Connection

  constructor(sdk: Sdk, connection: Connection) {
    this.#sdk = sdk
    this.#connection = connection
  }

  async get(path: string): Promise<RawAnswer> {
    this.#connection.send(`${this.#head('GET', path).join('\r\n')}\r\n\r\n`)
    return this.#answer()
  }

  /** A POST of this body; without one `Content-Length: 0` with the type of a form, as all three do. */
  async post(path: string, body = '', key?: string): Promise<RawAnswer> {
    const lines = [...this.#head('POST', path), `Content-Type: ${this.#sdk.type}`]
    if (this.#sdk.keyed || key !== undefined) lines.push(`Idempotency-Key: ${key ?? crypto.randomUUID()}`)
    lines.push(`Content-Length: ${Buffer.byteLength(body)}`)
    this.#connection.send(`${lines.join('\r\n')}\r\n\r\n${body}`)
    return this.#answer()
  }

  #head(method: string, path: string): string[] {
    return [
      `${method} ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${shop.port}`,
      'Connection: keep-alive',
      ...this.#sdk.headers,
    ]
  }

  async #answer(): Promise<RawAnswer> {
    const answer = await this.#connection.answer()
    assert.match(answer.headers['request-id'] ?? '', /^req_[0-9A-Za-z]{14}$/)
    assert.equal(answer.headers['stripe-version'], this.#sdk.version ?? '2019-05-16')
    assert.equal(answer.headers['content-type'], 'application/json')
    assert(this.#connection.isOpen, 'the connection is kept')
    return answer
  }
}

function charged(answer: RawAnswer): RawAnswer['body'] {
  assert.deepEqual([answer.status, answer.body?.object], [200, 'charge'], answer.text)
  return answer.body
}

const SAMPLE = 'amount=999&currency=usd&description=Example+charge&source=tok_visa'

for (const sdk of SDKS) {
  describe(`${sdk.name}, replayed`, () => {
    const client = async (t: { after(close: () => void): void }) => {
      const connection = await Connection.open(shop.port)
      t.after(() => connection.close())
      return new Client(sdk, connection)
    }

    it("the guide's five samples on one connection", async (t) => {
      const merchant = await client(t)
      const plain = charged(await merchant.post('/v1/charges', SAMPLE))
      assert.deepEqual(
        [plain.amount, plain.currency, plain.description, plain.paid, plain.captured],
        [999, 'usd', 'Example charge', true, true],
      )
      const described = charged(await merchant.post('/v1/charges', `${SAMPLE}&statement_descriptor=Custom+descriptor`))
      assert.equal(described.statement_descriptor, 'Custom descriptor')
      const held = charged(await merchant.post('/v1/charges', `${SAMPLE}&capture=${sdk.no}`))
      assert.deepEqual([held.paid, held.captured], [true, false])
      if (sdk.retrievesFirst) assert.equal(charged(await merchant.get(`/v1/charges/${held.id}`)).captured, false)
      const captured = charged(await merchant.post(`/v1/charges/${held.id}/capture`))
      assert.deepEqual([captured.id, captured.captured], [held.id, true])
      const marked = charged(await merchant.post('/v1/charges', `${SAMPLE}&metadata[${sdk.orderName}]=6735`))
      assert.deepEqual(marked.metadata, { [sdk.orderName]: '6735' })
    })

    it('a refund, and the charge with what is expanded by index', async (t) => {
      const merchant = await client(t)
      const { id } = charged(await merchant.post('/v1/charges', SAMPLE))
      const refund = await merchant.post('/v1/refunds', `charge=${id}&amount=400`)
      assert.deepEqual([refund.status, refund.body.status, refund.body.amount], [200, 'succeeded', 400], refund.text)
      const charge = charged(await merchant.get(`/v1/charges/${id}?expand[0]=balance_transaction&expand[1]=refunds`))
      assert.equal(charge.amount_refunded, 400)
      assert.equal((charge.balance_transaction as { object: string }).object, 'balance_transaction')
      assert.equal((charge.refunds as { data: unknown[] }).data.length, 1)
    })

    it('errors, after which the connection goes on', async (t) => {
      const merchant = await client(t)
      const declined = await merchant.post('/v1/charges', SAMPLE.replace('tok_visa', 'tok_chargeDeclined'))
      assert.deepEqual(
        [declined.status, declined.body.error.type, declined.body.error.message],
        [402, 'card_error', 'Your card was declined.'],
      )
      const missing = await merchant.get('/v1/charges/ch_nope')
      assert.deepEqual([missing.status, missing.body.error.param], [404, 'id'])
      const small = await merchant.post('/v1/charges', SAMPLE.replace('999', '10'))
      assert.deepEqual([small.status, small.body.error.param], [400, 'amount'])
      charged(await merchant.post('/v1/charges', SAMPLE))
    })

    it('the same key again is the same charge', async (t) => {
      const merchant = await client(t)
      const key = `${sdk.name}, a key of the caller`
      const first = await merchant.post('/v1/charges', SAMPLE, key)
      const again = await merchant.post('/v1/charges', SAMPLE, key)
      assert.equal(charged(again).id, charged(first).id)
      assert.equal(again.headers['idempotent-replayed'], 'true')
    })
  })
}
