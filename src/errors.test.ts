import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { errorBody, errors } from './errors.ts'

// What no request brings about at will. All others are told by the API's own tests.

describe('an error that only happens', () => {
  it('when the server does not know what went wrong', () => {
    const error = errors.unknown()
    assert.equal(error.fields.status, 500)
    assert.deepEqual(JSON.parse(JSON.stringify(errorBody(error))), {
      error: { message: 'An unknown error occurred', type: 'api_error' },
    })
  })

  it('when too many fight over one object', () => {
    const error = errors.lockTimeout()
    assert.equal(error.fields.status, 429)
    assert.deepEqual(error.fields.headers, { 'Stripe-Should-Retry': 'true' })
    assert.deepEqual(JSON.parse(JSON.stringify(errorBody(error))), {
      error: {
        code: 'lock_timeout',
        doc_url: 'https://stripe.com/docs/error-codes/lock-timeout',
        message:
          'This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request. If you see this error frequently and are making multiple concurrent requests to a single object, make your requests serially or at a lower rate.',
        type: 'invalid_request_error',
      },
    })
  })
})
