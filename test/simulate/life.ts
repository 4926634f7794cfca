/** One merchant's life on one server: what is asked of it, and what it must answer. */

import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Random } from '../crash/random.ts'
import { type Client, connect, type Form, type Reply } from '../process/client.ts'
import { SECRET_KEY } from '../process/koban.ts'
import { Books, type Refusal } from './books.ts'
import { type Checked, checkAll, checkBalance } from './checks.ts'
import { ADMIN_TOKEN, type Host, hostInside, hostOutside, START } from './host.ts'
import type { Country } from './laws.ts'
import { LedgerWatch } from './ledger-watch.ts'

const OLD = '2019-05-16'
const NEW = '2026-10-28.endive'
/** Where the clock of a server of real time is stopped: later than any real time for a while. Sunday 2030-03-17. */
const FAR = 1_900_000_000

/** What was asked under an Idempotency-Key, and answered. */
export type Asked = {
  readonly key: string
  readonly path: string
  readonly form: Form
  readonly headers: Readonly<Record<string, string>>
  /** The account's time. */
  readonly at: number
  readonly reply: Reply
}

export type Asking = {
  /** The account's own where it is left out. */
  readonly version?: string
  /** A new one where it is left out. */
  readonly key?: string
  readonly want?: Refusal | null
}

// biome-ignore lint/suspicious/noExplicitAny: an answer of the API; the checks say what it must be
type Body = any

export class Life {
  readonly random: Random
  readonly books: Books
  readonly host: Host
  readonly asked: Asked[] = []
  readonly #key: string
  readonly #watch: LedgerWatch
  readonly #folder: string
  #client: Client
  #keys = 0
  /** The account's clock: ahead of real time by `offset`, or standing still. */
  #real = START
  #offset = 0
  #frozenAt: number | null = null

  private constructor(random: Random, host: Host, folder: string, key: string, books: Books) {
    this.random = random
    this.host = host
    this.books = books
    this.#folder = folder
    this.#key = key
    this.#client = connect(host.url, { key })
    this.#watch = new LedgerWatch(join(folder, 'koban.db'))
  }

  /** Begins on an empty folder. `isOutside` takes a server process that is killed now and then. */
  static async begin(random: Random, folder: string, isOutside: boolean): Promise<Life> {
    const host = await (isOutside ? hostOutside(folder) : hostInside(folder))
    const country = random.pick<Country>(['US', 'US', 'JP', 'DE', 'GB'])
    const isFirst = country === 'US' && random.chance(0.5)
    const key = isFirst ? SECRET_KEY : await newAccount(host.url, country)
    const life = new Life(random, host, folder, key, new Books(country, isFirst, START))
    // The model pays nothing out; by itself Koban would.
    await life.askPlainly('/v1/account', { 'settings[payouts][schedule][interval]': 'manual' })
    if (isOutside) await life.moveClock({ freeze: true, to: FAR })
    return life
  }

  get now(): number {
    return this.#frozenAt ?? this.#real + this.#offset
  }

  /** Real time, from which the account's clock counts. A server of its own has the machine's, and stopped the account's. */
  get real(): number {
    return this.#real
  }

  get isFrozen(): boolean {
    return this.#frozenAt !== null
  }

  someVersion(): string {
    return this.random.chance(0.5) ? OLD : NEW
  }

  isOld(version: string | undefined): boolean {
    return version === undefined ? this.books.isOld : version === OLD
  }

  /** Sends a change with an Idempotency-Key and proves its answer; where the server is killed meanwhile, again. */
  async ask(path: string, form: Form, { version, key, want = null }: Asking = {}): Promise<Body> {
    const sent = {
      key: key ?? `key-${++this.#keys}`,
      ...{ path, form, at: this.now },
      headers: (version === undefined ? {} : { 'stripe-version': version }) as Asked['headers'],
    }
    const reply = await this.#surviving(true, () => this.send(sent))
    assertAnswer(reply, want, `POST ${path} ${JSON.stringify(form)}`)
    this.asked.push({ ...sent, reply })
    return reply.json
  }

  /** Sends a request as it was sent before, or for the first time. */
  send({ path, form, key, headers }: Omit<Asked, 'at' | 'reply'>): Promise<Reply> {
    return this.#client.post(path, form, { idempotencyKey: key, headers })
  }

  /** As ask, for several at once: nobody is killed meanwhile. */
  async askPlainly(path: string, form: Form): Promise<Body> {
    const reply = await this.askFreely(path, form)
    assertAnswer(reply, null, `POST ${path} ${JSON.stringify(form)}`)
    return reply.json
  }

