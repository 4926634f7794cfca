import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RESOURCES } from '../../src/keys/permissions.ts'
import { ENDPOINTS } from '../../src/server.ts'
import { expanded, type Form, newStripe, PUBLISHABLE_KEY, SECRET_KEY, startTestServer } from './server.ts'

const GUIDE = 'acct_1KobanTestAccount'
const SAMPLE = { amount: 999, currency: 'usd', source: 'tok_visa' }

const shop = await startTestServer()

type Key = { readonly id: string; readonly key: string; readonly permissions: Readonly<Record<string, string>> | null }
type Tried = { readonly name: string; readonly key: string; readonly permissions: readonly string[] }

async function restricted(permissions: Form): Promise<Key> {
  const sent = { kind: 'restricted', permissions }
  return (await shop.control<Key>(`POST /accounts/${GUIDE}/keys`, sent)).body
}

/** Each resource's routes, and whether reading is enough: what stands in src/keys/permissions.ts, said once more. */
const ROUTES: Readonly<Record<string, readonly string[]>> = {
  balance_read: [
    ...['GET /v1/balance', 'GET /v1/balance/history', 'GET /v1/balance/history/:id'],
    ...['GET /v1/balance_transactions', 'GET /v1/balance_transactions/:id'],
  ],
  charge_read: [
    ...['GET /v1/charges', 'GET /v1/charges/:charge', 'GET /v1/charges/:charge/refunds'],
    ...['GET /v1/charges/:charge/refunds/:refund', 'GET /v1/refunds', 'GET /v1/refunds/:refund'],
    'GET /v1/charges/search',
  ],
  charge_write: [
    ...['POST /v1/charges', 'POST /v1/charges/:charge', 'POST /v1/charges/:charge/capture'],
    ...['POST /v1/charges/:charge/refund', 'POST /v1/charges/:charge/refunds'],
    ...['POST /v1/charges/:charge/refunds/:refund', 'POST /v1/refunds', 'POST /v1/refunds/:refund'],
    'POST /v1/refunds/:refund/cancel',
  ],
  connected_account_read: [
    ...['GET /v1/account', 'GET /v1/account/external_accounts', 'GET /v1/account/external_accounts/:id'],
    ...['GET /v1/accounts/:account/external_accounts', 'GET /v1/accounts/:account/external_accounts/:id'],
  ],
  connected_account_write: [
    ...['POST /v1/account', 'POST /v1/account/external_accounts', 'POST /v1/account/external_accounts/:id'],
    ...['DELETE /v1/account/external_accounts/:id', 'POST /v1/accounts/:account/external_accounts'],
    ...['POST /v1/accounts/:account/external_accounts/:id', 'DELETE /v1/accounts/:account/external_accounts/:id'],
  ],
  customer_read: [
    ...['GET /v1/customers', 'GET /v1/customers/:customer', 'GET /v1/customers/:customer/sources'],
    ...['GET /v1/customers/:customer/sources/:id', 'GET /v1/customers/:customer/cards'],
    'GET /v1/customers/:customer/cards/:id',
  ],
  customer_write: [
    ...['POST /v1/customers', 'POST /v1/customers/:customer', 'DELETE /v1/customers/:customer'],
    ...['POST /v1/customers/:customer/sources', 'POST /v1/customers/:customer/sources/:id'],
    ...['DELETE /v1/customers/:customer/sources/:id', 'POST /v1/customers/:customer/cards'],
    ...['POST /v1/customers/:customer/cards/:id', 'DELETE /v1/customers/:customer/cards/:id'],
  ],
  dispute_read: ['GET /v1/disputes', 'GET /v1/disputes/:dispute', 'GET /v1/charges/:charge/dispute'],
  dispute_write: [
    ...['POST /v1/disputes/:dispute', 'POST /v1/disputes/:dispute/close', 'POST /v1/charges/:charge/dispute'],
    'POST /v1/charges/:charge/dispute/close',
  ],
  early_fraud_warning_read: ['GET /v1/radar/early_fraud_warnings', 'GET /v1/radar/early_fraud_warnings/:id'],
  file_read: ['GET /v1/files', 'GET /v1/files/:file', 'GET /v1/files/:file/contents'],
  file_write: ['POST /v1/files'],
  event_read: ['GET /v1/events', 'GET /v1/events/:id'],
  payout_read: ['GET /v1/payouts', 'GET /v1/payouts/:payout'],
  payout_write: ['POST /v1/payouts', 'POST /v1/payouts/:payout', 'POST /v1/payouts/:payout/cancel'],
  source_read: ['GET /v1/sources/:source'],
  source_write: ['POST /v1/sources', 'POST /v1/sources/:source'],
  token_read: ['GET /v1/tokens/:token'],
  token_write: ['POST /v1/tokens'],
}

