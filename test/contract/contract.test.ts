import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { STEPS } from '../../src/http/versions/chain.ts'
import { type Body, NEW, startTestServer } from '../api/server.ts'
import { problemsOf } from './contract.ts'
import { DEVIATIONS } from './deviations.ts'
import { SLICED_VERSIONS } from './slices.ts'

const shop = await startTestServer()

const charge = (version: string) =>
  shop.made('POST /v1/charges', { amount: 999, currency: 'usd', source: 'tok_visa' }, { version })

/** What is said of a body that GET /v1/charges/ch_… answered. */
const saidOf = (body: unknown, version = '2020-08-27', path = '/v1/charges/ch_1') =>
  problemsOf({ method: 'GET', path, status: 200, version, body }).map((problem) => problem.replace(/^.*? in .*?: /, ''))

const without = (body: Body, key: string) => Object.fromEntries(Object.entries(body).filter(([name]) => name !== key))

describe('an answer that does not fit its schema', () => {
  for (const version of [...SLICED_VERSIONS, NEW]) {
    it(`is told by field, in ${version}`, async () => {
      const good = await charge(version)
      assert.deepEqual(saidOf(good, version), [])
      assert.deepEqual(saidOf({ ...good, anything: { more: 1 } }, version), [], 'more keys are allowed')

      assert.deepEqual(saidOf(without(good, 'paid'), version), ['paid: is missing'])
      assert.deepEqual(saidOf({ ...good, amount: '999' }, version), ['amount: must be integer, but is "999"'])
      assert.deepEqual(saidOf({ ...good, created: null }, version), ['created: must be integer, but is null'])
      assert.deepEqual(saidOf({ ...good, balance_transaction: 7 }, version), [
        'balance_transaction: must be an id or an object that may stand here, but is 7',
      ])
      assert.deepEqual(saidOf({ ...good, metadata: { order: 7 } }, version), [
        'metadata.order: must be string, but is 7',
      ])
    })

    it(`is told in a list of ${version}`, async () => {
      await charge(version)
      const list = await shop.made('GET /v1/charges', {}, { version })
      const broken = { ...list, data: [...list.data, { ...list.data[0], refunded: 'no' }] }
      const path = `data[${list.data.length}].refunded`
      assert.deepEqual(saidOf(broken, version, '/v1/charges'), [`${path}: must be boolean, but is "no"`])
      assert.deepEqual(saidOf({ ...list, has_more: undefined }, version, '/v1/charges'), ['has_more: is missing'])
    })
  }

  it('is told by the words that may stand there', async () => {
    const good = await charge('2022-11-15')
    assert.deepEqual(saidOf({ ...good, status: 'paid' }, '2022-11-15'), [
      'status: must be equal to one of the allowed values (failed, pending, succeeded), but is "paid"',
    ])
    assert.equal(
      saidOf({ ...good, object: 'refund' }, '2022-11-15')[0],
      'object: must be equal to one of the allowed values (charge), but is "refund"',
    )
  })

  it('is told by its own version', async () => {
    const newer = await charge('2022-11-15')
    assert.deepEqual(saidOf(newer, '2022-11-15'), [])
    assert.deepEqual(saidOf(newer, '2022-08-01'), ['refunds: is missing'])
  })

  it('is told inside what was expanded, and where the schema names no object', async () => {
    const good = await charge('2022-11-15')
    const transaction = await shop.made(`GET /v1/balance_transactions/${good.balance_transaction}`)
    const expanded = (change: object) =>
      saidOf({ ...good, balance_transaction: { ...transaction, ...change } }, '2022-11-15')
    assert.deepEqual(expanded({}), [])
    assert.deepEqual(expanded({ fee: '59' }), ['balance_transaction.fee: must be integer, but is "59"'])
    assert.match(expanded({ object: 'token' })[0] ?? '', /^balance_transaction: must be an id or an object/)
    assert.deepEqual(saidOf({ ...good, source: { ...good.source, exp_month: '12' } }, '2022-11-15'), [
      'source.exp_month: must be integer, but is "12"',
    ])
  })

  it('is told in what an event carries, by the version of the event', async () => {
    await charge('2020-08-27')
    const events = await shop.made('GET /v1/events', { type: 'charge.succeeded' }, { version: NEW })
    const [event] = events.data as unknown as [{ data: { object: Body } }]
    const carried = event.data.object
    const said = (data: object) => saidOf({ ...event, data }, NEW, '/v1/events/evt_1')
    assert.deepEqual(said({ object: carried }), [])
    assert.deepEqual(said({ object: { ...carried, amount: null } }), [
      'data.object.amount: must be integer, but is null (the event is of 2019-05-16)',
    ])
    assert.deepEqual(said({ object: { ...carried, object: 'chrage' } }), [
      'data.object: there is no schema of chrage (the event is of 2019-05-16)',
    ])
    assert.deepEqual(said({ object: carried, previous_attributes: { description: null, amonut: 5 } }), [
      'data.previous_attributes.amonut: the object has no such key',
    ])
  })

  it('is told in an error, also where no version was known yet', () => {
    for (const version of ['2019-05-16', undefined]) {
      const of = (body: unknown) => problemsOf({ method: 'POST', path: '/v1/charges', status: 402, version, body })
      const where = `POST /v1/charges in ${version ?? '2022-11-15'}`
      assert.deepEqual(of({ error: { type: 'card_error', code: 'card_declined' } }), [])
      assert.deepEqual(of({ error: { code: 'card_declined' } }), [`${where}: error.type: is missing`])
      assert.deepEqual(of({ error: { type: 'card_error', param: null } }), [
        `${where}: error.param: must be string, but is null`,
      ])
      assert.deepEqual(of({ message: 'no' }), [`${where}: error: is missing`])
    }
  })

  it('is told where nothing is known of its object', () => {
    assert.deepEqual(saidOf({ object: 'chrage' }, NEW, '/v1/chrages/ch_1'), [
      'the answer: there is no schema of chrage',
    ])
  })
})

