import { randomBytes } from 'node:crypto'
import { type Answer, type Body, SECRET_KEY, type TestServer } from './server.ts'

/** The least that is a PDF, a PNG, a JPEG and a GIF by its first bytes. */
export const PDF = Buffer.from('%PDF-1.4\n%%EOF\n')
export const PNG = Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1')
export const JPG = Buffer.from('\xff\xd8\xff\xe0 and more', 'latin1')
export const GIF = Buffer.from('GIF89a and more', 'latin1')

export type Upload = {
  readonly content?: Uint8Array
  readonly filename?: string
  readonly purpose?: string
  readonly key?: string
  readonly version?: string
  readonly idempotencyKey?: string
  readonly more?: Readonly<Record<string, string>>
}

/** Sends a file as curl's `-F` does. */
export async function upload(shop: TestServer, sent: Upload = {}): Promise<Answer> {
  const { content = PDF, filename = 'receipt.pdf', purpose = 'dispute_evidence', key = SECRET_KEY, more = {} } = sent
  const form = new FormData()
  for (const [name, value] of Object.entries({ purpose, ...more })) form.append(name, value)
  form.append('file', new Blob([new Uint8Array(content)]), filename)
  const headers = {
    authorization: `Bearer ${key}`,
    ...(sent.version && { 'stripe-version': sent.version }),
    ...(sent.idempotencyKey && { 'idempotency-key': sent.idempotencyKey }),
  }
  const response = await fetch(`${shop.url}/v1/files`, { method: 'POST', headers, body: form })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: JSON.parse(text) as Body, text }
}

/** A PDF of that many bytes. */
export function pdfOf(bytes: number): Buffer {
  return Buffer.concat([PDF, randomBytes(bytes - PDF.length)])
}
