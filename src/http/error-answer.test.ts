import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { errors } from '../errors.ts'
import { StoreUnavailable } from '../store/store.ts'
import { errorAnswer } from './error-answer.ts'

const HEADERS = { 'Request-Id': 'req_1', 'Stripe-Should-Retry': 'false' }

describe('an error, as it is answered and logged', () => {
  it('hides card numbers and keys, whatever they were sent as', () => {
    const sent = ['4242424242424242', '4242 4242 4242 4242', 'sk_test_4eC39HqLyjWDarjtT1zdp7dc']
    for (const text of sent) {
      for (const error of [errors.noSuch('key', text, 'key', 'url'), errors.parameterUnknown([text])]) {
        const { body, why } = errorAnswer(error, HEADERS)
        assert(!String(body).includes(text), String(body))
        assert(!why?.includes(text), String(why))
      }
    }
  })

  it('keeps what was said of the request, but asks for another try where the fault is ours', (t) => {
    t.mock.method(console, 'error', () => {})
    assert.equal(errorAnswer(errors.tokenAlreadyUsed('tok_1'), HEADERS).headers['Stripe-Should-Retry'], 'false')
    for (const error of [new StoreUnavailable('disk full'), new TypeError('a bug')]) {
      const { status, headers } = errorAnswer(error, HEADERS)
      assert.equal(status, error instanceof StoreUnavailable ? 503 : 500)
      assert.equal(headers['Stripe-Should-Retry'], 'true')
    }
  })

  it('tells a bug to the operator and not to the caller', (t) => {
    const said = t.mock.method(console, 'error', () => {})
    const { body } = errorAnswer(new TypeError('secret detail of 4242424242424242'), HEADERS)
    assert(!String(body).includes('secret detail'))
    const [told] = said.mock.calls[0]?.arguments ?? []
    assert.match(String(told), /secret detail of 424242\*+4242/)
  })

  it('speaks the words of the version', () => {
    const declined = errors.cardDeclined('expired_card', 'expired_card', 'Your card has expired.', 'exp_month', {})
    assert.match(String(errorAnswer(declined, HEADERS).body), /decline_code/)
    assert.doesNotMatch(String(errorAnswer(declined, HEADERS, '2019-05-16').body), /decline_code/)
  })
})
