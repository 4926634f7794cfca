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

/** A value as Ruby, Stripe's language, prints it: `{:id=>"6735"}`. */
export function asInRuby(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(([key, inner]) => `${symbolInRuby(key)}=>${asInRuby(inner)}`)
  return `{${members.join(', ')}}`
}

function symbolInRuby(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `:${name}` : `:${JSON.stringify(name)}`
}
