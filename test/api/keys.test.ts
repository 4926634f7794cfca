import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HOUR } from './clock.ts'
import {
  ADMIN_TOKEN,
  type Form,
  NEW,
  newStripe,
  OLD,
  PUBLISHABLE_KEY,
  refusalOf,
  SECRET_KEY,
  startTestServer,
} from './server.ts'

const GUIDE = 'acct_1KobanTestAccount'
const SAMPLE = { amount: 999, currency: 'usd', source: 'tok_visa' }

const shop = await startTestServer()

type Key = {
  readonly id: string
  readonly key: string | null
  readonly kind: string
  readonly livemode: boolean
  readonly last4: string
  readonly expires: number | null
}
type NewAccount = { readonly id: string; readonly secret_key: string; readonly publishable_key: string }

const createKey = async (form: Form = {}, account = GUIDE) =>
  (await shop.control<Key>(`POST /accounts/${account}/keys`, form)).body
const keysOf = async (account = GUIDE) =>
  (await shop.control<{ data: readonly Key[] }>(`GET /accounts/${account}/keys`)).body.data
const textOf = ({ key }: Key) => key ?? assert.fail('the key has no text')

describe('keys of test and of live', () => {
  it('are told apart by their beginning', async () => {
    for (const [kind, livemode, prefix] of [
      ['secret', false, 'sk_test_'],
      ['publishable', false, 'pk_test_'],
      ['secret', true, 'sk_live_'],
      ['publishable', true, 'pk_live_'],
      ['restricted', false, 'rk_test_'],
      ['restricted', true, 'rk_live_'],
    ] as const) {
      const made = await createKey({ kind, livemode })
      assert(textOf(made).startsWith(prefix), textOf(made))
      assert.deepEqual([made.kind, made.livemode, made.last4], [kind, livemode, textOf(made).slice(-4)])
    }
  })

  it('a live charge is refused clearly, and uses up nothing', async () => {
    const live = textOf(await createKey({ livemode: true }))
    const card = { number: '4242424242424242', exp_month: 12, exp_year: 2020, cvc: '123' }
    const token = await shop.made('POST /v1/tokens', { card }, { key: live })
    assert.equal(token.livemode, true)
    for (const form of [{ source: token.id }, { source: 'tok_visa' }, { card }]) {
      const { status, error } = await shop.refused(
        'POST /v1/charges',
        { amount: 999, currency: 'usd', ...form },
        { key: live },
      )
      assert.equal(status, 400)
      assert.deepEqual(error, {
        code: 'testmode_charges_only',
        doc_url: 'https://stripe.com/docs/error-codes/testmode-charges-only',
        message: 'Your account cannot currently make live charges.',
        type: 'invalid_request_error',
      })
    }
    assert.equal((await shop.made(`GET /v1/tokens/${token.id}`, {}, { key: live })).used, false)
    assert.deepEqual((await shop.made('GET /v1/charges', {}, { key: live })).data, [])
    assert.equal(
      (await shop.refused('POST /v1/charges', { amount: 1, currency: 'usd', source: 'tok_visa' }, { key: live }))
        .status,
      400,
    )
  })
})

