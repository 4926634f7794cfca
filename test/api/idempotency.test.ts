import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import Stripe from 'stripe'
import { HOUR } from './clock.ts'
import { type Answer, type CallOptions, type Form, NEW, OLD, refusalOf, startTestServer } from './server.ts'

const shop = await startTestServer()

const SAMPLE = { amount: 999, currency: 'usd', source: 'tok_visa', description: 'Example charge' }
const CREATE = 'POST /v1/charges'

let keys = 0
const newKey = () => `order-${keys++}`
const send = (idempotencyKey: string, form: Form = SAMPLE, options: CallOptions = {}) =>
  shop.call(CREATE, form, { idempotencyKey, ...options })
const charges = async () => (await shop.made('GET /v1/charges', { limit: 100 })).data.length

function assertReplayOf(first: Answer, second: Answer): void {
  assert.deepEqual([second.status, second.text], [first.status, first.text])
  assert.equal(second.headers.get('idempotent-replayed'), 'true')
  assert.equal(second.headers.get('original-request'), first.headers.get('request-id'))
  assert.notEqual(second.headers.get('request-id'), first.headers.get('request-id'))
  assert.equal(second.headers.get('stripe-version'), first.headers.get('stripe-version'))
}

describe('an Idempotency-Key', () => {
  it('is told back with the first answer, which is not a replay', async () => {
    const key = newKey()
    const { headers } = await send(key)
    assert.equal(headers.get('idempotency-key'), key)
    assert.equal(headers.get('original-request'), headers.get('request-id'))
    assert.equal(headers.get('stripe-should-retry'), 'false')
    assert.equal(headers.get('idempotent-replayed'), null)
  })

  it('is not made up where none was sent', async () => {
    const { headers } = await shop.call(CREATE, SAMPLE)
    for (const name of ['idempotency-key', 'original-request', 'stripe-should-retry', 'idempotent-replayed']) {
      assert.equal(headers.get(name), null, name)
    }
  })

  const replayed: readonly (readonly [what: string, status: number, form: Form])[] = [
    ['a success', 200, SAMPLE],
    ['a decline', 402, { ...SAMPLE, source: 'tok_chargeDeclinedInsufficientFunds' }],
    ['a refusal by a business rule', 400, { ...SAMPLE, amount: 10 }],
  ]
  for (const [what, status, form] of replayed) {
    it(`replays ${what}`, async () => {
      const key = newKey()
      const first = await send(key, form)
      const before = await charges()
      assert.equal(first.status, status)
      for (let n = 0; n < 3; n++) {
        const again = await send(key, form)
        assertReplayOf(first, again)
        assert.equal(again.headers.get('idempotency-key'), key)
        assert.equal(again.headers.get('stripe-should-retry'), 'false')
      }
      assert.equal(await charges(), before)
    })
  }

  it('replays a refused capture, and the one that captured', async () => {
    const { id } = await shop.made(CREATE, { ...SAMPLE, capture: false })
    const path = `POST /v1/charges/${id}/capture`
    const [captureKey, refusedKey] = [newKey(), newKey()]
    const captured = await shop.call(path, {}, { idempotencyKey: captureKey })
    const refused = await shop.call(path, {}, { idempotencyKey: refusedKey })
    assert.deepEqual([captured.status, refused.body.error.code], [200, 'charge_already_captured'])
    assertReplayOf(captured, await shop.call(path, {}, { idempotencyKey: captureKey }))
    assertReplayOf(refused, await shop.call(path, {}, { idempotencyKey: refusedKey }))
  })

  it('replays a token and a refund', async () => {
    const card = { number: '4242424242424242', exp_month: 12, exp_year: 2020 }
    const { id } = await shop.made(CREATE, SAMPLE)
    for (const [route, form] of [
      ['POST /v1/tokens', { card }],
      ['POST /v1/refunds', { charge: id, amount: 100 }],
    ] as const) {
      const idempotencyKey = newKey()
      const first = await shop.call(route, form, { idempotencyKey })
      assertReplayOf(first, await shop.call(route, form, { idempotencyKey }))
    }
    assert.equal((await shop.made(`GET /v1/charges/${id}`)).amount_refunded, 100)
  })

  it('does not mind the order of the parameters, nor how they were written', async () => {
    const key = newKey()
    const options = { key: null, headers: { authorization: `Bearer ${GUIDE}` }, idempotencyKey: key }
    const first = await send(key, { amount: 999, currency: 'usd', source: 'tok_visa', metadata: { a: '1', b: '2' } })
    const body = 'metadata%5Bb%5D=2&source=tok_visa&currency=u%73d&metadata[a]=1&amount=999'
    const response = await fetch(`${shop.url}/v1/charges`, {
      method: 'POST',
      headers: { ...options.headers, 'idempotency-key': key, 'content-type': 'application/x-www-form-urlencoded' },
      body,
    })
    assert.deepEqual([response.headers.get('idempotent-replayed'), await response.text()], ['true', first.text])
  })

  it('keeps the version of the first answer', async () => {
    const key = newKey()
    const first = await send(key, SAMPLE, { version: NEW })
    const second = await send(key, SAMPLE, { version: OLD })
    assertReplayOf(first, second)
    assert.equal(second.headers.get('stripe-version'), NEW)
  })

  it('is the whole of 255 characters of any kind', async () => {
    const key = `${'k'.repeat(250)} /?#é`.slice(0, 254)
    const first = await send(encodeURIComponent(key).slice(0, 255))
    assertReplayOf(first, await send(encodeURIComponent(key).slice(0, 255)))
    const { status, error } = await shop.refused(CREATE, SAMPLE, { idempotencyKey: 'k'.repeat(256) })
    assert.deepEqual([status, error.type], [400, 'invalid_request_error'])
    const empty = await shop.refused(CREATE, SAMPLE, { idempotencyKey: '' })
    assert.deepEqual([empty.status, empty.error.message], [400, 'Idempotency Key must be a non-empty string.'])
  })

  it('means nothing to a GET', async () => {
    const idempotencyKey = newKey()
    const { id } = await shop.made(CREATE, SAMPLE)
    const read = () => shop.call(`GET /v1/charges/${id}`, {}, { idempotencyKey })
    await read()
    await shop.made(`POST /v1/charges/${id}`, { description: 'changed' })
    const later = await read()
    assert.deepEqual([later.body.description, later.headers.get('idempotent-replayed')], ['changed', null])
  })
})

