import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { Connection, chunked, formRequest, head, type RawAnswer } from './connection.ts'
import { FORM_TYPE, PUBLISHABLE_KEY, SECRET_KEY, startTestServer } from './server.ts'

const shop = await startTestServer()

const SAMPLE = 'amount=999&currency=usd&source=tok_visa'
const CREATE = 'POST /v1/charges'

/** One request on a connection of its own. */
async function exchange(bytes: string | Buffer, options?: { hasBody: boolean }): Promise<RawAnswer> {
  const connection = await Connection.open(shop.port)
  connection.send(bytes)
  const answer = await connection.answer(options)
  connection.close()
  return answer
}

async function newHold(): Promise<string> {
  return (await shop.made(CREATE, { amount: 999, currency: 'usd', source: 'tok_visa', capture: false })).id
}

function assertCharged({ status, body, text }: RawAnswer): void {
  assert.deepEqual([status, body?.object, body?.captured], [200, 'charge', true], text)
}

/** The names of an answer's headers as they came. */
async function headerNames(method: string, path: string, headers: Record<string, string>): Promise<string[]> {
  const sent = request(`${shop.url}${path}`, { method, headers }).end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.rawHeaders.filter((_, index) => index % 2 === 0)
}

describe('what the libraries read from the wire', () => {
  const SPELLED = /^(Content-Type|Request-Id|Stripe-Version|Idempotency-Key|Original-Request|Stripe-Should-Retry)$/

  it('headers are spelled as Stripe spells them: Java 10 looks for Request-Id, and for nothing like it', async () => {
    const mine = { authorization: `Bearer ${SECRET_KEY}`, 'content-type': FORM_TYPE }
    const first = await headerNames('POST', '/v1/charges/ch_nope/capture', { ...mine, 'idempotency-key': 'spelled' })
    assert.equal(first.filter((name) => SPELLED.test(name)).length, 6, String(first))
    for (const [method, path, headers] of [
      ['POST', '/v1/charges', mine],
      ['GET', '/v1/charges', mine],
      ['GET', '/v1/charges', {}],
      ['GET', '/v1/nothing', mine],
      ['OPTIONS', '/v1/tokens', {}],
      ['GET', '/healthz', {}],
      ['GET', '/v1/%zz', {}],
    ] as const) {
      const names = await headerNames(method, path, headers)
      assert(names.includes('Request-Id'), `${method} ${path}: ${names}`)
      const others = names.filter((name) => !/^([A-Z][A-Za-z]*)(-[A-Z][A-Za-z]*)*$/.test(name))
      assert.deepEqual(others, [], `${method} ${path}`)
    }
  })
})

