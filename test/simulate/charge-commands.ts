/** Charges, captures and refunds, wanted and unwanted. */

import assert from 'node:assert/strict'
import type { Form } from '../process/client.ts'
import { type Charge, refundable } from './books.ts'
import { ALL_CARDS, FOLLOWED_CARDS, GOOD_CARDS, type TestCard, VISA } from './cards.ts'
import { assertCharge } from './checks.ts'
import { type Command, NOTHING_TO_DO } from './command.ts'
import { noteSequel } from './dispute-commands.ts'
import { assertAvailability, CURRENCIES, type Currency, KEY_SECONDS, RULES } from './laws.ts'
import type { Life } from './life.ts'

const MOST = 200_000

/** An amount that can be charged: seldom the least, at which the fee can be more than the amount. */
function someAmount({ random }: Life, currency: Currency, most = MOST): number {
  const { least, multiple } = RULES[currency]
  const amount = random.chance(0.1) ? least : random.integer(least, Math.max(least, most))
  return amount - (amount % multiple)
}

/** What pays for a charge: a built-in token, or the card's number with or without a token of its own. */
async function paymentWith(life: Life, card: TestCard): Promise<Form> {
  const { random } = life
  if (card.tokens.length > 0 && random.chance(0.7)) return { source: random.pick(card.tokens) }
  const cvc = card.number.startsWith('37') ? '1234' : '123' // American Express has four digits
  const sent = { number: card.number, exp_month: 12, exp_year: someYearToCome(life), cvc }
  const named = (name: string) =>
    Object.fromEntries(Object.entries(sent).map(([key, value]) => [`${name}[${key}]`, value]))
  if (random.chance(0.5)) return { 'source[object]': 'card', ...named('source') }
  const token = await life.ask('/v1/tokens', named('card'))
  return { source: token.id }
}

function someYearToCome({ now }: Life): number {
  return new Date(now * 1000).getUTCFullYear() + 2
}

type Wanted = Pick<Charge, 'amount' | 'currency' | 'card' | 'customer'>

/** Asks for a charge and notes what must have come of it. */
export async function makeCharge(
  life: Life,
  wanted: Wanted,
  form: Form,
  isSale: boolean,
  key?: string,
): Promise<string> {
  const { books } = life
  const { amount, currency, card } = wanted
  const sent = { amount, currency, ...form, ...(!isSale && { capture: false }) }
  const named = { version: life.someVersion(), ...(key !== undefined && { key }) }
  if (card.declines) {
    const { error } = await life.ask('/v1/charges', sent, { ...named, want: { status: 402, code: card.declines[0] } })
    books.declined(error.charge, wanted)
    return `${amount} ${currency} with ${card.number.slice(-4)}: declined`
  }
  const answer = await life.ask('/v1/charges', sent, named)
  await noteCharge(life, answer, wanted, isSale)
  return `${amount} ${currency} with ${card.number.slice(-4)}${isSale ? '' : ', held'}`
}

type Answer = { readonly id: string; readonly balance_transaction?: string }

async function noteCharge(life: Life, answer: Answer, wanted: Wanted, isSale: boolean): Promise<void> {
  const charge = life.books.authorized(answer.id, wanted)
  if (isSale) life.books.sold(charge, await availabilityOf(life, charge, answer))
  assertCharge(answer, charge)
  if (isSale) await noteSequel(life, charge)
}

/** When the money of a charge becomes available, as its balance transaction says; proved to be what it may say. */
async function availabilityOf(life: Life, { card }: Charge, answer: Answer): Promise<number> {
  assert(answer.balance_transaction, 'a captured charge has a balance transaction')
  const { available_on } = await life.get(`/v1/balance_transactions/${answer.balance_transaction}`)
  if (card.follows === 'funds_at_once') assert.equal(available_on, life.now)
  else assertAvailability(life.books.country, life.now, available_on)
  return available_on
}

export const charge: Command = async (life) => {
  const { random } = life
  const currency = random.pick(CURRENCIES)
  const card = random.pick(random.pick([GOOD_CARDS, GOOD_CARDS, FOLLOWED_CARDS, ALL_CARDS]))
  const wanted = { amount: someAmount(life, currency), currency, card, customer: null }
  return makeCharge(life, wanted, await paymentWith(life, card), random.chance(0.6), someOldKey(life))
}

/** A key whose day is over, now and then: it is new again. */
function someOldKey({ random, asked, now }: Life): string | undefined {
  const [first] = asked
  if (!first || !random.chance(0.1)) return undefined
  const isUsedSince = asked.some(({ key, at }) => key === first.key && now - at < KEY_SECONDS)
  return isUsedSince ? undefined : first.key
}

/** Several at once, so that they are committed together. */
export const burst: Command = async (life) => {
  const { random } = life
  const wanted = Array.from({ length: random.integer(2, 6) }, () => {
    const currency = random.pick(CURRENCIES)
    return { amount: someAmount(life, currency), currency, card: random.pick(GOOD_CARDS), customer: null }
  })
  const sent = wanted.map(({ amount, currency, card }) => ({ amount, currency, source: card.tokens[0] ?? 'tok_visa' }))
  const answers = await Promise.all(sent.map((form) => life.askPlainly('/v1/charges', form)))
  for (const [at, answer] of answers.entries()) {
    const one = wanted[at]
    assert(one)
    await noteCharge(life, answer, one, true)
  }
  return `${wanted.length} charges at once`
}