describe('an account of its own', () => {
  it('is made with keys that work at once, in the newest version', async () => {
    const { status, body } = await shop.control<NewAccount>('POST /accounts', {
      country: 'JP',
      default_currency: 'jpy',
      business_name: 'Ramen',
      statement_descriptor: 'RAMEN YA',
    })
    assert.equal(status, 200)
    const { secret_key, publishable_key, ...shown } = body
    assert.deepEqual(
      { ...shown, id: '', created: 0 },
      {
        id: '',
        object: 'account',
        api_version: NEW,
        business_name: 'Ramen',
        country: 'JP',
        created: 0,
        default_currency: 'jpy',
        dispute_fee_returned: false,
        email: null,
        statement_descriptor: 'RAMEN YA',
      },
    )
    assert.match(secret_key, /^sk_test_/)
    const { headers, body: charge } = await shop.call(
      'POST /v1/charges',
      { ...SAMPLE, currency: 'jpy' },
      { key: secret_key },
    )
    assert.equal(headers.get('stripe-version'), NEW)
    assert.equal(charge.calculated_statement_descriptor, 'RAMEN YA')
    assert.equal(
      (
        await shop.call(
          'POST /v1/tokens',
          { card: { number: '4242424242424242', exp_month: 1, exp_year: 2020 } },
          { key: publishable_key },
        )
      ).status,
      200,
    )
  })

  it('is seen by no other', async () => {
    const { body: other } = await shop.control<NewAccount>('POST /accounts', {})
    const mine = await shop.made('POST /v1/charges', SAMPLE)
    const { status, error } = await shop.refused(`GET /v1/charges/${mine.id}`, {}, { key: other.secret_key })
    assert.deepEqual([status, error.message], [404, `No such charge: '${mine.id}'`])
    assert.deepEqual((await shop.made('GET /v1/charges', {}, { key: other.secret_key })).data, [])
    const refund = await shop.refused('POST /v1/refunds', { charge: mine.id }, { key: other.secret_key })
    assert.equal(refund.status, 404)
  })

  it('is listed beside the one of the guide', async () => {
    const { body: made } = await shop.control<NewAccount>('POST /accounts', {})
    const { body } = await shop.control('GET /accounts')
    const accounts = new Map(body.data.map((account) => [account.id, account]))
    assert.deepEqual([accounts.get(GUIDE)?.api_version, accounts.get(made.id)?.api_version], [OLD, NEW])
  })

  it('is not made of what is wrong', async () => {
    for (const form of [{ country: 'XX' }, { default_currency: 'usdz' }, { wat: '1' }, { statement_descriptor: '<' }]) {
      const { status, body } = await shop.control('POST /accounts', form)
      assert.deepEqual([status, body.error.type], [400, 'invalid_request_error'], JSON.stringify(form))
    }
  })
})

describe('a key is', () => {
  it('listed, with its text unless it is a live secret', async () => {
    const live = await createKey({ livemode: true })
    const test = await createKey()
    const listed = new Map((await keysOf()).map((key) => [key.id, key]))
    assert.equal(listed.get(live.id)?.key, null)
    assert.equal(listed.get(test.id)?.key, test.key)
    assert([...listed.values()].some(({ key }) => key === SECRET_KEY))
    assert([...listed.values()].some(({ key }) => key === PUBLISHABLE_KEY))
  })

  it('rolled: the old one ends at once', async () => {
    const old = await createKey()
    const { body: rolled } = await shop.control<Key>(`POST /accounts/${GUIDE}/keys/${old.id}/roll`)
    assert.notEqual(rolled.key, old.key)
    await shop.made('GET /v1/charges', {}, { key: textOf(rolled) })
    const { status, error } = await shop.refused('GET /v1/charges', {}, { key: textOf(old) })
    const shown = `sk_test_${'*'.repeat(textOf(old).length - 12)}${old.last4}`
    assert.deepEqual(
      [status, error.code, error.message],
      [401, 'api_key_expired', `Expired API Key provided: ${shown}`],
    )
  })

  it('rolled with notice: both work until then', async () => {
    const old = await createKey()
    await shop.made('GET /v1/charges', {}, { key: textOf(old) })
    const { body: rolled } = await shop.control<Key>(`POST /accounts/${GUIDE}/keys/${old.id}/roll`, {
      expires_in: HOUR,
    })
    for (const key of [textOf(old), textOf(rolled)]) await shop.made('GET /v1/charges', {}, { key })
    // The age of a key has nothing to do with the account's clock.
    shop.clock.advance(2 * HOUR)
    await shop.made('GET /v1/charges', {}, { key: textOf(old) })
    shop.clock.advanceRealTime(HOUR)
    assert.equal((await shop.refused('GET /v1/charges', {}, { key: textOf(old) })).error.code, 'api_key_expired')
    await shop.made('GET /v1/charges', {}, { key: textOf(rolled) })
  })

  it('revoked, and stays so over a restart', async () => {
    const key = await createKey()
    await shop.made('GET /v1/charges', {}, { key: textOf(key) })
    const { status, body } = await shop.control(`DELETE /accounts/${GUIDE}/keys/${key.id}`)
    assert.deepEqual([status, body], [200, { id: key.id, object: 'api_key', deleted: true }])
    assert.equal((await shop.refused('GET /v1/charges', {}, { key: textOf(key) })).status, 401)
    await shop.restart()
    const refusal = await refusalOf(newStripe(shop.port, textOf(key)).charges.list())
    assert.deepEqual([refusal.statusCode, refusal.type], [401, 'invalid_request_error'])
    assert.equal((await shop.control(`DELETE /accounts/${GUIDE}/keys/${key.id}`)).status, 404)
  })

  it('not there, or of an account that is not there', async () => {
    const routes = [
      `POST /accounts/${GUIDE}/keys/mk_nope/roll`,
      `DELETE /accounts/${GUIDE}/keys/mk_nope`,
      'GET /accounts/acct_nope/keys',
      'POST /accounts/acct_nope/keys',
    ]
    for (const route of routes) {
      const { status, body } = await shop.control(route, route.startsWith('POST') ? {} : undefined)
      assert.deepEqual([status, body.error.code], [404, 'resource_missing'], route)
    }
  })
})

