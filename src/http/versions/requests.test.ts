import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { errors, StripeError } from '../../errors.ts'
import type { FormHash } from '../form.ts'
import { decodeParameters, integer, string, strings, withDefault } from '../params.ts'
import { requestForm } from './requests.ts'
import type { VersionStep } from './step.ts'

/** A name that changed twice, a parameter that went without a word, one that is refused by a text of its own. */
const renamed: VersionStep = {
  version: '2022-08-01',
  change: 'funds was balance.',
  requests: [
    {
      of: ['POST /v1/customers', 'POST /v1/customers/:customer'],
      parameters: { balance: integer() },
      up(sent) {
        sent.funds ??= sent.balance
        delete sent.balance
      },
    },
  ],
}
const first: VersionStep = {
  version: '2019-10-17',
  change: 'balance was account_balance.',
  requests: [
    {
      of: ['POST /v1/customers'],
      parameters: { account_balance: integer() },
      up(sent) {
        sent.balance ??= sent.account_balance
        delete sent.account_balance
      },
    },
  ],
}
const ended: VersionStep = {
  version: '2025-03-31.basil',
  change: 'coupon and include left; the method was automatic.',
  requests: [
    { of: ['POST /v1/customers'], parameters: { coupon: string() } },
    { of: 'lists', parameters: { include: strings() }, refusal: () => errors.totalCountForbidden() },
    {
      of: ['POST /v1/customers'],
      up(sent) {
        sent.method ??= 'automatic'
      },
    },
  ],
}
const STEPS = [ended, renamed, first]

const customers = {
  method: 'POST',
  path: '/v1/customers',
  isList: false,
  parameters: { funds: integer(), method: string(), limit: withDefault(integer(), 10) },
} as const
const list = { ...customers, method: 'GET', isList: true } as const

function decoded(version: string, sent: FormHash, endpoint: typeof customers | typeof list = customers) {
  const { parameters, up } = requestForm(STEPS, endpoint, version)
  const values: Record<string, unknown> = decodeParameters(parameters, sent)
  for (const turn of up) turn(values)
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

const refusedAs = (message: string) => (error: unknown) => error instanceof StripeError && error.message === message

describe('a request of an older version', () => {
  it('goes through every step, oldest first', () => {
    assert.deepEqual(decoded('2019-05-16', { account_balance: '5' }), { funds: 5, method: 'automatic', limit: 10 })
    assert.deepEqual(decoded('2019-12-03', { balance: '5' }), { funds: 5, method: 'automatic', limit: 10 })
    assert.deepEqual(decoded('2022-08-01', { funds: '5' }), { funds: 5, method: 'automatic', limit: 10 })
  })

  it('is refused by the name that was sent', () => {
    assert.throws(
      () => decoded('2019-05-16', { account_balance: 'x' }),
      (error) => error instanceof StripeError && error.fields.param === 'account_balance',
    )
  })

  it('may send what later ones may not', () => {
    assert.equal(decoded('2025-02-24.acacia', { coupon: 'A' }).coupon, 'A')
    assert.throws(() => decoded('2025-03-31.basil', { coupon: 'A' }), refusedAs('Received unknown parameter: coupon'))
    assert.throws(
      () => decoded('2019-10-17', { account_balance: '5' }),
      refusedAs('Received unknown parameter: account_balance'),
    )
  })

  it('of a list: a later version is refused in the words of the step', () => {
    assert.deepEqual(decoded('2019-05-16', { include: { 0: 'total_count' } }, list).include, ['total_count'])
    assert.throws(
      () => decoded('2026-10-28.endive', { include: { 0: 'total_count' } }, list),
      refusedAs('This property cannot be included (total_count)'),
    )
  })
})

describe('a request for which no step has anything', () => {
  it("is read by the endpoint's own schema, and nothing is done to it", () => {
    const other = { ...customers, path: '/v1/charges' } as const
    for (const version of ['2019-05-16', '2026-10-28.endive']) {
      assert.equal(requestForm(STEPS, other, version).parameters, other.parameters)
      assert.deepEqual(requestForm(STEPS, other, version).up, [])
    }
    assert.equal(requestForm(STEPS, customers, '2026-10-28.endive').parameters, customers.parameters)
  })
})
