import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StripeError } from './errors.ts'
import { type MetadataChange, mergeMetadata, NO_METADATA } from './metadata.ts'

const set = (...entries: MetadataChange['entries']): MetadataChange => ({ clear: false, entries })
const ALL_GONE: MetadataChange = { clear: true, entries: [] }

const keys = (count: number) => Array.from({ length: count }, (_, index) => [`key${index}`, 'x'] as const)

describe('metadata', () => {
  it('is merged by key: what is not named stays', () => {
    const merged = mergeMetadata({ order_id: '6735', color: 'red' }, set(['color', 'blue'], ['size', 'L']))
    assert.deepEqual(merged, { order_id: '6735', color: 'blue', size: 'L' })
  })

  it('loses a key that is given an empty value', () => {
    assert.deepEqual(mergeMetadata({ order_id: '6735', color: 'red' }, set(['color', ''])), { order_id: '6735' })
  })

  it('stores nothing for an empty value of a key that it has not', () => {
    assert.deepEqual(mergeMetadata(NO_METADATA, set(['color', ''])), {})
  })

  it('loses everything at once', () => {
    assert.deepEqual(mergeMetadata({ order_id: '6735', color: 'red' }, ALL_GONE), {})
  })

  it('is the same object where nothing was said of it', () => {
    const current = { order_id: '6735' }
    assert.equal(mergeMetadata(current, undefined), current)
  })

  it('leaves what it was given as it was', () => {
    const current = Object.freeze({ order_id: '6735' })
    mergeMetadata(current, set(['order_id', ''], ['size', 'L']))
    mergeMetadata(current, ALL_GONE)
    assert.deepEqual(current, { order_id: '6735' })
  })

  it('takes any name for a key, also those that every JavaScript object knows', () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', '__proto__', '', '0']
    const merged = mergeMetadata(NO_METADATA, set(...names.map((name) => [name, 'x'] as const)))
    assert.deepEqual(Object.keys(merged).sort(), [...names].sort())
    assert.deepEqual(mergeMetadata(NO_METADATA, set(['constructor', ''])), {})
  })

  it('has at most 50 keys', () => {
    const full = mergeMetadata(NO_METADATA, set(...keys(50)))
    assert.ok(!(full instanceof StripeError))
    assert.equal(Object.keys(full).length, 50)

    const refused = mergeMetadata(full, set(['one more', 'x'], ['and another', 'x']))
    assert.ok(refused instanceof StripeError)
    assert.deepEqual(refused.fields, {
      status: 400,
      type: 'invalid_request_error',
      param: 'metadata',
      message:
        "Metadata can have up to 50 keys, but you've set 52. Email us at support+metadata@stripe.com for more information.",
    })
  })

  it('takes a new key for one that goes in the same call, and 50 new ones for all', () => {
    const full = mergeMetadata(NO_METADATA, set(...keys(50)))
    assert.ok(!(full instanceof StripeError))
    const exchanged = mergeMetadata(full, set(['one more', 'x'], ['key0', '']))
    assert.ok(!(exchanged instanceof StripeError))
    assert.equal(Object.keys(exchanged).length, 50)
    const replaced = mergeMetadata(full, { clear: true, entries: [['only', 'x']] })
    assert.deepEqual(replaced, { only: 'x' })
  })

  it('after any changes is what each key was last set to', () => {
    const entry = fc.tuple(fc.constantFrom('a', 'b', 'c', 'toString'), fc.constantFrom('', 'x', 'y'))
    const change = fc.record({ clear: fc.boolean(), entries: fc.array(entry, { maxLength: 4 }) })
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        let merged = NO_METADATA
        for (const one of changes) {
          const next = mergeMetadata(merged, one)
          assert.ok(!(next instanceof StripeError))
          merged = next
        }
        const cleared = changes.findLastIndex(({ clear }) => clear)
        const since = changes.slice(cleared === -1 ? 0 : cleared)
        for (const key of ['a', 'b', 'c', 'toString']) {
          const last = since.flatMap(({ entries }) => entries).findLast(([name]) => name === key)?.[1] ?? ''
          assert.equal(Object.hasOwn(merged, key) ? merged[key] : '', last)
        }
      }),
    )
  })
})
