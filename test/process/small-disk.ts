/** A file system that is soon full: a tmpfs, which only root may mount. */

import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

const BALLAST_BYTES = 3 * 1024 * 1024

export type SmallDisk = {
  /** Where it is mounted. */
  readonly folder: string
  /** Gives back what was kept occupied from the start. */
  makeRoom(): void
  /** Takes every byte that is left. */
  fill(): void
  /** Mounts it read-only. Fails while a file is open for writing. */
  makeReadOnly(): void
  makeWritable(): void
}

/** Mounts one until the test ends; undefined, and the test is skipped, where that is not allowed. */
export function mountSmallDisk(t: TestContext, megabytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'koban-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'koban-test', folder], { stdio: 'pipe' })
  } catch (error) {
    rmSync(folder, { recursive: true })
    t.skip(`NOT TESTED, no small file system could be mounted: ${error}`)
    return undefined
  }
  t.after(() => {
    execFileSync('umount', ['--lazy', folder])
    rmSync(folder, { recursive: true })
  })
  const ballast = join(folder, 'ballast')
  writeFileSync(ballast, Buffer.alloc(BALLAST_BYTES))
  return {
    folder,
    fill: () => fillUp(join(folder, 'rest')),
    makeRoom: () => rmSync(ballast),
    makeReadOnly: () => execFileSync('mount', ['-o', 'remount,ro', folder], { stdio: 'pipe' }),
    makeWritable: () => execFileSync('mount', ['-o', 'remount,rw', folder], { stdio: 'pipe' }),
  }
}

function fillUp(path: string): void {
  const page = Buffer.alloc(4096) // what a tmpfs gives at once
  const file = openSync(path, 'w')
  try {
    for (;;) writeSync(file, page)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    closeSync(file)
  }
}
