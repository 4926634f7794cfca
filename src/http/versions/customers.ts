import type { ApiObject } from '../answer.ts'

/** What can be said of a customer, when it is made or later. */
export const CHANGES_OF_CUSTOMERS = ['POST /v1/customers', 'POST /v1/customers/:customer'] as const

/** What an event of a customer says has changed, to be turned back as the customer itself is; undefined for others. */
export function previousOfCustomer(event: ApiObject): Record<string, unknown> | undefined {
  const { object, previous_attributes: previous } = event.data as {
    object: ApiObject
    previous_attributes?: Record<string, unknown>
  }
  return object.object === 'customer' ? previous : undefined
}