describe('what the libraries put on the wire', () => {
  it('Go: every POST in chunks, without a length', async () => {
    const lines = [`Content-Type: ${FORM_TYPE}`, 'Transfer-Encoding: chunked']
    assertCharged(await exchange(head(CREATE, ...lines) + chunked(SAMPLE)))
    assertCharged(
      await exchange(head(CREATE, ...lines) + chunked('amount=99', '9&curren', 'cy=usd&source=', 'tok_visa')),
    )
  })

  it('Go: an empty capture in chunks', async () => {
    assertCharged(
      await exchange(
        head(`${CREATE}/${await newHold()}/capture`, `Content-Type: ${FORM_TYPE}`, 'Transfer-Encoding: chunked') +
          chunked(),
      ),
    )
    assertCharged(
      await exchange(head(`${CREATE}/${await newHold()}/capture`, 'Transfer-Encoding: chunked') + chunked()),
    )
  })

  it('curl -X POST: a capture with neither length nor type', async () => {
    assertCharged(await exchange(head(`${CREATE}/${await newHold()}/capture`)))
  })

  it('the others: a capture of length 0 with the type of a form', async () => {
    assertCharged(await exchange(formRequest(`${CREATE}/${await newHold()}/capture`, '')))
  })

  it('Python and .NET: capture=False', async () => {
    const { status, body } = await exchange(formRequest(CREATE, `${SAMPLE}&capture=False`))
    assert.deepEqual([status, body.captured], [200, false])
  })

  it('Java and .NET: a charset behind the type', async () => {
    for (const type of [`${FORM_TYPE};charset=UTF-8`, `${FORM_TYPE}; charset=utf-8`]) {
      assertCharged(
        await exchange(`${head(CREATE, `Content-Type: ${type}`, `Content-Length: ${SAMPLE.length}`)}${SAMPLE}`),
      )
    }
  })

  it('a body without any type', async () => {
    assertCharged(await exchange(`${head(CREATE, `Content-Length: ${SAMPLE.length}`)}${SAMPLE}`))
  })

  it('blanks as %20, as + and as they are; brackets plain and encoded', async () => {
    const forms = [
      'description=Example%20charge&metadata[order%20id]=6+7',
      'description=Example+charge&metadata%5Border+id%5D=6%207',
      'description=Example charge&metadata[order id]=6 7',
    ]
    for (const form of forms) {
      const { body } = await exchange(formRequest(CREATE, `${SAMPLE}&${form}`))
      assert.deepEqual([body.description, body.metadata], ['Example charge', { 'order id': '6 7' }])
    }
  })

  it('arrays with and without an index, and names behind the values they need', async () => {
    for (const expand of [
      'expand[]=balance_transaction',
      'expand[0]=balance_transaction',
      'expand%5B0%5D=balance_transaction',
    ]) {
      const { body } = await exchange(formRequest(CREATE, `${expand}&${SAMPLE}`))
      assert.equal((body.balance_transaction as { object: string }).object, 'balance_transaction')
    }
  })

  it('Node 7.1: the parameters of a GET in its body', async () => {
    const { id } = await shop.made(CREATE, { amount: 999, currency: 'usd', source: 'tok_visa' })
    const form = 'expand[0]=balance_transaction'
    const withLength = await exchange(formRequest(`GET /v1/charges/${id}`, form))
    const inChunks = await exchange(
      head(`GET /v1/charges/${id}`, `Content-Type: ${FORM_TYPE}`, 'Transfer-Encoding: chunked') + chunked(form),
    )
    const inQuery = await exchange(head(`GET /v1/charges/${id}?${form}`))
    for (const { body } of [withLength, inChunks, inQuery])
      assert.equal((body.balance_transaction as { object: string }).object, 'balance_transaction')
    const both = await exchange(formRequest('GET /v1/charges?limit=1', 'created[gte]=1'))
    assert.equal((both.body.data as unknown[]).length, 1)
  })

  it('a POST with its parameters in the query', async () => {
    assertCharged(await exchange(formRequest(`${CREATE}?${SAMPLE}`, '')))
    assertCharged(await exchange(formRequest(`${CREATE}?currency=usd`, 'amount=999&source=tok_visa')))
  })

  it('a body that waits to be asked for', async () => {
    const connection = await Connection.open(shop.port)
    connection.send(
      head(CREATE, `Content-Type: ${FORM_TYPE}`, `Content-Length: ${SAMPLE.length}`, 'Expect: 100-continue'),
    )
    assert.equal((await connection.answer({ hasBody: false })).status, 100)
    connection.send(SAMPLE)
    assertCharged(await connection.answer())
    connection.close()
  })

  it('a body that comes byte by byte', async () => {
    const connection = await Connection.open(shop.port)
    for (const byte of formRequest(CREATE, SAMPLE)) connection.send(Buffer.of(byte))
    assertCharged(await connection.answer())
    connection.close()
  })
})

