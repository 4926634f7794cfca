import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ApiObject, OLDER } from '../answer.ts'
import { step } from './2019-12-03.ts'
import { turnBack } from './chain.ts'

/** As rendered in the newest version: what was removed keeps its place. */
const customer = (tax_info: object | null = null): ApiObject => ({
  id: 'cus_1',
  object: 'customer',
  tax_exempt: 'none',
  tax_info: undefined,
  tax_info_verification: undefined,
  test_clock: null,
  [OLDER]: { tax_info },
})

describe('before 2019-12-03', () => {
  it('a customer has tax_info and its verification, both null', () => {
    assert.equal(step.version, '2019-12-03')
    const rendered = customer()
    turnBack(rendered, '2019-11-05')
    assert.deepEqual(JSON.parse(JSON.stringify(rendered)), {
      ...{ id: 'cus_1', object: 'customer', tax_exempt: 'none' },
      ...{ tax_info: null, tax_info_verification: null, test_clock: null },
    })
    assert.match(JSON.stringify(rendered), /"tax_exempt":"none","tax_info":null,"tax_info_verification":null,"test/)
  })
})

describe('before 2019-12-03, where something was said', () => {
  it('a customer shows it, and that nobody has verified it', () => {
    const rendered = customer({ tax_id: 'DE123456789', type: 'vat' })
    turnBack(rendered, '2019-05-16')
    assert.deepEqual(rendered.tax_info, { tax_id: 'DE123456789', type: 'vat' })
    assert.deepEqual(rendered.tax_info_verification, { status: 'unverified', verified_name: null })
  })
})

describe('from 2019-12-03 on', () => {
  it('a customer has neither', () => {
    const rendered = customer({ tax_id: 'DE123456789', type: 'vat' })
    turnBack(rendered, '2019-12-03')
    assert.equal(JSON.stringify(rendered).includes('tax_info'), false)
  })
})
