import { errors } from '../errors.ts'
import { type FormHash, type FormValue, parseFormText } from './form.ts'
import { type Optional, parameter } from './params.ts'

/** The media type of a form with files. */
export const MULTIPART = 'multipart/form-data'

/** A file as it stands in a form. Its own type, so that no text of a form can look like one. */
export class UploadedFile {
  readonly [member: string]: string
  readonly filename: string
  /** Latin-1 text, a byte each. */
  readonly content: string

  constructor(filename: string, content: string) {
    this.filename = filename
    this.content = content
  }
}

/** A parameter that is a file. */
export function uploadedFile(): Optional<UploadedFile> {
  return parameter('file', (sent: FormValue, name) => {
    if (sent instanceof UploadedFile) return sent
    throw errors.fileMissing(name)
  })
}

const BOUNDARY = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i
const NAME = /;\s*name="([^"]*)"/i
const FILENAME = /;\s*filename="([^"]*)"/i
const HEADERS_END = '\r\n\r\n'
/** A part's headers are its name, the file's, and a media type. */
const HEADERS_MAXIMUM = 8192

/**
 * Reads a body of `multipart/form-data` (RFC 7578): texts in Stripe's bracket notation as of a form, files as
 * `UploadedFile`. Throws a StripeError (400) for what cannot be read.
 */
export function parseMultipart(bytes: Uint8Array, contentType: string): FormHash {
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) throw errors.multipartInvalid()
  const texts: string[] = []
  const files = new Map<string, UploadedFile>()
  for (const { name, filename, content } of partsOf(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
    boundary,
  )) {
    if (filename === undefined) texts.push(`${encodeURIComponent(name)}=${encodeURIComponent(textOf(content))}`)
    else if (files.has(name)) throw errors.parameterRepeated(name)
    else files.set(name, new UploadedFile(filename, content.toString('latin1')))
  }
  const form = parseFormText(texts.join('&'))
  for (const name of files.keys()) if (name in form) throw errors.parameterRepeated(name)
  return Object.assign(form, Object.fromEntries(files))
}

type Part = { readonly name: string; readonly filename: string | undefined; readonly content: Buffer }

function* partsOf(body: Buffer, boundary: string): Generator<Part> {
  const delimiter = `--${boundary}`
  let at = body.indexOf(delimiter)
  if (at !== 0 && body.toString('latin1', at - 2, at) !== '\r\n') throw errors.multipartInvalid()
  for (;;) {
    at += delimiter.length
    const after = body.toString('latin1', at, at + 2)
    if (after === '--') return
    const headersEnd = body.indexOf(HEADERS_END, at)
    const end = body.indexOf(`\r\n${delimiter}`, at)
    const isWhole = after === '\r\n' && headersEnd !== -1 && headersEnd - at <= HEADERS_MAXIMUM && end > headersEnd
    if (!isWhole) throw errors.multipartInvalid()
    yield partOf(textOf(body.subarray(at, headersEnd)), body.subarray(headersEnd + HEADERS_END.length, end))
    at = end + 2
  }
}

function partOf(headers: string, content: Buffer): Part {
  const disposition = headers.split('\r\n').find((line) => /^content-disposition:\s*form-data/i.test(line)) ?? ''
  const name = NAME.exec(disposition)?.[1]
  const filename = FILENAME.exec(disposition)?.[1]
  if (name === undefined) throw errors.multipartInvalid()
  if (filename?.includes('\0')) throw errors.encodingInvalid()
  return { name: unescaped(name), filename: filename === undefined ? undefined : unescaped(filename), content }
}

/** Browsers and libraries write the few characters that would end a name in percent notation. */
function unescaped(name: string): string {
  return name.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n')
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw errors.encodingInvalid()
  }
}
