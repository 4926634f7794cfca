import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BRAND_RULES, brandOf } from './brands.ts'
import type { Brand } from './card.ts'

const EDGES: readonly (readonly [prefix: string, brand: Brand])[] = [
  ['4', 'visa'],
  ['2220', 'unknown'],
  ['2221', 'mastercard'],
  ['2720', 'mastercard'],
  ['2721', 'unknown'],
  ['49', 'visa'],
  ['50', 'mastercard'],
  ['506220', 'mastercard'],
  ['506221', 'unknown'],
  ['51', 'mastercard'],
  ['55', 'mastercard'],
  ['67', 'mastercard'],
  ['33', 'unknown'],
  ['34', 'amex'],
  ['35', 'unknown'],
  ['3527', 'unknown'],
  ['3528', 'jcb'],
  ['3589', 'jcb'],
  ['3590', 'unknown'],
  ['1800', 'jcb'],
  ['2131', 'jcb'],
  ['36', 'diners'],
  ['37', 'amex'],
  ['38', 'diners'],
  ['300', 'diners'],
  ['309', 'diners'],
  ['6011', 'discover'],
  ['63', 'unknown'],
  ['644', 'discover'],
  ['65', 'discover'],
  ['62', 'unionpay'],
  ['81', 'unionpay'],
  ['9', 'unknown'],
  ['', 'unknown'],
]

describe('the brand of a number', () => {
  for (const [prefix, brand] of EDGES) {
    it(`${prefix}… is ${brand}`, () => assert.equal(brandOf(prefix), brand))
  }

  it('does not change with the digits that follow', () => {
    for (const [prefix, brand] of EDGES.filter(([prefix]) => prefix.length >= 4)) {
      assert.equal(brandOf(prefix.padEnd(16, '7')), brand)
    }
  })
})

describe('the lengths of a brand', () => {
  it('has numbers of 12 to 19 digits and security codes of 3 or 4', () => {
    for (const { panLengths, cvcLengths } of Object.values(BRAND_RULES)) {
      assert.ok(panLengths.every((length) => length >= 12 && length <= 19))
      assert.ok(cvcLengths.every((length) => length === 3 || length === 4))
    }
  })
})
