import type { Charge } from '../charges/charge.ts'
import type { Refund } from '../refunds/refund.ts'

export type ChargeEventType =
  | 'charge.succeeded'
  | 'charge.failed'
  | 'charge.captured'
  | 'charge.expired'
  | 'charge.refunded'
  | 'charge.updated'
export type RefundEventType = 'refund.created' | 'refund.updated' | 'charge.refund.updated'

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
