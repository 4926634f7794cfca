/**
 * Kills the server in the middle of its work, again and again on one data folder, and proves each time that nothing it
 * said is lost and nothing it did is done twice. SIGKILL ends the process and not the machine: what the kernel had
 * taken is kept, so this proves the order of commit and answer, and recovery, but not that a sync reached the disk.
 */

import assert from 'node:assert/strict'
import { type Client, connect } from '../process/client.ts'
import { type Koban, runKoban, spawnKoban, startKoban } from '../process/koban.ts'
import { type Audited, audit, type Bookmark, balanceOf } from './audit.ts'
import { type Sent, STATUS_OF, trade } from './merchants.ts'
import { type Random, seeded } from './random.ts'

const CONNECTIONS = 16
const LONGEST_LOAD_MS = 600 // some hundreds of charges: a round is more than its start and less than a wait
const LONGEST_RETRY_MS = 200
const LONGEST_START_MS = 300 // a start takes about as long, so that these kills meet all parts of it
const OLD_KEYS = 50

export type CrashOptions = {
  readonly folder: string
  readonly rounds: number
  readonly seed: number
  readonly say: (line: string) => void
}

/** What happened over all rounds. */
export type CrashTotals = {
  readonly rounds: number
  /** Times that the server was killed: in work, while it started, and while keys were retried. */
  readonly kills: number
  readonly sent: number
  readonly unanswered: number
  /** Unanswered ones that had been committed all the same: the retry got the answer that never arrived. */
  readonly committedUnanswered: number
  readonly charges: number
  readonly refunds: number
}

/** Runs the rounds, then audits everything from the first on. Throws at the first thing lost or doubled. */
export async function runRounds({ folder, rounds, seed, say }: CrashOptions): Promise<CrashTotals> {
  const random = seeded(seed)
  const run = new Run(folder, random, await startKoban(folder, ['--quiet']))
  try {
    for (let round = 1; round <= rounds; round++) say(`round ${round}: ${await run.round(round)}`)
    const { charges, refunds } = await run.auditAll()
    return { rounds, ...run.totals, sent: run.journal.length, charges, refunds }
  } finally {
    await run.koban.end('SIGKILL')
  }
}

class Run {
  readonly journal: Sent[] = []
  readonly totals = { kills: 0, unanswered: 0, committedUnanswered: 0 }
  koban: Koban
  readonly #folder: string
  readonly #random: Random
  #bookmark: Bookmark = {}
  #net = 0

  constructor(folder: string, random: Random, koban: Koban) {
    this.#folder = folder
    this.#random = random
    this.koban = koban
  }

  /** One life and death of the server. Says in one line what happened. */
  async round(round: number): Promise<string> {
    const journal: Sent[] = []
    await this.#tradeUntilKilled(journal, `r${round}`)
    if (this.#random.chance(1 / 3)) await this.#killWhileStarting()
    this.koban = await startKoban(this.#folder, ['--quiet'])
    if (this.#random.chance(1 / 4)) {
      await this.#retryUntilKilled(journal)
      this.koban = await startKoban(this.#folder, ['--quiet'])
    }

    const unanswered = journal.filter(({ answer }) => !answer).length
    const client = connect(this.koban.url, { connections: CONNECTIONS })
    const replayed = await retryAll(client, this.#random, journal)
    const committed = replayed - (journal.length - unanswered)
    await retryAll(client, this.#random, [...journal, ...this.#someOldOnes()])

    const audited = await audit(client, journal, this.#bookmark)
    await this.#close(client, audited)
    this.journal.push(...journal)
    this.totals.unanswered += unanswered
    this.totals.committedUnanswered += committed
    return (
      `${journal.length} sent, ${unanswered} unanswered (${committed} of them committed), ` +
      `${audited.charges} charges, ${audited.refunds} refunds`
    )
  }

  /** Everything from the first round on, in one look. */
  async auditAll(): Promise<Audited> {
    const client = connect(this.koban.url)
    const audited = await audit(client, this.journal, {})
    assert.equal(await balanceOf(client), audited.net)
    client.close()
    return audited
  }

  async #close(client: Client, audited: Audited): Promise<void> {
    this.#bookmark = audited.bookmark
    this.#net += audited.net
    assert.equal(await balanceOf(client), this.#net)
    client.close()
    const doctor = await runKoban(['doctor', '--data', this.#folder])
    assert.equal(doctor.code, 0, doctor.stdout + doctor.stderr)
  }

  async #tradeUntilKilled(journal: Sent[], name: string): Promise<void> {
    const client = connect(this.koban.url, { connections: CONNECTIONS })
    const merchants = Array.from({ length: CONNECTIONS }, (_, n) =>
      trade(client, this.#random.branch(), journal, `${name}-${n}`),
    )
    await this.#killAfter(this.#random.integer(0, LONGEST_LOAD_MS))
    await Promise.all(merchants)
    client.close()
  }

  async #retryUntilKilled(journal: readonly Sent[]): Promise<void> {
    const client = connect(this.koban.url, { connections: CONNECTIONS })
    const retrying = retryAll(client, this.#random.branch(), journal).catch((error) => {
      if (error instanceof assert.AssertionError) throw error // else the server was killed
    })
    await this.#killAfter(this.#random.integer(0, LONGEST_RETRY_MS))
    await retrying
    client.close()
  }

  async #killAfter(ms: number): Promise<void> {
    await wait(ms)
    await this.koban.end('SIGKILL')
    this.totals.kills++
  }

  async #killWhileStarting(): Promise<void> {
    const { child, closed } = spawnKoban(['start', '--port', '0', '--data', this.#folder])
    await wait(this.#random.integer(0, LONGEST_START_MS))
    child.kill('SIGKILL')
    await closed
    this.totals.kills++
  }

  /** Keys are kept for a day: those of earlier lives must replay, too. Each once: two at a time would get a 409. */
  #someOldOnes(): Sent[] {
    if (this.journal.length === 0) return []
    return [...new Set(Array.from({ length: OLD_KEYS }, () => this.#random.pick(this.journal)))]
  }
}

/**
 * Sends every request again with its key. One that was answered must be replayed to the byte; one that was not must be
 * answered now as it would have been then. Returns how many were replayed.
 */
async function retryAll(client: Client, random: Random, journal: readonly Sent[]): Promise<number> {
  const waiting = journal.map((sent) => ({ sent, place: random.integer(0, 2 ** 32 - 1) }))
  waiting.sort((one, other) => one.place - other.place)
  let replayed = 0
  const worker = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) if (await retry(client, next.sent)) replayed++
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, worker))
  return replayed
}

async function retry(client: Client, sent: Sent): Promise<boolean> {
  const { kind, key, path, form, answer: before } = sent
  const now = await client.post(path, form, { idempotencyKey: key })
  const isReplayed = now.headers['idempotent-replayed'] === 'true'
  assert.equal(now.status, STATUS_OF[kind], `${kind} ${key}: ${now.body}`)
  if (before) {
    assert(isReplayed, `${kind} ${key} was answered, and done again`)
    assert.equal(now.body, before.body)
  }
  sent.answer = now
  return isReplayed
}

function wait(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}
