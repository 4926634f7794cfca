import type { Brand } from './card.ts'

/** How long a brand's numbers and security codes are, in digits. */
export type BrandRules = { readonly panLengths: readonly number[]; readonly cvcLengths: readonly number[] }

/**
 * By brand, the lengths that its cards have. The number's length is what a form expects while it is typed; it decides
 * nothing on the server, where the networks' ranges change and Luhn finds the slips of the finger.
 */
export const BRAND_RULES: Readonly<Record<Brand, BrandRules>> = {
  visa: { panLengths: [13, 16, 18, 19], cvcLengths: [3] },
  mastercard: { panLengths: [16], cvcLengths: [3] },
  amex: { panLengths: [15], cvcLengths: [4] },
  discover: { panLengths: [16, 19], cvcLengths: [3] },
  diners: { panLengths: [14, 16], cvcLengths: [3] },
  jcb: { panLengths: [16, 17, 18, 19], cvcLengths: [3] },
  unionpay: { panLengths: [14, 15, 16, 17, 18, 19], cvcLengths: [3] },
  unknown: { panLengths: [12, 13, 14, 15, 16, 17, 18, 19], cvcLengths: [3, 4] },
}

/** Leading digits, as a range with both ends included and equally long. */
type PrefixRange = readonly [from: string, to: string, brand: Brand]

/** What Stripe's mobile SDKs recognise; they count Maestro (50, 56–58, 67) as Mastercard, whose debit brand it is. */
const PREFIXES: readonly PrefixRange[] = [
  ['4', '4', 'visa'],
  ['2221', '2720', 'mastercard'],
  ['50', '59', 'mastercard'],
  ['67', '67', 'mastercard'],
  ['34', '34', 'amex'],
  ['37', '37', 'amex'],
  ['60', '60', 'discover'],
  ['64', '65', 'discover'],
  ['30', '30', 'diners'],
  ['36', '36', 'diners'],
  ['38', '39', 'diners'],
  ['3528', '3589', 'jcb'],
  ['1800', '1800', 'jcb'],
  ['2131', '2131', 'jcb'],
  ['62', '62', 'unionpay'],
  ['81', '81', 'unionpay'],
  // Carnet, of Mexico: inside Mastercard's digits, yet a network of its own, for which the API has no brand.
  ['506221', '506221', 'unknown'],
]

const BRAND_BY_PREFIX: ReadonlyMap<string, Brand> = new Map(
  PREFIXES.flatMap(([from, to, brand]) => prefixesBetween(from, to).map((prefix) => [prefix, brand] as const)),
)

const PREFIX_LENGTHS_LONGEST_FIRST = [...new Set([...BRAND_BY_PREFIX.keys()].map((prefix) => prefix.length))].sort(
  (a, b) => b - a,
)

/** The brand of a card number by its longest known prefix, `unknown` where none is known. Source: Stripe's mobile SDKs. */
export function brandOf(pan: string): Brand {
  for (const length of PREFIX_LENGTHS_LONGEST_FIRST) {
    const brand = BRAND_BY_PREFIX.get(pan.slice(0, length))
    if (brand !== undefined) return brand
  }
  return 'unknown'
}

function prefixesBetween(from: string, to: string): string[] {
  const first = Number(from)
  return Array.from({ length: Number(to) - first + 1 }, (_, i) => String(first + i))
}
