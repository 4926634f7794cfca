import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { MINUTE } from './clock.ts'
import { type Body, type Form, NEW, newStripe, OLD, startTestServer } from './server.ts'
import { assertKeyOrder, assertKeys } from './shapes.ts'

const shop = await startTestServer()

const BANK = { country: 'US', routing_number: '110000000', account_number: '000123456789' }
const HELD = { account_holder_name: 'Jane Austen', account_holder_type: 'individual', account_type: 'checking' }

async function merchant(form: object = {}) {
  const { body: account } = await shop.control<{ id: string; secret_key: string }>('POST /accounts', form)
  const key = account.secret_key
  const add = (sent: object | string, more: Form = {}) =>
    shop.made('POST /v1/account/external_accounts', { external_account: sent as Form, ...more }, { key })
  return {
    ...account,
    key,
    add,
    made: (route: string, sent?: Form) => shop.made(route, sent, { key }),
    refused: (route: string, sent?: Form) => shop.refused(route, sent, { key }),
    list: async (sent?: Form) => (await shop.made('GET /v1/account/external_accounts', sent, { key })).data,
    defaults: async () =>
      (await shop.made('GET /v1/account/external_accounts', {}, { key })).data
        .filter((one) => one.default_for_currency)
        .map(({ id, currency }) => `${currency} ${id}`),
    events: async () =>
      ((await shop.made('GET /v1/events', { type: 'account.*' }, { key })).data as (Body & { type: string })[])
        .map(({ type, data }) => {
          const { object, previous_attributes: previous } = data as unknown as Record<string, Body>
          return [type, object?.id, previous]
        })
        .toReversed(),
  }
}

const KEYS = [
  ...['id', 'object', 'account', 'account_holder_name', 'account_holder_type', 'account_type'],
  ...['available_payout_methods', 'bank_name', 'country', 'currency', 'default_for_currency', 'fingerprint', 'last4'],
  ...['metadata', 'routing_number', 'status'],
]

