import { yearMonthOf } from '../../../src/cards/expiry.ts'
import type { UnixSeconds } from '../../../src/money.ts'
import { expiryDigits, formatExpiry, judgeExpiry } from '../card/expiry.ts'
import { type Brand, cvcLengthOf, formatNumber, judgeCvc, judgeNumber, longestNumber } from '../card/number.ts'
import { formatPostal, judgePostal, type PostalKind } from '../card/postal.ts'
import { digitsOf, retype } from '../card/typing.ts'
import type { FieldName } from '../protocol.ts'
import type { InputRules } from './input.ts'

/** What the other inputs follow from the number. */
export type CardSeen = { readonly brand: Brand; readonly postal: PostalKind | null }

/** The rules of each input; `seen` tells what the number is by now. */
export function rulesOf(field: FieldName, seen: () => CardSeen): InputRules {
  switch (field) {
    case 'cardNumber':
      return {
        autocomplete: 'cc-number',
        name: 'cardnumber',
        type: (...key) => retype(formatNumber, ...key),
        judge: (text) => judgeNumber(digitsOf(text)),
        isFull: (text) => digitsOf(text).length === longestNumber(digitsOf(text)),
      }
    case 'cardExpiry':
      return {
        autocomplete: 'cc-exp',
        name: 'exp-date',
        type(before, typed, caret, deletion) {
          if (deletion !== null || caret < typed.length) return retype(formatExpiry, before, typed, caret, deletion)
          const text = formatExpiry(expiryDigits(typed))
          return { text, caret: text.length }
        },
        judge: (text) => judgeExpiry(text, yearMonthOf(Math.floor(Date.now() / 1000) as UnixSeconds)),
        isFull: (text) => digitsOf(text).length >= 4,
      }
    case 'cardCvc':
      return {
        autocomplete: 'cc-csc',
        name: 'cvc',
        type: (...key) => retype((digits) => digits.slice(0, cvcLengthOf(seen().brand)), ...key),
        judge: (text) => judgeCvc(text, seen().brand),
        isFull: (text) => text.length === cvcLengthOf(seen().brand),
      }
    case 'postalCode':
      return {
        autocomplete: 'billing postal-code',
        name: 'postal',
        type: (_before, typed, caret) => {
          const text = formatPostal(typed, seen().postal ?? 'any')
          return { text, caret: Math.min(caret, text.length) }
        },
        judge: (text) => judgePostal(text, seen().postal ?? 'any'),
        isFull: () => false, // nothing comes after it
      }
  }
}
