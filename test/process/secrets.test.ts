import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Client, connect, type Form, type Reply, SALE } from './client.ts'
import { type Koban, runKoban, SECRET_KEY, startKoban, temporaryFolder } from './koban.ts'
import { type Place, placesOfBytes, placesOfNumber, placesOfText, placesOfWord } from './traces.ts'

/** American Express prints four digits; these are unlike any other number in the test. */
const CARDS = [
  { number: '378282246310005', cvc: '7391' },
  { number: '371449635398431', cvc: '8642' },
  { number: '4000056655665556', cvc: '917' },
  { number: '5105105105105100', cvc: '583' },
  { number: '4000000000009995', cvc: '746' },
  { number: '6011000990139424', cvc: '629' },
  { number: '6205500000000000004', cvc: '385' },
] as const
/** What a merchant writes into metadata or a description is kept as it is, but is no business of the log. */
const IN_METADATA = '4012888888881881'
/** So is an Idempotency-Key, which is told back in a header and in events. */
const AS_KEY = '4000000760000002'
const MARKER = 'a description that is stored'
const OTHERS_KEY = 'sk_live_51SomebodyElsesSecretKey0123456789'

/** All ways to write a card number down. */
function writings(number: string): string[] {
  const groups = number.match(/\d{1,4}/g) ?? []
  return [number, groups.join(' '), groups.join('-'), ` ${number} `, groups.join('\u00a0')]
}

function cardForm(prefix: string, number: string, cvc: string): Form {
  return {
    [`${prefix}[number]`]: number,
    [`${prefix}[exp_month]`]: 12,
    [`${prefix}[exp_year]`]: 2031,
    [`${prefix}[cvc]`]: cvc,
  }
}

/** Where card data belongs: tokens and charges, each replayed, refused for other parameters, and failing a check. */
async function pay(client: Client, said: Reply[]): Promise<void> {
  for (const { number, cvc } of CARDS) {
    for (const writing of writings(number)) {
      const token = await client.post('/v1/tokens', cardForm('card', writing, cvc))
      said.push(token)
      if (token.status === 200) said.push(await client.post('/v1/charges', { ...SALE, source: token.json.id }))
      said.push(await client.post('/v1/charges', { amount: 700, currency: 'usd', ...cardForm('source', writing, cvc) }))
    }
    const customer = await client.post('/v1/customers', cardForm('source', number, cvc))
    said.push(customer)
    said.push(await client.post('/v1/sources', { type: 'card', ...cardForm('card', number, cvc) }))
    if (customer.status === 200) {
      said.push(await client.post(`/v1/customers/${customer.json.id}/sources`, cardForm('card', number, cvc)))
      said.push(await client.post('/v1/charges', { amount: 600, currency: 'usd', customer: customer.json.id }))
    }
    const once = { idempotencyKey: `card ${number.slice(-4)}` }
    const form = { amount: 800, currency: 'usd', ...cardForm('card', number, cvc) }
    said.push(await client.post('/v1/charges', { ...form, description: MARKER }, once))
    said.push(await client.post('/v1/charges', { ...form, description: MARKER }, once))
    said.push(await client.post('/v1/charges', form, once))
    said.push(
      await client.post('/v1/tokens', cardForm('card', `${number.slice(0, -1)}${9 - Number(number.at(-1))}`, cvc)),
    )
    said.push(await client.post('/v1/tokens', { ...cardForm('card', number, cvc), 'card[exp_year]': 1999 }))
  }
  said.push(await client.post('/v1/charges', { ...SALE, 'metadata[note]': IN_METADATA }))
  for (const amount of [900, 900, 901]) {
    const { body } = await client.post('/v1/charges', { ...SALE, amount }, { idempotencyKey: AS_KEY })
    said.push({ status: 0, headers: {}, body, json: undefined }) // without the header that tells the key
  }
}

