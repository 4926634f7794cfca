/** What stands in an input after a key, and where the caret is. */
export type Typed = { readonly text: string; readonly caret: number }

/** Which way a deletion went; null where something was typed or pasted. */
export type Deletion = 'backward' | 'forward' | null

const FULL_WIDTH_ZERO = '０'.charCodeAt(0)

/** The digits in a text; the full-width ones of Japanese keyboards are digits too. */
export function digitsOf(text: string): string {
  const narrow = text.replace(/[０-９]/g, (digit) => String(digit.charCodeAt(0) - FULL_WIDTH_ZERO))
  return narrow.replace(/[^0-9]/g, '')
}

/**
 * Puts a text of digits into its form again after a key. The caret stays behind the digit that it was behind; what was
 * deleted between two groups takes the digit before it along (or behind it), else nothing would ever be deleted there.
 */
export function retype(
  format: (digits: string) => string,
  before: string,
  typed: string,
  caret: number,
  deletion: Deletion,
): Typed {
  let digits = digitsOf(typed)
  let behind = digitsOf(typed.slice(0, caret)).length
  if (deletion !== null && typed.length < before.length && digits === digitsOf(before)) {
    const at = deletion === 'backward' ? behind - 1 : behind
    if (at >= 0) digits = digits.slice(0, at) + digits.slice(at + 1)
    if (deletion === 'backward') behind = Math.max(0, behind - 1)
  }
  const text = format(digits)
  if (behind >= digits.length) return { text, caret: deletion === 'backward' ? lastDigit(text) : text.length }
  return { text, caret: positionBehind(text, behind, deletion === null) }
}

function lastDigit(text: string): number {
  return text.search(/[^0-9]*$/)
}

function positionBehind(text: string, digits: number, skipsGap: boolean): number {
  let position = 0
  for (let seen = 0; seen < digits && position < text.length; position++) if (/[0-9]/.test(text[position] ?? '')) seen++
  if (!skipsGap || digits === 0) return position
  while (position < text.length && !/[0-9]/.test(text[position] ?? '')) position++
  return position
}
