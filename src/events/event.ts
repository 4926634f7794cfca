import type { Funds } from '../balance/funds.ts'
import type { BankAccount } from '../bank-accounts/bank-account.ts'
import type { Charge } from '../charges/charge.ts'
import type { Customer } from '../customers/customer.ts'
import type { Dispute } from '../disputes/dispute.ts'
import type { EarlyFraudWarning } from '../early-fraud-warnings/early-fraud-warning.ts'
import type { File } from '../files/file.ts'
import type { Payout } from '../payouts/payout.ts'
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
export type PayoutEventType =
  | 'payout.created'
  | 'payout.updated'
  | 'payout.paid'
  | 'payout.failed'
  | 'payout.canceled'
  | 'payout.reconciliation_completed'
export type BankAccountEventType =
  | 'account.external_account.created'
  | 'account.external_account.updated'
  | 'account.external_account.deleted'
export type BalanceEventType = 'balance.available'
export type DisputeEventType =
  | 'charge.dispute.created'
  | 'charge.dispute.updated'
  | 'charge.dispute.closed'
  | 'charge.dispute.funds_withdrawn'
  | 'charge.dispute.funds_reinstated'
export type WarningEventType = 'radar.early_fraud_warning.created' | 'radar.early_fraud_warning.updated'
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
      /** Stripe tells of some updates that change nothing of the charge. */
      readonly evenIfUnchanged?: true
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
      readonly type: DisputeEventType
      readonly object: 'dispute'
      readonly before: Dispute | null
      readonly after: Dispute
    }
  | {
      readonly type: WarningEventType
      readonly object: 'early_fraud_warning'
      readonly before: EarlyFraudWarning | null
      readonly after: EarlyFraudWarning
    }
  | {
      readonly type: 'file.created'
      readonly object: 'file'
      readonly before: null
      readonly after: File
    }
  | {
      readonly type: SourceEventType
      readonly object: 'customer_source'
      readonly before: CustomerSource | null
      readonly after: CustomerSource
    }
  | {
      readonly type: PayoutEventType
      readonly object: 'payout'
      readonly before: Payout | null
      readonly after: Payout
    }
  | {
      readonly type: BankAccountEventType
      readonly object: 'bank_account'
      readonly before: BankAccount | null
      readonly after: BankAccount
    }
  | {
      readonly type: BalanceEventType
      readonly object: 'balance'
      readonly before: null
      readonly after: readonly Funds[]
    }
