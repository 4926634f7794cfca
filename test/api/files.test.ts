import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { newDispute, shown } from './dispute.ts'
import { newMerchant } from './merchant.ts'
import { expanded, NEW, OLD, PUBLISHABLE_KEY, SECRET_KEY, startTestServer } from './server.ts'
import { GIF, JPG, PDF, PNG, pdfOf, type Upload, upload } from './uploads.ts'

const shop = await startTestServer()

const KB = 1024
const MB = 1024 * KB

async function uploaded(sent: Upload = {}) {
  const { status, body, text } = await upload(shop, sent)
  assert.equal(status, 200, text)
  return body
}

async function refused(sent: Upload) {
  const { status, body, text } = await upload(shop, sent)
  assert.equal(status, 400, text)
  return body.error
}

async function contents(id: string, key = SECRET_KEY) {
  const response = await fetch(`${shop.url}/v1/files/${id}/contents`, { headers: { authorization: `Bearer ${key}` } })
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
}

describe('a file', () => {
  it('is uploaded, read, and comes back byte for byte', async () => {
    const content = pdfOf(100_000)
    const file = await uploaded({ content, filename: '領収書 "1".pdf' })
    assert.match(file.id, /^file_1[0-9A-Za-z]{23}$/)
    assert.deepEqual(file, {
      id: file.id,
      object: 'file',
      created: shop.clock.seconds,
      expires_at: null,
      filename: '領収書 "1".pdf',
      links: { object: 'list', data: [], has_more: false, url: `/v1/file_links?file=${file.id}` },
      purpose: 'dispute_evidence',
      size: 100_000,
      title: null,
      type: 'pdf',
      url: `${shop.url}/v1/files/${file.id}/contents`,
    })
    assert.deepEqual(await shop.made(`GET /v1/files/${file.id}`), file)
    const { status, headers, bytes } = await contents(file.id)
    assert.equal(status, 200)
    assert(bytes.equals(content))
    const named = ['content-type', 'content-disposition', 'x-content-type-options', 'content-length']
    assert.deepEqual(
      named.map((name) => headers.get(name)),
      ['application/pdf', 'attachment', 'nosniff', '100000'],
    )
    const [event] = (await shop.made('GET /v1/events', { type: 'file.created' })).data
    assert.deepEqual(shown(event), file)
  })

  it('is what its bytes say, not its name', async () => {
    for (const [content, type, media] of [
      [PDF, 'pdf', 'application/pdf'],
      [PNG, 'png', 'image/png'],
      [JPG, 'jpg', 'image/jpeg'],
    ] as const) {
      const file = await uploaded({ content, filename: 'page.html' })
      assert.equal(file.type, type)
      assert.equal((await contents(file.id)).headers.get('content-type'), media)
    }
    const told = await refused({ content: Buffer.from('<script>alert(1)</script>'), filename: 'receipt.pdf' })
    assert.deepEqual(
      [told.param, told.message],
      ['file', 'File for key file is of a type that is not supported. Supported types: jpg, pdf, png.'],
    )
  })

  it('must be of a type and a size that its purpose takes', async () => {
    assert.equal((await uploaded({ content: GIF, purpose: 'business_logo' })).type, 'gif')
    for (const [sent, message] of [
      [{ content: GIF }, /Supported types: jpg, pdf, png\./],
      [{ content: PDF, purpose: 'business_icon' }, /Supported types: gif, jpg, png\./],
      [{ content: PNG, purpose: 'pci_document' }, /Supported types: pdf\./],
      [{ content: Buffer.alloc(0) }, /^File for key file is empty\.$/],
      [{ content: pdfOf(5 * MB + 1) }, /^File for key file exceeded size of 5 MB\.$/],
      [{ content: pdfOf(512 * KB + 1), purpose: 'business_icon' }, /^File for key file exceeded size of 512 KB\.$/],
    ] as const) {
      const error = await refused(sent)
      assert.equal(error.param, 'file')
      assert.match(error.message, message)
    }
    assert.equal((await uploaded({ content: pdfOf(5 * MB) })).size, 5 * MB)
    assert.equal((await uploaded({ content: pdfOf(10 * MB), purpose: 'identity_document' })).size, 10 * MB)
  })

  it('needs a purpose and a file', async () => {
    assert.equal((await refused({ purpose: 'fun' })).param, 'purpose')
    const { error } = await shop.refused('POST /v1/files', { purpose: 'dispute_evidence' })
    assert.deepEqual([error.code, error.param], ['parameter_missing', 'file'])
    const text = await shop.refused('POST /v1/files', { purpose: 'dispute_evidence', file: 'x' })
    assert.equal(
      text.error.message,
      'Invalid file: send it as a part with a file name of a body of multipart/form-data.',
    )
    const hash = await shop.refused('POST /v1/files', {
      purpose: 'dispute_evidence',
      file: { content: '%PDF-', filename: 'x' },
    })
    assert.equal(hash.error.param, 'file')
    assert.match(
      (await refused({ more: { 'file_link_data[create]': 'true' } })).message,
      /does not support the parameter file_link_data/,
    )
    assert.equal((await refused({ more: { nonsense: '1' } })).code, 'parameter_unknown')
  })

  it('comes in a body of multipart/form-data, and no other call takes one', async () => {
    const form = new FormData()
    form.append('amount', '999')
    const headers = { authorization: `Bearer ${SECRET_KEY}` }
    const other = await fetch(`${shop.url}/v1/charges`, { method: 'POST', headers, body: form })
    assert.equal(other.status, 400)
    assert.match(((await other.json()) as { error: { message: string } }).error.message, /content type/)
    const cut = await fetch(`${shop.url}/v1/files`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nContent-Disposition: form-data; name="purpose"\r\n\r\ndispute_evid',
    })
    assert.equal(cut.status, 400)
    assert.match(((await cut.json()) as { error: { message: string } }).error.message, /could not be read as multipart/)
  })

  it('is kept once for an Idempotency-Key', async () => {
    const send = (content = PDF) => upload(shop, { content, idempotencyKey: 'a file' })
    const [first, second] = [await send(), await send()]
    assert.deepEqual([second.text, second.headers.get('idempotent-replayed')], [first.text, 'true'])
    assert.equal((await send(PNG)).body.error.type, 'idempotency_error')
  })

  it('is listed by purpose, newest first', async () => {
    const own = await newMerchant(shop, NEW)
    const ids: string[] = []
    for (const purpose of ['dispute_evidence', 'pci_document', 'dispute_evidence']) {
      ids.push((await uploaded({ purpose, key: own.key })).id)
    }
    const listed = async (form = {}) => (await own.made('GET /v1/files', form)).data.map(({ id }) => id)
    assert.deepEqual(await listed(), ids.toReversed())
    assert.deepEqual(await listed({ purpose: 'dispute_evidence' }), [ids[2], ids[0]])
    assert.deepEqual(await listed({ purpose: 'sigma_scheduled_query' }), [])
    assert.deepEqual(await listed({ limit: 1, starting_after: ids[2] }), [ids[1]])
    assert.equal((await own.refused('GET /v1/files', { purpose: 'fun' })).error.param, 'purpose')
  })

  it('is nobody else’s', async () => {
    const { id } = await uploaded()
    const other = await newMerchant(shop, NEW)
    assert.equal((await other.refused(`GET /v1/files/${id}`)).error.message, `No such file: '${id}'`)
    assert.equal((await contents(id, other.key)).status, 404)
    assert.equal((await contents(id, PUBLISHABLE_KEY)).status, 401)
    assert.equal((await fetch(`${shop.url}/v1/files/${id}/contents`)).status, 401)
    assert.equal((await upload(shop, { key: PUBLISHABLE_KEY })).status, 401)
  })

  it('has no links, and says so', async () => {
    for (const version of [OLD, NEW]) {
      const { status, error } = await shop.refused('POST /v1/file_links', {}, { version })
      assert.equal(status, 404)
      assert.match(error.message, /Koban does not have file links/)
    }
  })

  it('is sent and read by the official libraries', async () => {
    const { stripe, oldStripe } = shop
    const file = await stripe.files.create({
      purpose: 'dispute_evidence',
      file: { data: pdfOf(2 * MB), name: 'signed.pdf', type: 'application/octet-stream' },
    })
    assert.deepEqual([file.filename, file.size, file.type], ['signed.pdf', 2 * MB, 'pdf'])
    assert.equal((await stripe.files.retrieve(file.id)).id, file.id)
    assert.equal((await oldStripe.files.retrieve(file.id)).id, file.id)
    assert.equal((await oldStripe.files.list({ limit: 1 })).data[0]?.id, file.id)
  })

  it('outlives a restart', async () => {
    const content = pdfOf(50_000)
    const { id } = await uploaded({ content })
    await shop.restart()
    assert((await contents(id)).bytes.equals(content))
  })
})

