import assert from 'node:assert/strict'
import { newMerchant } from './merchant.ts'
import { type Body, type Form, NEW, type TestServer } from './server.ts'

/** What a test looks at in a dispute. */
export type Dispute = Body & {
  readonly status: string
  readonly charge: string
  readonly evidence: Readonly<Record<string, unknown>>
  readonly evidence_details: Readonly<Record<string, unknown>>
  readonly balance_transactions: readonly Body[]
}

export const CARD = (source: string, more: Form = {}) => ({ amount: 1000, currency: 'usd', source, ...more })

/** A merchant with one dispute of a test card. */
export async function newDispute(shop: TestServer, source = 'tok_createDispute', version = NEW, more: Form = {}) {
  const own = await newMerchant(shop, version)
  const charge = await own.made('POST /v1/charges', CARD(source, more))
  const { data } = await own.made('GET /v1/disputes')
  const dispute = data[0] ?? assert.fail('no dispute')
  const read = () => own.made<Dispute>(`GET /v1/disputes/${dispute.id}`)
  const answer = (uncategorized_text: string) =>
    own.made<Dispute>(`POST /v1/disputes/${dispute.id}`, { evidence: { uncategorized_text } })
  return { ...own, charge, id: dispute.id, read, answer }
}

export const types = (events: readonly Body[]) => events.map(({ type }) => type)

type Data = { readonly object: Dispute; readonly previous_attributes?: unknown }
const dataOf = (event: Body | undefined) => (event ?? assert.fail('no event')).data as unknown as Data

export const previous = (event: Body | undefined) => dataOf(event).previous_attributes
export const shown = (event: Body | undefined) => dataOf(event).object
