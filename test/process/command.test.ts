import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { connect, SALE } from './client.ts'
import { freshKoban, PUBLISHABLE_KEY, runKoban, SECRET_KEY, startKoban, temporaryFolder } from './koban.ts'

/** Runs a command against the server of a folder; what it prints is JSON. */
async function ask(folder: string, ...args: string[]) {
  const { code, stdout, stderr } = await runKoban([...args, '--data', folder])
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout)
}

async function refusal(folder: string, args: string[], environment = {}): Promise<string> {
  const { code, stdout, stderr } = await runKoban([...args, '--data', folder], { environment })
  assert.deepEqual([code, stdout], [1, ''])
  assert.equal(stderr.trimEnd().split('\n').length, 1, stderr)
  return stderr
}

async function statusWith(url: string, key: string): Promise<number> {
  return (await connect(url, { key }).get('/v1/charges')).status
}

describe('koban accounts', () => {
  it('makes an account whose keys work at once and which sees nothing of the first', async (t) => {
    const { folder, url } = await freshKoban(t)
    const name = ['--name', 'Nagoya Tea', '--statement-descriptor', 'NAGOYA TEA']
    const made = await ask(folder, 'accounts', 'create', '--country', 'JP', '--currency', 'jpy', ...name)
    assert.match(made.id, /^acct_/)
    assert.deepEqual([made.country, made.default_currency, made.business_name], ['JP', 'jpy', 'Nagoya Tea'])
    assert.match(made.secret_key, /^sk_test_/)
    assert.match(made.publishable_key, /^pk_test_/)

    await connect(url).post('/v1/charges', SALE)
    const client = connect(url, { key: made.secret_key })
    assert.equal((await client.list('/v1/charges')).length, 0)
    const { json: charge } = await client.post('/v1/charges', { ...SALE, currency: 'jpy' })
    assert.equal(charge.calculated_statement_descriptor, 'NAGOYA TEA')
    assert.equal((await connect(url).get(`/v1/charges/${charge.id}`)).status, 404)
    const { data } = await ask(folder, 'accounts', 'list')
    assert.deepEqual(data.map(({ id }: { id: string }) => id).sort(), ['acct_1KobanTestAccount', made.id].sort())
  })

  it('refuses a country that is not there', async (t) => {
    const { folder } = await freshKoban(t)
    assert.match(await refusal(folder, ['accounts', 'create', '--country', 'XX']), /^koban: Invalid country: /)
    assert.match(await refusal(folder, ['accounts', 'delete']), /^koban: koban accounts create\|update\|list/)
  })
})

describe('koban accounts update', () => {
  it('changes the version of an account, and what it is called, until it is changed again', async (t) => {
    const koban = await freshKoban(t)
    const { folder, url } = koban
    const changed = await ask(folder, 'accounts', 'update', '--api-version', '2022-11-15', '--name', 'Nagoya Tea')
    assert.deepEqual([changed.api_version, changed.business_name], ['2022-11-15', 'Nagoya Tea'])
    assert.equal((await connect(url).get('/v1/charges')).headers['stripe-version'], '2022-11-15')
    await koban.end('SIGTERM')
    const again = await startKoban(folder)
    t.after(() => again.end('SIGKILL'))
    assert.equal((await connect(again.url).get('/v1/charges')).headers['stripe-version'], '2022-11-15')
    assert.match(
      await refusal(folder, ['accounts', 'update', '--api-version', '2022-11-16']),
      /^koban: Invalid api_version: must be one of 2019-05-16, /,
    )
    assert.match(await refusal(folder, ['accounts', 'update', '--account', 'acct_none']), /^koban: No such account/)
  })
})