/** Where it does not belong, as programs with a mistake send it. */
async function misplace(client: Client, said: Reply[]): Promise<void> {
  for (const { number, cvc } of CARDS) {
    for (const writing of writings(number)) {
      const encoded = encodeURIComponent(writing)
      const forms: Form[] = [
        { amount: writing, currency: 'usd', source: 'tok_visa' },
        { amount: 500, currency: writing, source: 'tok_visa' },
        { amount: 500, currency: 'usd', source: writing },
        { amount: 500, currency: 'usd', card: writing },
        { amount: 500, currency: 'usd', customer: writing },
        { ...SALE, capture: writing },
        { ...SALE, receipt_email: writing },
        { ...SALE, statement_descriptor: writing },
        { ...SALE, 'expand[]': writing },
        { ...SALE, [writing]: 'x' },
        { ...SALE, [`card[${writing}]`]: 'x' },
        { ...SALE, [`${writing}[number]`]: 'x' },
        { ...SALE, card_number: writing },
        { ...SALE, [`shipping[${writing}]`]: writing },
        { ...SALE, [`metadata[${writing} and so on until it is longer than forty]`]: 'x' },
        { ...cardForm('card', cvc, number) },
        { ...cardForm('card', number, cvc), 'card[exp_month]': writing },
        { ...cardForm('card', number, cvc), [`card[${writing}]`]: '1' },
      ]
      for (const form of forms) {
        const path = Object.keys(form).some((name) => name === 'card[exp_year]') ? '/v1/tokens' : '/v1/charges'
        said.push(await client.post(path, form))
      }
      said.push(await client.post('/v1/customers', { source: writing }))
      said.push(await client.post('/v1/customers', { email: writing }))
      said.push(await client.post(`/v1/customers/${encoded}/sources`, { source: writing }))
      said.push(await client.post('/v1/sources', { type: writing, token: writing }))
      said.push(await client.post('/v1/refunds', { charge: writing, reason: writing, amount: writing }))
      said.push(await client.post(`/v1/charges/${encoded}/capture`, {}))
      said.push(await client.send('POST', '/v1/charges', JSON.stringify({ number: writing })))
      for (const path of [
        'charges',
        'tokens',
        'refunds',
        'events',
        'balance_transactions',
        'customers',
        'sources',
        'cards',
      ]) {
        said.push(await client.get(`/v1/${path}/${encoded}`))
      }
      said.push(await client.get(`/v1/charges?starting_after=${encoded}&limit=${encoded}&${encoded}=1`))
      said.push(await client.get(`/${encoded}`))
      for (const header of ['authorization', 'stripe-version', 'stripe-account']) {
        const value = header === 'authorization' ? `Bearer ${number}` : writing.replaceAll('\u00a0', ' ')
        said.push(await client.send('GET', '/v1/charges', null, { headers: { [header]: value } }))
      }
    }
  }
}

function filesOf(folder: string, when: string, names: readonly string[]): Place[] {
  return names.map((name) => ({ name: `${name} ${when}`, bytes: readFileSync(join(folder, name)) }))
}

const DATABASE = ['koban.db', 'koban.db-wal', 'koban.db-shm']

describe('the search for traces', () => {
  const number = '378282246310005'
  const disguises: readonly [string, Buffer][] = [
    ['in groups', Buffer.from('"3782 8224 6310 005"')],
    ['in groups of a URL', Buffer.from('3782%208224%206310%20005')],
    ['percent-encoded', Buffer.from(number.replaceAll(/\d/g, (digit) => `%3${digit}`))],
    ['in hexadecimal', Buffer.from(Buffer.from(`x${number}`).toString('hex'))],
    ['as an integer of SQLite', Buffer.from(BigInt(number).toString(16).padStart(16, '0'), 'hex')],
    ['two digits in a byte', Buffer.from(`0${number}`, 'hex')],
    ...['', 'a', 'ab'].map((before): [string, Buffer] => [
      `in base64 after ${before.length} bytes`,
      Buffer.from(Buffer.from(`${before}${number}, and more`).toString('base64url')),
    ]),
  ]
  for (const [how, bytes] of disguises) {
    it(`finds a card number ${how}`, () => {
      const places = [{ name: 'here', bytes: Buffer.concat([Buffer.from('before '), bytes, Buffer.from(' after')]) }]
      assert.deepEqual(placesOfNumber(number, places), ['here'])
      assert.deepEqual(placesOfNumber('371449635398431', places), [])
    })
  }

  it('finds a security code as a word of its own', () => {
    const at = (text: string) => placesOfWord('7391', [{ name: 'here', bytes: Buffer.from(text) }])
    assert.deepEqual(at('{"cvc":"7391"}'), ['here'])
    assert.deepEqual(at('cvc=7391&x'), ['here'])
    assert.deepEqual(at('ch_1V7391x and 17391'), [])
  })
})

