import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { allowedBy, changeGrants, permissionFor, permissionsToExpand, resourceExpanded } from './permissions.ts'

describe('the permission that a route needs', () => {
  const rows: [method: string, path: string, permission: string][] = [
    ['GET', '/v1/charges', 'charge_read'],
    ['POST', '/v1/charges/:charge/capture', 'charge_write'],
    ['POST', '/v1/refunds', 'charge_write'],
    ['DELETE', '/v1/customers/:customer', 'customer_write'],
    ['GET', '/v1/balance/history/:id', 'balance_read'],
    ['GET', '/v1/balance_transactions', 'balance_read'],
  ]
  for (const [method, path, permission] of rows) {
    it(`${method} ${path}: ${permission}`, () => assert.equal(permissionFor(method, path), permission))
  }

  it('must stand in the table: a route without one is a bug', () => {
    assert.throws(() => permissionFor('GET', '/v1/things'), /no permission stands for GET \/v1\/things/)
  })
})

describe('the permissions that expanding needs', () => {
  const rows: [object: string, path: string, ...permissions: string[]][] = [
    ['charge', 'balance_transaction', 'balance_read'],
    ['charge', 'balance_transaction.source', 'balance_read', 'balance_transaction_source_read'],
    ['balance_transaction', 'source', 'balance_transaction_source_read'],
    ['balance_transaction', 'data.source.customer', 'balance_transaction_source_read', 'customer_read'],
    ['charge', 'data.customer.default_source', 'customer_read', 'customer_read'],
    ['charge', 'refunds.data.balance_transaction', 'charge_read', 'balance_read'],
    ['charge', 'source'],
    ['charge', 'outcome'],
  ]
  for (const [object, path, ...permissions] of rows) {
    it(`${path} of a ${object}: ${permissions.join(', ') || 'none'}`, () =>
      assert.deepEqual(permissionsToExpand(object, [path]), permissions))
  }
})

describe('what expanding shows', () => {
  it('is a resource, or nothing more than the object itself', () => {
    assert.equal(resourceExpanded('customer'), 'customer')
    assert.equal(resourceExpanded('outcome.rule'), null)
  })

  it('must stand in a table: a property without a row is a bug', () => {
    assert.throws(() => resourceExpanded('things'), /expanding things must stand in exactly one of the two tables/)
  })
})

describe('what was granted', () => {
  it('to write allows to read', () => {
    assert.deepEqual([...allowedBy({ charge: 'write', token: 'read' })], ['charge_read', 'charge_write', 'token_read'])
  })

  it('on the sources of balance transactions allows to read the balance', () => {
    assert(allowedBy({ balance_transaction_source: 'read' }).has('balance_read'))
  })

  it('is changed where it is named, and taken away by none', () => {
    const grants = changeGrants({ charge: 'write', event: 'read' }, { charge: 'none', token: 'write' })
    assert.deepEqual(grants, { event: 'read', token: 'write' })
  })
})
