import { passesLuhn } from '../cards/card-number.ts'

// ASCII's digits, and the full-width ones of Japanese keyboards.
const DIGIT = '[0-9\uff10-\uff19]'
// What people put between two digits, also in the form that a request's body has for a blank.
const SEPARATOR = '(?:[ \\u00a0+._-]|%20)?'
// A blank before the number goes with it: the digits of its code are none of the number's.
const DIGIT_RUN = new RegExp(`(?:%20)?${DIGIT}(?:${SEPARATOR}${DIGIT}){12,}`, 'g')
const HAS_DIGIT_RUN = new RegExp(`${DIGIT}(?:${SEPARATOR}${DIGIT}){12}`)
const ASCII_DIGITS = /^[0-9]+$/
const GROUP = new RegExp(`%20|${DIGIT}+`, 'g')

// ISO/IEC 7812: Mastercard and Mir; Diners, JCB, American Express; Visa; Maestro and Mastercard; Discover, UnionPay and
// Maestro; RuPay and UnionPay; Troy. Times in ms, µs or ns begin with 1.
const CARD_PREFIX = /^(?:2[2-7]|3[04-9]|4|5|6|8[12]|9792)/
const SHORTEST_PAN = 13
const LONGEST_PAN = 19
const FIRST_KEPT = 6
const LAST_KEPT = 4

/**
 * Replaces the middle digits of every card number in a text by `*`, one for one; the first six and last four stay (PCI
 * DSS 3.4.1). A card number: 13 to 19 digits, together or in groups with a blank, dash or dot between, that begin as a card
 * does and pass Luhn's check. Where groups can be read as card numbers in several ways, each of them is masked.
 */
export function maskPans(text: string): string {
  return HAS_DIGIT_RUN.test(text) ? text.replace(DIGIT_RUN, maskRun) : text
}

const SECRET = /\b(?:[rs]k_(?:test|live)|whsec)_\w{9,}/g

/** Masks card numbers, and the secret keys that somebody sent in the place of an id. */
export function maskSecrets(text: string): string {
  return maskPans(text.replace(SECRET, (key) => maskKey(key)))
}

/** As `maskSecrets`, for the path of a URL, in which digits and what stands between them may be percent-encoded. */
export function maskPath(path: string): string {
  const decoded = decodedPath(path)
  const masked = maskSecrets(decoded ?? path)
  if (decoded === undefined) return masked
  return masked === decoded ? path : encodeURI(masked)
}

/** Undefined where there is nothing to decode, or nobody could. */
function decodedPath(path: string): string | undefined {
  if (!path.includes('%')) return undefined
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/**
 * An API key or id as errors show it: the first eight and last four characters stay (or `lastKept`), the rest becomes
 * `*`, one for one. Of twelve and fewer, only the last ones stay.
 */
export function maskKey(key: string, lastKept = LAST_KEPT): string {
  const kept = key.length > 12 ? key.slice(0, 8) : ''
  return kept + '*'.repeat(Math.max(0, key.length - kept.length - lastKept)) + key.slice(-lastKept)
}

/** Masks the card numbers in one run of digits and separators; a number starts and ends where a group does. */
function maskRun(run: string): string {
  const groups = [...run.matchAll(GROUP)].filter(([group]) => group !== '%20')
  const hidden = new Set<number>()
  for (let first = 0; first < groups.length; first++) {
    let digits = ''
    const places: number[] = []
    for (let next = first; next < groups.length; next++) {
      const { 0: group, index } = groups[next] as RegExpExecArray
      digits += ASCII_DIGITS.test(group) ? group : group.normalize('NFKC')
      if (digits.length > LONGEST_PAN) break
      for (let n = 0; n < group.length; n++) places.push(index + n)
      if (isPan(digits)) for (const place of places.slice(FIRST_KEPT, -LAST_KEPT)) hidden.add(place)
    }
  }
  if (hidden.size === 0) return run
  return Array.from(run, (character, index) => (hidden.has(index) ? '*' : character)).join('')
}

function isPan(digits: string): boolean {
  return digits.length >= SHORTEST_PAN && CARD_PREFIX.test(digits) && passesLuhn(digits)
}
