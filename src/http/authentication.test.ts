import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Account } from '../accounts/account.ts'
import { errorBody, StripeError } from '../errors.ts'
import type { Directory, Principal } from '../keys/directory.ts'
import { authenticate, keyOf, shown } from './authentication.ts'

const KEY = 'sk_test_51KobanABCDEFGHIJKLAso0'
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

function told(error: unknown) {
  assert.ok(error instanceof StripeError, String(error))
  const { status, headers } = error.fields
  const { type, doc_url: _, ...body } = JSON.parse(JSON.stringify(errorBody(error).error))
  assert.equal(type, 'invalid_request_error')
  return { status, ...(headers && { headers }), ...body }
}

describe('the key of a request', () => {
  const table: [authorization: string | undefined, key: string | null, why: string][] = [
    [`Bearer ${KEY}`, KEY, 'a bearer token'],
    [`bearer ${KEY}`, KEY, 'in lower case'],
    [`Bearer   ${KEY} `, KEY, 'with blanks around it'],
    [basic(`${KEY}:`), KEY, 'the user name of Basic auth, as curl -u sends it'],
    [basic(KEY), KEY, 'without the colon'],
    [basic(`${KEY}:a password:with colons`), KEY, 'with a password, which counts for nothing'],
    [undefined, null, 'no header'],
    ['', null, 'an empty header'],
    ['Bearer', null, 'the scheme alone'],
    ['Bearer ', null, 'the scheme and a blank'],
    [basic(':'), null, 'no user name'],
    [basic(':password'), null, 'only a password'],
    [KEY, null, 'no scheme'],
    [`Digest ${KEY}`, null, 'another scheme'],
  ]
  for (const [authorization, key, why] of table) {
    it(`is ${key === null ? 'none' : 'found'}: ${why}`, () => assert.equal(keyOf(authorization), key))
  }

  it('has no blanks in it', () => {
    for (const authorization of [`Bearer ${KEY} x`, 'Bearer sk_test_a\tb', basic(` ${KEY}:`)]) {
      assert.throws(
        () => keyOf(authorization),
        (error) => {
          assert.deepEqual(told(error), {
            status: 401,
            message:
              'Invalid API Key provided: nil. This key contains at least one space. Please delete the spaces and try again. If you have any questions, we can help at https://support.stripe.com/.',
          })
          return true
        },
      )
    }
  })
})

describe('whoever calls', () => {
  const NOW = 1_558_000_000
  const principal = (expires: number | null): Principal => ({
    account: { id: 'acct_1' } as Account,
    livemode: false,
    kind: 'secret',
    permissions: null,
    expires,
  })
  const directory = (expires: number | null): Directory => ({
    find: async (text) => (text === KEY ? principal(expires) : undefined),
    forget: () => {},
  })

  async function refusalOf(text: string | null, expires: number | null = null) {
    try {
      await authenticate(directory(expires), text, NOW)
    } catch (error) {
      return told(error)
    }
    return assert.fail('it was to be refused')
  }

  it('is whom the key stands for', async () => {
    assert.deepEqual(await authenticate(directory(null), KEY, NOW), principal(null))
  })

  it('is asked for a key', async () => {
    assert.deepEqual(await refusalOf(null), {
      status: 401,
      headers: { 'WWW-Authenticate': 'Basic realm="Stripe"' },
      message:
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
    })
  })

  it('reads of a wrong key its beginning and its end', async () => {
    assert.deepEqual(await refusalOf('sk_test_ABCDEFGHIJKLMNOPQRSTUVAso0'), {
      status: 401,
      message: 'Invalid API Key provided: sk_test_**********************Aso0',
    })
    assert.equal((await refusalOf('undefined')).message, 'Invalid API Key provided: *****ined')
  })

  it('may use a key that was rolled until it expires, by real time', async () => {
    assert.deepEqual(await authenticate(directory(NOW + 1), KEY, NOW), principal(NOW + 1))
    for (const expires of [NOW, NOW - 1]) {
      assert.deepEqual(await refusalOf(KEY, expires), {
        status: 401,
        code: 'api_key_expired',
        message: 'Expired API Key provided: sk_test_*******************Aso0',
      })
    }
  })

  it('who sent a card number for a key does not read it again', () => {
    for (const sent of ['4242424242424242', 'sk_test_4242424242424242', '4242-4242-4242-4242']) {
      assert.doesNotMatch(shown(sent).replaceAll(/\D/g, ''), /\d{11}/)
    }
    assert.equal(shown('4242424242424242'), '424242******4242')
  })
})
