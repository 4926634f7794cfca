import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StripeError } from '../errors.ts'
import { parseMultipart, UploadedFile } from './multipart.ts'

const TYPE = 'multipart/form-data; boundary=X'

const part = (head: string, content: string) => `--X\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`
const body = (...parts: readonly string[]) => Buffer.from(`${parts.join('')}--X--\r\n`, 'latin1')

function refusalOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    assert(error instanceof StripeError)
    return error.message
  }
  return assert.fail('was not refused')
}

const UNREADABLE = 'Invalid request: the body could not be read as multipart/form-data.'

describe('a body of multipart/form-data', () => {
  it('is read as a form, with files', () => {
    const sent = body(
      part('name="purpose"', 'dispute_evidence'),
      part('name="expand[]"', 'links'),
      part(
        'name="file"; filename="a \x22quoted\x22.pdf"'.replaceAll('\x22quoted\x22', '%22quoted%22'),
        '%PDF-\xff\r\n--Y',
      ),
    )
    assert.deepEqual(JSON.parse(JSON.stringify(parseMultipart(sent, TYPE))), {
      purpose: 'dispute_evidence',
      expand: { 0: 'links' },
      file: { filename: 'a "quoted".pdf', content: '%PDF-\xff\r\n--Y' },
    })
  })

  it('may have a preamble, a boundary in quotes, more headers of a part, and text of any language', () => {
    const text = Buffer.concat([
      Buffer.from(
        'Nothing to see.\r\n--a b\r\ncontent-type: text/plain\r\ncontent-disposition: form-data; name="note"\r\n\r\n',
      ),
      Buffer.from('領収書\r\n--a b--'),
    ])
    const form = parseMultipart(text, 'multipart/form-data; boundary="a b"')
    assert.equal(form.note, '領収書')
  })

  it('is no text that looks like a file, and no file that looks like text', () => {
    const form = parseMultipart(body(part('name="file[content]"', '%PDF-'), part('name="file[filename]"', 'x')), TYPE)
    assert.equal(form.file instanceof UploadedFile, false)
  })

  it('is refused where it cannot be read', () => {
    const whole = body(part('name="purpose"', 'x'))
    for (const [what, sent, type] of [
      ['no boundary is named', whole, 'multipart/form-data'],
      ['another boundary is', whole, 'multipart/form-data; boundary=Y'],
      ['it is empty', Buffer.from('x'), TYPE],
      ['it ends in the middle', whole.subarray(0, -8), TYPE],
      ['a part has no name', body(part('filename="x"', 'x')), TYPE],
      ['a part has no headers', Buffer.from('--X\r\nx\r\n--X--'), TYPE],
      ['its headers have no end', body(part(`name="${'x'.repeat(9000)}"`, 'x')), TYPE],
    ] as const) {
      assert.equal(
        refusalOf(() => parseMultipart(sent, type)),
        UNREADABLE,
        what,
      )
    }
    assert.match(
      refusalOf(() => parseMultipart(body(part('name="a"', '\xff')), TYPE)),
      /valid UTF-8/,
    )
    for (const twice of [
      body(part('name="file"; filename="x"', 'x'), part('name="file"; filename="x"', 'x')),
      body(part('name="file"; filename="x"', 'x'), part('name="file"', 'x')),
    ]) {
      assert.match(
        refusalOf(() => parseMultipart(twice, TYPE)),
        /file was given more than once/,
      )
    }
  })

  it('is read or refused, whatever its bytes are', () => {
    const pieces = fc.constantFrom(
      '--X',
      '\r\n',
      '\r\n\r\n',
      '--',
      'Content-Disposition: form-data; name="a"',
      ' x',
      'X',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
        try {
          parseMultipart(Buffer.from(parts.join('')), TYPE)
        } catch (error) {
          assert(error instanceof StripeError, String(error))
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('brings every byte of a file', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const content = Buffer.from(bytes)
        fc.pre(!content.includes('\r\n--X'))
        const sent = Buffer.concat([
          Buffer.from('--X\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'),
          content,
          Buffer.from('\r\n--X--'),
        ])
        const { file } = parseMultipart(sent, TYPE)
        assert(file instanceof UploadedFile)
        assert.deepEqual(Buffer.from(file.content, 'latin1'), content)
      }),
    )
  })
})
