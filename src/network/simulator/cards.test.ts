import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brandOf } from '../../cards/brands.ts'
import { checkCardNumber, passesLuhn } from '../../cards/card-number.ts'
import { LATER, SEQUELS, sequelOf, TEST_CARDS, testCard } from './cards.ts'
import { COUNTRY_CARDS } from './country-cards.ts'
import { describePan } from './issuers.ts'

describe('the table of test cards', () => {
  it('has each number once', () => {
    assert.equal(new Set(TEST_CARDS.map((card) => card.number)).size, TEST_CARDS.length)
  })

  for (const { number, brand } of TEST_CARDS) {
    it(`${number} is a good number of ${brand}`, () => {
      assert.ok(passesLuhn(number))
      assert.deepEqual(checkCardNumber(number), { ok: true, pan: number })
      assert.equal(brandOf(number), brand)
    })
  }

  it('finds a card by its digits, and no other', () => {
    assert.equal(testCard('4242424242424242')?.brand, 'visa')
    assert.equal(testCard('4242 4242 4242 4242'), undefined)
    assert.equal(testCard('4111111111111111'), undefined)
    assert.equal(testCard('4242424242424241'), undefined)
  })

  it('marks what will follow, and only on cards that pay', () => {
    const marked = TEST_CARDS.filter((card) => card.later !== null || card.sequel !== null)
    assert.ok(marked.length > 12)
    for (const { number, behaviour } of marked) assert.notEqual(behaviour.kind, 'decline', number)
    assert.equal(testCard('4000000000000259')?.sequel, 'dispute')
    assert.equal(testCard('4000000000009235')?.later, 'review')
    const words = marked.flatMap(({ later, sequel }) => [later, sequel]).filter((word) => word !== null)
    assert.deepEqual(new Set(words), new Set([...Object.keys(LATER), ...Object.keys(SEQUELS)]))
  })

  it('finds the cards after which something comes by their last four digits', () => {
    const cards = TEST_CARDS.filter(({ sequel }) => sequel !== null)
    assert.equal(new Set(cards.map(({ number }) => number.slice(-4))).size, cards.length, 'no two end alike')
    for (const { number, sequel } of cards) assert.deepEqual(sequelOf(number.slice(-4)), { number, sequel })
    assert.equal(sequelOf('4242'), undefined)
  })

  it('follows the rule of the leading digits in each country', () => {
    // Spot checks against ISO 3166-1 itself, since the rule's table is read from the cards.
    const codes = { FR: '250', DE: '276', JP: '392', GB: '826', MX: '484', CH: '756' }
    for (const [country, code] of Object.entries(codes)) {
      const number = COUNTRY_CARDS.find(([of]) => of === country)?.[1]
      assert.equal(number?.slice(0, 9), `400000${code}`)
    }
    assert.equal(new Set(COUNTRY_CARDS.map(([, number]) => number.slice(0, 9))).size, COUNTRY_CARDS.length)
    const debit = ['4000056655665556', '4000056655665564', '4000056655665572', '4000056755665555']
    const outsideTheRule = ['5555555555554444', '5555555555554220', '4000051230000072', ...debit]
    const ruled = TEST_CARDS.filter((card) => /^(400000|400005|555555|555505)/.test(card.number))
    for (const { number, country, funding } of ruled.filter((card) => !outsideTheRule.includes(card.number))) {
      const neighbour = number.slice(0, 9).padEnd(16, '9')
      assert.deepEqual([describePan(neighbour).country, describePan(neighbour).funding], [country, funding], number)
    }
  })
})

describe('what a number tells at tokenization', () => {
  const CASES = [
    ['4000056655665556', 'visa', 'debit', 'US'],
    ['5105105105105100', 'mastercard', 'prepaid', 'US'],
    ['3566002020360505', 'jcb', 'credit', 'JP'],
    ['6200000000000005', 'unionpay', 'credit', 'CN'],
    ['5062210000000009', 'unknown', 'credit', 'MX'],
    ['4000000000000002', 'visa', 'credit', 'US'],
    ['4000058400307872', 'visa', 'debit', 'US'],
    // Not in the table: by the rule of the leading digits.
    ['4000003720000005999', 'visa', 'credit', 'IE'],
    ['4000058400999999', 'visa', 'debit', 'US'],
    ['5555052760999999', 'mastercard', 'debit', 'DE'],
    // Real numbers: the brand alone.
    ['4111111111111111', 'visa', 'unknown', 'US'],
    ['6011000000000004', 'discover', 'unknown', 'US'],
    ['9999999999999995', 'unknown', 'unknown', 'US'],
  ] as const
  for (const [pan, brand, funding, country] of CASES) {
    it(`${pan} is ${brand}, ${funding}, ${country}`, () => {
      assert.deepEqual(describePan(pan), { brand, funding, country })
    })
  }
})
