import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Context } from '../operation.ts'
import { GuardFailed } from '../store/store.ts'
import type { Customer } from './customer.ts'
import { allOnFile } from './operations.ts'

/** A store in which the customer has one card on file. */
function contextWith(card: string): Context {
  const row = { id: card, livemode: 0, version: 1, attached: 1, body: JSON.stringify({ id: card, place: '1' }) }
  return { account: { id: 'acct_1' }, livemode: false, store: { all: async () => [row] } } as unknown as Context
}

const customerWith = (defaultSource: string | null) => ({ id: 'cus_1', defaultSource }) as Customer

describe('what a customer has on file', () => {
  it('is read for one that has a default', async () => {
    const [card] = await allOnFile(contextWith('card_a'), customerWith('card_a'))
    assert.equal(card?.value.id, 'card_a')
  })

  it('is asked for again where the customer was read before its default was replaced', async () => {
    await assert.rejects(allOnFile(contextWith('card_b'), customerWith('card_a')), GuardFailed)
  })

  it('is nothing for one without a default', async () => {
    assert.deepEqual(await allOnFile(contextWith('card_a'), customerWith(null)), [])
  })
})
