import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { errorBody, StripeError } from '../errors.ts'
import type { Context } from '../operation.ts'
import type { ApiList, ApiObject } from './answer.ts'
import { checkExpand, expand, type ObjectReader } from './expand.ts'

const NEW = '2026-10-28.endive'
const OLD = '2019-05-16'

function refusalOf(paths: string[], object: string, isList = false, version = NEW) {
  try {
    checkExpand(paths, { object, isList }, version)
  } catch (error) {
    assert.ok(error instanceof StripeError)
    assert.equal(error.fields.status, 400)
    return JSON.parse(JSON.stringify(errorBody(error).error))
  }
  return assert.fail(`${paths} was to be refused`)
}

const notExpandable = (message: string) => ({ message, type: 'invalid_request_error' })

/** Throws where a path is refused. */
function check(paths: string[], object: string, isList = false, version = NEW) {
  checkExpand(paths, { object, isList }, version)
}

describe('what can be expanded', () => {
  it('on a charge', () => {
    const names =
      'application application_fee balance_transaction customer dispute failure_balance_transaction invoice on_behalf_of payment_intent refunds review source source_transfer transfer transfer_data.destination outcome.rule payment_method_details.card.mandate'
    check(names.split(' '), 'charge')
    check(
      names.split(' ').map((name) => `data.${name}`),
      'charge',
      true,
    )
  })

  it('on a refund, and on a balance transaction', () => {
    const names =
      'balance_transaction charge failure_balance_transaction payment_intent source_transfer_reversal transfer_reversal'
    check(names.split(' '), 'refund')
    check(['source'], 'balance_transaction')
  })

  it('on a list: data, which does nothing, and what is in it', () => {
    check(['data', 'data.customer', 'data.balance_transaction.source'], 'charge', true)
  })

  it('is not looked at beyond the first segment', () => {
    check(['customer.foo', 'customer.foo.bar.baz'], 'charge')
  })
})

describe('an expansion is refused', () => {
  it('for what cannot be expanded: the first segment is named, of the first path at fault', () => {
    for (const [path, segment] of [
      ['metadata', 'metadata'],
      ['payment_method', 'payment_method'],
      ['invalid.deep.path', 'invalid'],
      ['data', 'data'],
      ['data.customer', 'data'],
      ['constructor', 'constructor'],
      ['', ''],
      // The rule can be expanded, the outcome around it cannot.
      ['outcome', 'outcome'],
      ['outcome.ruler', 'outcome'],
      ['transfer_data.amount', 'transfer_data'],
      ['payment_method_details.card', 'payment_method_details'],
    ] as const) {
      assert.deepEqual(refusalOf([path], 'charge'), notExpandable(`This property cannot be expanded (${segment}).`))
    }
    assert.match(refusalOf(['customer', 'wat', 'metadata'], 'charge').message, /\(wat\)/)
    assert.match(refusalOf(['customer'], 'token').message, /\(customer\)/)
    assert.match(refusalOf(['customer'], 'no such type').message, /\(customer\)/)
  })

  it('on a list for what has no data. before it, with a hint', () => {
    for (const [path, segment] of [
      ['customer', 'customer'],
      ['nope.deep', 'nope'],
    ] as const) {
      assert.deepEqual(
        refusalOf([path], 'charge', true),
        notExpandable(
          `This property cannot be expanded (${segment}). You may want to try expanding 'data.${segment}' instead.`,
        ),
      )
    }
    assert.match(refusalOf(['data.metadata'], 'charge', true).message, /cannot be expanded \(metadata\)/)
  })

  it('for the count of a list, which is no longer given', () => {
    for (const version of [NEW, '2025-03-31.basil']) {
      assert.deepEqual(refusalOf(['total_count'], 'charge', true, version), {
        code: 'property_forbidden',
        doc_url: 'https://stripe.com/docs/error-codes/property-forbidden',
        ...notExpandable('This property cannot be included (total_count)'),
      })
    }
    for (const version of [OLD, '2025-02-24.acacia']) check(['total_count', 'data.customer'], 'charge', true, version)
    assert.match(refusalOf(['total_count'], 'charge', false, OLD).message, /cannot be expanded \(total_count\)/)
  })

  it('beyond four levels, where the data of a list counts', () => {
    check(['balance_transaction.source.balance_transaction.source'], 'charge')
    const path = 'data.items.data.price.product'
    assert.deepEqual(refusalOf([path], 'charge', true), {
      code: 'property_expansion_max_depth',
      message: `You cannot expand more than 4 levels of a property. Property: ${path}`,
      type: 'invalid_request_error',
    })
    assert.equal(refusalOf(['customer.a.b.c.d'], 'charge').code, 'property_expansion_max_depth')
  })
})

// --- expanding --------------------------------------------------------------------------------------------------------

