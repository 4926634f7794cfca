import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Form, startTestServer } from './server.ts'

const shop = await startTestServer()

const SAMPLE = { amount: 999, currency: 'usd', source: 'tok_visa' }
const charge = (metadata: Form = {}) => shop.made('POST /v1/charges', { ...SAMPLE, metadata })
const change = async (id: string, metadata: Form | string) =>
  (await shop.made(`POST /v1/charges/${id}`, { metadata })).metadata
const numbered = (from: number, to: number) =>
  Object.fromEntries(Array.from({ length: to - from }, (_, n) => [`key_${from + n}`, String(n)]))

describe('metadata', () => {
  it('is merged by key into what is there', async () => {
    const { id, metadata } = await charge({ order_id: '6735', colour: 'red' })
    assert.deepEqual(metadata, { order_id: '6735', colour: 'red' })
    assert.deepEqual(await change(id, { colour: 'blue', size: 'M' }), { order_id: '6735', colour: 'blue', size: 'M' })
    assert.deepEqual((await shop.made(`GET /v1/charges/${id}`)).metadata, {
      order_id: '6735',
      colour: 'blue',
      size: 'M',
    })
  })

  it('loses a key by an empty value, in both libraries', async () => {
    const { id } = await charge({ a: '1', b: '2', c: '3' })
    assert.deepEqual((await shop.oldStripe.charges.update(id, { metadata: { a: '' } })).metadata, { b: '2', c: '3' })
    assert.deepEqual((await shop.stripe.charges.update(id, { metadata: { b: null } })).metadata, { c: '3' })
    assert.deepEqual(await change(id, { not_there: '' }), { c: '3' })
  })

  it('loses everything by being empty itself', async () => {
    const { id } = await charge({ a: '1', b: '2' })
    assert.deepEqual(await change(id, ''), {})
  })

  it('is {} where nothing or only empty values were sent', async () => {
    assert.deepEqual((await charge()).metadata, {})
    assert.deepEqual((await charge({ a: '' })).metadata, {})
    assert.deepEqual((await shop.made('POST /v1/charges', { ...SAMPLE, metadata: '' })).metadata, {})
  })

  it('holds text, whatever was sent', async () => {
    const { metadata } = await charge({
      number: 12345,
      yes: true,
      negative: -1.5,
      unicode: '注文 🍣',
      OrderId: '6735',
      'with blank': ' x ',
    })
    assert.deepEqual(metadata, {
      number: '12345',
      yes: 'true',
      negative: '-1.5',
      unicode: '注文 🍣',
      OrderId: '6735',
      'with blank': ' x ',
    })
  })

  it('takes the names that JavaScript has for itself as any other', async () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', 'object', 'id', 'valueOf']
    const sent = Object.fromEntries(names.map((name) => [name, 'mine']))
    const { id, metadata } = await charge(sent)
    assert.deepEqual(metadata, sent)
    assert.deepEqual(
      await change(id, { constructor: '' }),
      Object.fromEntries(names.slice(1).map((name) => [name, 'mine'])),
    )
  })

  it('is kept on a refund alike', async () => {
    const { id } = await charge()
    const refund = await shop.made('POST /v1/refunds', { charge: id, metadata: { ticket: '1', who: 'me' } })
    assert.deepEqual(refund.metadata, { ticket: '1', who: 'me' })
    const changed = await shop.made(`POST /v1/refunds/${refund.id}`, { metadata: { ticket: '', level: '2' } })
    assert.deepEqual(changed.metadata, { who: 'me', level: '2' })
    const emptied = await shop.made(`POST /v1/refunds/${refund.id}`, { metadata: null })
    assert.deepEqual(emptied.metadata, {})
  })

  it('never decides whether a card is charged', async () => {
    assert.equal(
      (await shop.made('POST /v1/charges', { ...SAMPLE, metadata: { fraud: 'yes', block: 'true' } })).paid,
      true,
    )
  })
})

describe('the limits of metadata', () => {
  it('are 50 keys of 40 characters with values of 500', async () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`${n}`.padStart(40, 'k'), 'v'.repeat(500)]),
    )
    const { id } = await charge(metadata)
    assert.deepEqual((await shop.made(`GET /v1/charges/${id}`)).metadata, metadata)
  })

  const tooMuch: readonly (readonly [what: string, metadata: Form, message: string])[] = [
    [
      'a value of 501',
      { a: 'v'.repeat(501) },
      `Metadata values can have up to 500 characters, but you passed in a value that is 501 characters. Invalid value: ${'v'.repeat(501)}`,
    ],
    [
      'a key of 41',
      { ['k'.repeat(41)]: '1' },
      `Metadata keys can have up to 40 characters, but you passed in a key that is 41 characters. Invalid key: ${'k'.repeat(41)}`,
    ],
    [
      '51 keys',
      numbered(0, 51),
      "Metadata can have up to 50 keys, but you've set 51. Email us at support+metadata@stripe.com for more information.",
    ],
  ]
  for (const [what, metadata, message] of tooMuch) {
    it(`refuse ${what}, on a charge and on a refund`, async () => {
      const { id } = await charge({ kept: '1' })
      const routes = [
        ['POST /v1/charges', SAMPLE],
        [`POST /v1/charges/${id}`, {}],
        ['POST /v1/refunds', { charge: id }],
      ] as const
      for (const [route, form] of routes) {
        if (what === '51 keys' && route.includes('ch_')) continue
        const { status, error } = await shop.refused(route, { ...form, metadata })
        assert.equal(status, 400)
        assert.deepEqual(error, { message, param: 'metadata', type: 'invalid_request_error' })
      }
      const { metadata: kept, refunded } = await shop.made(`GET /v1/charges/${id}`)
      assert.deepEqual([kept, refunded], [{ kept: '1' }, false])
    })
  }

  it('count what a merge would leave, so that a full one can still trade keys', async () => {
    const { id } = await charge(numbered(0, 50))
    const { error } = await shop.refused(`POST /v1/charges/${id}`, { metadata: { one_more: '1' } })
    assert.match(error.message, /^Metadata can have up to 50 keys, but you've set 51\./)
    const traded = await change(id, { key_0: '', one_more: '1' })
    assert.deepEqual([Object.keys(traded).length, traded.one_more, 'key_0' in traded], [50, '1', false])
  })

  it('refuse a hash in the place of a value, and a value in the place of the hash', async () => {
    const nested = await shop.refused('POST /v1/charges', { ...SAMPLE, metadata: { order: { id: '6735' } } })
    assert.deepEqual([nested.status, nested.error.param], [400, 'metadata'])
    assert.equal(nested.error.message, 'Invalid value type: {:id=>"6735"} must be a string')
    const scalar = await shop.refused('POST /v1/charges', { ...SAMPLE, metadata: 'order 6735' })
    assert.deepEqual([scalar.status, scalar.error.param, scalar.error.message], [400, 'metadata', 'Invalid object'])
  })
})
