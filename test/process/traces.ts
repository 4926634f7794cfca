/** Looks for a secret in bytes, in the forms that code on its way could have given it. */

export type Place = { readonly name: string; readonly bytes: Buffer }

/** The places where a text is, in clear, in hexadecimal, or in base64, whatever stands before it there. */
export function placesOfText(secret: string, places: readonly Place[]): string[] {
  return found(places, formsOf(Buffer.from(secret)))
}

/** As `placesOfText`, for bytes such as those of a key. */
export function placesOfBytes(secret: Buffer, places: readonly Place[]): string[] {
  return found(places, formsOf(secret))
}

/** The places of a card number: as a text, in groups, percent-encoded, as an integer, or with two digits in a byte. */
export function placesOfNumber(digits: string, places: readonly Place[]): string[] {
  const integer = Buffer.alloc(8)
  integer.writeBigUInt64BE(BigInt(digits))
  const shortest = integer.subarray(integer.findIndex((byte) => byte !== 0))
  const packed = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex')
  const bytes = [...formsOf(Buffer.from(digits)), shortest, Buffer.from(shortest).reverse(), packed]
  const encoded = digits.replaceAll(/\d/g, (digit) => `%3${digit}`)
  const grouped = new RegExp(digits.split('').join('(?:[^0-9A-Za-z]|%20|\\\\u00a0){0,2}'))
  const inGroups = places.filter(({ bytes }) => grouped.test(bytes.toString('latin1'))).map(({ name }) => name)
  return [...new Set([...found(places, [...bytes, Buffer.from(encoded)]), ...inGroups])]
}

/** The places where a few digits stand as a word of their own: within ids and times they come by chance. */
export function placesOfWord(word: string, places: readonly Place[]): string[] {
  const alone = new RegExp(`(?<![0-9A-Za-z_+/.-])${word}(?![0-9A-Za-z_+/=-])`)
  return places.filter(({ bytes }) => alone.test(bytes.toString('latin1'))).map(({ name }) => name)
}

function formsOf(secret: Buffer): Buffer[] {
  const hex = secret.toString('hex')
  const texts = [hex, hex.toUpperCase(), ...[0, 1, 2].map((shift) => base64After(secret, shift))]
  return [secret, ...texts.map((text) => Buffer.from(text)), ...texts.map((text) => Buffer.from(urlSafe(text)))]
}

/** The characters of a base64 text that depend on the secret alone, where `shift` bytes (modulo 3) stand before it. */
function base64After(secret: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), secret])
    .toString('base64')
    .replaceAll('=', '')
  const bits = 8 * (shift + secret.length)
  return text.slice(Math.ceil((8 * shift) / 6), Math.floor(bits / 6))
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_')
}

function found(places: readonly Place[], forms: readonly Buffer[]): string[] {
  return places.filter(({ bytes }) => forms.some((form) => bytes.includes(form))).map(({ name }) => name)
}