/** What a browser may do by a publishable key. */
const OPEN = new Set(['POST /v1/tokens', 'POST /v1/sources', 'GET /v1/sources/:source'])

const permissionOf = new Map(
  Object.entries(ROUTES).flatMap(([permission, routes]) => routes.map((route) => [route, permission] as const)),
)

const tried: readonly Tried[] = [
  { name: 'restricted to nothing', key: (await restricted({})).key, permissions: [] },
  ...(await Promise.all(
    Object.entries(RESOURCES).flatMap(([resource, most]) =>
      (most === 'read' ? ['read'] : ['read', 'write']).map(async (level) => {
        const { key } = await restricted({ [resource]: level })
        const permissions = [`${resource}_read`, `${resource}_${level}`]
        if (resource === 'balance_transaction_source') permissions.push('balance_read')
        return { name: `restricted to ${resource}=${level}`, key, permissions }
      }),
    ),
  )),
]

describe('every route, by every kind of key', () => {
  for (const { method, path, keys } of ENDPOINTS) {
    const route = `${method} ${path}`
    it(route, async () => {
      const permission = permissionOf.get(route)
      assert(permission, `${route} has no row in the table of this test`)
      assert.equal(keys === 'any', OPEN.has(route))
      // Nothing has this name, so that a key that is let in is told so, or what is missing.
      const call = (key: string) => shop.call(`${method} ${path.replaceAll(/:\w+/g, 'none')}`, {}, { key })

      assert.notEqual((await call(SECRET_KEY)).status, 403)
      const byPublishable = await call(PUBLISHABLE_KEY)
      const isOpen = OPEN.has(route)
      assert.equal(byPublishable.status === 401, !isOpen)
      if (!isOpen) assert.equal(byPublishable.body.error.code, 'secret_key_required')

      for (const { name, key, permissions } of tried) {
        const { status, body } = await call(key)
        if (permissions.includes(permission)) {
          assert.notEqual(status, 403, `${name} may not`)
          continue
        }
        const shown = `${key.slice(0, 8)}${'*'.repeat(key.length - 14)}${key.slice(-6)}`
        assert.deepEqual(
          [status, body],
          [
            403,
            {
              error: {
                message: `The provided key '${shown}' does not have the required permissions for this endpoint on account '${GUIDE}'. Having the 'rak_${permission}' permission would allow this request to continue.`,
                type: 'invalid_request_error',
              },
            },
          ],
          `${name}: ${route}`,
        )
      }
    })
  }
})

describe('a restricted key', () => {
  it('does what it may, and changes nothing where it may not', async () => {
    const { key } = await restricted({ charge: 'write' })
    const charge = await shop.made('POST /v1/charges', SAMPLE, { key })
    assert.equal((await shop.made('POST /v1/refunds', { charge: charge.id }, { key })).status, 'succeeded')
    const reader = (await restricted({ charge: 'read' })).key
    assert.equal((await shop.refused('POST /v1/charges', SAMPLE, { key: reader })).status, 403)
    assert.equal((await shop.made('GET /v1/charges', {}, { key: reader })).data[0]?.id, charge.id)
  })

  it('raises the exception of permissions in the official library', async () => {
    const stripe = newStripe(shop.port, (await restricted({ event: 'read' })).key)
    await assert.rejects(stripe.charges.create(SAMPLE), { type: 'StripePermissionError', statusCode: 403 })
    assert.equal((await stripe.events.list({ limit: 1 })).object, 'list')
  })

  it('must be allowed to read what it expands, and else does nothing', async () => {
    const { key } = await restricted({ charge: 'write', balance: 'read' })
    const narrow = (await restricted({ charge: 'write' })).key
    const charge = await shop.made('POST /v1/charges', { ...SAMPLE, expand: ['balance_transaction'] }, { key })
    assert.equal(expanded(charge.balance_transaction).object, 'balance_transaction')
    const needs = async (route: string, form: Form, by: string) => {
      const { status, error } = await shop.refused(route, form, { key: by })
      assert.equal(status, 403)
      return /'rak_(\w+)'/.exec(error.message)?.[1]
    }
    const before = (await shop.made('GET /v1/charges', {}, { key })).data.map(({ id }) => id)
    const expand = (path: string) => ({ expand: [path] })
    assert.equal(
      await needs('POST /v1/charges', { ...SAMPLE, ...expand('balance_transaction') }, narrow),
      'balance_read',
    )
    assert.equal(await needs('GET /v1/charges', expand('data.balance_transaction'), narrow), 'balance_read')
    assert.equal(
      await needs(`GET /v1/charges/${charge.id}`, expand('balance_transaction.source'), key),
      'balance_transaction_source_read',
    )
    const auditor = (await restricted({ balance_transaction_source: 'read' })).key
    const { data } = await shop.made('GET /v1/balance_transactions', expand('data.source'), { key: auditor })
    assert.equal(expanded(data[0]?.source).id, charge.id)
    assert.equal(await needs('GET /v1/refunds', expand('data.charge'), auditor), 'charge_read')
    // What an old version shows without being asked needs nothing more.
    const { refunds } = await shop.made(`GET /v1/charges/${charge.id}`, {}, { key: narrow })
    assert.equal(refunds.object, 'list')
    assert.deepEqual(
      (await shop.made('GET /v1/charges', {}, { key })).data.map(({ id }) => id),
      before,
    )
  })

  it('is told of a wrong URL like any other key', async () => {
    const { key } = await restricted({})
    assert.equal((await shop.refused('GET /v1/nothing', {}, { key })).status, 404)
  })

  it('opens no control endpoint', async () => {
    const { key } = await restricted({ connected_account: 'write' })
    const response = await fetch(`${shop.url}/_koban/accounts/${GUIDE}/keys`, {
      headers: { authorization: `Bearer ${key}` },
    })
    assert.equal(response.status, 401)
  })
})

