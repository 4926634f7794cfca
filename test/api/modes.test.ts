import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chargeById, updateCharge } from '../../src/charges/repository.ts'
import { scheduleDue } from '../../src/clock/due.ts'
import { open } from '../../src/disputes/dispute.ts'
import { insertDispute } from '../../src/disputes/repository.ts'
import { insertWarning } from '../../src/early-fraud-warnings/repository.ts'
import { simulateAuthorization } from '../../src/network/simulator/simulator.ts'
import { ENDPOINTS } from '../../src/server.ts'
import { DAY } from './clock.ts'
import { nothingIsDue } from './due.ts'
import { type Body, type Form, NEW, SECRET_KEY, startTestServer } from './server.ts'
import { upload } from './uploads.ts'

/** A bank for live mode, which answers as the simulator does in test mode: so that there are live objects, too. */
const shop = await startTestServer({
  liveAcquirer: {
    isOutside: false,
    authorize: async (request) => simulateAuthorization({ ...request, livemode: false }),
  },
})

const CARD = { number: '4242424242424242', exp_month: 12, exp_year: 2020, cvc: '123' }
const BANK = { object: 'bank_account', country: 'US', routing_number: '110000000', account_number: '000123456789' }
const SALE = { amount: 999, currency: 'usd' }

type Mode = 'test' | 'live'
const { body: liveKey } = await shop.control<{ key: string }>('POST /accounts/acct_1KobanTestAccount/keys', {
  livemode: true,
})
const KEYS: Readonly<Record<Mode, string>> = { test: SECRET_KEY, live: liveKey.key }
const OTHER = { test: 'live', live: 'test' } as const

type World = Readonly<Record<string, string>>
type Make = (route: string, form?: Form) => Promise<Body>

const GUIDE = 'acct_1KobanTestAccount'

/** The test cards whose charges are inquired about, and warned of. */
const [INQUIRED, WARNED] = ['4000000000001976', '4000000000005423']

const INQUIRY = {
  amount: null,
  reason: 'fraudulent',
  isInquiry: true,
  networkReasonCode: null,
  eligibility: null,
  evidence: {},
  transaction: 'txn_unused',
} as const

/** Makes in one mode an object of each kind that a route or a parameter names, with the help of those before it. */
const MAKERS: Readonly<Record<string, (make: Make, world: World, mode: Mode) => Promise<string>>> = {
  charge: async (make) => (await make('POST /v1/charges', { ...SALE, card: CARD })).id,
  refund: async (make, { charge }) => (await make('POST /v1/refunds', { charge, amount: 100 })).id,
  token: async (make) => (await make('POST /v1/tokens', { card: CARD })).id,
  event: async (make) => (await make('GET /v1/events', { limit: 1 })).data[0]?.id ?? assert.fail('no event'),
  customer: async (make) => (await make('POST /v1/customers', { source: { object: 'card', ...CARD } })).id,
  card: async (make, { customer }) => String((await make(`GET /v1/customers/${customer}`)).default_source),
  source: async (make) => (await make('POST /v1/sources', { type: 'card', card: CARD })).id,
  bank_account: async (make) => (await make('POST /v1/account/external_accounts', { external_account: BANK })).id,
  bank_token: async (make) => (await make('POST /v1/tokens', { bank_account: BANK })).id,
  payout: async (make) => (await make('POST /v1/payouts', { amount: 100, currency: 'usd' })).id,
  account: async () => 'acct_1KobanTestAccount',
  file: async (_make, _world, mode) => (await upload(shop, { key: KEYS[mode] })).body.id,
  dispute: async (make, _world, mode) => {
    const charge = await make('POST /v1/charges', { ...SALE, card: { ...CARD, number: INQUIRED } })
    if (mode === 'live') return inquireLive(charge.id)
    return (await make('GET /v1/disputes', { charge: charge.id })).data[0]?.id ?? assert.fail('no dispute')
  },
  'radar.early_fraud_warning': async (make, world, mode) => {
    if (mode === 'live') return warnLive(world.charge ?? '')
    const charge = await make('POST /v1/charges', { ...SALE, card: { ...CARD, number: WARNED } })
    const { data } = await make('GET /v1/radar/early_fraud_warnings', { charge: charge.id })
    return data[0]?.id ?? assert.fail('no warning')
  },
  balance_transaction: async (make, { charge }) => (await make(`GET /v1/charges/${charge}`)).balance_transaction,
}

async function worldOf(mode: Mode): Promise<World> {
  const world: Record<string, string> = {}
  for (const [name, make] of Object.entries(MAKERS)) {
    world[name] = await make((route, form) => shop.made(route, form, { key: KEYS[mode] }), world, mode)
  }
  return world
}

