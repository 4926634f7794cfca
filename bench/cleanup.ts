/** Whatever a run starts or makes is gone when it ends, also by Ctrl-C: processes and folders are asked for here. */

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '..')

const MEMORY = '/dev/shm'
const PREFIX = 'koban-bench-'

const running = new Set<ChildProcess>()
const folders = new Set<string>()

/** Starts a process that does not outlive this one. */
export function launch(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options)
  running.add(child)
  child.once('exit', () => running.delete(child))
  child.once('error', () => running.delete(child))
  return child
}

/** A folder that is removed at the end of the block that has it by `using`. */
export type Folder = Disposable & { readonly path: string }

/** A new folder on the disk that the repository is on. */
export function diskFolder(): Folder {
  const cache = join(ROOT, '.cache')
  mkdirSync(cache, { recursive: true })
  return temporary(cache)
}

/** A new folder in memory. Throws where the machine has no memory file system at the usual place. */
export function memoryFolder(): Folder {
  if (!existsSync(MEMORY)) throw new Error(`there is no memory file system at ${MEMORY}`)
  return temporary(MEMORY)
}

function temporary(parent: string): Folder {
  const path = mkdtempSync(join(parent, PREFIX))
  folders.add(path)
  return { path, [Symbol.dispose]: () => remove(path) }
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5 })
  folders.delete(path)
}

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  for (const path of folders) remove(path)
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