describe('what a restricted key may do', () => {
  const change = (id: string, permissions: Form) =>
    shop.control<Key & { error: { param?: string; message: string } }>(`POST /accounts/${GUIDE}/keys/${id}`, {
      permissions,
    })

  it('is changed where it is named, from the next request on, and over a restart', async () => {
    const { id, key, permissions } = await restricted({ charge: 'write', event: 'read' })
    assert.deepEqual(permissions, { charge: 'write', event: 'read' })
    await shop.made('GET /v1/charges', {}, { key })
    const { body } = await change(id, { charge: 'none', token: 'write' })
    assert.deepEqual([body.permissions, body.key], [{ event: 'read', token: 'write' }, key])
    assert.equal((await shop.refused('GET /v1/charges', {}, { key })).status, 403)
    await shop.restart()
    assert.equal((await shop.refused('GET /v1/charges', {}, { key })).status, 403)
    await shop.made('GET /v1/events', {}, { key })
  })

  it('goes over to the key that replaces it', async () => {
    const { id } = await restricted({ charge: 'read' })
    const { body: rolled } = await shop.control<Key>(`POST /accounts/${GUIDE}/keys/${id}/roll`)
    assert.match(rolled.key, /^rk_test_/)
    assert.deepEqual(rolled.permissions, { charge: 'read' })
    await shop.made('GET /v1/charges', {}, { key: rolled.key })
    assert.equal((await shop.refused('POST /v1/charges', SAMPLE, { key: rolled.key })).status, 403)
  })

  it('is shown with the key, of which a live one keeps no text', async () => {
    const made = (livemode: boolean) =>
      shop.control<Key>(`POST /accounts/${GUIDE}/keys`, {
        kind: 'restricted',
        livemode,
        permissions: { event: 'read' },
      })
    const [test, live] = [(await made(false)).body, (await made(true)).body]
    const { body } = await shop.control<{ data: readonly Key[] }>(`GET /accounts/${GUIDE}/keys`)
    const listed = new Map(body.data.map(({ id, key, permissions }) => [id, { key, permissions }]))
    assert.deepEqual(listed.get(test.id), { key: test.key, permissions: { event: 'read' } })
    assert.deepEqual(listed.get(live.id), { key: null, permissions: { event: 'read' } })
    const { body: changed } = await change(live.id, { charge: 'read' })
    assert.deepEqual([changed.key, changed.permissions], [null, { charge: 'read', event: 'read' }])
  })

  it('must be said in words that are there, of a key that has permissions', async () => {
    const { id } = await restricted({ charge: 'read' })
    const cases: readonly (readonly [permissions: Form, param: string])[] = [
      [{ charge: 'all' }, 'permissions[charge]'],
      [{ balance: 'write' }, 'permissions[balance]'],
      [{ cats: 'read' }, 'permissions[cats]'],
    ]
    for (const [permissions, param] of cases) {
      const { status, body } = await change(id, permissions)
      assert.deepEqual([status, body.error.param], [400, param])
    }
    const { body: secret } = await shop.control<Key>(`POST /accounts/${GUIDE}/keys`, {})
    const { status, body } = await change(secret.id, { charge: 'read' })
    assert.deepEqual([status, body.error.param], [400, 'permissions'])
    const { body: none } = await shop.control<{ error: { param?: string } }>(`POST /accounts/${GUIDE}/keys/${id}`, {})
    assert.equal(none.error.param, 'permissions')
    assert.equal((await change('mk_none', { charge: 'read' })).status, 404)
    const { body: after } = await shop.control<{ data: readonly Key[] }>(`GET /accounts/${GUIDE}/keys`)
    assert.deepEqual(after.data.find((key) => key.id === id)?.permissions, { charge: 'read' })
  })
})
