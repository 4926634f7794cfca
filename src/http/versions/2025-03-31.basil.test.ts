import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { step } from './2025-03-31.basil.ts'
import { turnBack, turnBackError } from './chain.ts'

const BEFORE = '2025-02-24.acacia'
const FROM = '2025-03-31.basil'

/** As rendered in the newest version: `invoice` keeps its place. */
const charge = () => ({ id: 'ch_1', object: 'charge', fraud_details: {}, invoice: undefined, livemode: false })

const error = (code: string, decline_code: string) => ({ charge: 'ch_1', code, decline_code, type: 'card_error' })

describe('before 2025-03-31.basil', () => {
  it('a charge has an invoice, null for one that was made directly, in its alphabetical place', () => {
    assert.equal(step.version, FROM)
    const rendered = charge()
    turnBack(rendered, BEFORE)
    assert.equal(
      JSON.stringify(rendered),
      '{"id":"ch_1","object":"charge","fraud_details":{},"invoice":null,"livemode":false}',
    )
  })

  it('a code that is the decline code as well is said once', () => {
    for (const code of ['expired_card', 'incorrect_cvc', 'incorrect_zip', 'processing_error']) {
      const told = error(code, code)
      turnBackError(told, BEFORE)
      assert.equal(JSON.stringify(told), `{"charge":"ch_1","code":"${code}","type":"card_error"}`)
    }
  })

  it('other decline codes are said, also that of authentication_required', () => {
    for (const told of [
      error('card_declined', 'insufficient_funds'),
      error('authentication_required', 'authentication_required'),
    ]) {
      const before = { ...told }
      turnBackError(told, BEFORE)
      assert.deepEqual(told, before)
    }
  })
})

describe('from 2025-03-31.basil on', () => {
  it('a charge has no invoice', () => {
    const rendered = charge()
    turnBack(rendered, FROM)
    assert.equal('invoice' in JSON.parse(JSON.stringify(rendered)), false)
  })

  it('each decline has its decline code', () => {
    const told = error('expired_card', 'expired_card')
    turnBackError(told, FROM)
    assert.equal(told.decline_code, 'expired_card')
  })
})
