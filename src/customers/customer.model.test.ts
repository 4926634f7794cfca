import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Card } from '../cards/card.ts'
import type { Accepted, Decision } from '../decision.ts'
import { type CustomerSource, saveCard } from '../sources/source.ts'
import { attach, create, detach, newCustomer, remove, update, type Wallet } from './customer.ts'

/** What a merchant does with a customer's cards; `at` picks one of those on file. */
type Step =
  | { readonly do: 'attach' | 'replace' }
  | { readonly do: 'detach' | 'choose'; readonly at: number }
  | { readonly do: 'rename'; readonly name: string }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('attach' as const, 'replace' as const) }),
  fc.record({ do: fc.constantFrom('detach' as const, 'choose' as const), at: fc.nat(7) }),
  fc.record({ do: fc.constant('rename' as const), name: fc.string() }),
)

const VISA = { brand: 'visa', last4: '4242' } as Card
let made = 0

function newCard(): CustomerSource {
  made += 1
  const place = String(made).padStart(9, '0')
  return saveCard({ ...VISA, id: `card_${place}` }, { customer: 'cus_1', place }, {}, 0)
}

function accepted<T>(decision: Decision<T>): Accepted<T> {
  if (decision.refused) throw decision.refused
  return decision
}

/** The rules in Stripe's words, over nothing but names: which cards there are, oldest first, and which is the default. */
class Model {
  cards: string[] = []
  standard: string | null = null

  attach(id: string): void {
    this.cards.push(id)
    this.standard ??= id
  }

  detach(id: string): void {
    this.cards = this.cards.filter((card) => card !== id)
    if (this.standard === id) this.standard = this.cards.at(-1) ?? null
  }

  replace(id: string): void {
    this.cards = [...this.cards.filter((card) => card !== this.standard), id]
    this.standard = id
  }
}

function carryOut(wallet: Wallet, model: Model, wanted: Step): Accepted<Wallet> | null {
  switch (wanted.do) {
    case 'attach': {
      const card = newCard()
      model.attach(card.id)
      return accepted(attach(wallet, card))
    }
    case 'replace': {
      const source = newCard()
      const { standard } = model
      model.replace(source.id)
      const decision = accepted(update(wallet, {}, { kind: 'replace', source }))
      assert.equal(decision.value.replaced?.id ?? null, standard)
      assert.equal(decision.value.replaced?.attached ?? false, false)
      return decision
    }
    case 'rename':
      return accepted(update(wallet, { name: wanted.name }, { kind: 'keep' }))
    case 'choose':
    case 'detach': {
      const source = wallet.sources[wanted.at % wallet.sources.length]
      if (!source) return null
      if (wanted.do === 'choose') {
        model.standard = source.id
        return accepted(update(wallet, {}, { kind: 'choose', source }))
      }
      model.detach(source.id)
      const decision = accepted(detach(wallet, source))
      assert.equal(decision.value.source.attached, false)
      return decision
    }
    default:
      return wanted satisfies never
  }
}

describe('the default source', () => {
  it('follows the rules, whatever a merchant does with the cards', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { maxLength: 30 }), (withCard, steps) => {
        const model = new Model()
        const first = withCard ? newCard() : null
        if (first) model.attach(first.id)
        let { value: wallet } = accepted(create(newCustomer('cus_1', 0, 'KOBAN'), {}, first))
        for (const wanted of steps) {
          const before = wallet.customer
          const decision = carryOut(wallet, model, wanted)
          if (!decision) continue
          wallet = decision.value
          assert.equal(wallet.customer.defaultSource, model.standard)
          assert.deepEqual(
            wallet.sources.map(({ id }) => id),
            model.cards.toReversed(),
          )
          assert(wallet.sources.every(({ attached }) => attached))
          // The last word of each step is the customer as it is, seen from how it was.
          const told = decision.events.at(-1)
          assert(told?.object === 'customer')
          assert.deepEqual([told.before, told.after, told.sources], [before, wallet.customer, wallet.sources])
        }
        const { value: gone, events } = accepted(remove(wallet))
        assert.deepEqual([gone.customer.deleted, gone.customer.defaultSource], [true, null])
        assert(gone.sources.every(({ attached }) => !attached))
        assert.equal(events.length, wallet.sources.length + 1)
      }),
    )
  })
})
