import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { pageAt } from './page-at.ts'
import { openPages } from './pages.ts'

const FILES = {
  'v3/stripe.js': 'const stripe = 1',
  'v3/field-0a1B2c3D.js': 'const field = 1',
  'v3/elements-inner-card-0a1b2c3d.html': '<p>an Element',
  'v3/controller-0a1b2c3d.html': '<p>the controller',
  'receipts/receipt-0a1b2c3d.html': '<p>a receipt',
}

const folder = mkdtempSync(join(tmpdir(), 'koban-pages-'))
after(() => rmSync(folder, { recursive: true }))
for (const [file, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}
const answer = await openPages(folder)
const get = (path: string, headers = {}) => answer({ method: 'GET', path, headers })

describe('what browsers load', () => {
  it("is Stripe's script under each name that a loader has for it", async () => {
    for (const path of ['/v3', '/v3/', '/v3/stripe.js', '/js', '/js/', '/endive/stripe.js', '/dahlia/stripe.js']) {
      const found = await get(path)
      assert.equal(String(found?.body), FILES['v3/stripe.js'], path)
      assert.equal(found?.headers['Content-Type'], 'text/javascript; charset=utf-8')
    }
  })

  it('is nothing outside its folder', async () => {
    for (const path of ['/v3/nothing.js', '/v3/../v3/stripe.js', '/v3/%2e%2e/stripe.js', '/', '/endive/other.js'])
      assert.equal(await get(path), null, path)
  })

  it('is kept for ever where its name says what is in it, and asked for again where it does not', async () => {
    const hashed = await get('/v3/field-0a1B2c3D.js')
    assert.equal(hashed?.headers['Cache-Control'], 'public, max-age=31536000, immutable')
    const first = await get('/v3/')
    assert.equal(first?.headers['Cache-Control'], 'no-cache')
    const again = await get('/v3/', { 'if-none-match': first?.headers.ETag })
    assert.equal(again?.status, 304)
    assert.equal(again?.body, '')
    assert.equal((await get('/v3/', { 'if-none-match': '"another"' }))?.status, 200)
  })

  it('comes zipped to whoever takes that', async () => {
    const zipped = await get('/v3/', { 'accept-encoding': 'br, gzip' })
    assert.equal(zipped?.headers['Content-Encoding'], 'gzip')
    assert.equal(gunzipSync(zipped?.body as Buffer).toString(), FILES['v3/stripe.js'])
    assert.equal((await get('/v3/'))?.headers['Content-Encoding'], undefined)
  })

  it('may be framed by any shop where it is a frame of the Elements, and by nobody where it is a page', async () => {
    const policy = async (path: string) => (await get(path))?.headers['Content-Security-Policy'] ?? 'none'
    for (const path of ['/v3/elements-inner-card-0a1b2c3d.html', '/v3/controller-0a1b2c3d.html']) {
      assert.match(await policy(path), /frame-ancestors \* file:$/)
      assert.match(await policy(path), /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';/)
    }
    assert.match(await policy('/receipts/receipt-0a1b2c3d.html'), /frame-ancestors 'none'$/)
  })

  it('is not looked for where the API is', async () => {
    for (const path of ['/v1/charges', '/v31', '/jsx', '/healthz', '/_koban/clock'])
      assert.equal(await pageAt({ method: 'GET', path, headers: {} }), null, path)
    assert.equal(await pageAt({ method: 'POST', path: '/v3/', headers: {} }), null)
  })
})
