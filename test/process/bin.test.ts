import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { before, describe, it } from 'node:test'
import { connect, SALE } from './client.ts'
import { freshKoban, ROOT, runKoban } from './koban.ts'

const BIN = join(ROOT, 'bin/koban.cjs')

/** A Node on this machine that Koban does not run on, such as the one that the distribution brings. */
function oldNode(): { readonly path: string; readonly version: string } | undefined {
  for (const folder of ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)]) {
    const path = join(folder, 'node')
    if (!existsSync(path)) continue
    const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim().slice(1)
    const [major = 0, minor = 0] = version.split('.').map(Number)
    if (major < 24 || (major === 24 && minor < 15)) return { path, version }
  }
  return undefined
}

describe('the built koban', () => {
  before(() => execFileSync(process.execPath, [join(ROOT, 'scripts/build.ts')], { stdio: 'pipe' }))

  it('serves, loses nothing when it is killed, and stops cleanly', async (t) => {
    const program = { program: [BIN] }
    const koban = await freshKoban(t, [], program)
    const client = connect(koban.url)
    const key = { idempotencyKey: 'an order' }
    const paid = await client.post('/v1/charges', SALE, key)
    assert.equal(paid.status, 200)
    await koban.end('SIGKILL')

    const again = await freshKoban(t, ['--data', koban.folder], program)
    const replayed = await connect(again.url).post('/v1/charges', SALE, key)
    assert.equal(replayed.headers['idempotent-replayed'], 'true')
    assert.equal(replayed.body, paid.body)
    const doctor = await runKoban(['doctor', '--data', koban.folder], program)
    assert.equal(doctor.code, 0, doctor.stdout + doctor.stderr)
    assert.deepEqual(await again.end('SIGTERM'), { code: 0, signal: null })
    assert(!existsSync(join(koban.folder, 'koban.db-wal')))
  })

  it('says in one line what to do on an older Node', (t) => {
    const node = oldNode()
    if (!node) return t.skip('NOT TESTED, there is no Node older than 24.15 on this machine')
    const run = spawnSync(node.path, [BIN, 'start'], { encoding: 'utf8' })
    assert.equal(run.status, 1)
    assert.equal(run.stdout, '')
    assert(run.stderr.startsWith(`Koban needs Node.js 24.15 or newer, and this is ${node.version}: `), run.stderr)
    assert.equal(run.stderr.trimEnd().split('\n').length, 1)
  })
})