/** In live mode a bank would act. Here its work is put into the books while the server stands still. */
async function inquireLive(charge: string): Promise<string> {
  const id = 'du_1LiveInquiry'
  await shop.restart(async (store) => {
    const stored = (await chargeById(store, GUIDE, charge)) ?? assert.fail('no charge')
    const opened = open(stored.value, [{ ...INQUIRY, id }], shop.clock.seconds)
    assert(!opened.refused)
    const [dispute = assert.fail('no dispute')] = opened.value.disputes
    const writes = [
      insertDispute(GUIDE, true, dispute),
      updateCharge(GUIDE, stored, opened.value.charge),
      ...scheduleDue(GUIDE, true, { kind: 'dispute_deadline', object: id, due: dispute.dueBy + 1 }),
    ]
    await store.commit({ account: GUIDE, writes, balances: [] })
  })
  return id
}

async function warnLive(charge: string): Promise<string> {
  const id = 'issfr_1LiveWarning'
  const fraudType = 'made_with_stolen_card'
  await shop.restart(async (store) => {
    const warning = { id, created: shop.clock.seconds, charge, fraudType, actionable: true } as const
    await store.commit({ account: GUIDE, writes: [insertWarning(GUIDE, true, warning)], balances: [] })
  })
  return id
}

/** Money that both modes can pay out: it takes days to become available, in which a token would be forgotten. */
async function earn(): Promise<void> {
  for (const key of Object.values(KEYS)) {
    await shop.made('POST /v1/account', { settings: { payouts: { schedule: { interval: 'manual' } } } }, { key })
    await shop.made('POST /v1/charges', { ...SALE, card: CARD }, { key })
  }
  shop.clock.advance(7 * DAY)
}

await earn()
const worlds: Readonly<Record<Mode, World>> = { test: await worldOf('test'), live: await worldOf('live') }
await nothingIsDue(shop)

/** Routes that name no object in their path: by which parameters they name one, if by any. */
const PARAMETERS: Readonly<Record<string, readonly ((world: World) => Form)[]>> = {
  'POST /v1/charges': [
    ({ token }) => ({ ...SALE, source: token }),
    ({ source }) => ({ ...SALE, source }),
    ({ customer }) => ({ ...SALE, customer }),
  ],
  'POST /v1/customers': [({ token }) => ({ source: token }), ({ source }) => ({ source })],
  'GET /v1/customers': [],
  'POST /v1/sources': [({ token }) => ({ type: 'card', token })],
  'POST /v1/refunds': [({ charge }) => ({ charge })],
  'POST /v1/tokens': [],
  'GET /v1/charges': [({ customer }) => ({ customer })],
  'GET /v1/charges/search': [],
  'GET /v1/refunds': [({ charge }) => ({ charge })],
  'GET /v1/events': [],
  'GET /v1/disputes': [({ charge }) => ({ charge })],
  'GET /v1/radar/early_fraud_warnings': [({ charge }) => ({ charge })],
  'POST /v1/files': [],
  'GET /v1/files': [],
  'GET /v1/balance': [],
  'GET /v1/balance_transactions': [({ payout }) => ({ payout })],
  'GET /v1/balance/history': [({ payout }) => ({ payout })],
  'POST /v1/payouts': [({ bank_account: destination }) => ({ amount: 100, currency: 'usd', destination })],
  'GET /v1/payouts': [({ bank_account: destination }) => ({ destination })],
  // An account has one id and one set of settings for both modes.
  'GET /v1/account': [],
  'GET /v1/account/external_accounts': [],
  'POST /v1/account/external_accounts': [({ bank_token }) => ({ external_account: bank_token })],
  'GET /v1/accounts/:account/external_accounts': [],
  'POST /v1/accounts/:account/external_accounts': [({ bank_token }) => ({ external_account: bank_token })],
  'POST /v1/account': [],
}

/** What routes need beside the object that their path names, to get so far as to look for it. */
const NEEDED: Readonly<Record<string, Form>> = {
  'POST /v1/customers/:customer/sources': { source: 'tok_visa' },
  'POST /v1/customers/:customer/cards': { source: 'tok_visa' },
}

