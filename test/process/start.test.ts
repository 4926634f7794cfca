import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { connect, SALE } from './client.ts'
import {
  freshKoban,
  PUBLISHABLE_KEY,
  ROOT,
  runKoban,
  SECRET_KEY,
  spawnKoban,
  startKoban,
  temporaryFolder,
} from './koban.ts'

describe('koban start', () => {
  it('says where it is, its keys, where the data is, and a line to paste that makes a charge', async (t) => {
    const koban = await freshKoban(t)
    const said = koban.output()
    assert.match(koban.url, /^http:\/\/localhost:[1-9]\d*$/)
    for (const wanted of [SECRET_KEY, PUBLISHABLE_KEY, koban.folder]) assert(said.includes(wanted), said)
    const line = said.match(/^ +(curl .+)$/m)?.[1] ?? 'no line'
    const answer = execFileSync('sh', ['-c', `${line} --silent --fail`], { encoding: 'utf8' })
    assert.equal(JSON.parse(answer).paid, true)
  })

  it('answers /healthz without a key', async (t) => {
    const koban = await freshKoban(t)
    const answer = await fetch(`${koban.url}/healthz`)
    assert.equal(answer.status, 200)
    assert.deepEqual(await answer.json(), { status: 'ok' })
  })

  it('writes a line for each request: method, path, status, time, and for a refusal why', async (t) => {
    const koban = await freshKoban(t)
    const client = connect(koban.url, { connections: 1 })
    const { json: charge } = await client.post('/v1/charges', SALE)
    await client.get(`/v1/charges/${charge.id}?expand[]=balance_transaction`)
    await client.post('/v1/charges', { ...SALE, source: 'tok_chargeDeclined' })
    await client.get('/v1/charges/ch_none')
    await client.get('/v1/nothing')
    await client.get('/v1/charges/ch%0AGET%20%2Fforged%20200%1B[2K')
    await client.send('GET', '/v1/charges', null, { headers: { authorization: 'Bearer sk_test_wrong0123456789' } })
    client.close()
    await koban.end('SIGTERM')

    const lines = koban
      .output()
      .split('\n')
      .filter((line) => /^[A-Z]+ \//.test(line))
    const wanted = [
      /^POST \/v1\/charges 200 \d+\.\dms$/,
      new RegExp(`^GET /v1/charges/${charge.id} 200 \\d+\\.\\dms$`),
      /^POST \/v1\/charges 402 \d+\.\dms card_declined: Your card was declined\.$/,
      /^GET \/v1\/charges\/ch_none 404 \d+\.\dms resource_missing: No such charge: '?ch_none'?\.?$/,
      /^GET \/v1\/nothing 404 \d+\.\dms invalid_request_error: Unrecognized request URL .+$/,
      /^GET \/v1\/charges\/ch%0AGET%20%2Fforged%20200%1B\[2K 404 .+ resource_missing: .*ch GET \/forged 200 +\[2K.*$/,
      /^GET \/v1\/charges 401 \d+\.\dms invalid_request_error: Invalid API Key provided: sk_test_\*+6789$/,
    ]
    assert.equal(lines.length, wanted.length, lines.join('\n'))
    for (const [n, line] of lines.entries()) assert.match(line, wanted[n] ?? /nothing/)
  })

  it('goes on when nobody reads what it prints', async (t) => {
    const koban = await freshKoban(t)
    koban.child.stdout?.destroy()
    koban.child.stderr?.destroy()
    const client = connect(koban.url)
    for (let n = 0; n < 50; n++) assert.equal((await client.post('/v1/charges', SALE)).status, 200)
    client.close()
  })

  it('takes its options from KOBAN_ variables, too, and options go before them', async (t) => {
    const folder = temporaryFolder(t)
    const [named, other] = [join(folder, 'named'), join(folder, 'other')]
    const environment = {
      KOBAN_PORT: '1',
      KOBAN_HOST: '127.0.0.1',
      KOBAN_DATA: other,
      KOBAN_PUBLIC_URL: 'https://pay.example/',
      KOBAN_QUIET: '1',
      KOBAN_VAULT_KEY: '00112233445566778899aabbccddeeff'.repeat(2),
      KOBAN_ADMIN_TOKEN: 'koban_token_of_my_own_0123456789abcdef',
    }
    const koban = await startKoban(named, [], { environment })
    t.after(() => koban.end('SIGKILL'))
    assert.match(koban.url, /^http:\/\/127\.0\.0\.1:\d+$/)
    assert(existsSync(named) && !existsSync(other))
    const { json: charge } = await connect(koban.url).post('/v1/charges', SALE)
    assert.match(charge.receipt_url, /^https:\/\/pay\.example\/receipts\//)
    assert(!existsSync(join(named, 'vault.key')))
    const headers = { authorization: `Bearer ${environment.KOBAN_ADMIN_TOKEN}` }
    assert.equal((await fetch(`${koban.url}/_koban/accounts`, { headers })).status, 200)
    await koban.end('SIGTERM')
    assert.doesNotMatch(koban.output(), /POST/)

    const withoutKey = await runKoban(['start', '--port', '0', '--data', named])
    assert.equal(withoutKey.code, 1)
    assert.match(withoutKey.stderr, /^koban: .*KOBAN_VAULT_KEY.*\n$/)
  })

  it('lets the public keys count on other hosts only where it is asked to', async (t) => {
    const strict = await freshKoban(t, ['--host', '0.0.0.0'])
    assert(!strict.output().includes(SECRET_KEY))
    assert.equal((await connect(strict.url).get('/v1/charges')).status, 401)
    const lax = await freshKoban(t, ['--host', '0.0.0.0'], { environment: { KOBAN_PUBLIC_TEST_KEYS: 'true' } })
    assert.equal((await connect(lax.url).get('/v1/charges')).status, 200)
  })
})

describe('koban start, where it cannot', () => {
  it('says that another serves the folder, and leaves that one alone', async (t) => {
    const first = await freshKoban(t)
    const control = readFileSync(join(first.folder, 'control.json'), 'utf8')
    const second = await runKoban(['start', '--port', '0', '--data', first.folder])
    assert.equal(second.code, 1)
    assert.match(second.stderr, /^koban: The data folder .+ is in use by another Koban\. .+\n$/)
    assert(second.stderr.includes(first.folder))
    assert.equal(second.stdout, '')
    assert.equal((await connect(first.url).post('/v1/charges', SALE)).status, 200)
    assert.equal(readFileSync(join(first.folder, 'control.json'), 'utf8'), control)
    assert.deepEqual(await first.end('SIGTERM'), { code: 0, signal: null })
  })

  const unusable: [string, (folder: string) => string][] = [
    [
      'that is a file',
      (folder) => {
        const file = join(folder, 'file')
        writeFileSync(file, '')
        return file
      },
    ],
    ['inside a file', (folder) => join(folder, 'koban.txt', 'data')],
    ['where none can be made', () => '/dev/null/koban'],
    [
      'with another koban.db',
      (folder) => {
        writeFileSync(join(folder, 'koban.db'), 'This is no database. '.repeat(1000))
        return folder
      },
    ],
  ]
  for (const [what, make] of unusable) {
    it(`says in one line that it cannot use a data folder ${what}`, async (t) => {
      const folder = temporaryFolder(t)
      writeFileSync(join(folder, 'koban.txt'), '')
      const refused = await runKoban(['start', '--port', '0', '--data', make(folder)])
      assert.equal(refused.code, 1)
      assert.match(refused.stderr, /^koban: the data folder .+ cannot be used: .+\n$/)
    })
  }

  it('says in one line that a host is none of this machine', async (t) => {
    const data = join(temporaryFolder(t), 'data')
    const refused = await runKoban(['start', '--port', '0', '--data', data, '--host', '203.0.113.7'])
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /^koban: --host takes an address of this machine, not 203\.0\.113\.7 .+\n$/)
  })

  it('says that the port is in use, and leaves the folder closed', async (t) => {
    const stranger = createServer().listen(0, 'localhost')
    await once(stranger, 'listening')
    t.after(() => stranger.close())
    const { port } = stranger.address() as AddressInfo
    const folder = join(temporaryFolder(t), 'data')
    const refused = await runKoban(['start', '--port', String(port), '--data', folder])
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, new RegExp(`^koban: port ${port} of localhost is in use: .+--port.+\\n$`))
    assert(!existsSync(join(folder, 'koban.db-wal')))
    const koban = await startKoban(folder)
    t.after(() => koban.end('SIGKILL'))
  })

  it('says that the folder is a file', async (t) => {
    const file = join(temporaryFolder(t), 'file')
    writeFileSync(file, '')
    const refused = await runKoban(['start', '--port', '0', '--data', file])
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /^koban: .*\/file.*\n$/)
  })

  it('starts although its control file was left half written', async (t) => {
    const folder = join(temporaryFolder(t), 'data')
    await (await startKoban(folder)).end('SIGTERM')
    rmSync(join(folder, 'control.stopped.json'))
    writeFileSync(join(folder, 'control.json'), '{ "url": "http')
    const koban = await startKoban(folder)
    t.after(() => koban.end('SIGKILL'))
    const listed = await runKoban(['accounts', 'list', '--data', folder])
    assert.equal(listed.code, 0, listed.stderr)
  })
})

describe('the command line', () => {
  const mistakes: readonly [string, string[], number, RegExp][] = [
    ['an unknown command', ['strat'], 2, /^koban: there is no command strat\..*--help/],
    ['a name that every object has', ['constructor'], 2, /^koban: there is no command constructor\./],
    ['an unknown option', ['start', '--prot', '1'], 1, /^koban: Unknown option '--prot'/],
    ['an option without its value', ['start', '--port'], 1, /^koban: .*--port/],
    ['a word that stands for nothing', ['start', 'now'], 1, /^koban: koban start takes options only, not now/],
    ['a port that is none', ['start', '--port', '80a'], 1, /^koban: --port takes a number .*80a/],
    ['a port that is too large', ['start', '--port', '65536'], 1, /^koban: --port takes a number .*65536/],
  ]
  for (const [what, args, code, message] of mistakes) {
    it(`refuses ${what} in one line`, async () => {
      const refused = await runKoban(args)
      assert.equal(refused.code, code)
      assert.match(refused.stderr, message)
      assert.equal(refused.stderr.trimEnd().split('\n').length, 1, refused.stderr)
      assert.equal(refused.stdout, '')
    })
  }

  it('prints its help and its version', async () => {
    for (const args of [['--help'], ['-h'], ['help'], []]) {
      const { code, stdout, stderr } = await runKoban(args)
      assert.deepEqual([code, stderr], [0, ''])
      for (const command of ['start', 'accounts create', 'keys list', 'doctor'])
        assert(stdout.includes(`koban ${command}`))
    }
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    assert.deepEqual(await runKoban(['--version']), { code: 0, signal: null, stdout: `${version}\n`, stderr: '' })
  })

  it('can be ended while it starts', async (t) => {
    const { child, closed } = spawnKoban(['start', '--port', '0', '--data', join(temporaryFolder(t), 'data')])
    child.kill('SIGTERM')
    await closed
  })
})