const MISTAKES: readonly (readonly [form: Form, code: string | null])[] = [
  [{ amount: 49, currency: 'usd', source: 'tok_visa' }, 'amount_too_small'],
  [{ amount: 100_000_000, currency: 'usd', source: 'tok_visa' }, 'amount_too_large'],
  [{ amount: 1001, currency: 'kwd', source: 'tok_visa' }, null],
  [{ amount: 1000, currency: 'usd' }, 'parameter_missing'],
  [{ amount: -1000, currency: 'usd', source: 'tok_visa' }, 'parameter_invalid_integer'],
  [{ amount: 1000, currency: 'xyz', source: 'tok_visa' }, null],
  [{ amount: 1000, currency: 'usd', source: 'tok_nobody' }, 'resource_missing'],
  [{ amount: 1000, currency: 'usd', source: 'tok_visa', colour: 'red' }, 'parameter_unknown'],
]

/** What a merchant gets wrong changes nothing. */
export const mistake: Command = async (life) => {
  const [form, code] = life.random.pick(MISTAKES)
  await life.ask('/v1/charges', form, { want: { status: 400, ...(code !== null && { code }) } })
  return JSON.stringify(form)
}

/** The token of a charge pays once. */
export const tokenTwice: Command = async (life) => {
  const card = VISA
  const token = await life.ask('/v1/tokens', {
    ...{ 'card[number]': card.number, 'card[exp_month]': 12, 'card[cvc]': '123' },
    'card[exp_year]': someYearToCome(life),
  })
  const form = { source: token.id }
  const said = await makeCharge(life, { amount: 1000, currency: 'usd', card, customer: null }, form, true)
  const again = { amount: 1000, currency: 'usd', ...form }
  await life.ask('/v1/charges', again, { want: { status: 400, code: 'token_already_used' } })
  return `${said}, and its token again`
}

/** A charge to do something to: more often one to which it can be done. */
function someCharge({ random, books }: Life, suits: (charge: Charge) => boolean): Charge | null {
  const suitable = books.charges.filter(suits)
  if (suitable.length > 0 && random.chance(0.85)) return random.pick(suitable)
  return books.charges.length > 0 ? random.pick(books.charges) : null
}

/** Down to what the currency knows; seldom not. */
function partOf({ random }: Life, whole: number, currency: Currency): number {
  const part = random.integer(1, Math.max(1, whole))
  return random.chance(0.05) ? part : Math.max(RULES[currency].multiple, part - (part % RULES[currency].multiple))
}

export const capture: Command = async (life) => {
  const { random, books } = life
  const charge = someCharge(life, ({ state }) => state === 'held')
  if (!charge) return NOTHING_TO_DO
  const kind = random.integer(1, 10)
  const sent = kind <= 4 ? null : kind <= 9 ? partOf(life, charge.amount, charge.currency) : charge.amount + 10
  const version = life.someVersion()
  const amount = sent ?? charge.amount
  const want = books.captureRefusal(charge, amount)
  const path = `/v1/charges/${charge.id}/capture`
  const answer = await life.ask(path, sent === null ? {} : { amount: sent }, { version, want })
  const said = `${sent ?? 'all'} of ${charge.amount} ${charge.currency}`
  if (want) return `${said}: ${want.code ?? want.words}`
  books.capture(charge, amount, await availabilityOf(life, charge, answer), life.isOld(version))
  assertCharge(answer, charge)
  await noteSequel(life, charge)
  return said
}

export const refund: Command = async (life) => {
  const { random, books } = life
  const charge = someCharge(life, (one) => refundable(one) > 0)
  if (!charge) return NOTHING_TO_DO
  const left = refundable(charge)
  const kind = random.integer(1, 10)
  const sent = kind <= 3 ? null : kind <= 9 ? partOf(life, left, charge.currency) : left + 10
  const want = books.refundRefusal(charge, sent)
  const form = { charge: charge.id, ...(sent !== null && { amount: sent }) }
  const answer = await life.ask('/v1/refunds', form, { version: life.someVersion(), want })
  const said = `${sent ?? 'all'} of ${left} ${charge.currency}`
  if (want) return `${said}: ${want.code ?? want.words}`
  const amount = sent ?? left
  assert.deepEqual([answer.amount, answer.charge, answer.currency], [amount, charge.id, charge.currency])
  books.refund(charge, answer.id, amount)
  assert.equal(answer.status, charge.refunds.at(-1)?.status)
  assertCharge(await life.get(`/v1/charges/${charge.id}`), charge)
  return said
}

/** Two who want the whole at the same time: one of them gets it. */
export const race: Command = async (life) => {
  const { books } = life
  const charge = someCharge(life, (one) => refundable(one) > 0)
  if (!charge || books.refundRefusal(charge, null)) return NOTHING_TO_DO
  const ask = () => life.askFreely('/v1/refunds', { charge: charge.id })
  const replies = await Promise.all([ask(), ask()])
  const won = replies.find(({ status }) => status === 200)
  const lost = replies.find(({ status }) => status !== 200)
  assert(won && lost, 'exactly one is refunded')
  assert.equal(lost.json.error.code, 'charge_already_refunded')
  books.refund(charge, won.json.id, refundable(charge))
  return `for ${charge.amount} ${charge.currency}`
}
