/** The bank disputes, and the merchant answers or does not. */

import assert from 'node:assert/strict'
import { type Charge, sum } from './books.ts'
import { type Command, NOTHING_TO_DO } from './command.ts'
import { close, disputable, isChargedBack, isOpen, openDispute, RULINGS, type Ruling, submit } from './disputes.ts'
import { RULES } from './laws.ts'
import type { Life } from './life.ts'

type Listed = { readonly id: string; readonly amount: number }

/** What the bank of the card did right after the money was captured: its disputes are new, and are all of the charge. */
export async function noteSequel(life: Life, charge: Charge): Promise<void> {
  const { follows } = charge.card
  if (follows === null || !follows.startsWith('dispute')) return
  await life.moveClock({}) // answers when all that is due has happened
  const { data: found } = await life.get(`/v1/disputes?charge=${charge.id}`)
  // The smallest amount of a currency cannot be parted.
  const parts = follows === 'disputes' && charge.captured > RULES[charge.currency].multiple ? 2 : 1
  assert.equal(found.length, parts)
  assert.equal(sum(found.map(({ amount }: Listed) => amount)), charge.captured, 'all of it is disputed')
  for (const { id, amount } of found.reverse() as Listed[])
    openDispute(life.books, id, charge, amount, follows === 'dispute_inquiry')
}

/** Any charge can be disputed, once in full. */
export const dispute: Command = async (life) => {
  const { random, books } = life
  const captured = books.charges.filter(({ state }) => state === 'captured')
  if (captured.length === 0) return NOTHING_TO_DO
  const charge = random.pick(captured)
  const most = disputable(books, charge)
  const { multiple } = RULES[charge.currency]
  const amount = random.chance(0.5) ? null : Math.ceil(random.integer(1, charge.captured) / multiple) * multiple
  const inquiry = random.chance(0.25)
  const isTooMuch = most === 0 || (amount ?? most) > most
  const form = { charge: charge.id, inquiry, ...(amount !== null && { amount }) }
  const answer = await life.control('/_koban/disputes', form, isTooMuch ? { status: 400 } : null)
  if (isTooMuch) return `${amount ?? 'all'} of ${most} ${charge.currency}: refused`
  openDispute(books, answer.id, charge, amount ?? most, inquiry)
  return `${amount ?? most} of ${most} ${charge.currency}${inquiry ? ', asked only' : ''}`
}

export const answerDispute: Command = async (life) => {
  const { random, books } = life
  const open = books.disputes.filter(isOpen)
  if (open.length === 0) return NOTHING_TO_DO
  const one = random.pick(open)
  if (random.chance(0.2)) {
    const { status } = await life.ask(`/v1/disputes/${one.id}/close`, {})
    close(books, one)
    assert.equal(status, one.status)
    return `closed: ${status}`
  }
  const ruling = random.pick(Object.keys(RULINGS) as Ruling[])
  // An inquiry whose deadline has passed, and what is a matter of compliance, take no evidence: seldom, and not told apart.
  const reply = await life.askFreely(`/v1/disputes/${one.id}`, { 'evidence[uncategorized_text]': ruling })
  if (reply.status !== 200) {
    assert.equal(reply.status, 400, reply.body)
    return 'no evidence is taken any more'
  }
  submit(books, one, ruling)
  assert.equal(reply.json.status, one.status)
  return `${ruling}: ${one.status}`
}

/** What the bank has taken is not refunded besides. */
export const refundOfDisputed: Command = async (life) => {
  const { random, books } = life
  const disputed = books.charges.filter((charge) => isChargedBack(books, charge))
  if (disputed.length === 0) return NOTHING_TO_DO
  await life.ask(
    '/v1/refunds',
    { charge: random.pick(disputed).id },
    {
      want: { status: 400, code: 'charge_disputed' },
    },
  )
  return 'charge_disputed'
}