const GUIDE = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc'

describe('an Idempotency-Key is refused', () => {
  it('with other parameters', async () => {
    const key = newKey()
    await send(key)
    for (const form of [
      { ...SAMPLE, amount: 1000 },
      { ...SAMPLE, description: 'other' },
      { ...SAMPLE, capture: 'true' },
    ]) {
      const { status, body, headers } = await send(key, form)
      assert.equal(status, 400)
      assert.deepEqual(body.error, {
        message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
        type: 'idempotency_error',
      })
      assert.equal(headers.get('idempotent-replayed'), null)
    }
  })

  it('on another path', async () => {
    const key = newKey()
    await send(key)
    const { id } = await shop.made(CREATE, { ...SAMPLE, capture: false })
    const { status, error } = await shop.refused(`POST /v1/charges/${id}/capture`, {}, { idempotencyKey: key })
    assert.deepEqual(
      [status, error],
      [
        400,
        {
          message: `Keys for idempotent requests can only be used for the same endpoint they were first used for ('/v1/charges/${id}/capture' vs '/v1/charges'). Try using a key other than '${key}' if you meant to execute a different request.`,
          type: 'idempotency_error',
        },
      ],
    )
    assert.equal((await shop.made(`GET /v1/charges/${id}`)).captured, false)
  })

  it('as an idempotency error in both libraries', async () => {
    const key = newKey()
    await send(key)
    const other = { ...SAMPLE, amount: 1000 }
    await assert.rejects(
      shop.stripe.charges.create(other, { idempotencyKey: key }),
      Stripe.errors.StripeIdempotencyError,
    )
    const old = shop.oldStripe.charges.create(other, { idempotency_key: key })
    assert.equal((await refusalOf(old)).type, 'idempotency_error')
  })

  it('while the first request is at work', async () => {
    const key = newKey()
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(key)))
    const running = answers.filter(({ status }) => status === 409)
    assert(running.length > 0, 'nobody had to wait')
    for (const { body, headers } of running) {
      assert.deepEqual(body.error, {
        code: 'idempotency_key_in_use',
        doc_url: 'https://stripe.com/docs/error-codes/idempotency-key-in-use',
        message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
        type: 'invalid_request_error',
      })
      assert.equal(headers.get('stripe-should-retry'), 'true')
    }
    assert.equal((await send(key)).headers.get('idempotent-replayed'), 'true')
  })
})

