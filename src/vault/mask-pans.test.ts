import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { maskKey, maskPans, maskPath, maskSecrets } from './mask-pans.ts'

/** Digits that begin with `prefix`, have `length`, and pass Luhn's check. */
function panOf(prefix: string, length: number, filler: readonly number[]): string {
  const body = (prefix + filler.join('')).slice(0, length - 1)
  const sum = [...body].reverse().reduce((sum, c, n) => {
    const digit = Number(c) * (n % 2 === 0 ? 2 : 1)
    return sum + (digit > 9 ? digit - 9 : digit)
  }, 0)
  return body + ((10 - (sum % 10)) % 10)
}

const pans = fc
  .record({
    prefix: fc.constantFrom(
      '4',
      '51',
      '55',
      '2221',
      '2720',
      '34',
      '37',
      '6011',
      '65',
      '36',
      '3055',
      '3530',
      '62',
      '50',
    ),
    length: fc.integer({ min: 13, max: 19 }),
    filler: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 18, maxLength: 18 }),
  })
  .map(({ prefix, length, filler }) => panOf(prefix, length, filler))

describe('a card number in a text', () => {
  const masked: [string, string][] = [
    ['4242424242424242', '424242******4242'],
    ['number=4242424242424242&cvc=123', 'number=424242******4242&cvc=123'],
    ['4242 4242 4242 4242', '4242 42** **** 4242'],
    ['4242-4242-4242-4242', '4242-42**-****-4242'],
    ['4242+4242+4242+4242', '4242+42**+****+4242'],
    ['4242%204242%204242%204242', '4242%2042**%20****%204242'],
    ['3782 822463 10005', '3782 82**** *0005'],
    ['4242.4242.4242.4242', '4242.42**.****.4242'],
    ['4242_4242_4242_4242', '4242_42**_****_4242'],
    ['４２４２４２４２４２４２４２４２', '４２４２４２******４２４２'],
    ['4222222222222', '422222***2222'],
    ['6212345678900000003', '621234*********0003'],
    ['order 12 4242424242424242', 'order 12 424242******4242'],
    ['"4242424242424242","5555555555554444"', '"424242******4242","555555******4444"'],
  ]
  for (const [text, expected] of masked) it(`${text} → ${expected}`, () => assert.equal(maskPans(text), expected))

  it('never stays, wherever it stands', () => {
    const around = fc.string().map((text) => text.replace(/\d/g, 'x'))
    fc.assert(
      fc.property(pans, around, around, fc.constantFrom('', '12 ', '4000 ', '2024-'), (pan, before, after, digits) => {
        assert.ok(!maskPans(`${before}${digits}${pan}${after}`).includes(pan))
      }),
    )
  })

  it('shows at most ten digits of itself in groups of any size', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 19, maxLength: 19 })
    fc.assert(
      fc.property(pans, sizes, fc.constantFrom(' ', '-', '.', '_'), (pan, sizes, separator) => {
        const groups: string[] = []
        for (let rest = pan, n = 0; rest; rest = rest.slice(sizes[n++])) groups.push(rest.slice(0, sizes[n]))
        const shown = maskPans(groups.join(separator)).replaceAll(/[^\d]/g, '')
        assert.ok(shown.length <= 10, shown)
      }),
    )
  })
})

describe('what is no card number stays as it is', () => {
  const untouched = [
    '',
    'no digits',
    '4242424242424241', // Luhn
    '424242424242', // too short
    '42424242424242424242', // too long
    '1558000000123', // a time in ms
    '1558000000123456789', // a time in ns
    'ch_1VbtdMG6000q5sARxK0aONpW',
    '4242/4242/4242/4242',
    '0000000000000000',
  ]
  for (const text of untouched) it(JSON.stringify(text), () => assert.equal(maskPans(text), text))

  // Would not end where the work grew with the square of the length.
  it('also in long texts', () => {
    for (const text of ['1'.repeat(1_000_000), '1 '.repeat(300_000), '4-'.repeat(100_000)]) {
      assert.equal(maskPans(text).length, text.length)
    }
  })
})

describe('a key in an error', () => {
  const masked: [string, string][] = [
    ['sk_test_4eC39HqLyjWDarjtT1zdp7dc', 'sk_test_********************p7dc'],
    ['pi_1PixFabcdzlzo', 'pi_1PixF****zlzo'],
    ['1234567890123', '12345678*0123'],
    ['123456789012', '********9012'],
    ['undefined', '*****ined'],
    ['abc', 'abc'],
    ['', ''],
  ]
  for (const [key, expected] of masked) it(`${key} → ${expected}`, () => assert.equal(maskKey(key), expected))
})

describe('a secret key in a text', () => {
  it('is masked, and a publishable one is not', () => {
    assert.equal(
      maskSecrets("No such charge: 'sk_live_51Abcdefghijklmnop', pk_test_TYooMQauvdEDq54NiTphI7jx"),
      "No such charge: 'sk_live_**************mnop', pk_test_TYooMQauvdEDq54NiTphI7jx",
    )
  })
})

describe('the path of a URL', () => {
  const cases = [
    ['/v1/charges/4242424242424242', '/v1/charges/424242******4242'],
    ['/v1/charges/%204242424242424242%20', '/v1/charges/%20424242******4242%20'],
    ['/v1/charges/4242%C2%A04242%C2%A04242%C2%A04242', '/v1/charges/4242%C2%A042**%C2%A0****%C2%A04242'],
    ['/v1/charges/%34242424242424242', '/v1/charges/424242******4242'],
    ['/v1/charges/4242424242424242%0A', '/v1/charges/424242******4242%0A'],
    ['/%zz4242424242424242', '/%zz424242******4242'],
    ['/v1/charges/ch%201', '/v1/charges/ch%201'],
  ] as const
  for (const [path, masked] of cases) it(`${path} → ${masked}`, () => assert.equal(maskPath(path), masked))
})