describe('what the server writes down', () => {
  const folder = join(temporaryFolder({ after }), 'data')
  let koban: Koban
  let client: Client
  const said: Reply[] = []
  let database: Place[]
  let answers: Place[]
  let errorAnswers: Place[]
  let log: Place[]
  let secretKeys: string[]
  let adminToken: string

  before(async () => {
    koban = await startKoban(folder)
    client = connect(koban.url)
    await pay(client, said)
    await misplace(client, said)
    secretKeys = await makeAndUseKeys()
    for (const path of ['charges', 'refunds', 'balance_transactions', 'events']) {
      for (const object of await client.list(`/v1/${path}`))
        said.push({ ...(await client.get(`/v1/${path}/${object.id}`)) })
    }
    client.close()
    adminToken = JSON.parse(readFileSync(join(folder, 'control.json'), 'utf8')).token
    const running = filesOf(folder, 'while it runs', DATABASE)
    await koban.end('SIGTERM')
    database = [...running, ...filesOf(folder, 'afterwards', ['koban.db'])]
    answers = said.map(({ headers, body }) => ({
      name: `an answer: ${body}`,
      bytes: Buffer.from(JSON.stringify(headers) + body),
    }))
    errorAnswers = answers.filter(({ name }) => name.includes('"error"'))
    // The welcome shows the public keys of the guide; what follows is the log.
    log = [{ name: 'log', bytes: Buffer.from(koban.output().slice(koban.output().indexOf('source=tok_visa'))) }]
  })

  /** Makes keys by the command line, uses them, and lets wrong ones be refused. */
  async function makeAndUseKeys(): Promise<string[]> {
    const made = await Promise.all(
      [
        ['accounts', 'create'],
        ['keys', 'create'],
        ['keys', 'create', '--live'],
      ].map(async (command) => {
        const { stdout } = await runKoban([...command, '--data', folder])
        const { secret_key, key } = JSON.parse(stdout)
        return String(secret_key ?? key)
      }),
    )
    for (const key of [...made, OTHERS_KEY]) {
      said.push(await connect(koban.url, { key }).post('/v1/charges', { ...SALE, key }))
      said.push(await connect(koban.url).get(`/v1/charges/${key}`))
      said.push(await connect(koban.url).post('/v1/charges', { ...SALE, source: key }))
    }
    return made
  }

  it('shows what was stored (else nothing could be found)', () => {
    for (const place of ['koban.db-wal while it runs', 'koban.db afterwards']) {
      assert(
        placesOfText(MARKER, database).some((name) => name === place || name.startsWith('koban.db ')),
        place,
      )
    }
    assert.deepEqual(placesOfNumber(IN_METADATA, database).includes('koban.db afterwards'), true)
    assert(said.filter(({ status }) => status === 200).length > 100)
    assert(said.filter(({ status }) => status === 400).length > 100)
    assert.match(String(log[0]?.bytes), /\nPOST \/v1\/tokens 200 /)
  })

  for (const { number, cvc } of CARDS) {
    it(`has no trace of the card number …${number.slice(-4)}`, () => {
      assert.deepEqual(placesOfNumber(number, [...database, ...log, ...answers]), [])
    })
    if (cvc.length === 4) {
      it(`has no trace of its security code`, () => {
        assert.deepEqual(placesOfWord(cvc, [...database, ...log, ...answers]), [])
      })
    }
  }

  it('keeps numbers that a merchant put where they are kept out of the log and of errors', () => {
    assert.deepEqual(placesOfNumber(IN_METADATA, log), [])
    assert.deepEqual(placesOfNumber(AS_KEY, [...log, ...errorAnswers]), [])
  })

  it('has no secret key, neither of its own nor one that was sent by mistake', () => {
    for (const key of [...secretKeys, SECRET_KEY, OTHERS_KEY]) {
      assert.deepEqual(placesOfText(key, [...database, ...log, ...answers]), [])
    }
  })

  it('has the admin token only in the control file, and the vault key only in its own', () => {
    const control = filesOf(folder, 'afterwards', ['control.stopped.json'])
    const everywhere = [...database, ...log, ...answers]
    assert.deepEqual(placesOfText(adminToken, [...everywhere, ...control]), ['control.stopped.json afterwards'])
    const vaultKey = Buffer.from(readFileSync(join(folder, 'vault.key'), 'utf8').trim(), 'hex')
    assert.equal(vaultKey.length, 32)
    assert.deepEqual(placesOfBytes(vaultKey, [...everywhere, ...control]), [])
  })

  it('is for its owner alone', () => {
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    const names = readdirSync(folder)
    assert(names.includes('koban.db') && names.includes('vault.key') && names.includes('control.stopped.json'))
    assert(!names.includes('control.json'))
    for (const name of names) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name)
  })
})
