import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, it } from 'node:test'

const ROOT = resolve(import.meta.dirname, '..')
const TOO_OLD = `Object.defineProperty(process.versions, 'node', { value: '20.20.2' })`
const START_TIMEOUT_MS = 30_000

/** The URL that a server prints when it is ready. */
async function urlPrintedBy(child: ChildProcess): Promise<string> {
  const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS).unref()
  const lines: string[] = []
  assert(child.stdout !== null)
  for await (const line of createInterface(child.stdout)) {
    lines.push(line)
    const url = line.match(/http:\/\/[\w.[\]:]+:\d+/)?.[0]
    if (url === undefined) continue
    clearTimeout(timer)
    child.stdout.resume()
    return url
  }
  throw new Error(`no URL was printed, but:\n${lines.join('\n')}`)
}

async function isGone(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/healthz`).catch(() => undefined)
  return answer === undefined
}

describe('the package', () => {
  let folder: string
  let tarball: string

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'koban-package-'))
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT, stdio: 'inherit' })
    tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? 'no tarball')
    execFileSync('tar', ['xzf', tarball, '-C', folder])
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('needs no other package, and brings no Node', () => {
    const about = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8'))
    assert.equal(about.dependencies, undefined)
    assert.equal(about.optionalDependencies, undefined)
    assert.equal(about.scripts.install ?? about.scripts.postinstall, undefined)
  })

  it('holds what runs, the licences, and nothing else', () => {
    const files = readdirSync(join(folder, 'package'), { recursive: true, encoding: 'utf8' })
    const others = files.filter(
      (file) =>
        !/^(bin|dist)(\/[\w-]+[.]c?js)?$|^dist\/web(\/v3(\/[\w-]+[.](js|css|html))?)?$|LICENSES?$|[.]md$|package[.]json$/.test(
          file,
        ),
    )
    assert.deepEqual(others, [])
    assert(files.includes('dist/THIRD-PARTY-LICENSES'))
  })

  it('starts in an empty folder by npx', async () => {
    const empty = join(folder, 'empty')
    cpSync(tarball, join(empty, 'koban.tgz'))
    const path = `${dirname(process.execPath)}:${process.env.PATH}`
    const env = { ...process.env, PATH: path, npm_config_cache: join(folder, 'npm-cache') } // none of an earlier package
    const npx = spawn('npx', ['-y', './koban.tgz', 'start', '--port', '0'], {
      cwd: empty,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const url = await urlPrintedBy(npx)
    assert.equal((await fetch(`${url}/healthz`)).status, 200)

    npx.kill('SIGTERM')
    for (let tries = 0; tries < 50 && !(await isGone(url)); tries += 1)
      await new Promise((done) => setTimeout(done, 100))
    assert(await isGone(url), 'the server outlived its npx')
  })

  it('says in one line what to do on an older Node', () => {
    const bin = join(folder, 'package/bin/koban.cjs')
    const run = spawnSync(process.execPath, ['-e', `${TOO_OLD}; require(${JSON.stringify(bin)})`], { encoding: 'utf8' })
    assert.equal(run.status, 1)
    assert.match(run.stderr, /^Koban needs Node\.js 24\.15 or newer, and this is 20\.20\.2: .+\n$/)
  })
})

describe('npm start', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`ends with its server on ${signal}`, async () => {
      const data = mkdtempSync(join(tmpdir(), 'koban-start-'))
      const npm = spawn('npm', ['start', '--', '--port', '0', '--data', data], {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const url = await urlPrintedBy(npm)
      assert.equal((await fetch(`${url}/healthz`)).status, 200)

      npm.kill(signal)
      assert.deepEqual(await once(npm, 'exit'), [0, null])
      assert(await isGone(url), 'the server outlived npm')
      rmSync(data, { recursive: true })
    })
  }
})
