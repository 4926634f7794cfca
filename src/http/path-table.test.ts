import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PathTable } from './path-table.ts'

describe('the table of paths', () => {
  const table = new PathTable<string>()
  for (const pattern of [
    '/v1/charges',
    '/v1/charges/search',
    '/v1/charges/:charge',
    '/v1/charges/:id/refunds/:refund',
    '/v1/charges/search/refunds',
  ])
    table.add(pattern, pattern)
  const at = (path: string) => table.find(path)

  it('finds what stands at a path, with its names', () => {
    assert.deepEqual(at('/v1/charges'), { value: '/v1/charges', names: {} })
    assert.deepEqual(at('/v1/charges/ch_1'), { value: '/v1/charges/:charge', names: { charge: 'ch_1' } })
    const refund = { value: '/v1/charges/:id/refunds/:refund', names: { id: 'ch_1', refund: 're_1' } }
    assert.deepEqual(at('/v1/charges/ch_1/refunds/re_1'), refund)
  })

  it('takes a literal segment before a named one, and goes back where it leads nowhere', () => {
    assert.equal(at('/v1/charges/search')?.value, '/v1/charges/search')
    const refund = { value: '/v1/charges/:id/refunds/:refund', names: { id: 'search', refund: 're_1' } }
    assert.deepEqual(at('/v1/charges/search/refunds/re_1'), refund)
  })

  it('finds nothing at other paths', () => {
    for (const path of [
      '/',
      '',
      '/v1',
      '/v1/',
      '/v1/charges/ch_1/refunds',
      '/V1/charges',
      '/v1//charges',
      '/v1/charges/a/b',
    ])
      assert.equal(at(path), null, path)
  })

  it('decodes each segment by itself', () => {
    assert.deepEqual(at('/v1/charges/a%2Fb%20c')?.names, { charge: 'a/b c' })
    assert.equal(at('/v1/ch%61rges')?.value, '/v1/charges')
    assert.throws(() => at('/v1/charges/%zz'), URIError)
  })

  it('takes an empty name, and names that are members of every object', () => {
    assert.deepEqual(at('/v1/charges/')?.names, { charge: '' })
    assert.deepEqual(at('/v1/charges/__proto__')?.names, { charge: '__proto__' })
    assert.equal(at('/constructor'), null)
  })

  it('has one value at a path', () => {
    assert.throws(() => table.add('/v1/charges/:other', 'again'), /another pattern stands there/)
  })
})
