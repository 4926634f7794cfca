/** Stripe: what a cardholder's statement shows has at most 22 characters. */
export const COMPOSED_LENGTH = 22

/**
 * Stripe: the prefix has at most 10 characters; the account's descriptor is cut to them where it stands in for a
 * prefix.
 */
const PREFIX_LENGTH = 10

const SEPARATOR = '* '

export type DescriptorKind = 'account' | 'prefix' | 'dynamic'

/** Why a descriptor is refused, with what the text of the error needs. Lengths are in characters (code points). */
export type DescriptorFault =
  | { readonly reason: 'too_long'; readonly length: number; readonly maximum: number }
  | { readonly reason: 'too_short'; readonly length: number; readonly minimum: number }
  | { readonly reason: 'forbidden_character'; readonly character: string }
  | { readonly reason: 'no_latin_letter' }

const LENGTHS: Readonly<Record<DescriptorKind, { readonly minimum: number; readonly maximum: number }>> = {
  account: { minimum: 5, maximum: COMPOSED_LENGTH },
  prefix: { minimum: 2, maximum: PREFIX_LENGTH },
  dynamic: { minimum: 0, maximum: COMPOSED_LENGTH },
}

const FORBIDDEN = /[<>\\'"*]/
const PRINTABLE_ASCII_ONLY = /^[ -~]*$/

/** Latin letters that Unicode does not take apart into a letter and an accent; banks print them as here. */
const UNDIVIDED_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'TH',
  ı: 'i',
}
const UNDIVIDED = new RegExp(`[${Object.keys(UNDIVIDED_LETTERS).join('')}]`, 'g')

/**
 * What the cardholder reads: `calculated_statement_descriptor`, at most 22 characters, upper case. Without a dynamic
 * part (the charge's `statement_descriptor_suffix`, else its `statement_descriptor`) the account's own; else the
 * prefix, or the first 10 characters of the account's own, then `* `, then as much of the dynamic part as fits. Stripe:
 * statement descriptors of card charges since 2019-02-19.
 *
 * Card networks print ASCII: accents are dropped (`Café` → `CAFE`), and so is what has no Latin form. What the charge
 * keeps is the caller's own spelling.
 */
export function composeDescriptor(parts: {
  readonly accountDescriptor: string
  readonly prefix: string | null
  readonly dynamic: string | null
}): string {
  const account = asPrinted(parts.accountDescriptor)
  const dynamic = asPrinted(parts.dynamic ?? '')
  if (dynamic === '') return cut(account, COMPOSED_LENGTH)

  const prefix = cut(asPrinted(parts.prefix ?? '') || account, PREFIX_LENGTH)
  return cut(`${prefix}${SEPARATOR}${dynamic}`, COMPOSED_LENGTH)
}

/**
 * Null where `text` may be used, else the first reason why not. Stripe: the account's descriptor has 5 to 22
 * characters, a prefix 2 to 10, a dynamic part at most 22; each at least one Latin letter and none of `< > \ ' " *`.
 */
export function checkDescriptor(text: string, kind: DescriptorKind): DescriptorFault | null {
  const { minimum, maximum } = LENGTHS[kind]
  const length = lengthOf(text)
  if (length > maximum) return { reason: 'too_long', length, maximum }
  if (length < minimum) return { reason: 'too_short', length, minimum }

  const character = forbiddenCharacterIn(text)
  if (character !== null) return { reason: 'forbidden_character', character }

  if (!/[A-Za-z]/.test(asAscii(text))) return { reason: 'no_latin_letter' }
  return null
}

/** The caller's character: one that would be printed as a forbidden one (the full-width `＊`) counts as that. */
function forbiddenCharacterIn(text: string): string | null {
  if (!FORBIDDEN.test(asAscii(text))) return null
  return [...text].find((character) => FORBIDDEN.test(asAscii(character))) ?? null
}

function lengthOf(text: string): number {
  return PRINTABLE_ASCII_ONLY.test(text) ? text.length : [...text].length
}

function asPrinted(text: string): string {
  return asAscii(text).trim().toUpperCase()
}

/** Nearly every descriptor is ASCII already; only the others pay for being taken apart. */
function asAscii(text: string): string {
  if (PRINTABLE_ASCII_ONLY.test(text)) return text
  return text
    .replace(/\s+/g, ' ')
    .replace(UNDIVIDED, (letter) => UNDIVIDED_LETTERS[letter] ?? '')
    .normalize('NFKD')
    .replace(/[^ -~]/g, '')
}

function cut(text: string, length: number): string {
  return text.slice(0, length).trimEnd()
}