/** Knows the objects given, and remembers what it was asked for. */
function readerOf(...objects: ApiObject[]) {
  const asked: string[] = []
  const list = (url: string): ApiList => ({ object: 'list', data: [], has_more: false, total_count: 1, url })
  const reader: ObjectReader = {
    object: async (_context, id) => {
      asked.push(id)
      return structuredClone(objects.find((object) => object.id === id))
    },
    refunds: async (_context, charge) => {
      asked.push(`refunds of ${charge}`)
      return list(`/v1/charges/${charge}/refunds`)
    },
    sources: async (_context, customer) => {
      asked.push(`sources of ${customer}`)
      return list(`/v1/customers/${customer}/sources`)
    },
  }
  return { reader, asked }
}

async function expanded(
  rendered: ApiObject | ApiList,
  paths: string[],
  { reader }: { reader: ObjectReader },
  version = NEW,
) {
  await expand({ context: { version } as Context, reader, made: [] }, rendered, paths)
  return JSON.parse(JSON.stringify(rendered))
}

const charge = (more: object = {}): ApiObject => ({
  id: 'ch_1',
  object: 'charge',
  amount_refunded: 0,
  balance_transaction: 'txn_1',
  customer: null,
  metadata: {},
  refunds: undefined,
  ...more,
})
const transaction: ApiObject = { id: 'txn_1', object: 'balance_transaction', source: 'ch_1' }
const NO_REFUNDS = { object: 'list', data: [], has_more: false, total_count: 0, url: '/v1/charges/ch_1/refunds' }

describe('expanding', () => {
  it('puts the object in the place of its id', async () => {
    const rendered = await expanded(charge(), ['balance_transaction'], readerOf(transaction))
    assert.deepEqual(rendered.balance_transaction, transaction)
  })

  it('goes on into what was expanded', async () => {
    const known = readerOf(transaction, charge())
    const rendered = await expanded(charge(), ['balance_transaction.source.balance_transaction'], known)
    assert.equal(rendered.balance_transaction.source.balance_transaction.id, 'txn_1')
    assert.deepEqual(known.asked, ['txn_1', 'ch_1', 'txn_1'])
  })

  it('works on every member of a list', async () => {
    const list = { object: 'list', data: [charge(), charge()], has_more: false, url: '/v1/charges' } as const
    const rendered = await expanded(
      { ...list, data: [...list.data] },
      ['data.balance_transaction'],
      readerOf(transaction),
    )
    assert.deepEqual(
      rendered.data.map((one: ApiObject) => one.balance_transaction),
      [transaction, transaction],
    )
  })

  it('leaves null what is null, and an id that names nothing', async () => {
    const rendered = await expanded(charge(), ['customer', 'balance_transaction'], readerOf())
    assert.equal(rendered.customer, null)
    assert.equal(rendered.balance_transaction, 'txn_1')
  })

  it('does nothing with the word data', async () => {
    const list: ApiList = { object: 'list', data: [charge()], has_more: false, url: '/v1/charges' }
    const known = readerOf(transaction)
    await expanded(list, ['data'], known)
    assert.deepEqual(known.asked, [])
  })

  it('brings the refunds of a charge; of one that has none, nothing is read', async () => {
    const known = readerOf()
    assert.deepEqual((await expanded(charge(), ['refunds'], known)).refunds, NO_REFUNDS)
    assert.deepEqual(known.asked, [])

    const rendered = await expanded(charge({ amount_refunded: 1 }), ['refunds'], known)
    assert.equal(rendered.refunds.total_count, 1)
    assert.deepEqual(known.asked, ['refunds of ch_1'])
  })

  it('does not show the refunds unasked, but in old versions', async () => {
    assert.equal('refunds' in (await expanded(charge(), [], readerOf())), false)
    assert.deepEqual((await expanded(charge(), [], readerOf(), OLD)).refunds, NO_REFUNDS)

    const refund: ApiObject = { id: 're_1', object: 'refund', charge: 'ch_1' }
    const list: ApiList = { object: 'list', data: [refund], has_more: false, url: '/v1/refunds' }
    const rendered = await expanded(list, ['data.charge'], readerOf(charge()), OLD)
    assert.deepEqual(rendered.data[0].charge.refunds, NO_REFUNDS)
  })

  it("takes no metadata for one of Koban's objects, whatever it holds", async () => {
    for (const object of ['charge', 'constructor', 'list']) {
      const metadata = { object, balance_transaction: 'txn_1', refunds: '' }
      const refund: ApiObject = { id: 're_1', object: 'refund', charge: charge({ metadata }) }
      for (const version of [NEW, OLD]) {
        const known = readerOf(transaction)
        const paths = ['charge.metadata.balance_transaction', 'charge.metadata.refunds', 'charge.metadata.x']
        const rendered = await expanded(structuredClone(refund), paths, known, version)
        assert.deepEqual(rendered.charge.metadata, metadata)
        assert.deepEqual(known.asked, [])
      }
    }
  })

  it('leaves the data of an event as it was when it happened', async () => {
    const event: ApiObject = { id: 'evt_1', object: 'event', data: { object: charge() } }
    assert.equal('refunds' in (await expanded(event, [], readerOf(), OLD)).data.object, false)
  })
})
