/** What is asked of the server until it is killed: merchants who charge, capture and refund, each request with a key. */

import { AssertionError } from 'node:assert/strict'
import type { Client, Form, Reply } from '../process/client.ts'
import type { Random } from './random.ts'

export type Kind = 'token' | 'sale' | 'hold' | 'decline' | 'capture' | 'refund' | 'refund too much'

/** The status that each kind of request must be answered with, however often it is sent. */
export const STATUS_OF: Readonly<Record<Kind, number>> = {
  token: 200,
  sale: 200,
  hold: 200,
  decline: 402,
  capture: 200,
  refund: 200,
  'refund too much': 400,
}

/** A request that was sent, and its answer once there was one. What a merchant must remember to retry safely. */
export type Sent = {
  readonly kind: Kind
  readonly key: string
  readonly path: string
  readonly form: Form
  /** In cents. */
  readonly amount: number
  /** The charge that is captured or refunded. */
  readonly charge: string | undefined
  answer: Reply | undefined
}

/** Sends a request, written down first, and gives the answer's object. Throws where no answer came. */
type Say = (step: Omit<Sent, 'key' | 'answer'>) => Promise<{ readonly id: string }>

/** Trades until the server answers no more. All that was sent is in the journal. */
export async function trade(client: Client, random: Random, journal: Sent[], name: string): Promise<void> {
  let count = 0
  const say: Say = async (step) => {
    const key = `${name}-${++count}`
    const makesListed = step.path === '/v1/charges' || step.path === '/v1/refunds'
    const form = makesListed ? { ...step.form, 'metadata[key]': key } : step.form
    const sent: Sent = { ...step, form, key, answer: undefined }
    journal.push(sent)
    sent.answer = await client.post(sent.path, sent.form, { idempotencyKey: key })
    const { status, json, body } = sent.answer
    if (status !== STATUS_OF[sent.kind]) throw new WrongAnswer(`${sent.kind} ${key}: ${status} ${body}`)
    return json
  }
  for (;;) {
    try {
      await random.pick(DEALS)(say, random)
    } catch (error) {
      if (error instanceof WrongAnswer || error instanceof AssertionError) throw error
      return // the connection broke: the server was killed
    }
  }
}

const LEAST = 50 // Stripe: the smallest charge, and capture, in US cents

/** The server answered, and not what it had to. */
class WrongAnswer extends Error {}

type Deal = (say: Say, random: Random) => Promise<unknown>

const DEALS: readonly Deal[] = [
  (say, random) => say(sale(random)),
  (say, random) => say({ ...sale(random, 'tok_chargeDeclined'), kind: 'decline' }),
  async (say, random) => {
    const token = await say({ kind: 'token', path: '/v1/tokens', form: CARD, amount: 0, charge: undefined })
    await say(sale(random, token.id))
  },
  async (say, random) => {
    const bought = sale(random)
    const { id } = await say(bought)
    const part = random.integer(1, bought.amount - 1)
    await say(refund(id, part))
    await say({ ...refund(id, bought.amount), kind: 'refund too much' })
    if (random.chance(0.5)) await say(refund(id, bought.amount - part))
  },
  async (say, random) => {
    const held = hold(random)
    const { id } = await say(held)
    const amount = random.chance(0.5) ? held.amount : random.integer(LEAST, held.amount - 1)
    await say({ kind: 'capture', path: `/v1/charges/${id}/capture`, form: { amount }, amount, charge: id })
  },
  async (say, random) => {
    const held = hold(random)
    const { id } = await say(held)
    if (random.chance(0.5)) await say(refund(id, held.amount))
  },
]

const CARD = { 'card[number]': '4242424242424242', 'card[exp_month]': 12, 'card[exp_year]': 2030, 'card[cvc]': '123' }

function sale(random: Random, source = 'tok_visa') {
  const amount = random.integer(2 * LEAST, 100_000)
  return {
    kind: 'sale',
    path: '/v1/charges',
    form: { amount, currency: 'usd', source },
    amount,
    charge: undefined,
  } as const
}

function hold(random: Random) {
  const { form, ...rest } = sale(random)
  return { ...rest, kind: 'hold', form: { ...form, capture: false } } as const
}

function refund(charge: string, amount: number) {
  return { kind: 'refund', path: '/v1/refunds', form: { charge, amount }, amount, charge } as const
}
