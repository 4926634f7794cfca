import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  checkDescriptor,
  composeDescriptor,
  type DescriptorFault,
  type DescriptorKind,
} from './statement-descriptor.ts'

describe('what the cardholder reads', () => {
  const table: [account: string, prefix: string | null, dynamic: string | null, read: string][] = [
    ['KOBAN TEST', null, null, 'KOBAN TEST'],
    ['Runway Coffee Roasters', null, null, 'RUNWAY COFFEE ROASTERS'],
    ['KOBAN TEST', null, 'Custom descriptor', 'KOBAN TEST* CUSTOM DES'],
    ['Runway Coffee Roasters', null, 'Order 17', 'RUNWAY COF* ORDER 17'],
    ['Runway Coffee Roasters', 'RUNWAY', 'Custom descriptor', 'RUNWAY* CUSTOM DESCRIP'],
    ['KOBAN TEST', 'GUMRD.COM', 'edgar2c49c2cb8', 'GUMRD.COM* EDGAR2C49C2'],
    ['Runway Coffee Roasters', 'GUMRD.COM', 'edgar2c49c2cb8', 'GUMRD.COM* EDGAR2C49C2'],
    ['Runway Coffee Roasters', 'RUNWAY', null, 'RUNWAY COFFEE ROASTERS'],
    // spaces at a cut and around a part
    ['Nine char and more', null, 'Order 17', 'NINE CHAR* ORDER 17'],
    ['KOBAN TEST', 'TENLETTERS', 'Nine char s', 'TENLETTERS* NINE CHAR'],
    ['KOBAN TEST', '', '', 'KOBAN TEST'],
    ['KOBAN TEST', null, '  Order 17  ', 'KOBAN TEST* ORDER 17'],
    // letters outside ASCII
    ['Café Zoë', null, 'Crème brûlée', 'CAFE ZOE* CREME BRULEE'],
    ['Smørrebrød Łódź', null, 'Straße', 'SMORREBROD* STRASSE'],
    ['小判 Koban', null, '注文 17 A', 'KOBAN* 17 A'],
    ['KOBAN TEST', null, '注文', 'KOBAN TEST'],
    ['KOBAN TEST', null, 'Ｏｒｄｅｒ\t１７', 'KOBAN TEST* ORDER 17'],
  ]
  for (const [accountDescriptor, prefix, dynamic, read] of table) {
    it(`${accountDescriptor} | ${prefix ?? '–'} | ${dynamic ?? '–'} → ${read}`, () => {
      assert.equal(composeDescriptor({ accountDescriptor, prefix, dynamic }), read)
    })
  }

  const text = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 40 }))
  const allowed = (kind: DescriptorKind) => text.filter((candidate) => checkDescriptor(candidate, kind) === null)
  const parts = fc.record({
    accountDescriptor: allowed('account'),
    prefix: fc.option(allowed('prefix')),
    dynamic: fc.option(allowed('dynamic')),
  })

  it('has at most 22 printable characters, in upper case, without a space at its end, whatever the parts are', () => {
    const anything = fc.record({ accountDescriptor: text, prefix: fc.option(text), dynamic: fc.option(text) })
    fc.assert(
      fc.property(fc.oneof(anything, parts), (given) => {
        const read = composeDescriptor(given)
        assert.ok(read.length <= 22)
        assert.match(read, /^[ -~]*$/)
        assert.equal(read, read.toUpperCase())
        assert.equal(read, read.trim())
      }),
    )
  })

  it("begins with the prefix, or with the account's own descriptor", () => {
    const ascii = fc.stringMatching(/^[A-Za-z][A-Za-z0-9. ]{3,8}[A-Za-z]$/)
    const prefix = fc.option(ascii)
    fc.assert(
      fc.property(ascii, prefix, fc.option(allowed('dynamic')), (accountDescriptor, prefix, dynamic) => {
        const read = composeDescriptor({ accountDescriptor, prefix, dynamic })
        const begins = dynamic === null ? accountDescriptor : (prefix ?? accountDescriptor)
        assert.ok(read.startsWith(begins.toUpperCase()), read)
        assert.equal(read.includes('* '), dynamic !== null)
      }),
    )
  })

  it('has one asterisk where there is a dynamic part, none where there is not, when every part was checked', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const asterisks = composeDescriptor(given).split('*').length - 1
        assert.equal(asterisks, given.dynamic === null ? 0 : 1)
      }),
    )
  })
})

describe('a descriptor', () => {
  const none = 'no_latin_letter'
  const table: [text: string, kind: DescriptorKind, fault: DescriptorFault | null][] = [
    ['KOBAN', 'account', null],
    ['Runway Coffee Roasters', 'account', null],
    ['Koba', 'account', { reason: 'too_short', length: 4, minimum: 5 }],
    ['Runway Coffee Roasters!', 'account', { reason: 'too_long', length: 23, maximum: 22 }],
    ['12345', 'account', { reason: none }],
    ['K', 'prefix', { reason: 'too_short', length: 1, minimum: 2 }],
    ['KO', 'prefix', null],
    ['TENLETTERS', 'prefix', null],
    ['ELEVENCHARS', 'prefix', { reason: 'too_long', length: 11, maximum: 10 }],
    ['Custom descriptor', 'dynamic', null],
    ['X', 'dynamic', null],
    ['1 year period with auto renew', 'dynamic', { reason: 'too_long', length: 29, maximum: 22 }],
    ['6735', 'dynamic', { reason: none }],
    ['', 'dynamic', { reason: none }],
    ['注文 17', 'dynamic', { reason: none }],
    ['注文 A', 'dynamic', null],
    ['é', 'dynamic', null],
    ['ø', 'dynamic', null],
    ['A, B & C', 'dynamic', null],
    ['A<B', 'dynamic', { reason: 'forbidden_character', character: '<' }],
    ['A＊B', 'dynamic', { reason: 'forbidden_character', character: '＊' }],
    ['Order 17 😀', 'dynamic', null],
    [`A${'😀'.repeat(22)}`, 'dynamic', { reason: 'too_long', length: 23, maximum: 22 }],
    [`A${'😀'.repeat(21)}`, 'dynamic', null],
  ]
  for (const [text, kind, fault] of table) {
    it(`${kind} '${text}': ${fault?.reason ?? 'taken'}`, () => assert.deepEqual(checkDescriptor(text, kind), fault))
  }

  it('has none of the six forbidden characters, in any part', () => {
    for (const kind of ['account', 'prefix', 'dynamic'] as const) {
      for (const character of '<>\\\'"*') {
        assert.deepEqual(checkDescriptor(`Order${character}`, kind), { reason: 'forbidden_character', character })
      }
    }
  })
})
