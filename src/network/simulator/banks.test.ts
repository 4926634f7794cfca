import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { simulatedBanks } from './banks.ts'

const CODES = [
  ...['accepted', 'no_account', 'account_closed', 'insufficient_funds', 'debit_not_authorized', 'invalid_currency'],
]

/** As Stripe's testing page has them. */
const NUMBERS: readonly (readonly [countries: readonly string[], numbers: readonly string[]])[] = [
  [
    ['US', 'CA'],
    ['000123456789', '000111111116', '000111111113', '000222222227', '000333333335', '000444444440'],
  ],
  [
    ['AU', 'SG', 'HK', 'NZ'],
    ['000123456', '111111116', '111111113', '222222227', '333333335', '444444440'],
  ],
  [
    ['GB', 'JP'],
    ['00012345', '11111116', '11111113', '22222227', '33333335', '44444440'],
  ],
  [['JP'], ['0001234', '1111116', '1111113', '2222227', '3333335', '4444440']],
  [
    ['DE'],
    [
      ...['DE89370400440532013000', 'DE62370400440532013001', 'DE89370400440532013002', 'DE89370400440532013003'],
      ...['DE89370400440532013004', 'DE89370400440532013005'],
    ],
  ],
  [['FR'], ['FR1420041010050500013M02606', 'FR1420041010050500013001']],
]

describe('the banks of test mode', () => {
  for (const [countries, numbers] of NUMBERS) {
    for (const country of countries) {
      for (const [n, number] of numbers.entries()) {
        it(`${country} ${number}: ${CODES[n]}`, () =>
          assert.equal(simulatedBanks.answer(country, number, 'standard'), CODES[n]))
      }
    }
  }

  it('know no other number', () => {
    for (const [country, number] of [
      ['US', '123456789012'],
      ['US', '00012345'],
      ['GB', '000123456789'],
      ['DE', 'DE89370400440532019999'],
      ['DE', '000123456789'],
    ] as const)
      assert.equal(simulatedBanks.answer(country, number, 'standard'), null, `${country} ${number}`)
  })

  it('have one that refuses instant payouts alone', () => {
    assert.equal(simulatedBanks.answer('US', '000888888883', 'standard'), 'accepted')
    assert.equal(simulatedBanks.answer('US', '000888888883', 'instant'), 'could_not_process')
    assert.equal(simulatedBanks.answer('US', '000123456789', 'instant'), 'accepted')
  })

  it('have tokens', () => {
    const names = [
      'verified',
      'noAccount',
      'accountClosed',
      'insufficientFunds',
      'debitNotAuthorized',
      'invalidCurrency',
    ]
    for (const [n, name] of names.entries()) {
      const token = simulatedBanks.token(n === 0 ? 'btok_us_verified' : `btok_us_verified_${name}`)
      assert.equal(token && simulatedBanks.answer(token.country, token.accountNumber, 'standard'), CODES[n])
    }
    assert.deepEqual(simulatedBanks.token('btok_us'), simulatedBanks.token('btok_us_verified'))
    assert.equal(simulatedBanks.token('btok_nope'), undefined)
  })
})