describe('a bank account', () => {
  it('has every key, in order, in both versions, and never its number', async () => {
    const { id, add, key } = await merchant()
    const made = await add({ object: 'bank_account', ...BANK, ...HELD })
    const { id: bank, fingerprint, ...rest } = made
    assert.match(bank, /^ba_1/)
    assert.match(String(fingerprint), /^[0-9A-Za-z]{16}$/)
    assert.deepEqual(rest, {
      object: 'bank_account',
      account: id,
      ...HELD,
      available_payout_methods: ['standard', 'instant'],
      bank_name: 'STRIPE TEST BANK',
      country: 'US',
      currency: 'usd',
      default_for_currency: true,
      last4: '6789',
      metadata: {},
      routing_number: '110000000',
      status: 'new',
    })
    for (const version of [OLD, NEW]) {
      for (const path of ['/v1/account', `/v1/accounts/${id}`]) {
        const one = await shop.made(`GET ${path}/external_accounts/${bank}`, {}, { key, version })
        assertKeys(one, KEYS)
        assertKeyOrder(one)
        assert.deepEqual(one, made)
        const { data, url } = await shop.made(`GET ${path}/external_accounts`, {}, { key, version })
        assert.deepEqual([data, url], [[made], `${path}/external_accounts`])
      }
    }
  })

  it('has its number in no file in clear, nor in its token', async () => {
    const { add, made } = await merchant()
    await add(BANK)
    await made('POST /v1/tokens', { bank_account: BANK })
    for (const name of readdirSync(shop.folder)) {
      const bytes = readFileSync(join(shop.folder, name))
      assert(!bytes.includes(BANK.account_number), `${name} has the number`)
    }
  })

  it('has a fingerprint that is its number’s within the account', async () => {
    const [one, other] = [await merchant(), await merchant()]
    const bank = (number = BANK.account_number) => ({ ...BANK, account_number: number })
    const [first, again] = [await one.add(bank()), await one.add(bank())]
    assert.equal(first.fingerprint, again.fingerprint)
    assert.notEqual(first.fingerprint, (await one.add(bank('000111111116'))).fingerprint)
    assert.notEqual(first.fingerprint, (await other.add(bank())).fingerprint)
  })

  it('comes of a token, once', async () => {
    const { add, made, refused } = await merchant()
    const token = await made('POST /v1/tokens', { bank_account: { ...BANK, ...HELD } })
    assert.match(token.id, /^btok_1/)
    const inside = token.bank_account as Body
    assert.deepEqual(
      [token.type, token.used, inside.last4, inside.object, 'account' in inside, 'card' in token],
      ['bank_account', false, '6789', 'bank_account', false, false],
    )
    assert.equal((await add(token.id)).id, inside.id)
    assert.equal((await made(`GET /v1/tokens/${token.id}`)).used, true)
    const { error } = await refused('POST /v1/account/external_accounts', { external_account: token.id })
    assert.equal(error.code, 'token_already_used')
    assert.equal((await add('btok_us_verified_noAccount')).last4, '1116')
  })

  it('does not come of a token that is too old, unknown, or of a card', async () => {
    const { made, refused, list } = await merchant()
    const { id: old } = await made('POST /v1/tokens', { bank_account: BANK })
    shop.clock.advance(11 * MINUTE)
    const card = { number: '4242424242424242', exp_month: 12, exp_year: 2040 }
    const { id: ofCard } = await made('POST /v1/tokens', { card })
    for (const token of [old, 'btok_nope', ofCard]) {
      const { status, error } = await refused('POST /v1/account/external_accounts', { external_account: token })
      assert.deepEqual([status, error.param], [400, 'external_account'])
    }
    assert.deepEqual(await list(), [])
  })

  it('is no card: its token cannot be charged, nor is a token of both', async () => {
    const { made, refused } = await merchant()
    const { id } = await made('POST /v1/tokens', { bank_account: BANK })
    const { status, error } = await refused('POST /v1/charges', { amount: 999, currency: 'usd', source: id })
    assert.deepEqual([status, error.code], [400, 'resource_missing'])
    const card = { number: '4242424242424242', exp_month: 12, exp_year: 2040 }
    assert.equal((await refused('POST /v1/tokens', { card, bank_account: BANK })).status, 400)
  })

  const good: readonly (readonly [country: string, currency: string, routing: string | undefined, number: string])[] = [
    ['US', 'usd', '110000000', '000123456789'],
    ['CA', 'cad', '11000-000', '000123456789'],
    ['AU', 'aud', '110000', '000123456'],
    ['GB', 'gbp', '108800', '00012345'],
    ['JP', 'jpy', '1100000', '0001234'],
    ['DE', 'eur', undefined, 'DE89 3704 0044 0532 0130 00'],
    ['HK', 'hkd', '110-000', '000123-456'],
  ]
  for (const [country, currency, routing_number, account_number] of good) {
    it(`of ${country} settles ${currency}`, async () => {
      const { add } = await merchant()
      const bank = await add({ country, routing_number, account_number })
      assert.deepEqual(
        [bank.country, bank.currency, bank.routing_number, bank.last4],
        [country, currency, routing_number ?? null, account_number.replaceAll(/[ -]/g, '').slice(-4)],
      )
    })
  }

  const TEST_NUMBER =
    'You must use a test bank account number in test mode. Try 000123456789 or see more options at https://stripe.com/docs/connect/testing#account-numbers.'
  const wrong: readonly (readonly [change: Form, expected: Form])[] = [
    [
      { account_number: '123456789012' },
      { code: 'account_number_invalid', param: '[account_number]', message: TEST_NUMBER },
    ],
    [{ account_number: '?' }, { code: 'account_number_invalid', param: '[account_number]' }],
    [{ account_number: undefined }, { code: 'parameter_missing', param: '[account_number]' }],
    [{ country: undefined }, { code: 'parameter_missing', param: '[country]' }],
    [{ country: 'ZZ' }, { param: '[country]' }],
    [{ routing_number: '11000000' }, { code: 'routing_number_invalid', param: '[routing_number]' }],
    [{ routing_number: undefined }, { code: 'parameter_missing', param: '[routing_number]' }],
    [{ currency: 'xxx' }, { param: '[currency]' }],
    [{ account_holder_type: 'dog' }, { param: '[account_holder_type]' }],
    [{ iban: 'DE' }, { code: 'parameter_unknown', param: '[iban]' }],
  ]
  for (const [change, expected] of wrong) {
    it(`is refused with ${JSON.stringify(change)}, by itself and as a token`, async () => {
      const { refused, list, events } = await merchant()
      for (const [route, name] of [
        ['POST /v1/account/external_accounts', 'external_account'],
        ['POST /v1/tokens', 'bank_account'],
      ] as const) {
        const { status, error } = await refused(route, { [name]: { ...BANK, ...change } })
        assert.equal(status, 400)
        for (const [key, value] of Object.entries(expected))
          assert.equal(error[key], key === 'param' ? `${name}${value}` : value)
        assert(!JSON.stringify(error).includes('123456789012'), 'the number is not repeated')
      }
      assert.deepEqual([await list(), await events()], [[], []])
    })
  }

  it('is changed, and made the default; the one before is told of, too', async () => {
    const { add, made, defaults, events } = await merchant()
    const first = await add(BANK)
    const second = await add(BANK)
    const euro = await add({ country: 'DE', account_number: 'DE89370400440532013000' })
    assert.deepEqual(await defaults(), [`eur ${euro.id}`, `usd ${first.id}`])
    const path = `POST /v1/account/external_accounts/${second.id}`
    const changed = await made(path, { account_holder_name: 'Ada', metadata: { a: '1' } })
    assert.deepEqual(changed, { ...second, account_holder_name: 'Ada', metadata: { a: '1' } })
    await made(path, { default_for_currency: true })
    assert.deepEqual(await defaults(), [`eur ${euro.id}`, `usd ${second.id}`])
    assert.deepEqual((await events()).slice(3), [
      ['account.external_account.updated', second.id, { account_holder_name: null, metadata: { a: null } }],
      ['account.external_account.updated', first.id, { default_for_currency: true }],
      ['account.external_account.updated', second.id, { default_for_currency: false }],
    ])
  })

  it('is removed, unless payouts need it', async () => {
    const { add, made, refused, list, events } = await merchant()
    const first = await add(BANK)
    const second = await add(BANK)
    const euro = await add({ country: 'DE', account_number: 'DE89370400440532013000' })
    const remove = (id: string) => `DELETE /v1/account/external_accounts/${id}`
    const { status, error } = await refused(remove(first.id))
    assert.equal(status, 400)
    assert.match(
      error.message,
      /^You cannot delete the default external account for your default currency\. Please make/,
    )
    assert.deepEqual(await made(remove(second.id)), {
      id: second.id,
      object: 'bank_account',
      currency: 'usd',
      deleted: true,
    })
    assert.deepEqual((await made(remove(euro.id))).deleted, true)
    assert.deepEqual(
      (await list()).map(({ id }) => id),
      [first.id],
    )
    for (const route of ['GET', 'POST', 'DELETE'])
      assert.equal((await refused(`${route} /v1/account/external_accounts/${second.id}`)).status, 404)
    assert.deepEqual(
      (await events()).slice(3).map(([type, id]) => [type, id]),
      [second, euro].map(({ id }) => ['account.external_account.deleted', id]),
    )
  })

  it('has one default, however many are added at a time', async () => {
    const { add, defaults, list } = await merchant()
    await Promise.all(Array.from({ length: 8 }, () => add(BANK, { default_for_currency: true })))
    assert.deepEqual([(await defaults()).length, (await list()).length], [1, 8])
  })

  it('is listed in pages, and by its kind', async () => {
    const { add, list } = await merchant()
    const ids: string[] = []
    for (let n = 0; n < 3; n++) ids.unshift((await add(BANK)).id)
    const find = async (form: Form) => (await list(form)).map(({ id }) => ids.indexOf(id))
    assert.deepEqual(await find({ limit: 2 }), [0, 1])
    assert.deepEqual(await find({ starting_after: ids[1] }), [2])
    assert.deepEqual(await find({ object: 'bank_account' }), [0, 1, 2])
    assert.deepEqual(await find({ object: 'card' }), [])
  })

  it('is nobody else’s', async () => {
    const [mine, yours] = [await merchant(), await merchant()]
    const { id } = await mine.add(BANK)
    assert.equal((await yours.refused(`GET /v1/account/external_accounts/${id}`)).status, 404)
    for (const route of [
      `GET /v1/accounts/${mine.id}/external_accounts`,
      `GET /v1/accounts/${mine.id}/external_accounts/${id}`,
    ]) {
      const { status, error } = await yours.refused(route)
      assert.deepEqual([status, error.code], [404, 'resource_missing'])
    }
  })

  it('is handled by the library', async () => {
    const { id, key } = await merchant()
    const stripe = newStripe(shop.port, key)
    const bank = await stripe.accounts.createExternalAccount(id, { external_account: 'btok_us_verified' })
    assert.equal((await stripe.accounts.listExternalAccounts(id)).data[0]?.id, bank.id)
    const changed = await stripe.accounts.updateExternalAccount(id, bank.id, { metadata: { a: '1' } })
    assert.deepEqual(changed.metadata, { a: '1' })
    await assert.rejects(stripe.accounts.deleteExternalAccount(id, bank.id), /default external account/)
  })
})
