import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Answer, type ApiError, NEW, OLD, PUBLISHABLE_KEY, SECRET_KEY, startTestServer } from './server.ts'

const GUIDE = 'acct_1KobanTestAccount'
const SAMPLE = { amount: 999, currency: 'usd', source: 'tok_visa' }

const shop = await startTestServer()

type Key = { readonly id: string; readonly key: string | null; readonly kind: string; readonly livemode: boolean }
type Account = { readonly id: string; readonly api_version: string; readonly secret_key: string }
type Told = Key & Account & { readonly data: readonly Key[]; readonly error: ApiError }

/** A control endpoint, asked by an API key. */
async function ask(key: string, route: string, sent?: object, headers = {}) {
  const [method = '', path = ''] = route.split(' ')
  const response = await fetch(`${shop.url}/_koban${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: sent === undefined ? null : JSON.stringify(sent),
  })
  return { status: response.status, body: (await response.json()) as Told }
}

const KEYS = `/accounts/${GUIDE}/keys`
const operatorMakes = async (sent: object): Promise<Key> => (await shop.control<Key>(`POST ${KEYS}`, sent)).body
const textOf = ({ key }: Key) => key ?? assert.fail('the key has no text')

describe('a secret key of test mode', () => {
  it('sees the test keys of its account, and no live one', async () => {
    const live = await operatorMakes({ livemode: true, kind: 'publishable' })
    const { status, body } = await ask(SECRET_KEY, `GET ${KEYS}`)
    assert.equal(status, 200)
    assert(body.data.some(({ key }) => key === SECRET_KEY))
    assert(body.data.every(({ livemode, id }) => !livemode && id !== live.id))
  })

  it('makes, changes, rolls and revokes test keys', async () => {
    const { body: made } = await ask(SECRET_KEY, `POST ${KEYS}`, {
      kind: 'restricted',
      permissions: { charge: 'read' },
    })
    assert.match(textOf(made), /^rk_test_/)
    const { status } = await ask(SECRET_KEY, `POST ${KEYS}/${made.id}`, { permissions: { charge: 'write' } })
    assert.equal(status, 200)
    await shop.made('POST /v1/charges', SAMPLE, { key: textOf(made) })
    const { body: rolled } = await ask(SECRET_KEY, `POST ${KEYS}/${made.id}/roll`, {})
    assert.equal((await shop.refused('GET /v1/charges', {}, { key: textOf(made) })).status, 401)
    await shop.made('POST /v1/charges', SAMPLE, { key: textOf(rolled) })
    assert.equal((await ask(SECRET_KEY, `DELETE ${KEYS}/${rolled.id}`)).status, 200)
    assert.equal((await shop.refused('GET /v1/charges', {}, { key: textOf(rolled) })).status, 401)
  })

  it('can neither make nor touch a live key', async () => {
    const { status, body } = await ask(SECRET_KEY, `POST ${KEYS}`, { livemode: true })
    assert.deepEqual([status, body.error.param], [400, 'livemode'])
    const live = await operatorMakes({ livemode: true, kind: 'restricted' })
    for (const [route, sent] of [
      [`POST ${KEYS}/${live.id}`, { permissions: { charge: 'write' } }],
      [`POST ${KEYS}/${live.id}/roll`, {}],
      [`DELETE ${KEYS}/${live.id}`, undefined],
    ] as const) {
      const { status, body } = await ask(SECRET_KEY, route, sent)
      assert.equal(status, 404)
      assert.equal(
        body.error.message,
        `No such key: '${live.id}'; a similar object exists in live mode, but a test mode key was used to make this request.`,
      )
    }
    assert.equal((await shop.refused('GET /v1/charges', {}, { key: textOf(live) })).status, 403) // and not 401
  })
})

describe('a secret key of live mode', () => {
  it('makes and sees live keys only', async () => {
    const live = textOf(await operatorMakes({ livemode: true }))
    const { body: made } = await ask(live, `POST ${KEYS}`, {})
    assert.match(textOf(made), /^sk_live_/)
    const { body } = await ask(live, `GET ${KEYS}`)
    assert(body.data.some(({ id }) => id === made.id))
    assert(body.data.every(({ livemode, key, kind }) => livemode && (kind === 'publishable' || key === null)))
    assert.equal((await ask(live, `POST ${KEYS}`, { livemode: false })).body.error.param, 'livemode')
    const { id } = await operatorMakes({})
    assert.equal((await ask(live, `DELETE ${KEYS}/${id}`)).status, 404)
  })
})

describe('an account', () => {
  it('is seen and changed by its own secret key', async () => {
    const { body: made } = await shop.control<Account>('POST /accounts', { business_name: 'Tea' })
    const route = `/accounts/${made.id}`
    assert.equal((await ask(made.secret_key, `GET ${route}`)).body.api_version, NEW)
    const sent = { api_version: '2020-08-27', business_name: null, email: 'a@b.test', statement_descriptor: 'NEW TEA' }
    const { status, body } = await ask(made.secret_key, `POST ${route}`, sent)
    assert.equal(status, 200)
    assert.deepEqual(body, (await shop.control(`GET ${route}`)).body)
    const { id: _, created: __, ...shown } = body as unknown as Record<string, unknown>
    assert.deepEqual(shown, {
      object: 'account',
      api_version: '2020-08-27',
      business_name: null,
      country: 'US',
      default_currency: 'usd',
      dispute_fee_returned: false,
      email: 'a@b.test',
      statement_descriptor: 'NEW TEA',
    })
    const charge = await shop.made('POST /v1/charges', SAMPLE, { key: made.secret_key })
    assert.equal(charge.calculated_statement_descriptor, 'NEW TEA')
  })

  it('is never seen nor changed by a key of another', async () => {
    const { body: other } = await shop.control<Account>('POST /accounts', {})
    for (const account of [other.id, 'acct_none']) {
      for (const route of [`GET /accounts/${account}`, `POST /accounts/${account}`, `GET /accounts/${account}/keys`]) {
        const { status, body } = await ask(SECRET_KEY, route, route.startsWith('POST') ? {} : undefined)
        assert.deepEqual(
          [status, body.error.code, body.error.message],
          [
            403,
            'account_invalid',
            `The provided key 'sk_test_********************p7dc' does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`,
          ],
        )
      }
    }
  })

  it('cannot be changed into what is wrong', async () => {
    const before = (await ask(SECRET_KEY, `GET /accounts/${GUIDE}`)).body
    for (const [sent, param] of [
      [{ api_version: '2022-11-16' }, 'api_version'],
      [{ api_version: '2026-10-28' }, 'api_version'],
      [{ api_version: '2026-11-25.endive' }, 'api_version'],
      [{ statement_descriptor: '<' }, 'statement_descriptor'],
      [{ email: 'nobody' }, 'email'],
      [{ country: 'JP' }, 'country'],
      [{ business_name: { a: 'b' } }, 'business_name'],
    ] as const) {
      const { status, body } = await ask(SECRET_KEY, `POST /accounts/${GUIDE}`, { business_name: 'No', ...sent })
      assert.deepEqual([status, body.error.param], [400, param])
    }
    const deep = `{"permissions":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`
    const response = await fetch(`${shop.url}/_koban${KEYS}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRET_KEY}`, 'content-type': 'application/json' },
      body: deep,
    })
    assert.equal(response.status, 400)
    assert.deepEqual((await ask(SECRET_KEY, `GET /accounts/${GUIDE}`)).body, before)
  })
})

describe("an account's version", () => {
  const versions = ({ headers }: Answer) => headers.get('stripe-version')

  it('is what calls without a header are answered in, from the change on; a header still wins', async () => {
    const { id } = await shop.made('POST /v1/charges', SAMPLE)
    assert.equal(versions(await shop.call(`GET /v1/charges/${id}`)), OLD)
    await ask(SECRET_KEY, `POST /accounts/${GUIDE}`, { api_version: NEW })
    const after = await shop.call(`GET /v1/charges/${id}`)
    assert.equal(versions(after), NEW)
    assert.equal(after.text, (await shop.call(`GET /v1/charges/${id}`, {}, { version: NEW })).text)
    assert.equal(versions(await shop.call(`GET /v1/charges/${id}`, {}, { version: OLD })), OLD)
    await ask(SECRET_KEY, `POST /accounts/${GUIDE}`, { api_version: OLD })
  })

  it('is that of the events to come: those that are stored stay as they were', async () => {
    const newest = async () => (await shop.made('GET /v1/events', { limit: 1 })).data[0]
    await shop.made('POST /v1/charges', SAMPLE)
    const before = await newest()
    assert.equal(before?.api_version, OLD)
    await ask(SECRET_KEY, `POST /accounts/${GUIDE}`, { api_version: NEW })
    assert.deepEqual(await newest(), before)
    await shop.made('POST /v1/charges', SAMPLE)
    const later = await newest()
    assert.equal(later?.api_version, NEW)
    const refundsOf = (event: unknown) => 'refunds' in (event as { data: { object: object } }).data.object
    assert.deepEqual([refundsOf(before), refundsOf(later)], [true, false])
    await ask(SECRET_KEY, `POST /accounts/${GUIDE}`, { api_version: OLD })
  })
})

describe('the control endpoints of an account', () => {
  it('are closed to a browser, also one that knows the secret key', async () => {
    const { status, body } = await ask(SECRET_KEY, `GET ${KEYS}`, undefined, { origin: 'http://localhost:3000' })
    assert.deepEqual([status, body.error.message], [403, 'Control endpoints cannot be called from a browser.'])
  })

  it('are closed to a key that has ended', async () => {
    const key = await operatorMakes({})
    assert.equal((await ask(textOf(key), `GET ${KEYS}`)).status, 200)
    await shop.control(`DELETE ${KEYS}/${key.id}`)
    const { status, body } = await ask(textOf(key), `GET ${KEYS}`)
    assert.deepEqual([status, body.error.code], [401, 'api_key_expired'])
  })

  it('are closed to a publishable key', async () => {
    const { status, body } = await ask(PUBLISHABLE_KEY, `GET ${KEYS}`)
    assert.equal(status, 401)
    assert.match(body.error.message, /^This call needs the admin token of this server, or a secret key of the account/)
  })

  it("are closed to the guide's secret key, which all know, where others can reach the server", async () => {
    const open = await startTestServer({ host: '0.0.0.0', publicTestKeys: true })
    const headers = { authorization: `Bearer ${SECRET_KEY}` }
    assert.equal((await open.call('GET /v1/charges')).status, 200)
    const response = await fetch(`${open.url}/_koban${KEYS}`, { headers })
    assert.equal(response.status, 401)
    const { body: own } = await open.control<Key>(`POST ${KEYS}`, {})
    const byOwn = await fetch(`${open.url}/_koban${KEYS}`, { headers: { authorization: `Bearer ${textOf(own)}` } })
    assert.equal(byOwn.status, 200)
  })
})
