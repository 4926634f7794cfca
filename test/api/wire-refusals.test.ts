import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { assertRefusal, Connection, chunked, formRequest, head } from './connection.ts'
import { FORM_TYPE, startTestServer } from './server.ts'

const shop = await startTestServer()

const SAMPLE = 'amount=999&currency=usd&source=tok_visa'
const CREATE = 'POST /v1/charges'
const MEGABYTE = 1024 * 1024

let charge = ''

async function snapshot() {
  const lists = ['/v1/charges', '/v1/refunds', '/v1/events', '/v1/balance_transactions'].map((path) =>
    shop.made(`GET ${path}`, { limit: 100 }),
  )
  return JSON.stringify([
    await Promise.all(lists),
    await shop.made('GET /v1/balance'),
    await shop.made('GET /v1/account'),
  ])
}

before(async () => {
  charge = (
    await shop.made(CREATE, { amount: 999, currency: 'usd', source: 'tok_visa', capture: false, metadata: { a: '1' } })
  ).id
})

function refuses(what: string, bytes: string | Buffer | (() => string | Buffer), status = 400, message?: RegExp): void {
  it(what, async () => {
    const before = await snapshot()
    const connection = await Connection.open(shop.port)
    connection.send(typeof bytes === 'function' ? bytes() : bytes)
    const answer = await connection.answer()
    assertRefusal(answer, status)
    if (message) assert.match(answer.body.error.message, message)
    connection.close()
    assert.equal(await snapshot(), before)
  })
}

const form = (body: string | Buffer) => formRequest(CREATE, body)
const plus = (more: string) => form(`${SAMPLE}&${more}`)
const bytes = (...codes: number[]) => Buffer.concat([Buffer.from(`${SAMPLE}&description=`), Buffer.from(codes)])