for (const mode of ['test', 'live'] as const) {
  const other = worlds[OTHER[mode]]
  const told = `a similar object exists in ${OTHER[mode]} mode, but a ${mode} mode key was used to make this request.`
  const notFound = async (route: string, form: Form) => {
    const { status, error } = await shop.refused(route, form, { key: KEYS[mode] })
    assert(status === 404 || status === 400)
    assert.equal(error.code, 'resource_missing')
    const [, id, rest] = /^No such [a-z ]+: '(\w+)'; (.+)$/.exec(error.message) ?? []
    assert.deepEqual([rest, Object.values(other).includes(id ?? '')], [told, true], error.message)
  }

  describe(`a ${mode} mode key finds nothing of the other mode`, () => {
    for (const { method, path, object, isList, isSearch } of ENDPOINTS) {
      const route = `${method} ${path}`
      const all = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => (name === 'id' ? object : name))
      const names = all.filter((name) => name !== 'account')

      it(route, async () => {
        const before = await everything(OTHER[mode])
        let named = 0
        const filled = path.replaceAll(/:\w+/g, () => idOf(other, all[named++] ?? ''))
        if (names.length > 0) await notFound(`${method} ${filled}`, NEEDED[route] ?? {})
        const forms = PARAMETERS[route]
        assert(forms || names.length > 0, `${route} has no row in the table of this test`)
        for (const form of forms ?? []) await notFound(`${method} ${filled}`, form(other))
        if (isList && names.length === 0) {
          await assertOwn(filled)
          for (const cursor of isSearch ? [] : ['starting_after', 'ending_before']) {
            await notFound(`GET ${filled}`, { [cursor]: idOf(other, object) })
          }
        }
        assert.equal(await everything(OTHER[mode]), before)
      })
    }

    async function assertOwn(path: string): Promise<void> {
      const { data } = await list(path, mode)
      assert(data.length > 0)
      const own = new Set(data.map(({ id }) => id))
      const { data: others } = await list(path, OTHER[mode])
      assert(!others.some(({ id }) => own.has(id)))
      for (const { livemode } of data) if (livemode !== undefined) assert.equal(livemode, mode === 'live')
    }
  })
}

function idOf(world: World, name: string): string {
  return world[name] ?? assert.fail(`MAKERS makes no ${name}`)
}

/** What searches need; they are there from 2020-08-27 on. */
const SEARCH = { query: 'created>0', limit: 100 }

async function list(path: string, mode: Mode): Promise<Body> {
  const isSearch = path.endsWith('/search')
  return shop.made(`GET ${path}`, isSearch ? SEARCH : { limit: 100 }, { key: KEYS[mode], version: NEW })
}

/** All that a mode's lists and its balance show. */
async function everything(mode: Mode): Promise<string> {
  const paths = ENDPOINTS.filter(({ method, isList, path }) => method === 'GET' && isList && !path.includes(':'))
  const balance = shop.made('GET /v1/balance', {}, { key: KEYS[mode] })
  return JSON.stringify(await Promise.all([...paths.map(({ path }) => list(path, mode)), balance]))
}

describe('test and live', () => {
  it('objects say which they are', async () => {
    for (const mode of ['test', 'live'] as const) {
      const { charge, token } = worlds[mode]
      for (const path of [`/v1/charges/${charge}`, `/v1/tokens/${token}`, '/v1/balance']) {
        assert.equal((await shop.made(`GET ${path}`, {}, { key: KEYS[mode] })).livemode, mode === 'live', path)
      }
    }
  })

  it('have balances of their own', async () => {
    const pending = async (mode: Mode) =>
      (await shop.made('GET /v1/balance', {}, { key: KEYS[mode] })).pending.map(({ amount }) => Number(amount))
    const [test, live] = [await pending('test'), await pending('live')]
    await shop.made('POST /v1/charges', { ...SALE, card: CARD }, { key: KEYS.live })
    assert.deepEqual(await pending('test'), test)
    assert.deepEqual(await pending('live'), [(live[0] ?? 0) + 999 - 59])
  })

  it('have idempotency keys of their own', async () => {
    const charge = (mode: Mode) =>
      shop.call('POST /v1/charges', { ...SALE, card: CARD }, { key: KEYS[mode], idempotencyKey: 'one' })
    const [test, live] = [await charge('test'), await charge('live')]
    assert.notEqual(test.body.id, live.body.id)
    assert.deepEqual([test.body.livemode, live.body.livemode], [false, true])
    for (const [mode, first] of [
      ['test', test],
      ['live', live],
    ] as const) {
      const again = await charge(mode)
      assert.deepEqual([again.headers.get('idempotent-replayed'), again.text], ['true', first.text])
    }
  })

  it('test tokens mean nothing in live mode', async () => {
    const { error } = await shop.refused('POST /v1/charges', { ...SALE, source: 'tok_visa' }, { key: KEYS.live })
    assert.equal(error.type, 'invalid_request_error')
  })
})
