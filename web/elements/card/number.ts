import { BRAND_RULES, brandOf } from '../../../src/cards/brands.ts'
import type { Brand } from '../../../src/cards/card.ts'
import { passesLuhn } from '../../../src/cards/card-number.ts'
import { COMPLETE, type Judgement, unfinished, wrong } from './judgement.ts'

export type { Brand }
export { brandOf }

/** The lengths that a form expects, in digits, longest last. The vault takes more; nobody is known to print them. */
function lengthsOf(digits: string): readonly number[] {
  switch (brandOf(digits)) {
    case 'amex':
      return [15]
    case 'diners':
      return digits.startsWith('36') ? [14] : [14, 16]
    case 'unionpay':
      return [16, 17, 18, 19]
    default:
      return [16]
  }
}

export function longestNumber(digits: string): number {
  return Math.max(...lengthsOf(digits))
}

function groupsOf(digits: string): readonly number[] {
  const brand = brandOf(digits)
  if (brand === 'amex') return [4, 6, 5]
  if (brand === 'diners' && digits.length <= 14) return [4, 6, 4]
  return [4, 4, 4, 4, 3]
}

/** A card number as it is printed on the card, cut at the brand's length. */
export function formatNumber(digits: string): string {
  const cut = digits.slice(0, longestNumber(digits))
  const groups: string[] = []
  let start = 0
  for (const length of groupsOf(cut)) {
    if (start >= cut.length) break
    groups.push(cut.slice(start, start + length))
    start += length
  }
  return groups.join(' ')
}

/** Whether the number can be one, as far as it is typed. UnionPay's of 19 digits may end without a check digit. */
export function judgeNumber(digits: string): Judgement {
  const lengths = lengthsOf(digits)
  if (!lengths.includes(digits.length)) return unfinished(digits, 'incomplete_number')
  if (passesLuhn(digits)) return COMPLETE
  if (digits.length < longestNumber(digits)) return unfinished(digits, 'incomplete_number')
  return digits.length === 19 ? COMPLETE : wrong('invalid_number')
}

/** The longest security code that the brand prints, in digits. */
export function cvcLengthOf(brand: Brand): number {
  return Math.max(...BRAND_RULES[brand].cvcLengths)
}

/** American Express has three digits on some cards too, yet the form waits for the fourth. */
export function judgeCvc(digits: string, brand: Brand): Judgement {
  return BRAND_RULES[brand].cvcLengths.includes(digits.length) ? COMPLETE : unfinished(digits, 'incomplete_cvc')
}
