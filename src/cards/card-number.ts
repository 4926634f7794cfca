import { BRAND_RULES, brandOf } from './brands.ts'
import type { Brand } from './card.ts'

/** `pan` is the number as it is kept and sent on: digits only. */
export type CardNumberCheck =
  | { readonly ok: true; readonly pan: string }
  | { readonly ok: false; readonly code: 'incorrect_number' | 'invalid_number' }

export type CvcCheck = { readonly ok: true } | { readonly ok: false; readonly code: 'invalid_cvc' }

const BLANKS_AND_DASHES = /[\s-]/g
const PAN = /^[0-9]{12,19}$/ // ISO/IEC 7812: at most 19 digits; no network issues fewer than 12
const CVC = /^[0-9]+$/

/**
 * Judges a card number as it was typed, with or without blanks and dashes. What cannot be a card number is
 * `invalid_number`, what is mistyped (Luhn) `incorrect_number`. Whether such a card exists is the issuer's word.
 * Source: Stripe's answers to `POST /v1/tokens`.
 */
export function checkCardNumber(raw: string): CardNumberCheck {
  const pan = raw.replace(BLANKS_AND_DASHES, '')
  if (!PAN.test(pan)) return { ok: false, code: 'invalid_number' }
  if (hasCheckDigit(pan) && !passesLuhn(pan)) return { ok: false, code: 'incorrect_number' }
  return { ok: true, pan }
}

/**
 * Judges a security code: as many digits as the brand prints on its cards. A string, since leading zeros count.
 * Source: Stripe's answers to `POST /v1/tokens`.
 */
export function checkCvc(raw: string, brand: Brand): CvcCheck {
  if (!CVC.test(raw)) return { ok: false, code: 'invalid_cvc' }
  if (!BRAND_RULES[brand].cvcLengths.includes(raw.length)) return { ok: false, code: 'invalid_cvc' }
  return { ok: true }
}

/** Whether the last digit of `pan` (digits only) is the check digit of those before it. Source: ISO/IEC 7812-1, annex B. */
export function passesLuhn(pan: string): boolean {
  let sum = 0
  let doubled = false // every second digit, from the right, beginning with the one before the check digit
  for (let i = pan.length - 1; i >= 0; i--) {
    const digit = pan.charCodeAt(i) - 48
    const weighted = doubled ? digit * 2 : digit
    sum += weighted > 9 ? weighted - 9 : weighted
    doubled = !doubled
  }
  return sum % 10 === 0
}

/** UnionPay has issued cards of 19 digits whose last one is no check digit. */
function hasCheckDigit(pan: string): boolean {
  return !(pan.length === 19 && brandOf(pan) === 'unionpay')
}
