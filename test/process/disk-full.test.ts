import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { type Client, connect, type Reply, SALE } from './client.ts'
import { type Koban, runKoban, startKoban, temporaryFolder } from './koban.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'

const DISK_MEGABYTES = 12 // the WAL alone takes 4 before its pages are moved; a third is ballast
const REFUSED_IN_A_ROW = 10 // after so many the disk is really full, and not full for the moment
const MERCHANTS = 4

/** Keyed charges that fill a disk, and how each was answered at last. */
class Buyers {
  readonly answers = new Map<string, Reply>()
  #count = 0

  /** A charge of some size, under a new key or one that was used before. */
  async buy(client: Client, key = `key-${++this.#count}`): Promise<Reply> {
    const form = { ...SALE, description: 'x'.repeat(2000), 'metadata[key]': key }
    const answer = await client.post('/v1/charges', form, { idempotencyKey: key })
    this.answers.set(key, answer)
    return answer
  }

  async buyUntilFull(client: Client): Promise<void> {
    let refused = 0
    const merchant = async () => {
      while (refused < REFUSED_IN_A_ROW) refused = (await this.buy(client)).status === 503 ? refused + 1 : 0
    }
    await Promise.all(Array.from({ length: MERCHANTS }, merchant))
  }

  keysAnswered(status: number): string[] {
    return [...this.answers].filter(([, answer]) => answer.status === status).map(([key]) => key)
  }
}

/** Each charge that succeeded is there once, and no other. */
async function assertNothingLost(client: Client, buyers: Buyers): Promise<void> {
  const kept = (await client.list('/v1/charges')).map(({ metadata }) => metadata.key)
  assert.deepEqual(kept.sort(), buyers.keysAnswered(200).sort())
}

async function startOn(t: TestContext, disk: SmallDisk, port = '0'): Promise<{ koban: Koban; client: Client }> {
  const koban = await startKoban(join(disk.folder, 'data'), ['--port', port])
  const client = connect(koban.url)
  t.after(() => {
    client.close()
    return koban.end('SIGKILL')
  })
  return { koban, client }
}

async function assertDoctorIsContent(disk: SmallDisk): Promise<void> {
  const { code, stdout, stderr } = await runKoban(['doctor', '--data', join(disk.folder, 'data')])
  assert.equal(code, 0, stdout + stderr)
}

/** Lets nobody write to the files, not even by a descriptor that is open, as on a file system that became read-only. */
function forbidWriting(forbidden: boolean, files: readonly string[]): void {
  execFileSync('chattr', [forbidden ? '+i' : '-i', ...files], { stdio: 'pipe' })
}

/** Not every file system has that attribute, nor obeys it for a file that is open; and only root may set it. */
function canForbidWriting(folder: string): boolean {
  const path = join(folder, 'probe')
  const file = openSync(path, 'w')
  try {
    forbidWriting(true, [path])
    try {
      writeSync(file, 'x')
      return false
    } catch {
      return true
    } finally {
      forbidWriting(false, [path])
    }
  } catch {
    return false
  } finally {
    closeSync(file)
  }
}

