import type Stripe from 'stripe'
import type { renderAccount } from '../../src/accounts/render.ts'
import type { renderBalance, renderBalanceTransaction } from '../../src/balance/render.ts'
import type { renderBankAccount, renderDeletedBankAccount } from '../../src/bank-accounts/render.ts'
import type { renderCard } from '../../src/cards/render.ts'
import type { renderCharge } from '../../src/charges/render.ts'
import type { renderCustomer } from '../../src/customers/render.ts'
import type { renderDispute } from '../../src/disputes/render.ts'
import type { renderEarlyFraudWarning } from '../../src/early-fraud-warnings/render.ts'
import type { ErrorType } from '../../src/errors.ts'
import type {
  BalanceEventType,
  BankAccountEventType,
  ChargeEventType,
  CustomerEventType,
  DisputeEventType,
  PayoutEventType,
  RefundEventType,
  SourceEventType,
  WarningEventType,
} from '../../src/events/event.ts'
import type { renderEvent } from '../../src/events/render.ts'
import type { renderFile } from '../../src/files/render.ts'
import type { renderPayout } from '../../src/payouts/render.ts'
import type { renderEmbeddedRefunds, renderRefund } from '../../src/refunds/render.ts'
import type { renderCustomerSource, renderEmbeddedSources, renderSource } from '../../src/sources/render.ts'
import type { renderToken } from '../../src/tokens/render.ts'

// The contract of the newest version, checked by the compiler and never run: what is rendered is what the types of the
// official library of that version promise. A renderer has no declared type, so that each of its fields counts here.

/** Ours, where it is assignable to Stripe's: each field that is not optional is there, and has a type that is allowed. */
type Kept<Stripes, Ours extends Stripes> = [Stripes, Ours]

/** A new resource is a line here. */
export type Contract = [
  Kept<Stripe.Account, ReturnType<typeof renderAccount>>,
  Kept<Stripe.ApiList<Stripe.Refund>, ReturnType<typeof renderEmbeddedRefunds>>,
  Kept<Stripe.Balance, ReturnType<typeof renderBalance>>,
  Kept<Stripe.BalanceTransaction, ReturnType<typeof renderBalanceTransaction>>,
  Kept<Stripe.BankAccount, ReturnType<typeof renderBankAccount>>,
  Kept<Stripe.DeletedBankAccount, ReturnType<typeof renderDeletedBankAccount>>,
  Kept<Stripe.Card, ReturnType<typeof renderCard>>,
  Kept<Stripe.Charge, ReturnType<typeof renderCharge>>,
  Kept<Stripe.Customer | Stripe.DeletedCustomer, ReturnType<typeof renderCustomer>>,
  Kept<Stripe.CustomerSource, ReturnType<typeof renderCustomerSource>>,
  Kept<Stripe.ApiList<Stripe.CustomerSource>, ReturnType<typeof renderEmbeddedSources>>,
  Kept<Stripe.Dispute, ReturnType<typeof renderDispute>>,
  Kept<Stripe.File, ReturnType<typeof renderFile>>,
  Kept<Stripe.Radar.EarlyFraudWarning, ReturnType<typeof renderEarlyFraudWarning>>,
  Kept<Stripe.Source, ReturnType<typeof renderSource>>,
  Kept<Stripe.Payout, ReturnType<typeof renderPayout>>,
  Kept<Stripe.Refund, ReturnType<typeof renderRefund>>,
  Kept<Stripe.Token, ReturnType<typeof renderToken>>,
  // An event's own members; what it carries follows by its type.
  Kept<Omit<Stripe.Event, 'data' | 'type'>, Omit<ReturnType<typeof renderEvent>, 'data' | 'type'>>,
  Kept<CarriedBy<ChargeEventType>, ReturnType<typeof renderCharge>>,
  Kept<CarriedBy<RefundEventType>, ReturnType<typeof renderRefund>>,
  Kept<CarriedBy<DisputeEventType>, ReturnType<typeof renderDispute>>,
  Kept<CarriedBy<WarningEventType>, ReturnType<typeof renderEarlyFraudWarning>>,
  Kept<CarriedBy<CustomerEventType>, Exclude<ReturnType<typeof renderCustomer>, { deleted: true }>>,
  Kept<CarriedBy<SourceEventType>, ReturnType<typeof renderCustomerSource>>,
  Kept<CarriedBy<PayoutEventType>, ReturnType<typeof renderPayout>>,
  Kept<CarriedBy<BankAccountEventType>, ReturnType<typeof renderBankAccount>>,
  Kept<CarriedBy<BalanceEventType>, ReturnType<typeof renderBalance>>,
  Kept<Stripe.RawErrorType, ErrorType>,
]

type CarriedBy<Type extends Stripe.Event['type']> = Extract<Stripe.Event, { type: Type }>['data']['object']

/** Where one of these passed, the contract above would mean nothing. */
export type Broken = [
  // @ts-expect-error a field is missing
  Kept<Stripe.Charge, Omit<ReturnType<typeof renderCharge>, 'amount_captured'>>,
  // @ts-expect-error a field has another type
  Kept<Stripe.Charge, Omit<ReturnType<typeof renderCharge>, 'created'> & { created: string }>,
  // @ts-expect-error null stands where it may not
  Kept<Stripe.Charge, Omit<ReturnType<typeof renderCharge>, 'metadata'> & { metadata: null }>,
  // @ts-expect-error the object is another
  Kept<Stripe.Refund, ReturnType<typeof renderCharge>>,
  // @ts-expect-error Stripe has no such event
  CarriedBy<'charge.paid'>,
]
