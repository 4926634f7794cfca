import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Card } from '../cards/card.ts'
import { StripeError } from '../errors.ts'
import {
  attachSource,
  cardOnFile,
  consume,
  detached,
  newestFirst,
  type Source,
  type SourceUpdate,
  saveCard,
  updateSource,
} from './source.ts'

const NOW = Date.parse('2019-05-16T12:00:00Z') / 1000
const NOWHERE = { line1: null, line2: null, city: null, state: null, zip: null, country: null }
const CARD: Card = {
  id: 'card_1',
  fingerprint: 'Xt5EWLLDS7FJjR1c',
  brand: 'visa',
  funding: 'credit',
  country: 'US',
  last4: '4242',
  expMonth: 8,
  expYear: 2020,
  name: 'Jenny Rosen',
  address: { ...NOWHERE, line1: '1 Main Street', zip: '94107' },
  checks: { cvc: 'pass', line1: 'pass', zip: 'fail' },
  currency: null,
}
const TO = { customer: 'cus_1', place: '1' }
const SAVED = saveCard(CARD, TO, { color: 'red' }, NOW)
const SOURCE: Source = {
  object: 'source',
  id: 'src_1',
  created: NOW,
  customer: null,
  place: '',
  attached: false,
  card: CARD,
  metadata: {},
  clientSecret: 'src_client_secret_1',
  usage: 'reusable',
  status: 'chargeable',
  owner: { address: null, email: null, name: 'Jenny Rosen', phone: null },
  amount: null,
  currency: null,
  statementDescriptor: null,
}

/** What was refused, or that nothing was. */
function refusalOf(answer: unknown): string | null {
  return answer instanceof StripeError ? answer.message : null
}

describe('a Source', () => {
  it('is attached while it is chargeable, reusable and free', () => {
    assert.deepEqual(attachSource(SOURCE, TO), { ...SOURCE, ...TO, attached: true })
    assert.match(String(refusalOf(attachSource({ ...SOURCE, status: 'consumed' }, TO))), /^The reusable source/)
    assert.match(String(refusalOf(attachSource({ ...SOURCE, ...TO, attached: true }, TO))), /already been attached/)
    assert.match(String(refusalOf(attachSource({ ...SOURCE, usage: 'single_use' }, TO))), /single use/)
  })

  it('is charged once by itself, and never where it is attached', () => {
    const consumed = consume(SOURCE)
    assert.deepEqual(consumed, { ...SOURCE, status: 'consumed' })
    assert.match(String(refusalOf(consume(consumed as Source))), /^The reusable source/)
    const single = { ...SOURCE, usage: 'single_use', status: 'consumed' } as const
    assert.match(String(refusalOf(consume(single))), /already been used to make another payment/)
    assert.match(String(refusalOf(consume({ ...SOURCE, ...TO, attached: true }))), /the customer must be passed/)
  })

  it('is consumed when it is taken from its customer; a card is only gone', () => {
    assert.deepEqual(detached({ ...SOURCE, ...TO, attached: true }), { ...SOURCE, ...TO, status: 'consumed' })
    assert.deepEqual(detached(SAVED), { ...SAVED, attached: false })
  })
})

describe('sources', () => {
  it('stand in lists with the latest attached first', () => {
    const places = ['1Vb', '1Va', '1Vc'].map((place) => ({ place }))
    assert.deepEqual(
      places.toSorted(newestFirst).map(({ place }) => place),
      ['1Vc', '1Vb', '1Va'],
    )
  })
})

describe('a card on file', () => {
  it('is in a charge with whose it is and what is kept with it', () => {
    assert.deepEqual(cardOnFile(SAVED), { ...CARD, customer: 'cus_1', metadata: { color: 'red' } })
  })

  const updated = (change: SourceUpdate, from = SAVED) => {
    const decision = updateSource(from, change, NOW)
    if (decision.refused) throw decision.refused
    return decision.value
  }

  it('changes in what is named, and in nothing else', () => {
    assert.deepEqual(updated({}), SAVED)
    assert.deepEqual(updated({ name: null }), { ...SAVED, card: { ...CARD, name: null } })
    assert.deepEqual(updated({ expYear: '2030' }), { ...SAVED, card: { ...CARD, expYear: 2030 } })
    assert.deepEqual(updated({ metadata: { clear: false, entries: [['size', 'L']] } }), {
      ...SAVED,
      metadata: { color: 'red', size: 'L' },
    })
  })

  it('is to be checked again where its address changed', () => {
    const moved = updated({ address: { zip: '10001', city: 'New York' } })
    assert.deepEqual(moved.card.address, { ...CARD.address, zip: '10001', city: 'New York' })
    assert.deepEqual(moved.card.checks, { cvc: 'pass', line1: 'pass', zip: 'unchecked' })
    assert.deepEqual(updated({ address: { zip: '94107' } }).card.checks, CARD.checks)
    assert.deepEqual(updated({ address: { line1: null } }).card.checks, { cvc: 'pass', line1: null, zip: 'fail' })
  })

  it('has no owner, and a Source no fields of a card', () => {
    for (const [source, change, param] of [
      [SAVED, { owner: { name: 'Jane' } }, 'owner'],
      [SOURCE, { name: 'Jane' }, 'name'],
      [SOURCE, { address: { line1: undefined as never, zip: '10001' } }, 'address_zip'],
      [SOURCE, { expMonth: '1' }, 'exp_month'],
      [SOURCE, { expYear: '2030' }, 'exp_year'],
    ] as const) {
      const { refused } = updateSource(source, change, NOW)
      assert.deepEqual([refused?.fields.code, refused?.fields.param], ['parameter_unknown', param])
    }
  })

  it('cannot expire in the past', () => {
    for (const [change, param] of [
      [{ expMonth: '13' }, 'exp_month'],
      [{ expMonth: '4', expYear: '2019' }, 'exp_month'],
      [{ expYear: '2018' }, 'exp_year'],
    ] as const) {
      const { refused } = updateSource(SAVED, change, NOW)
      assert.equal(refused?.fields.param, param)
    }
  })

  it('tells of its change', () => {
    const decision = updateSource(SAVED, { name: 'Jane' }, NOW)
    assert(!decision.refused)
    assert.deepEqual(decision.events, [
      { type: 'customer.source.updated', object: 'customer_source', before: SAVED, after: decision.value },
    ])
  })
})
