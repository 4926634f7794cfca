import assert from 'node:assert/strict'
import { type Answer, type Body, type CallOptions, FORM_TYPE, type Form, type TestServer } from './server.ts'

type Account = Body & { readonly secret_key: string; readonly publishable_key: string }
type Clock = Body & { readonly now: number; readonly done: Readonly<Record<string, number>> }

/** An account of its own, with its clock: nothing of another test is due in it. Its version is the account's. */
export async function newMerchant(shop: TestServer, version: string) {
  const { body: account } = await shop.control<Account>('POST /accounts', {})
  await shop.control(`POST /accounts/${account.id}`, { api_version: version })
  const key = account.secret_key
  const asked = (options: CallOptions = {}) => ({ key, version, ...options })

  /** A control endpoint by the account's own key. */
  async function control<T = Body>(route: string, form: Form, type = FORM_TYPE): Promise<Answer<T>> {
    const [method = '', path = ''] = route.split(' ')
    const pairs = Object.entries(form).map(([name, value]): [string, string] => [name, String(value)])
    const body = type === FORM_TYPE ? new URLSearchParams(pairs).toString() : JSON.stringify(form)
    const headers = { authorization: `Bearer ${key}`, 'content-type': type }
    const response = await fetch(`${shop.url}/_koban${path}`, { method, headers, body })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: JSON.parse(text), text }
  }

  return {
    account: account.id,
    key,
    publishableKey: account.publishable_key,
    control,
    call: (route: string, form: Form = {}, options: CallOptions = {}) => shop.call(route, form, asked(options)),
    made: <T = Body>(route: string, form: Form = {}) => shop.made<T>(route, form, asked()),
    refused: (route: string, form: Form = {}) => shop.refused(route, form, asked()),
    move: async (change: Form) => (await control<Clock>('POST /clock', change)).body,
    dispute: async (form: Form, type = FORM_TYPE) => {
      const { status, body, text } = await control('POST /disputes', form, type)
      assert.equal(status, 200, text)
      return body
    },
    /** Oldest first. */
    events: async () => (await shop.made('GET /v1/events', { limit: 100 }, asked())).data.toReversed(),
    balance: async () => {
      const { available, pending } = await shop.made('GET /v1/balance', {}, asked())
      return { available: available[0]?.amount, pending: pending[0]?.amount }
    },
  }
}
