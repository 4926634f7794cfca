import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Form, startTestServer } from './server.ts'

const shop = await startTestServer()

const SAMPLE = { amount: 999, currency: 'usd', source: 'tok_visa' }
const OWN = 'settings[payments][statement_descriptor]'
const PREFIX = 'settings[card_payments][statement_descriptor_prefix]'

/** What the dashboard would set: the account's own descriptor, and its short form (null: none). */
const settle = (own: string, prefix: string | null) => shop.made('POST /v1/account', { [OWN]: own, [PREFIX]: prefix })
const read = async (dynamic: Form) =>
  (await shop.made('POST /v1/charges', { ...SAMPLE, ...dynamic })).calculated_statement_descriptor

describe("the guide's table: what the cardholder reads", () => {
  const table: readonly (readonly [own: string, prefix: string | null, dynamic: string | null, reads: string])[] = [
    ['KOBAN TEST', null, null, 'KOBAN TEST'],
    ['Runway Coffee Roasters', null, null, 'RUNWAY COFFEE ROASTERS'],
    ['KOBAN TEST', null, 'Custom descriptor', 'KOBAN TEST* CUSTOM DES'],
    ['Runway Coffee Roasters', null, 'Order 17', 'RUNWAY COF* ORDER 17'],
    ['Runway Coffee Roasters', 'RUNWAY', 'Custom descriptor', 'RUNWAY* CUSTOM DESCRIP'],
    ['KOBAN TEST', 'GUMRD.COM', 'edgar2c49c2cb8', 'GUMRD.COM* EDGAR2C49C2'],
    ['Runway Coffee Roasters', 'RUNWAY', null, 'RUNWAY COFFEE ROASTERS'],
  ]
  for (const [own, prefix, dynamic, reads] of table) {
    it(`${own}, ${prefix ?? 'no prefix'}, ${dynamic ?? 'nothing of the charge'}: ${reads}`, async () => {
      await settle(own, prefix)
      if (dynamic === null) {
        assert.equal(await read({}), reads)
        return
      }
      assert.equal(await read({ statement_descriptor: dynamic }), reads)
      assert.equal(await read({ statement_descriptor_suffix: dynamic }), reads)
      assert.equal(await read({ statement_descriptor: 'not this one', statement_descriptor_suffix: dynamic }), reads)
    })
  }

  it('while the charge keeps the spelling that was sent', async () => {
    await settle('KOBAN TEST', null)
    const sent = { statement_descriptor: 'Café Crème', statement_descriptor_suffix: 'Straße 5' }
    const charge = await shop.made('POST /v1/charges', { ...SAMPLE, ...sent })
    assert.equal(charge.statement_descriptor, 'Café Crème')
    assert.equal(charge.statement_descriptor_suffix, 'Straße 5')
    assert.equal(charge.calculated_statement_descriptor, 'KOBAN TEST* STRASSE 5')
  })

  it('and an earlier charge keeps what its cardholder read', async () => {
    await settle('KOBAN TEST', null)
    const { id } = await shop.made('POST /v1/charges', SAMPLE)
    await settle('Another Name', null)
    assert.equal((await shop.made(`GET /v1/charges/${id}`)).calculated_statement_descriptor, 'KOBAN TEST')
  })

  it('is set anew by the capture', async () => {
    await settle('KOBAN TEST', null)
    const hold = { ...SAMPLE, capture: false, statement_descriptor: 'Deposit' }
    const kept = await shop.made('POST /v1/charges', hold)
    assert.equal(
      (await shop.made(`POST /v1/charges/${kept.id}/capture`)).calculated_statement_descriptor,
      'KOBAN TEST* DEPOSIT',
    )
    const other = await shop.made('POST /v1/charges', hold)
    const captured = await shop.made(`POST /v1/charges/${other.id}/capture`, { statement_descriptor: 'Final bill' })
    assert.deepEqual(
      [captured.statement_descriptor, captured.calculated_statement_descriptor],
      ['Final bill', 'KOBAN TEST* FINAL BILL'],
    )
  })
})

describe('a descriptor of the charge is refused', () => {
  const cases: readonly (readonly [text: string, message: string])[] = [
    [
      '1 year period with auto renew',
      'The statement descriptor must be at most 22 characters. 1 year period with auto renew is 29 characters long.',
    ],
    ['12345', 'The statement descriptor must contain at least one Latin character.'],
    ['ラーメン', 'The statement descriptor must contain at least one Latin character.'],
    ...['<', '>', '\\', "'", '"', '*'].map(
      (sign) => [`Order ${sign} 17`, `The statement descriptor cannot include ${sign}.`] as const,
    ),
  ]
  for (const field of ['statement_descriptor', 'statement_descriptor_suffix']) {
    for (const [text, message] of cases) {
      it(`${field}=${text}`, async () => {
        const { status, error } = await shop.refused('POST /v1/charges', { ...SAMPLE, [field]: text })
        assert.equal(status, 400)
        assert.deepEqual(error, { message, param: field, type: 'invalid_request_error' })
      })
    }
  }

  it('also at the capture, which then captures nothing', async () => {
    const { id } = await shop.made('POST /v1/charges', { ...SAMPLE, capture: false })
    const { error } = await shop.refused(`POST /v1/charges/${id}/capture`, { statement_descriptor: 'a<b' })
    assert.equal(error.param, 'statement_descriptor')
    assert.equal((await shop.made(`GET /v1/charges/${id}`)).captured, false)
  })

  it('but taken with 22 characters', async () => {
    await settle('KOBAN TEST', null)
    assert.equal(await read({ statement_descriptor: 'abcdefghijklmnopqrstuv' }), 'KOBAN TEST* ABCDEFGHIJ')
  })
})

describe("the account's own descriptor", () => {
  const settings = async () => (await shop.made('GET /v1/account')).settings as { payments: Form; card_payments: Form }

  it('is KOBAN TEST without a prefix on a fresh server, and can be set', async () => {
    await settle('Runway Coffee', 'RUNWAY')
    const { payments, card_payments: card } = await settings()
    assert.deepEqual([payments.statement_descriptor, card.statement_descriptor_prefix], ['Runway Coffee', 'RUNWAY'])
    await settle('Runway Coffee', null)
    assert.equal((await settings()).card_payments.statement_descriptor_prefix, null)
  })

  const cases: readonly (readonly [field: string, text: string])[] = [
    [OWN, 'abcd'],
    [OWN, 'Runway Coffee Roasters Inc'],
    [OWN, '123456'],
    [OWN, 'Runway <Coffee>'],
    [PREFIX, 'R'],
    [PREFIX, 'RUNWAYCOFFEE'],
    [PREFIX, '12'],
    [PREFIX, 'RUN*WAY'],
  ]
  for (const [field, text] of cases) {
    it(`is not ${text} in ${field}`, async () => {
      await settle('KOBAN TEST', null)
      const { status, error } = await shop.refused('POST /v1/account', { [field]: text })
      assert.deepEqual([status, error.param, error.type], [400, field, 'invalid_request_error'])
      assert.match(error.message, /^The statement descriptor /)
      assert.equal(await read({}), 'KOBAN TEST')
    })
  }
})