describe('koban keys', () => {
  it('makes a restricted key, changes what it may do, rolls and revokes it', async (t) => {
    const { folder, url } = await freshKoban(t)
    const made = await ask(folder, 'keys', 'create', '--restricted', '--permission', 'charge=write')
    assert.match(made.key, /^rk_test_/)
    assert.deepEqual([made.kind, made.permissions], ['restricted', { charge: 'write' }])
    const client = connect(url, { key: made.key })
    assert.equal((await client.post('/v1/charges', SALE)).status, 200)
    assert.equal((await client.get('/v1/balance')).status, 403)

    const more = ['--permission', 'charge=read', '--permission', 'balance=read']
    const { permissions } = await ask(folder, 'keys', 'update', made.key, ...more)
    assert.deepEqual(permissions, { balance: 'read', charge: 'read' })
    assert.equal((await client.post('/v1/charges', SALE)).status, 403)
    assert.equal((await client.get('/v1/balance')).status, 200)

    const rolled = await ask(folder, 'keys', 'roll', made.id)
    assert.deepEqual(rolled.permissions, permissions)
    assert.equal(await statusWith(url, made.key), 401)
    assert.equal(await statusWith(url, rolled.key), 200)
    await ask(folder, 'keys', 'revoke', rolled.id)
    assert.equal(await statusWith(url, rolled.key), 401)

    const live = await ask(folder, 'keys', 'create', '--restricted', '--live')
    assert.match(live.key, /^rk_live_/)
    const { data } = await ask(folder, 'keys', 'list')
    assert.equal(data.find(({ id }: { id: string }) => id === live.id).key, null)
  })

  it('says what is wrong with a permission', async (t) => {
    const { folder } = await freshKoban(t)
    const create = (...args: string[]) => refusal(folder, ['keys', 'create', ...args])
    assert.match(await create('--restricted', '--permission', 'charge'), /--permission takes RESOURCE=none/)
    assert.match(
      await create('--restricted', '--permission', 'charge=all'),
      /Invalid permissions\[charge\]: must be one of/,
    )
    assert.match(await create('--restricted', '--permission', 'balance=write'), /Invalid permissions\[balance\]: /)
    assert.match(await create('--restricted', '--permission', 'cats=read'), /unknown parameter: permissions\[cats\]/)
    assert.match(await create('--permission', 'charge=read'), /Only a restricted key has permissions/)
    assert.match(await create('--restricted', '--publishable'), /a key is --publishable or --restricted/)
  })

  it('lists the keys of the first account', async (t) => {
    const { folder } = await freshKoban(t)
    const { data } = await ask(folder, 'keys', 'list')
    assert.deepEqual(data.map(({ key }: { key: string }) => key).sort(), [PUBLISHABLE_KEY, SECRET_KEY])
  })

  it('makes keys of each kind; a live secret is shown once', async (t) => {
    const { folder, url } = await freshKoban(t)
    const secret = await ask(folder, 'keys', 'create')
    const publishable = await ask(folder, 'keys', 'create', '--publishable')
    const live = await ask(folder, 'keys', 'create', '--live')
    assert.match(secret.key, /^sk_test_/)
    assert.match(publishable.key, /^pk_test_/)
    assert.match(live.key, /^sk_live_/)
    assert.equal(await statusWith(url, secret.key), 200)
    assert.equal(await statusWith(url, publishable.key), 401)
    assert.equal(await statusWith(url, live.key), 200)

    const { data } = await ask(folder, 'keys', 'list')
    const shown = new Map(data.map(({ id, key }: { id: string; key: string | null }) => [id, key]))
    assert.equal(shown.get(secret.id), secret.key)
    assert.equal(shown.get(publishable.id), publishable.key)
    assert.equal(shown.get(live.id), null)
  })

  it('rolls a key: the new one works, the old one ends now or later', async (t) => {
    const { folder, url } = await freshKoban(t)
    const first = await ask(folder, 'keys', 'create')
    assert.equal(await statusWith(url, first.key), 200) // and is remembered by the server
    const second = await ask(folder, 'keys', 'roll', first.id)
    assert.equal(await statusWith(url, first.key), 401)
    assert.equal(await statusWith(url, second.key), 200)
    const third = await ask(folder, 'keys', 'roll', second.id, '--expires-in', '3600')
    assert.equal(await statusWith(url, second.key), 200)
    assert.equal(await statusWith(url, third.key), 200)
    assert.match(await refusal(folder, ['keys', 'roll', first.id]), /^koban: No such key/)
  })

  it('revokes a key, and the server knows at once and after its next start', async (t) => {
    const koban = await freshKoban(t)
    const { folder, url } = koban
    const { id, key } = await ask(folder, 'keys', 'create')
    assert.equal(await statusWith(url, key), 200)
    assert.equal((await ask(folder, 'keys', 'revoke', id)).deleted, true)
    assert.equal(await statusWith(url, key), 401)
    assert.equal(await statusWith(url, SECRET_KEY), 200)
    await koban.end('SIGKILL')
    const again = await startKoban(folder)
    t.after(() => again.end('SIGKILL'))
    assert.equal(await statusWith(again.url, key), 401)
    assert.equal(await statusWith(again.url, SECRET_KEY), 200)
  })

  it('says what is missing or not there', async (t) => {
    const { folder } = await freshKoban(t)
    assert.match(await refusal(folder, ['keys', 'revoke']), /^koban: koban keys revoke KEY/)
    assert.match(await refusal(folder, ['keys', 'revoke', 'mk_none']), /^koban: No such key/)
    assert.match(await refusal(folder, ['keys', 'list', '--account', 'acct_none']), /^koban: No such account/)
    assert.match(await refusal(folder, ['keys', 'burn']), /^koban: koban keys list\|create/)
    const wrong = { KOBAN_ADMIN_TOKEN: 'koban_wrong' }
    assert.match(await refusal(folder, ['keys', 'list'], wrong), /^koban: This call needs the admin token/)
  })
})

describe('a command without a server', () => {
  for (const args of [
    ['accounts', 'list'],
    ['keys', 'list'],
    ['keys', 'create'],
  ]) {
    it(`koban ${args.join(' ')} says that none runs, whether none has, one has stopped, or one has crashed`, async (t) => {
      const folder = join(temporaryFolder(t), 'data')
      assert.match(
        await refusal(folder, args),
        /^koban: no server runs with the data folder .+: koban start starts one/,
      )
      const koban = await freshKoban(t)
      await koban.end('SIGTERM')
      assert.match(await refusal(koban.folder, args), /^koban: no server runs with the data folder /)
      const crashed = await freshKoban(t)
      await crashed.end('SIGKILL')
      assert.match(
        await refusal(crashed.folder, args),
        /^koban: no server answers at http:.+, where one ran with the data folder .+: koban start starts it again/,
      )
    })
  }
})
