/** The disk: how long it takes to make something durable, and what it says of itself. */

import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, realpathSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { median } from './statistics.ts'

const CHUNK_BYTES = 64 * 1024 // about what a group of 32 charges writes
const LAP_CHUNKS = 256 // as Koban's WAL: it grows to 16 MB, then is written over from its beginning
const SAMPLES = 400

/** How long an `fdatasync` takes after 64 KB were written to a file in the folder, in milliseconds: the median. */
export function syncMs(folder: string): number {
  const chunk = Buffer.alloc(CHUNK_BYTES)
  const file = openSync(join(folder, 'sync'), 'w')
  const times: number[] = []
  for (let n = 0; n < LAP_CHUNKS + SAMPLES; n++) {
    writeSync(file, chunk.fill(n), 0, CHUNK_BYTES, (n % LAP_CHUNKS) * CHUNK_BYTES)
    const startedMs = performance.now()
    fdatasyncSync(file)
    if (n >= LAP_CHUNKS) times.push(performance.now() - startedMs)
  }
  closeSync(file)
  return median(times)
}

/** The file system of a folder and the device below it, as far as Linux shows them: `ext4 on vda (virtio)`. */
export function describeDisk(folder: string): string {
  if (!existsSync('/proc/self/mounts')) return 'unknown'
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .map(([device = '', path = '', type = '']) => ({ device, path, type }))
  const isAbove = (path: string) => `${realpathSync(folder)}/`.startsWith(path.endsWith('/') ? path : `${path}/`)
  const mount = mounts
    .filter(({ path }) => path !== '' && isAbove(path))
    .toSorted((a, b) => a.path.length - b.path.length)
    .at(-1)
  if (mount === undefined) return 'unknown'
  return `${mount.type} on ${deviceOf(mount.device)}`
}

function deviceOf(device: string): string {
  if (!device.startsWith('/dev/')) return device
  const name = basename(realpathSync(device))
  const entry = join('/sys/class/block', name)
  if (!existsSync(entry)) return name
  const real = realpathSync(entry)
  const disk = existsSync(join(real, 'partition')) ? dirname(real) : real
  const read = (file: string) => (existsSync(join(disk, file)) ? readFileSync(join(disk, file), 'utf8').trim() : '')
  const kind = read('device/model') || (disk.includes('/virtio') ? 'virtio, a virtual disk' : '')
  const spins = read('queue/rotational') === '0' ? 'solid state' : ''
  const about = [kind, spins].filter((word) => word !== '').join(', ')
  return about === '' ? name : `${name} (${about})`
}