describe('what never reached the endpoint is not kept', () => {
  const wrong: readonly (readonly [what: string, form: Form, options?: CallOptions])[] = [
    ['an unknown parameter', { ...SAMPLE, wat: 1 }],
    ['a malformed one', { ...SAMPLE, amount: 'abc' }],
    ['a missing one', { currency: 'usd' }],
    ['a wrong version', SAMPLE, { version: '2022-08-02' }],
    ['a wrong key', SAMPLE, { key: 'sk_test_wrong' }],
    ['something that cannot be expanded', { ...SAMPLE, expand: ['metadata'] }],
    ['an unknown token', { ...SAMPLE, source: 'tok_nope' }],
  ]
  for (const [what, form, options] of wrong) {
    it(what, async () => {
      const key = newKey()
      const { status } = await send(key, form, options)
      assert(status >= 400)
      const { status: then, headers } = await send(key)
      assert.deepEqual([then, headers.get('idempotent-replayed')], [200, null])
    })
  }
})

describe('a key lives 24 hours', () => {
  it('and is new again after them', async () => {
    const key = newKey()
    const first = await send(key)
    shop.clock.advance(24 * HOUR - 1)
    assertReplayOf(first, await send(key))
    shop.clock.advance(1)
    const second = await send(key, { ...SAMPLE, amount: 1000 })
    assert.deepEqual([second.status, second.body.amount], [200, 1000])
    assert.equal(second.headers.get('idempotent-replayed'), null)
    assertReplayOf(second, await send(key, { ...SAMPLE, amount: 1000 }))
  })
})

describe('a key belongs to one account', () => {
  it('and says nothing in another', async () => {
    const key = newKey()
    const first = await send(key)
    const { body: account } = await shop.control<{ secret_key: string }>('POST /accounts', {})
    const other = await send(key, { ...SAMPLE, amount: 1000 }, { key: account.secret_key })
    assert.deepEqual([other.status, other.body.amount], [200, 1000])
    assertReplayOf(first, await send(key))
  })
})

describe('many at once', () => {
  it('200 requests with one key make one charge', async () => {
    const key = newKey()
    const before = await charges()
    const answers = await Promise.all(Array.from({ length: 200 }, () => send(key)))
    const ids = new Set<string>()
    for (const { status, body } of answers) {
      assert(status === 200 || status === 409, `answered ${status}`)
      if (status === 200) ids.add(body.id)
    }
    assert.equal(ids.size, 1)
    assert.equal(await charges(), before + 1)
  })

  it('200 requests of 20 keys, retried until each is answered, make 20 charges', async () => {
    const group = `burst-${newKey()}`
    const pay = async (n: number) => {
      for (;;) {
        const { status, body } = await send(`${group}-${n % 20}`, { ...SAMPLE, transfer_group: group })
        if (status === 200) return body.id
        assert.equal(status, 409)
      }
    }
    const ids = await Promise.all(Array.from({ length: 200 }, (_, n) => pay(n)))
    assert.equal(new Set(ids).size, 20)
    assert.equal((await shop.made('GET /v1/charges', { transfer_group: group, limit: 100 })).data.length, 20)
  })

  it('fifty with one key, each of which would be declined, decline once', async () => {
    const key = newKey()
    const before = await charges()
    const declined = { ...SAMPLE, source: 'tok_chargeDeclined' }
    await Promise.all(Array.from({ length: 50 }, () => send(key, declined)))
    assert.equal(await charges(), before + 1)
  })
})

describe('keys survive a restart', () => {
  it('with success, decline and refusal', async () => {
    const forms = [SAMPLE, { ...SAMPLE, source: 'tok_chargeDeclined' }, { ...SAMPLE, amount: 10 }]
    const made: { readonly key: string; readonly form: typeof SAMPLE; readonly first: Answer }[] = []
    for (const form of forms) {
      const key = newKey()
      made.push({ key, form, first: await send(key, form) })
    }
    const before = await charges()
    await shop.restart()
    for (const { key, form, first } of made) {
      assertReplayOf(first, await send(key, form))
      assert.equal((await send(key, { ...form, description: 'other' })).body.error.type, 'idempotency_error')
    }
    assert.equal(await charges(), before)
  })
})
