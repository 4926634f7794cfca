import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { step } from './2022-08-01.ts'
import { turnBack, turnBackEvent } from './chain.ts'

const BEFORE = '2020-08-27'
const FROM = '2022-08-01'

const customer = () => ({ id: 'cus_1', object: 'customer', currency: 'usd', default_currency: undefined })

describe('before 2022-08-01', () => {
  it('a customer has its currency twice', () => {
    assert.equal(step.version, FROM)
    const rendered = customer()
    turnBack(rendered, BEFORE)
    assert.equal(
      JSON.stringify(rendered),
      '{"id":"cus_1","object":"customer","currency":"usd","default_currency":"usd"}',
    )
  })

  it('an event tells of both', () => {
    const data = { object: customer(), previous_attributes: { currency: null } }
    turnBackEvent({ object: 'event', data, type: 'customer.updated' }, BEFORE)
    assert.deepEqual(data.previous_attributes, { currency: null, default_currency: null })
  })

  it('a deleted customer stays that', () => {
    const gone = { id: 'cus_1', object: 'customer', deleted: true }
    turnBack(gone, '2019-05-16')
    assert.deepEqual(gone, { id: 'cus_1', object: 'customer', deleted: true })
  })
})

describe('from 2022-08-01 on', () => {
  it('a customer has its currency once', () => {
    const rendered = customer()
    turnBack(rendered, FROM)
    assert.equal(rendered.default_currency, undefined)
  })
})
