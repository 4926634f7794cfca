/** Whether `text` has more characters (code points) than `maximum`. Most texts are short enough however one counts. */
export function isLonger(text: string, maximum: number): boolean {
  return text.length > maximum && countCharacters(text) > maximum
}

/** The characters (code points) of `text`: what a limit of Stripe's counts, not the units that JavaScript stores. */
export function countCharacters(text: string): number {
  let count = 0
  for (const _character of text) count += 1
  return count
}
