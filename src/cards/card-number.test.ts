import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { brandOf } from './brands.ts'
import type { Brand } from './card.ts'
import { checkCardNumber, checkCvc, passesLuhn } from './card-number.ts'

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join(''))

const withCheckDigit = (payload: string) => {
  const last = [...'0123456789'].find((digit) => passesLuhn(payload + digit))
  assert.ok(last !== undefined)
  return payload + last
}

const validNumber = digits(15).map(withCheckDigit)

describe('a card number', () => {
  const ACCEPTED = [
    ['4242424242424242', '4242424242424242'],
    ['4000 0566 5566 5556', '4000056655665556'],
    ['4242-4242-4242-4242', '4242424242424242'],
    [' 3782 822463 10005\n', '378282246310005'],
    ['424242424242', '424242424242'],
    ['6205500000000000004', '6205500000000000004'],
  ] as const
  for (const [raw, pan] of ACCEPTED) {
    it(`${JSON.stringify(raw)} is accepted as ${pan}`, () => assert.deepEqual(checkCardNumber(raw), { ok: true, pan }))
  }

  for (const raw of ['4242424242424241', '4242 4242 4242 4241', '424242424241', '4111111111111112']) {
    it(`${raw} is incorrect: its check digit is wrong`, () => {
      assert.deepEqual(checkCardNumber(raw), { ok: false, code: 'incorrect_number' })
    })
  }

  const NO_NUMBERS = [
    '',
    '-1',
    '4444',
    '42424242424',
    '42424242424242424242',
    'abcd',
    '4242x42424242424242',
    '４２４２',
  ]
  for (const raw of NO_NUMBERS) {
    it(`${JSON.stringify(raw)} is invalid: it cannot be a card's`, () => {
      assert.deepEqual(checkCardNumber(raw), { ok: false, code: 'invalid_number' })
    })
  }

  it('of UnionPay needs no check digit where it has 19 digits', () => {
    assert.equal(checkCardNumber('6205500000000000005').ok, true)
    assert.deepEqual(checkCardNumber('6200000000000006'), { ok: false, code: 'incorrect_number' })
  })

  it('passes with any 15 digits and their check digit, however it is grouped', () => {
    const separator = fc.constantFrom(' ', '-', '', '  ')
    fc.assert(
      fc.property(validNumber, separator, (pan, between) => {
        const grouped = pan.replace(/.{4}/g, (group) => group + between)
        assert.deepEqual(checkCardNumber(grouped), { ok: true, pan })
      }),
    )
  })

  it('has exactly one check digit for the digits before it', () => {
    fc.assert(
      fc.property(digits(15), (payload) => {
        assert.equal([...'0123456789'].filter((digit) => passesLuhn(payload + digit)).length, 1)
      }),
    )
  })

  it('fails with any one digit mistyped', () => {
    const position = fc.integer({ min: 0, max: 15 })
    fc.assert(
      fc.property(validNumber, position, fc.integer({ min: 1, max: 9 }), (pan, at, shift) => {
        const wrong = (Number(pan[at]) + shift) % 10
        const mistyped = pan.slice(0, at) + wrong + pan.slice(at + 1)
        assert.deepEqual(checkCardNumber(mistyped), { ok: false, code: 'incorrect_number' })
      }),
    )
  })

  it('is judged without an exception, whatever is typed, and only digits come through', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), digits(19)), (raw) => {
        const check = checkCardNumber(raw)
        if (check.ok) assert.match(check.pan, /^\d{12,19}$/)
      }),
    )
  })
})

describe('a security code', () => {
  const CASES: readonly (readonly [raw: string, brand: Brand, ok: boolean])[] = [
    ['123', 'visa', true],
    ['000', 'visa', true],
    ['012', 'mastercard', true],
    ['1234', 'amex', true],
    ['123', 'unknown', true],
    ['1234', 'unknown', true],
    ['12', 'visa', false],
    ['1234', 'visa', false],
    ['123', 'amex', false],
    ['-1', 'visa', false],
    ['abc', 'visa', false],
    ['', 'visa', false],
    ['1.5', 'visa', false],
    ['１２３', 'visa', false],
  ]
  for (const [raw, brand, ok] of CASES) {
    it(`${JSON.stringify(raw)} is ${ok ? 'accepted' : 'refused'} for ${brand}`, () => {
      assert.deepEqual(checkCvc(raw, brand), ok ? { ok: true } : { ok: false, code: 'invalid_cvc' })
    })
  }

  it('has four digits for the two American Express test cards', () => {
    for (const pan of ['378282246310005', '371449635398431']) assert.equal(checkCvc('1234', brandOf(pan)).ok, true)
  })
})