describe('a connection', () => {
  it('serves many requests, errors among them', async () => {
    const connection = await Connection.open(shop.port)
    const requests = [
      [formRequest(CREATE, SAMPLE), 200],
      [formRequest(CREATE, 'amount=abc'), 400],
      [formRequest(CREATE, `${SAMPLE.replace('visa', 'chargeDeclined')}`), 402],
      [head('GET /v1/nothing'), 404],
      [formRequest('POST /v1/nothing', SAMPLE), 404],
      [head('GET /v1/charges'), 200],
      ['GET /v1/charges HTTP/1.1\r\nHost: x\r\n\r\n', 401],
      [formRequest(CREATE, '{"amount":999}', 'X-Nothing: x'), 400],
      [formRequest('DELETE /v1/charges', 'a=1'), 404],
      [formRequest(CREATE, Buffer.from([0x61, 0x3d, 0xff])), 400],
    ] as const
    for (let round = 0; round < 10; round++) {
      for (const [bytes, status] of requests) {
        connection.send(bytes)
        const answer = await connection.answer()
        assert.equal(answer.status, status, answer.text)
        assert.notEqual(answer.headers.connection, 'close')
      }
    }
    assert(connection.isOpen)
    connection.close()
  })

  it('answers pipelined requests in their order', async () => {
    const connection = await Connection.open(shop.port)
    const amounts = Array.from({ length: 20 }, (_, n) => 1000 + n)
    connection.send(Buffer.concat(amounts.map((amount) => formRequest(CREATE, SAMPLE.replace('999', String(amount))))))
    for (const amount of amounts) {
      const { status, body } = await connection.answer()
      assert.deepEqual([status, body.amount], [200, amount])
    }
    connection.close()
  })

  it('ends when the client says so', async () => {
    const connection = await Connection.open(shop.port)
    connection.send(formRequest(CREATE, SAMPLE, 'Connection: close'))
    assertCharged(await connection.answer())
    assert(await connection.isClosed())
  })

  it('that breaks off before its body is whole charges nothing', async () => {
    const count = async () => (await shop.made('GET /v1/charges', { limit: 100 })).data.length
    const before = await count()
    const connection = await Connection.open(shop.port)
    connection.send(formRequest(CREATE, SAMPLE).subarray(0, -3))
    await new Promise((done) => setTimeout(done, 50))
    connection.close()
    await new Promise((done) => setTimeout(done, 50))
    assert.equal(await count(), before)
  })

  it('is kept for the libraries: fifty charges of each over one', async () => {
    const { stripe, oldStripe } = shop
    for (let n = 0; n < 50; n++) {
      const [one, other] = await Promise.all(
        [stripe.charges.retrieve('ch_nope'), oldStripe.charges.retrieve('ch_nope')].map((promise) =>
          promise.catch((error) => error),
        ),
      )
      assert.deepEqual([one.statusCode, other.statusCode], [404, 404])
    }
  })
})

