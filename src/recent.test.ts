import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Recent } from './recent.ts'

describe('what was used last', () => {
  it('is remembered, and what was not used for long is forgotten', () => {
    const recent = new Recent<number, string>(2)
    for (const n of [1, 2, 3, 4, 5]) recent.set(n, `${n}`)
    assert.equal(recent.get(1), undefined)
    assert.equal(recent.get(5), '5')
    assert.equal(recent.get(4), '4')
  })

  it('never answers anything but the last value, and always the most recent keys', () => {
    const use = fc.record({ key: fc.nat(9), value: fc.option(fc.nat(), { nil: undefined }) })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(use), (least, uses) => {
        const recent = new Recent<number, number>(least)
        const last = new Map<number, number>()
        const order: number[] = []
        for (const { key, value } of uses) {
          if (value === undefined) {
            const found = recent.get(key)
            if (order.slice(-least).includes(key)) assert.equal(found, last.get(key))
            else if (found !== undefined) assert.equal(found, last.get(key))
            if (found === undefined) continue
          } else {
            recent.set(key, value)
            last.set(key, value)
          }
          if (order.includes(key)) order.splice(order.indexOf(key), 1)
          order.push(key)
        }
      }),
    )
  })
})
