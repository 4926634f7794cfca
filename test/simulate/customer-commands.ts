/** Customers and what they have on file. */

import assert from 'node:assert/strict'
import type { Customer, SavedCard } from './books.ts'
import { SAVED_CARDS, type TestCard } from './cards.ts'
import { makeCharge } from './charge-commands.ts'
import { type Command, NOTHING_TO_DO } from './command.ts'
import type { Life } from './life.ts'

const WITH_TOKEN = SAVED_CARDS.filter(({ tokens }) => tokens.length > 0)

function sourceOf(card: TestCard) {
  const [source] = card.tokens
  assert(source)
  return { source }
}

function refusalToSave({ saves, declines }: TestCard) {
  return saves === 'declines' && declines ? { status: 402, code: declines[0] } : null
}

/** Deleted ones seldom. */
function someCustomer({ random, books }: Life): Customer | null {
  const there = books.customers.filter(({ deleted }) => !deleted)
  if (there.length > 0 && random.chance(0.95)) return random.pick(there)
  return books.customers.length > 0 ? random.pick(books.customers) : null
}

export const createCustomer: Command = async (life) => {
  const { random, books } = life
  const card = random.chance(0.7) ? random.pick(WITH_TOKEN) : null
  const want = card && refusalToSave(card)
  const answer = await life.ask('/v1/customers', card ? sourceOf(card) : {}, { version: life.someVersion(), want })
  if (want) return `with ${card.number.slice(-4)}: ${want.code}`
  const cards: SavedCard[] = card ? [{ id: answer.default_source, card }] : []
  assert.equal(answer.default_source, cards[0]?.id ?? null)
  books.customers.push({ id: answer.id, cards, defaultCard: answer.default_source, deleted: false })
  books.tell('customer.created', answer.id)
  for (const { id } of cards) books.tell('customer.source.created', id)
  return card ? `with ${card.number.slice(-4)}` : 'without a card'
}

export const saveCard: Command = async (life) => {
  const { books } = life
  const customer = someCustomer(life)
  if (!customer) return NOTHING_TO_DO
  const card = life.random.pick(WITH_TOKEN)
  const want = customer.deleted ? { status: 404, code: 'resource_missing' } : refusalToSave(card)
  const answer = await life.ask(`/v1/customers/${customer.id}/sources`, sourceOf(card), { want })
  if (want) return `${card.number.slice(-4)}: ${want.code}`
  customer.cards.push({ id: answer.id, card })
  customer.defaultCard ??= answer.id
  books.tell('customer.source.created', answer.id)
  return card.number.slice(-4)
}

export const removeCard: Command = async (life) => {
  const { random, books } = life
  const customer = someCustomer(life)
  if (!customer || customer.cards.length === 0) return NOTHING_TO_DO
  const { id } = random.pick(customer.cards)
  const want = customer.deleted ? { status: 404, code: 'resource_missing' } : null
  await life.delete(`/v1/customers/${customer.id}/sources/${id}`, want)
  if (want) return want.code
  const wasDefault = customer.defaultCard === id
  customer.cards = customer.cards.filter((card) => card.id !== id)
  books.tell('customer.source.deleted', id)
  if (wasDefault) {
    // Which of the others it is, Stripe does not say: one of them, as long as there is one.
    const { default_source } = await life.get(`/v1/customers/${customer.id}`)
    assert.equal(default_source === null, customer.cards.length === 0)
    assert(default_source === null || customer.cards.some((card) => card.id === default_source))
    customer.defaultCard = default_source
  }
  return wasDefault ? 'the default one' : 'another one'
}

export const deleteCustomer: Command = async (life) => {
  const { books } = life
  const customer = someCustomer(life)
  if (!customer) return NOTHING_TO_DO
  if (customer.deleted) return NOTHING_TO_DO
  await life.delete(`/v1/customers/${customer.id}`)
  customer.deleted = true
  for (const { id } of customer.cards) books.tell('customer.source.deleted', id)
  books.tell('customer.deleted', customer.id)
  return `with ${customer.cards.length} cards`
}

export const chargeCustomer: Command = async (life) => {
  const { random } = life
  const customer = someCustomer(life)
  if (!customer) return NOTHING_TO_DO
  const named = customer.cards.length > 0 && random.chance(0.3) ? random.pick(customer.cards) : null
  const amount = random.integer(50, 100_000)
  const form = { customer: customer.id, ...(named && { source: named.id }) }
  const saved = named ?? customer.cards.find(({ id }) => id === customer.defaultCard)
  if (customer.deleted || !saved) {
    const want = customer.deleted ? { status: 400, code: 'resource_missing' } : { status: 402, code: 'missing' }
    await life.ask('/v1/charges', { amount, currency: 'usd', ...form }, { want })
    return want.code
  }
  const { card } = saved
  return makeCharge(life, { amount, currency: 'usd', card, customer: customer.id }, form, random.chance(0.7))
}