describe('the control endpoints', () => {
  const routes = [
    'GET /accounts',
    'POST /accounts',
    `GET /accounts/${GUIDE}/keys`,
    `POST /accounts/${GUIDE}/keys`,
    `POST /accounts/${GUIDE}/keys/x/roll`,
    `DELETE /accounts/${GUIDE}/keys/x`,
    `GET /accounts/${GUIDE}`,
    `POST /accounts/${GUIDE}`,
    `POST /accounts/${GUIDE}/keys/x`,
  ]
  const ask = (route: string, headers: Record<string, string>) => {
    const [method = '', path = ''] = route.split(' ')
    return fetch(`${shop.url}/_koban${path}`, { method, headers })
  }
  const count = async () => [(await shop.control('GET /accounts')).body.data.length, (await keysOf()).length]

  it('are closed to a browser, also one that knows the token', async () => {
    const before = await count()
    for (const route of routes) {
      const response = await ask(route, { authorization: `Bearer ${ADMIN_TOKEN}`, origin: 'http://localhost:3000' })
      const { error } = (await response.json()) as { error: { message: string } }
      assert.deepEqual(
        [response.status, error.message],
        [403, 'Control endpoints cannot be called from a browser.'],
        route,
      )
      assert.equal(response.headers.get('access-control-allow-origin'), null)
    }
    assert.deepEqual(await count(), before)
  })

  it('are closed without the token, and to every API key but a secret key of the account', async () => {
    const restricted = textOf(await createKey({ kind: 'restricted', permissions: { connected_account: 'write' } }))
    const before = await count()
    for (const route of routes) {
      const aboutAll = !route.includes(GUIDE)
      for (const key of [null, 'koban_wrong', PUBLISHABLE_KEY, restricted, ...(aboutAll ? [SECRET_KEY] : [])]) {
        const response = await ask(route, key === null ? {} : { authorization: `Bearer ${key}` })
        assert.equal(response.status, 401, `${route} by ${key}`)
        assert.match(response.headers.get('request-id') ?? '', /^req_/)
      }
    }
    assert.deepEqual(await count(), before)
  })

  it('do not open the API', async () => {
    assert.equal((await shop.refused('GET /v1/charges', {}, { key: ADMIN_TOKEN })).status, 401)
  })
})

describe("the guide's public keys", () => {
  it('do not work where others can reach the server', async () => {
    const open = await startTestServer({ host: '0.0.0.0' })
    for (const key of [SECRET_KEY, PUBLISHABLE_KEY]) {
      const { status, error } = await open.refused(
        'POST /v1/tokens',
        { card: { number: '4242424242424242', exp_month: 1, exp_year: 2020 } },
        { key },
      )
      assert.deepEqual([status, error.message.startsWith('Invalid API Key provided: ')], [401, true])
    }
    const { body: made } = await open.control<Key>(`POST /accounts/${GUIDE}/keys`, {})
    assert.equal((await open.made('POST /v1/charges', SAMPLE, { key: textOf(made) })).paid, true)
  })

  it('unless the operator lets them', async () => {
    const open = await startTestServer({ host: '0.0.0.0', publicTestKeys: true })
    assert.equal((await open.made('POST /v1/charges', SAMPLE)).paid, true)
  })
})