describe('a form is refused', () => {
  refuses('with bytes that are no UTF-8', form(bytes(0xff)), 400, /UTF-8/)
  refuses('with half a character', form(bytes(0xe3, 0x81)), 400, /UTF-8/)
  refuses('with an overlong one', form(bytes(0xc0, 0x80)), 400, /UTF-8/)
  refuses('with escapes that are no UTF-8', plus('description=%FF'), 400, /UTF-8/)
  refuses('with half an escape', plus('description=100%'), 400)
  refuses('with a zero character', plus('description=a%00b'), 400)
  refuses('with escapes that are no UTF-8 in the query', head('GET /v1/charges?limit=%FF'), 400, /UTF-8/)
  refuses('nested 50 levels deep', plus(`metadata${'[a]'.repeat(50)}=1`), 400, /nested/)
  refuses('nested 10,000 levels deep', plus(`metadata${'[a]'.repeat(10_000)}=1`), 400, /nested/)
  refuses(
    'with 1,000 parameters',
    plus(Array.from({ length: 1000 }, (_, n) => `metadata[k${n}]=1`).join('&')),
    400,
    /parameters/,
  )
  refuses('with 1,000 times one array', plus('expand[]=customer&'.repeat(1000)), 400, /parameters/)
  refuses(
    'with a scalar given twice',
    plus('amount=1'),
    400,
    /^Invalid request: the parameter amount was given more than once\.$/,
  )
  refuses(
    'with a scalar in the query and in the body',
    formRequest(`${CREATE}?amount=1`, SAMPLE),
    400,
    /amount was given more than once/,
  )
  refuses('with a scalar that is also a hash', plus('amount[a]=1'), 400)
  refuses('with a hash that is also a scalar', plus('metadata[a]=1&metadata=2'), 400)
  refuses('with __proto__', plus('__proto__=1'), 400)
  refuses('with __proto__ inside', plus('metadata[__proto__]=1'), 400)
  refuses('with __proto__ as a hash', plus('__proto__[capture]=false'), 400)
  refuses('with __proto__ in escapes', plus('%5F_proto__[x]=1'), 400)
  refuses(
    'with constructor and prototype',
    plus('constructor[prototype][x]=1'),
    400,
    /^Received unknown parameter: constructor$/,
  )
  for (const name of ['toString', 'hasOwnProperty', 'valueOf'])
    refuses(`with ${name}`, plus(`${name}=1`), 400, /^Received unknown parameter/)
  for (const name of ['metadata[a', '[a]=1&metadata[a]', 'metadata[a]b', 'metadata[[a]]', 'metadata]a[']) {
    refuses(`with the name ${name}`, plus(`${name}=1`), 400)
  }
  refuses(
    'in JSON',
    head(CREATE, 'Content-Type: application/json', 'Content-Length: 14').concat('{"amount":999}'),
    400,
    /^Invalid request \(check that your POST content type is/,
  )
  refuses('in JSON under the type of a form', form('{"amount":999,"currency":"usd"}'), 400)
  refuses(
    'in several parts',
    head(CREATE, 'Content-Type: multipart/form-data; boundary=x', 'Content-Length: 7').concat('--x--\r\n'),
    400,
    /content type/,
  )
  refuses(
    'compressed',
    head(CREATE, `Content-Type: ${FORM_TYPE}`, 'Content-Encoding: gzip', 'Content-Length: 4').concat('\x1f\x8b\b\0'),
    400,
  )
  refuses('for a change as well', () =>
    formRequest(`POST /v1/charges/${charge}`, 'metadata[__proto__]=1&description=x'),
  )
  refuses('for a capture as well', () => formRequest(`POST /v1/charges/${charge}/capture`, 'amount=1&amount=2'))
  refuses('for a refund as well', () => formRequest('POST /v1/refunds', `charge=${charge}&charge=${charge}`))

  it('and leaves the next request alone', async () => {
    assert.equal((await shop.made(CREATE, { amount: 999, currency: 'usd', source: 'tok_visa' })).captured, true)
    assert.equal(({} as Record<string, unknown>).capture, undefined)
  })
})

describe('a request is refused', () => {
  const large = `${SAMPLE}&description=${'x'.repeat(MEGABYTE)}`
  refuses('with a body over 1 MB', form(large), 413, /larger than 1048576 bytes/)
  refuses(
    'with a body over 1 MB in chunks',
    head(CREATE, `Content-Type: ${FORM_TYPE}`, 'Transfer-Encoding: chunked') +
      chunked(...Array.from({ length: 20 }, () => 'x'.repeat(100_000))),
    413,
  )
  refuses(
    'with a length over 1 MB, before the body is there',
    head(CREATE, `Content-Type: ${FORM_TYPE}`, 'Content-Length: 9999999'),
    413,
  )
  refuses('with a body over 1 MB where nothing is', formRequest('POST /v1/nothing', large), 413)
  refuses('with a wrong length', head(CREATE, `Content-Type: ${FORM_TYPE}`, 'Content-Length: nine'), 400)
  refuses(
    'with two lengths',
    head(CREATE, `Content-Type: ${FORM_TYPE}`, 'Content-Length: 3', 'Content-Length: 5').concat('a=1'),
    400,
  )
  refuses(
    'with a length and chunks',
    head(CREATE, `Content-Type: ${FORM_TYPE}`, 'Content-Length: 3', 'Transfer-Encoding: chunked').concat('a=1'),
    400,
  )
  refuses(
    'with a chunk of no length',
    head(CREATE, `Content-Type: ${FORM_TYPE}`, 'Transfer-Encoding: chunked').concat('zz\r\na=1\r\n'),
    400,
  )
  refuses('with headers over 16 KB', head('GET /v1/charges', `X-Long: ${'x'.repeat(20_000)}`), 431)
  refuses('with a URL over 16 KB', head(`GET /v1/charges?a=${'x'.repeat(20_000)}`), 431)
  refuses('with an id over any length', head(`GET /v1/charges/${'x'.repeat(2000)}`), 404)
  refuses('with half an escape in the URL', head('GET /v1/charges/%E3%81'), 400)
  refuses('that is no HTTP', 'hello\r\n\r\n')
  refuses('that is binary', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x0d, 0x0a, 0x0d, 0x0a]))
  refuses('with a method that is none', 'CHARGE /v1/charges HTTP/1.1\r\nHost: x\r\n\r\n')
  refuses('with a header that is none', head('GET /v1/charges', 'no colon here'))
  refuses('of HTTP/1.1 without a host, by its key alone', 'GET /v1/charges HTTP/1.1\r\n\r\n', 401)
  refuses(
    'that wants another protocol, by its key alone',
    'GET /v1/charges HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    401,
  )
  refuses('with a trailing slash', head('GET /v1/charges/'), 404, /remove the trailing slash/)
  refuses('with dots in its path', head('GET /v1/../v1/nothing'), 404)
  refuses('with a backslash and spaces', head('GET /v1/charges/%20'), 404)

  it('with 413 so that a library can read it', async () => {
    const { status, headers, body } = await shop.call(CREATE, {
      amount: 999,
      currency: 'usd',
      source: 'tok_visa',
      description: 'x'.repeat(3 * MEGABYTE),
    })
    assert.deepEqual([status, body.error.type], [413, 'invalid_request_error'])
    assert.match(headers.get('request-id') ?? '', /^req_/)
  })
})