  /** Sends a change with a new key. Its answer is the caller's to prove. */
  askFreely(path: string, form: Form): Promise<Reply> {
    return this.send({ key: `key-${++this.#keys}`, path, form, headers: {} })
  }

  /** As ask, of the control endpoints, which know no Idempotency-Key. */
  async control(path: string, form: Form, want: Refusal | null): Promise<Body> {
    const reply = await this.#client.post(path, form)
    assertAnswer(reply, want, `POST ${path} ${JSON.stringify(form)}`)
    return reply.json
  }

  async delete(path: string, want: Refusal | null = null): Promise<void> {
    assertAnswer(await this.#client.send('DELETE', path, null), want, `DELETE ${path}`)
  }

  async get(path: string): Promise<Body> {
    const reply = await this.#client.get(path)
    assertAnswer(reply, null, `GET ${path}`)
    return reply.json
  }

  /** Everything in a list, newest first. */
  list(path: string): Promise<Body[]> {
    return this.#client.list(path)
  }

  /** Moves the account's clock, and the model's time with it. */
  async moveClock(change: { to?: number; freeze?: true; resume?: true }): Promise<void> {
    const to = Math.max(change.to ?? 0, this.now)
    const reply = await this.#surviving(false, () => this.#client.post('/_koban/clock', { ...change, to }))
    assertAnswer(reply, null, `POST /_koban/clock ${JSON.stringify(change)}`)
    const stands = change.resume ? false : change.freeze || this.isFrozen
    this.#frozenAt = stands ? to : null
    if (!stands) this.#offset = to - this.#real
    const { now, frozen } = reply.json
    assert.deepEqual({ now, frozen }, { now: to, frozen: stands })
    this.books.passUntil(to)
  }

  /** Lets real time pass. What falls due by it happens at once, and not only when the worker looks next. */
  async pass(seconds: number): Promise<void> {
    assert(this.host.pass)
    this.host.pass(seconds)
    this.#real += seconds
    await this.moveClock({})
  }

  async restart(): Promise<void> {
    await this.host.restart()
    this.#reconnect()
  }

  async kill(): Promise<void> {
    await this.host.kill?.()
    this.#reconnect()
  }

  /** What is proved after each step. */
  async checkStep(): Promise<void> {
    this.#watch.look(this.books)
    await checkBalance(this)
  }

  /** What is proved now and then: every list, and the doctor. */
  checkAll(): Promise<Checked> {
    return checkAll(this, this.#folder)
  }

  async end(): Promise<void> {
    this.#client.close()
    this.#watch.close()
    await this.host.stop()
  }

  /** Sends it; sometimes the server is killed in the middle, and then it is sent again after the next start. */
  async #surviving(isKeyed: boolean, send: () => Promise<Reply>): Promise<Reply> {
    const { kill } = this.host
    if (kill === null || !this.random.chance(KILLED_IN_FLIGHT)) return send()
    const answering = send().catch(() => null) // the connection broke
    await wait(this.random.integer(0, LONGEST_FLIGHT_MS))
    await kill()
    const before = await answering
    this.#reconnect()
    const reply = await send()
    if (before) assertSame(before, reply, isKeyed)
    return reply
  }

  #reconnect(): void {
    this.#client.close()
    this.#client = connect(this.host.url, { key: this.#key })
  }
}

const KILLED_IN_FLIGHT = 1 / 25
const LONGEST_FLIGHT_MS = 6 // an answer takes 2 to 4

/** What was answered before the kill is answered after it, and what was done under a key is not done again. */
function assertSame(before: Reply, after: Reply, isKeyed: boolean): void {
  assert.equal(after.status, before.status)
  if (!isKeyed || (after.status !== 200 && after.headers['idempotent-replayed'] === undefined)) return
  assert.equal(after.headers['idempotent-replayed'], 'true', `it was answered, and done again: ${after.body}`)
  assert.equal(after.body, before.body)
}

/** A 200, or the refusal that is wanted. */
function assertAnswer({ status, body, json }: Reply, want: Refusal | null, what: string): void {
  assert.equal(status, want?.status ?? 200, `${what}: ${body}`)
  if (want?.code !== undefined) assert.equal(json.error.code, want.code, `${what}: ${body}`)
  if (want?.words !== undefined) assert(json.error.message.includes(want.words), `${what}: ${body}`)
}

async function newAccount(url: string, country: Country): Promise<string> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }
  const response = await fetch(`${url}/_koban/accounts`, { method: 'POST', headers, body: JSON.stringify({ country }) })
  const { secret_key } = (await response.json()) as { secret_key: string }
  return secret_key
}

function wait(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}