describe('a browser', () => {
  const CARD = 'card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2020'
  const fromPage = (form: string, key = PUBLISHABLE_KEY) =>
    fetch(`${shop.url}/v1/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, origin: 'https://shop.test', 'content-type': FORM_TYPE },
      body: form,
    })

  it('may make tokens, and may read why it could not', async () => {
    for (const [form, status] of [
      [CARD, 200],
      [CARD.replace('4242424242424242', '4444'), 402],
      ['wat=1', 400],
    ] as const) {
      const response = await fromPage(form)
      assert.deepEqual([response.status, response.headers.get('access-control-allow-origin')], [status, '*'])
      assert.match(response.headers.get('access-control-expose-headers') ?? '', /Request-Id/)
    }
    assert.equal((await fromPage(CARD, 'pk_test_wrong')).headers.get('access-control-allow-origin'), '*')
  })

  it('may ask before', async () => {
    const headers = {
      origin: 'https://shop.test',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,stripe-version',
    }
    const response = await fetch(`${shop.url}/v1/tokens`, { method: 'OPTIONS', headers })
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
    assert.equal(response.headers.get('access-control-allow-headers'), 'authorization,stripe-version')
    assert.match(response.headers.get('access-control-allow-methods') ?? '', /POST/)
    assert.match(response.headers.get('request-id') ?? '', /^req_/)
  })

  it('may do nothing else', async () => {
    const paths = [
      '/v1/charges',
      '/v1/charges/ch_1',
      '/v1/refunds',
      '/v1/tokens/tok_1',
      '/v1/balance',
      '/v1/events',
      '/v1/account',
      '/v1/nothing',
      '/_koban/accounts',
      '/healthz',
    ]
    for (const path of paths) {
      for (const method of ['OPTIONS', 'GET', 'POST']) {
        const response = await fetch(`${shop.url}${path}`, {
          method,
          headers: { origin: 'https://shop.test', 'access-control-request-method': 'POST' },
        })
        await response.text()
        assert.equal(response.headers.get('access-control-allow-origin'), null, `${method} ${path}`)
      }
    }
  })
})

describe('HEAD and other methods', () => {
  let connection: Connection
  before(async () => {
    connection = await Connection.open(shop.port)
  })
  after(() => connection.close())

  it('HEAD is answered without a body, and the connection goes on', async () => {
    for (const [path, expected] of [
      ['/v1/charges', 200],
      ['/v1/charges?limit=x', 400],
      ['/v1/charges/ch_none', 404],
      ['/v1/nothing', 404],
      ['/v1/tokens', 404],
    ] as const) {
      connection.send(head(`HEAD ${path}`))
      const { status, headers } = await connection.answer({ hasBody: false })
      assert.deepEqual([status, headers['content-type']], [expected, 'application/json'])
      assert.match(headers['request-id'] ?? '', /^req_/)
      assert.match(headers['stripe-version'] ?? '', /^\d{4}-/)
      assert(Number(headers['content-length']) > 0)
    }
    connection.send(formRequest(CREATE, SAMPLE))
    assertCharged(await connection.answer())
  })

  for (const method of ['PUT', 'PATCH', 'DELETE', 'PROPFIND', 'TRACE', 'QUERY']) {
    it(`${method} is a 404 in JSON`, async () => {
      connection.send(formRequest(`${method} /v1/charges`, ''))
      const { status, headers, body } = await connection.answer()
      assert.deepEqual([status, headers['content-type']], [404, 'application/json'])
      assert(body.error.message.startsWith(`Unrecognized request URL (${method}: /v1/charges).`), body.error.message)
    })
  }

  it('HEAD answers as GET does, with its length', async () => {
    connection.send(head('GET /v1/account'))
    const { headers } = await connection.answer()
    connection.send(head('HEAD /v1/account'))
    const { status, headers: ofHead } = await connection.answer({ hasBody: false })
    assert.deepEqual([status, ofHead['content-length']], [200, headers['content-length']])
  })

  it('OPTIONS tells the methods of a route, and needs no key; a browser is let no further', async () => {
    for (const [path, allow] of [
      ['/v1/charges', 'POST, GET, HEAD'],
      ['/v1/charges/ch_1', 'GET, HEAD, POST'],
      ['/v1/balance', 'GET, HEAD'],
    ]) {
      connection.send(`OPTIONS ${path} HTTP/1.1\r\nHost: x\r\nOrigin: https://shop.test\r\n\r\n`)
      const { status, headers, text } = await connection.answer()
      assert.deepEqual([status, headers.allow, headers['content-length'], text], [200, allow, '0', ''])
      assert.equal(headers['access-control-allow-origin'], undefined)
      assert.match(headers['request-id'] ?? '', /^req_/)
    }
    connection.send(head('OPTIONS /v1/nothing'))
    assert.equal((await connection.answer()).status, 404)
  })

  it('/healthz tells that it lives', async () => {
    connection.send('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
    const { status, text, headers } = await connection.answer()
    assert.deepEqual([status, text], [200, '{"status":"ok"}'])
    assert.match(headers['request-id'] ?? '', /^req_/)
  })
})