describe('a version between those that have a schema', () => {
  for (const { version } of STEPS) {
    it(`has a before and an after of what ${version} changed`, () => {
      const test = readFileSync(new URL(`../../src/http/versions/${version}.test.ts`, import.meta.url), 'utf8')
      assert.match(test, /^describe\('before /m)
      assert.match(test, /^describe\('from /m)
    })
  }
})

describe('a deviation', () => {
  it('is for its value alone', async () => {
    const failed = { ...(await charge('2019-05-16')), receipt_url: null }
    assert.deepEqual(saidOf(failed, '2019-05-16'), [])
    assert.deepEqual(saidOf({ ...failed, receipt_url: 7 }, '2019-05-16'), ['receipt_url: must be string, but is 7'])
    assert.deepEqual(saidOf({ ...failed, currency: null }, '2019-05-16'), ['currency: must be string, but is null'])
  })

  it('has a reason', () => {
    for (const { why } of DEVIATIONS) assert.match(why, /\w{3} .*\.$/)
  })
})

describe('the watch over all answers of a test run', () => {
  it('fails the test that got a wrong one, and no other', () => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const fixture = fileURLToPath(new URL('broken.fixture.ts', import.meta.url))
    const { status, stdout } = spawnSync(process.execPath, ['--test-reporter=tap', fixture], { env, encoding: 'utf8' })
    assert.equal(status, 1, stdout)
    const results = stdout.split('\n').flatMap((line) => /^ {4}((?:not )?ok \d - .*)$/.exec(line)?.[1] ?? [])
    assert.deepEqual(results, [
      'ok 1 - asks for what is not of the API',
      'not ok 2 - gets a charge that is none',
      'ok 3 - asks no more',
    ])
    assert.match(stdout, /GET \/v1\/charges\/ch_1 in 2020-08-27: amount: is missing/)
  })
})