describe('on a full disk', () => {
  it('refuses with 503, reads on, and works again as soon as there is room', async (t) => {
    const disk = mountSmallDisk(t, DISK_MEGABYTES)
    if (!disk) return
    const { client } = await startOn(t, disk)
    const buyers = new Buyers()
    await buyers.buyUntilFull(client)

    assert(buyers.keysAnswered(200).length > 0)
    assert.deepEqual([...new Set([...buyers.answers.values()].map(({ status }) => status))].sort(), [200, 503])
    const [refused = '', ...others] = buyers.keysAnswered(503)
    const answer = buyers.answers.get(refused)
    assert.equal(answer?.json.error.type, 'api_error')
    assert.equal(answer?.headers['stripe-should-retry'], 'true')
    assert.match(String(answer?.headers['request-id']), /^req_/)

    await assertNothingLost(client, buyers)
    const [charge] = await client.list('/v1/charges')
    assert.equal((await client.get(`/v1/charges/${charge.id}`)).status, 200)
    const before = (await client.get('/v1/balance')).json.pending[0].amount
    assert.equal(
      before,
      (await client.list('/v1/balance_transactions')).reduce((sum, { net }) => sum + net, 0),
    )
    assert.equal((await client.get('/healthz')).status, 200)
    assert.equal((await buyers.buy(client, refused)).status, 503) // not 409, and not kept under the key

    disk.makeRoom()
    const late = await buyers.buy(client, refused)
    assert.equal(late.status, 200)
    assert.equal(late.headers['idempotent-replayed'], undefined)
    for (const key of others) assert.equal((await buyers.buy(client, key)).status, 200)
    const again = await buyers.buy(client, refused)
    assert.equal(again.headers['idempotent-replayed'], 'true')
    assert.equal(again.body, late.body)
    await assertNothingLost(client, buyers)
    await assertDoctorIsContent(disk)
  })

  it('comes up again after it was killed there, with all that it had acknowledged', async (t) => {
    const disk = mountSmallDisk(t, DISK_MEGABYTES)
    if (!disk) return
    const buyers = new Buyers()
    const first = await startOn(t, disk)
    await buyers.buyUntilFull(first.client)
    await first.koban.end('SIGKILL')

    const elsewhere = await runKoban(['start', '--port', '0', '--data', join(disk.folder, 'data')])
    assert.equal(elsewhere.code, 1)
    assert.match(elsewhere.stderr, /^koban: the data folder .+ cannot be used: .+disk full/)
    // On its old port, as a supervisor would start it: there is no room to write down another.
    const second = await startOn(t, disk, new URL(first.koban.url).port)
    await assertNothingLost(second.client, buyers)
    const [refused] = buyers.keysAnswered(503)
    assert.equal((await buyers.buy(second.client, refused)).status, 503)
    disk.makeRoom()
    assert.equal((await buyers.buy(second.client, refused)).status, 200)
    assert.deepEqual(await second.koban.end('SIGTERM'), { code: 0, signal: null })

    const third = await startOn(t, disk)
    await assertNothingLost(third.client, buyers)
    await assertDoctorIsContent(disk)
  })

  it('stops cleanly there, and says why it cannot start before there is room', async (t) => {
    const disk = mountSmallDisk(t, DISK_MEGABYTES)
    if (!disk) return
    const buyers = new Buyers()
    const first = await startOn(t, disk)
    assert.equal((await buyers.buy(first.client)).status, 200)
    disk.fill()
    assert.deepEqual(await first.koban.end('SIGTERM'), { code: 0, signal: null })

    disk.fill()
    const refused = await runKoban(['start', '--port', '0', '--data', join(disk.folder, 'data')])
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /^koban: the data folder .+ cannot be used: .+disk full/)
    assert.equal(refused.stderr.trim().split('\n').length, 1)

    disk.makeRoom()
    const second = await startOn(t, disk)
    await assertNothingLost(second.client, buyers)
    assert.equal((await buyers.buy(second.client)).status, 200)
  })
})

describe('on a disk that became read-only', () => {
  it('refuses with 503 while it runs, and goes on when it can write again', async (t) => {
    const folder = temporaryFolder(t)
    if (!canForbidWriting(folder)) return t.skip('NOT TESTED, chattr +i does not stop writing here')
    const koban = await startKoban(join(folder, 'data'))
    const client = connect(koban.url)
    t.after(() => koban.end('SIGKILL'))
    const buyers = new Buyers()
    assert.equal((await buyers.buy(client)).status, 200)

    const files = ['koban.db', 'koban.db-wal'].map((name) => join(folder, 'data', name))
    forbidWriting(true, files)
    try {
      assert.equal((await buyers.buy(client)).status, 503)
      await assertNothingLost(client, buyers)
    } finally {
      forbidWriting(false, files)
    }
    const [refused] = buyers.keysAnswered(503)
    assert.equal((await buyers.buy(client, refused)).status, 200)
    assert.equal((await buyers.buy(client, refused)).headers['idempotent-replayed'], 'true')
    await assertNothingLost(client, buyers)
    client.close()
  })

  it('says so instead of starting, and has lost nothing when it can write again', async (t) => {
    const disk = mountSmallDisk(t, DISK_MEGABYTES)
    if (!disk) return
    const buyers = new Buyers()
    const first = await startOn(t, disk)
    assert.equal((await buyers.buy(first.client)).status, 200)
    await first.koban.end('SIGTERM')

    disk.makeReadOnly()
    const refused = await runKoban(['start', '--port', '0', '--data', join(disk.folder, 'data')])
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /^koban: the data folder .+ cannot be used: .*read-only file system/i)
    assert.equal(refused.stderr.trim().split('\n').length, 1)

    disk.makeWritable()
    const second = await startOn(t, disk)
    await assertNothingLost(second.client, buyers)
  })
})
