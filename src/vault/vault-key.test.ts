import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { inspect } from 'node:util'
import { VaultError } from './sealing.ts'
import { loadVaultKey } from './vault-key.ts'

const HEX = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
const BYTES = Buffer.from(HEX, 'hex')
const OTHER_BYTES = Buffer.alloc(32, 0xff) // `/` and `_` in base64

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'koban-vault-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const fromEnvironment = (value: string) => loadVaultKey({ environmentValue: value, dataFolder: folder }, true).export()
const fromFolder = (dataFolder: string, hasSealedValues = false) =>
  loadVaultKey({ environmentValue: undefined, dataFolder }, hasSealedValues).export()

describe('a vault key in the environment', () => {
  it('is 32 bytes in hex or base64', () => {
    for (const value of [HEX, HEX.toUpperCase(), ` ${HEX}\n`, BYTES.toString('base64'), BYTES.toString('base64url')]) {
      assert.deepEqual(fromEnvironment(value), BYTES)
    }
    for (const encoding of ['base64', 'base64url'] as const) {
      assert.deepEqual(fromEnvironment(OTHER_BYTES.toString(encoding)), OTHER_BYTES)
    }
  })

  it('is refused in any other form, and not shown', () => {
    for (const value of ['', HEX.slice(1), `${HEX}00`, 'correct horse', BYTES.toString('base64').slice(4)]) {
      assert.throws(
        () => fromEnvironment(value),
        (error: Error) => error instanceof VaultError && (value === '' || !error.message.includes(value)),
      )
    }
  })

  it('goes before the file, and makes none', () => {
    writeFileSync(join(folder, 'vault.key'), OTHER_BYTES.toString('hex'), { mode: 0o600 })
    assert.deepEqual(fromEnvironment(HEX), BYTES)
    rmSync(join(folder, 'vault.key'))
    fromEnvironment(HEX)
    assert.deepEqual(readdirSync(folder), [])
  })

  it('does not show in a log', () => {
    const key = loadVaultKey({ environmentValue: HEX, dataFolder: folder }, true)
    assert.ok(!inspect(key, { depth: 9, showHidden: true }).includes('00 01 02'))
    assert.equal(JSON.stringify(key), '{}')
  })
})

describe('the vault key in the data folder', () => {
  it('is made at the first start, for its owner alone, and found at the next', () => {
    const data = join(folder, 'not', 'yet')
    const key = fromFolder(data)
    assert.equal(key.length, 32)
    assert.deepEqual(readdirSync(data), ['vault.key'])
    assert.equal(statSync(join(data, 'vault.key')).mode & 0o777, 0o600)
    assert.deepEqual(fromFolder(data), key)
    assert.deepEqual(fromFolder(data, true), key)
  })

  it('is refused where others can read it', () => {
    fromFolder(folder)
    for (const mode of [0o640, 0o604, 0o644, 0o620]) {
      chmodSync(join(folder, 'vault.key'), mode)
      assert.throws(() => fromFolder(folder), /can be read by other users.*chmod 600/)
    }
  })

  it('is not made again where the database holds sealed values', () => {
    assert.throws(() => fromFolder(folder, true), /none was made/)
    assert.deepEqual(readdirSync(folder), [])
  })

  it('is refused where it is damaged, and left as it is', () => {
    for (const text of ['', HEX.slice(9)]) {
      writeFileSync(join(folder, 'vault.key'), text, { mode: 0o600 })
      assert.throws(() => fromFolder(folder), /damaged/)
      assert.equal(readFileSync(join(folder, 'vault.key'), 'utf8'), text)
    }
  })
})
