import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { TEST_CARDS } from '../../../src/network/simulator/cards.ts'
import { expiryDigits, formatExpiry, judgeExpiry } from './expiry.ts'
import { formatNumber, judgeCvc, judgeNumber, longestNumber } from './number.ts'
import { formatPostal, judgePostal, postalKindOf } from './postal.ts'
import { digitsOf, retype } from './typing.ts'

const digits = (maxLength: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${maxLength}}$`))
const november = { year: 2026, month: 11 }

/** A key at the caret of a text, as a browser leaves both. */
function press(format: (digits: string) => string, before: string, caret: number, key: string) {
  if (key === 'Backspace') {
    const typed = before.slice(0, Math.max(0, caret - 1)) + before.slice(caret)
    return retype(format, before, typed, Math.max(0, caret - 1), 'backward')
  }
  if (key === 'Delete') {
    return retype(format, before, before.slice(0, caret) + before.slice(caret + 1), caret, 'forward')
  }
  return retype(format, before, before.slice(0, caret) + key + before.slice(caret), caret + key.length, null)
}

describe('what stands in an input after a key', () => {
  it('has every digit that was typed, in groups, and the caret behind it', () => {
    fc.assert(
      fc.property(digits(30), (typed) => {
        let text = ''
        for (const key of typed) text = press(formatNumber, text, text.length, key).text
        assert.equal(digitsOf(text), typed.slice(0, longestNumber(typed)))
      }),
    )
  })

  it('is empty after as many backspaces as there are digits', () => {
    fc.assert(
      fc.property(digits(16), fc.constantFrom(formatNumber, formatExpiry), (typed, format) => {
        let now = { text: format(typed), caret: format(typed).length }
        for (let left = digitsOf(now.text).length; left > 0; left--) {
          now = press(format, now.text, now.caret, 'Backspace')
          assert.equal(digitsOf(now.text).length, left - 1)
        }
        assert.equal(now.text, '')
      }),
    )
  })

  it('takes the digit before a gap along, and the one behind it for Delete', () => {
    assert.deepEqual(press(formatNumber, '4242 4', 5, 'Backspace'), { text: '4244', caret: 3 })
    assert.deepEqual(press(formatNumber, '4242 4', 4, 'Delete'), { text: '4242', caret: 4 })
    assert.deepEqual(press(formatExpiry, '12 / ', 5, 'Backspace'), { text: '1', caret: 1 })
  })

  it('keeps the caret behind the digit that it was behind', () => {
    assert.deepEqual(press(formatNumber, '4242 4242', 2, '1'), { text: '4214 2424 2', caret: 3 })
    assert.deepEqual(press(formatNumber, '4242 4242', 3, '1'), { text: '4241 2424 2', caret: 5 })
    assert.deepEqual(press(formatNumber, '4242 4242', 2, 'Backspace'), { text: '4424 242', caret: 1 })
  })

  it('reads what is pasted in any spelling, and full-width digits', () => {
    const paste = (text: string) => retype(formatNumber, '', text, text.length, null).text
    for (const spelling of [
      '4242-4242-4242-4242',
      ' 4242 4242 4242 4242 ',
      'n° 4242.4242.4242.4242',
      '４２４２４２４２４２４２４２４２',
    ])
      assert.equal(paste(spelling), '4242 4242 4242 4242')
    assert.equal(paste('378282246310005123'), '3782 822463 10005')
  })
})

describe('a card number', () => {
  it('is complete for each of the test cards, and spelled as on the card', () => {
    for (const { number } of TEST_CARDS) {
      if (judgeNumber(number).status === 'invalid') assert.equal(number, '4242424242424241')
      else assert.equal(judgeNumber(number).status, 'complete', number)
      assert.equal(digitsOf(formatNumber(number)), number)
    }
    assert.equal(formatNumber('36227206271667'), '3622 720627 1667')
    assert.equal(formatNumber('3056930009020004'), '3056 9300 0902 0004')
    assert.equal(formatNumber('6205500000000000004'), '6205 5000 0000 0000 004')
  })

  it('is wrong as soon as it is whole and its check digit is not right, and not before', () => {
    assert.deepEqual(judgeNumber('4242424242424241'), { status: 'invalid', code: 'invalid_number' })
    assert.deepEqual(judgeNumber('424242424242424'), { status: 'partial', code: 'incomplete_number' })
    assert.deepEqual(judgeNumber(''), { status: 'empty', code: 'incomplete_number' })
    assert.equal(judgeNumber('30569309025904').status, 'complete')
    assert.equal(judgeNumber('305693000902000').status, 'partial')
  })

  it('has a code as long as its brand prints', () => {
    assert.equal(judgeCvc('123', 'visa').status, 'complete')
    assert.equal(judgeCvc('123', 'amex').status, 'partial')
    assert.equal(judgeCvc('1234', 'amex').status, 'complete')
    assert.equal(judgeCvc('123', 'unknown').status, 'complete')
  })
})

describe('an expiry date', () => {
  it('is written MM / YY, whichever way it came', () => {
    for (const spelling of ['12/34', '12 / 34', '1234', '12/2034', '2034-12', '122034', '12-34', '１２３４'])
      assert.equal(formatExpiry(expiryDigits(spelling)), '12 / 34', spelling)
    for (const [typed, shown] of [
      ['1', '1'],
      ['4', '04 / '],
      ['1/', '01 / '],
      ['12', '12 / '],
      ['4/34', '04 / 34'],
      ['2034-4', '04 / 34'],
      ['12203', '12 / 203'],
    ] as const)
      assert.equal(formatExpiry(expiryDigits(typed)), shown)
  })

  it('is judged when it is whole, by months of UTC', () => {
    const code = (text: string) => judgeExpiry(text, november).code
    assert.equal(code('11 / 26'), null)
    assert.equal(code('10 / 26'), 'invalid_expiry_month_past')
    assert.equal(code('12 / 25'), 'invalid_expiry_year_past')
    assert.equal(code('12 / 76'), null)
    assert.equal(code('12 / 77'), 'invalid_expiry_year')
    assert.equal(code('13 / '), 'invalid_expiry_month')
    assert.equal(code('00 / 3'), 'invalid_expiry_month')
    assert.equal(code('12 / 3'), 'incomplete_expiry')
    assert.equal(judgeExpiry('', november).status, 'empty')
  })
})

describe('a postal code', () => {
  const KIND_BY_COUNTRY: Readonly<Record<string, string>> = { US: 'zip', PR: 'zip', CA: 'canadian', GB: 'british' }

  it("is asked for by the issuer's country", () => {
    for (const { number, country, brand } of TEST_CARDS) {
      if (brand === 'unionpay' || judgeNumber(number).status !== 'complete') continue
      assert.equal(postalKindOf(number, true), KIND_BY_COUNTRY[country] ?? 'none', `${number} of ${country}`)
    }
    assert.equal(postalKindOf('6200000000000005', true), 'none')
    assert.equal(postalKindOf('4242', true), null)
    assert.equal(postalKindOf('4242424242424242', false), 'any')
  })

  it('is five digits, or what Canadians and the British write', () => {
    assert.equal(formatPostal('94107-1234', 'zip'), '94107')
    assert.equal(formatPostal(' W1A 1AA', 'british'), 'W1A 1AA')
    for (const [text, kind, status] of [
      ['94107', 'zip', 'complete'],
      ['9410', 'zip', 'partial'],
      ['', 'zip', 'empty'],
      ['M5T 1T4', 'canadian', 'complete'],
      ['m5t1t4', 'canadian', 'complete'],
      ['M5T', 'canadian', 'partial'],
      ['W1A 1AA', 'british', 'complete'],
      ['W1A', 'british', 'partial'],
      ['100-0001', 'any', 'complete'],
    ] as const)
      assert.equal(judgePostal(text, kind).status, status, text)
  })
})
