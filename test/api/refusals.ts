import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { CallOptions, Form, TestServer } from './server.ts'

/** Status, code, param and message; the type is `invalid_request_error`. */
export type Told = readonly [status: number, code: string | null, param: string | null, message: string]

/** Declares tests, each of one refusal that must read just so. */
export function refusals(shop: TestServer) {
  return (what: string, route: string, form: Form, told: Told, options?: CallOptions) => {
    it(what, async () => {
      const { status, error, headers } = await shop.refused(route, form, options)
      const [expectedStatus, code, param, message] = told
      assert.equal(status, expectedStatus)
      // Members without a value are absent, the others in alphabetical order.
      const members = [
        ['code', code],
        [
          'doc_url',
          code && code !== 'property_expansion_max_depth'
            ? `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`
            : null,
        ],
        ['message', message],
        ['param', param],
        ['type', 'invalid_request_error'],
      ]
      assert.equal(
        JSON.stringify(error),
        JSON.stringify(Object.fromEntries(members.filter(([, value]) => value !== null))),
      )
      assert.match(headers.get('request-id') ?? '', /^req_[0-9A-Za-z]{14}$/)
      assert.equal(headers.get('content-type'), 'application/json')
    })
  }
}
