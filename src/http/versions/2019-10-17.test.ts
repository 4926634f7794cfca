import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { step } from './2019-10-17.ts'
import { turnBack, turnBackEvent } from './chain.ts'

const BEFORE = '2019-10-08'
const FROM = '2019-10-17'

const customer = () => ({ id: 'cus_1', object: 'customer', account_balance: undefined, balance: -500 })

describe('before 2019-10-17', () => {
  it('a customer has its balance under both names', () => {
    assert.equal(step.version, FROM)
    const rendered = customer()
    turnBack(rendered, BEFORE)
    assert.match(JSON.stringify(rendered), /^{"id":"cus_1","object":"customer","account_balance":-500,"balance":-500/)
  })

  it('an event tells of both', () => {
    const data = { object: customer(), previous_attributes: { balance: 0 } }
    turnBackEvent({ object: 'event', data, type: 'customer.updated' }, BEFORE)
    assert.deepEqual(data.previous_attributes, { balance: 0, account_balance: 0 })
    const other = { object: customer(), previous_attributes: { email: null } }
    turnBackEvent({ object: 'event', data: other, type: 'customer.updated' }, BEFORE)
    assert.deepEqual(other.previous_attributes, { email: null })
  })
})

describe('from 2019-10-17 on', () => {
  it('a customer has a balance', () => {
    const rendered = customer()
    turnBack(rendered, FROM)
    assert.equal(JSON.stringify(rendered).includes('account_balance'), false)
  })
})