describe('a body that is too large', () => {
  const headers = `Authorization: Bearer ${SECRET_KEY}\r\nContent-Type: multipart/form-data; boundary=x\r\nHost: x\r\n`

  /** Sends a head and then as many bytes as are taken; resolves with the answer and how many those were. */
  function send(head: string, chunk: (bytes: Buffer) => Buffer): Promise<{ answer: string; sent: number }> {
    return new Promise((done) => {
      const socket = connect(shop.port, '127.0.0.1')
      let answer = ''
      let sent = 0
      const bytes = Buffer.alloc(64 * KB, 'x')
      const push = () => {
        while (!socket.destroyed && answer === '' && sent < 200 * MB) {
          sent += bytes.length
          if (!socket.write(chunk(bytes))) return
        }
      }
      socket.on('data', (data) => {
        answer += data
        if (answer.endsWith('}\n}')) socket.destroy() // all of the error's body is here
      })
      socket.on('drain', push)
      socket.on('error', () => {})
      socket.on('close', () => done({ answer, sent }))
      socket.write(`POST /v1/files HTTP/1.1\r\n${headers}${head}\r\n\r\n`)
      push()
    })
  }

  it('is refused before it has come, where its length is told', async () => {
    const { answer, sent } = await send(`Content-Length: ${200 * MB}`, (bytes) => bytes)
    assert.match(answer, /^HTTP\/1\.1 413 /)
    assert.match(answer, /the body is larger than 10551296 bytes/)
    assert(sent < 50 * MB, `${sent} bytes were taken`)
  })

  it('is refused on the way, where it is not', async () => {
    const chunked = (bytes: Buffer) =>
      Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
    const { answer, sent } = await send('Transfer-Encoding: chunked', chunked)
    assert.match(answer, /^HTTP\/1\.1 413 /)
    assert(sent < 50 * MB, `${sent} bytes were taken`)
  })

  it('is smaller for every other call', async () => {
    const body = `description=${'x'.repeat(1.5 * MB)}`
    const response = await fetch(`${shop.url}/v1/charges`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRET_KEY}`, 'content-type': 'application/x-www-form-urlencoded' },
      body,
    }).catch(() => null)
    if (response) assert.equal(response.status, 413)
  })
})

describe('files as evidence', () => {
  it('are named in a dispute, and can be expanded there', async () => {
    const own = await newDispute(shop)
    const receipt = await uploaded({ key: own.key })
    const evidence = { receipt: receipt.id, customer_signature: receipt.id }
    const sent = await own.made(`POST /v1/disputes/${own.id}`, {
      evidence,
      submit: false,
      expand: ['evidence.receipt'],
    })
    const shownEvidence = sent.evidence as Readonly<Record<string, unknown>>
    assert.deepEqual([expanded(shownEvidence.receipt), shownEvidence.customer_signature], [receipt, receipt.id])
    const [listed] = (await own.made('GET /v1/disputes', { expand: ['data.evidence.receipt'] })).data
    assert.deepEqual(listed?.evidence, { ...shownEvidence, customer_signature: receipt.id })
    const { error } = await own.refused(`GET /v1/disputes/${own.id}`, { expand: ['evidence.customer_name'] })
    assert.equal(error.message, 'This property cannot be expanded (evidence).')
  })

  it('must be the account’s own, of the right purpose, and 4.5 MB together', async () => {
    const own = await newDispute(shop)
    const refusal = async (evidence: Record<string, string>) =>
      (await own.refused(`POST /v1/disputes/${own.id}`, { evidence })).error
    const strange = await uploaded()
    assert.equal((await refusal({ receipt: strange.id })).message, `No such file: '${strange.id}'`)
    const other = await uploaded({ key: own.key, purpose: 'pci_document' })
    const wrong = await refusal({ refund_policy: other.id })
    assert.deepEqual([wrong.param, /purpose pci_document/.test(wrong.message)], ['evidence[refund_policy]', true])
    const large = await Promise.all([0, 1].map(() => uploaded({ key: own.key, content: pdfOf(2.5 * MB) })))
    const [first = '', second = ''] = large.map(({ id }) => id)
    await own.made(`POST /v1/disputes/${own.id}`, { evidence: { receipt: first }, submit: false })
    assert.match((await refusal({ refund_policy: second })).message, /at most 4718592 bytes together/)
    assert.equal((await own.read()).status, 'needs_response')
  })
})
