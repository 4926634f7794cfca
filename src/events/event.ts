import type { Charge } from '../charges/charge.ts'
import type { Customer } from '../customers/customer.ts'
import type { Refund } from '../refunds/refund.ts'
import type { CustomerSource } from '../sources/source.ts'

export type ChargeEventType =
  | 'charge.succeeded'
  | 'charge.failed'
  | 'charge.captured'
  | 'charge.expired'
  | 'charge.refunded'
  | 'charge.updated'
export type CustomerEventType = 'customer.created' | 'customer.updated' | 'customer.deleted'
export type SourceEventType =
  | 'customer.source.created'
  | 'customer.source.updated'
  | 'customer.source.deleted'
  | 'source.chargeable'
export type RefundEventType = 'refund.created' | 'refund.updated' | 'refund.failed' | 'charge.refund.updated'

/** Something that happened to an object: the object before (null where it is new) and after. */
export type Happening =
  | {
      readonly type: ChargeEventType
      readonly object: 'charge'
      readonly before: Charge | null
      readonly after: Charge
      /** The charge's refunds after it, newest first: old versions show them inside the charge. */
      readonly refunds: readonly Refund[]
    }
  | {
      readonly type: RefundEventType
      readonly object: 'refund'
      readonly before: Refund | null
      readonly after: Refund
    }
  | {
      readonly type: CustomerEventType
      readonly object: 'customer'
      readonly before: Customer | null
      readonly after: Customer
      /** All that the customer has on file, newest first: old versions show it inside the customer. */
      readonly sources: readonly CustomerSource[]
    }
  | {
      readonly type: SourceEventType
      readonly object: 'customer_source'
      readonly before: CustomerSource | null
      readonly after: CustomerSource
    }
