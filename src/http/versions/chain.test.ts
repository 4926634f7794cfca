import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ApiObject } from '../answer.ts'
import { alwaysExpanded, expandsAlways, turnBack, turnBackEvent } from './chain.ts'
import { NEWEST_VERSION, OLDEST_VERSION } from './version.ts'

const charge = (more: object = {}): ApiObject => ({ id: 'ch_1', object: 'charge', invoice: undefined, ...more })
const hasInvoice = (rendered: unknown) => 'invoice' in JSON.parse(JSON.stringify(rendered))

describe('the way back to an older version', () => {
  it('is no way at all for the newest', () => {
    const rendered = charge()
    turnBack(rendered, NEWEST_VERSION)
    assert.deepEqual(rendered, charge())
    assert.equal(expandsAlways(NEWEST_VERSION), false)
    assert.equal(expandsAlways(OLDEST_VERSION), true)
    assert.deepEqual(alwaysExpanded(OLDEST_VERSION, 'nothing of the kind'), [])
  })

  it('reaches each charge of a list', () => {
    const list = { object: 'list', data: [charge(), charge()], has_more: false, url: '/v1/charges' }
    turnBack(list, OLDEST_VERSION)
    assert.deepEqual(list.data.map(hasInvoice), [true, true])
  })

  it('reaches what was expanded inside another object, at any depth', () => {
    const refund: ApiObject = { id: 're_1', object: 'refund', charge: charge() }
    const transaction: ApiObject = { id: 'txn_1', object: 'balance_transaction', source: refund }
    turnBack(transaction, OLDEST_VERSION)
    assert.equal(hasInvoice(refund.charge), true)
  })

  it("does not touch metadata, even where it looks like one of Koban's objects", () => {
    const metadata = { object: 'charge', id: 'ch_2' }
    turnBack(charge({ metadata }), OLDEST_VERSION)
    assert.deepEqual(metadata, { object: 'charge', id: 'ch_2' })
  })

  it('leaves the data of an event alone: it has the version in which it was made', () => {
    const event = { id: 'evt_1', object: 'event', data: { object: charge() }, type: 'charge.succeeded' }
    turnBack(event, OLDEST_VERSION)
    turnBack({ object: 'list', data: [event], has_more: false, url: '/v1/events' }, OLDEST_VERSION)
    assert.equal(hasInvoice(event.data.object), false)

    turnBackEvent(event, OLDEST_VERSION)
    assert.equal(hasInvoice(event.data.object), true)
  })
})
