import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { StoreUnavailable } from '../store.ts'
import { Committer } from './committer.ts'
import { FolderInUse } from './folder.ts'
import { balances, itemIds, newItem, openItems, outcomes, temporaryFolder, unit } from './items.fixture.ts'

function startCommitting(t: TestContext, folder: string): ChildProcess {
  const program = fileURLToPath(new URL('./commit-forever.fixture.ts', import.meta.url))
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  return child
}

describe('a process that is killed', () => {
  it('has lost nothing that it acknowledged, and holds no lock', async (t) => {
    const folder = temporaryFolder(t)
    let reported = ''
    for (let life = 1; life <= 3; life++) {
      const child = startCommitting(t, folder)
      reported = ''
      const enough = Promise.withResolvers<void>()
      child.stdout?.on('data', (chunk) => {
        reported += chunk
        if (reported.length > life * 1500) enough.resolve()
      })
      child.once('exit', () => enough.reject(new Error('the child ended by itself')))
      await enough.promise
      await assert.rejects(openItems(t, folder), FolderInUse)
      child.kill('SIGKILL')
      await once(child, 'close')

      const acknowledged = reported.split('\n').slice(0, -1)
      const store = await openItems(t, folder)
      const kept = new Set(await itemIds(store))
      assert.ok(acknowledged.length > 100)
      assert.deepEqual(
        acknowledged.filter((number) => !kept.has(`${number}a`) || !kept.has(`${number}b`)),
        [],
      )
      assert.deepEqual(await balances(store), { pending: kept.size / 2 }) // and no unit was kept in part
      await store.close()
      rmSync(folder, { recursive: true })
    }
  })
})

describe('a writing thread that dies', () => {
  it('fails the commits that wait and those that follow', async (t) => {
    const code = `const { parentPort } = require('node:worker_threads')
      parentPort.postMessage({ kind: 'ready' })
      parentPort.on('message', () => { throw new Error('struck by lightning') })`
    const worker = new Worker(code, { eval: true })
    t.after(() => worker.terminate())
    const committer = new Committer(worker, new DatabaseSync(':memory:'), () => {})
    await committer.threadUp()
    const lightning = 'StoreUnavailable: The writing thread failed: struck by lightning'
    assert.deepEqual(await outcomes([committer.commit(unit([newItem('a')])), committer.commit(unit([]))]), [
      lightning,
      lightning,
    ])
    assert.deepEqual(await outcomes([committer.commit(unit([]))]), [lightning])
    await committer.drain()
    await committer.end()
  })
})

/** A folder that is a file system of 4 MB; throws where this user may not mount one. */
function mountSmallDisk(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'koban-disk-'))
  t.after(() => rmSync(folder, { recursive: true }))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'koban-test', folder], { stdio: 'pipe' })
  return folder
}

describe('a full disk', () => {
  it('fails commits while it is full, loses none, and works again when there is room', async (t) => {
    let disk: string
    try {
      disk = mountSmallDisk(t)
    } catch (error) {
      return t.skip(`NOT TESTED, no small file system could be mounted: ${error}`)
    }
    try {
      await fillAndEmpty(t, disk)
    } finally {
      execFileSync('umount', ['--lazy', disk])
    }
  })
})

async function fillAndEmpty(t: TestContext, folder: string): Promise<void> {
  const ballast = join(folder, 'ballast')
  const { bavail, bsize } = statfsSync(folder)
  writeFileSync(ballast, Buffer.alloc(Math.floor(bavail * bsize * 0.5)))
  const store = await openItems(t, folder)
  const body = 'x'.repeat(30_000)
  const kept: string[] = []
  let failure: unknown
  for (let n = 0; failure === undefined; n++) {
    const id = `before ${String(n).padStart(4, '0')}`
    await store.commit(unit([newItem(id, body)])).then(
      () => kept.push(id),
      (error) => {
        failure = error
      },
    )
  }
  assert.ok(failure instanceof StoreUnavailable, String(failure))
  assert.ok(kept.length > 5)
  assert.deepEqual(await itemIds(store), kept)

  rmSync(ballast)
  const after = ['later 1', 'later 2']
  assert.deepEqual(await outcomes(after.map((id) => store.commit(unit([newItem(id, body)])))), ['ok', 'ok'])
  await store.close()
  const reopened = await openItems(t, folder)
  assert.deepEqual(await itemIds(reopened), [...kept, ...after])
  await reopened.close()
}
