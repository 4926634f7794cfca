import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto'

/** What the vault cannot or must not do. Its message says what to do and never holds a secret. */
export class VaultError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'VaultError'
  }
}

/**
 * What a sealed text belongs to. It is not in the text but is authenticated with it: moved to another account, or to
 * another place in the database, the text does not open.
 */
export type SealedFor = { readonly account: string; readonly purpose: string }

const VERSION = 'v1.'
const CIPHER = 'aes-256-gcm'
// Random 96-bit nonces: NIST SP 800-38D allows 2^32 texts under one key, one card a second for 136 years.
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Encrypts and authenticates a text (AES-256-GCM): `v1.` and base64url of nonce, ciphertext and tag. */
export function seal(key: KeyObject, owner: SealedFor, text: string): string {
  const nonce = randomFillSync(Buffer.allocUnsafe(NONCE_BYTES))
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(associatedData(owner))
  const ciphertext = [cipher.update(text, 'utf8'), cipher.final()]
  return VERSION + Buffer.concat([nonce, ...ciphertext, cipher.getAuthTag()]).toString('base64url')
}

/**
 * The text that was sealed. Throws VaultError where the key or the owner is another, or the sealed text was changed.
 */
export function open(key: KeyObject, owner: SealedFor, sealed: string): string {
  const encoded = sealed.slice(VERSION.length)
  const bytes = Buffer.from(encoded, 'base64url')
  // Encoded again, since the decoder passes over what is not base64url.
  const wellFormed = sealed.startsWith(VERSION) && bytes.toString('base64url') === encoded
  if (!wellFormed || bytes.length < NONCE_BYTES + TAG_BYTES) {
    throw new VaultError(`a sealed value (${owner.purpose}) is not in the form ${VERSION}…: it was damaged`)
  }
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(associatedData(owner))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
  try {
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch {
    // Not handed on as cause: OpenSSL's error says no more than this one.
    throw new VaultError(`a sealed value (${owner.purpose}) does not open: another vault key, or it was changed`)
  }
}

// The account cannot hold a line break, so that no two owners give the same bytes.
function associatedData({ account, purpose }: SealedFor): Buffer {
  return Buffer.from(`${account}\n${purpose}`, 'utf8')
}
