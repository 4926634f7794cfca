import type { Account } from './accounts/account.ts'
import type { BankAccount } from './bank-accounts/bank-account.ts'
import type { Charge } from './charges/charge.ts'
import { type FundsDays, scheduleFundsOf } from './clock/funds.ts'
import type { Customer } from './customers/customer.ts'
import type { Decision } from './decision.ts'
import type { Dispute } from './disputes/dispute.ts'
import type { EarlyFraudWarning } from './early-fraud-warnings/early-fraud-warning.ts'
import type { StripeError } from './errors.ts'
import { eventWrites } from './events/recording.ts'
import type { File } from './files/file.ts'
import type { ApiVersion } from './http/versions/version.ts'
import type { Ids } from './ids.ts'
import type { KeyKind } from './keys/key.ts'
import type { LedgerTransaction } from './ledger/ledger.ts'
import { balanceChanges, insertTransaction } from './ledger/repository.ts'
import type { UnixSeconds } from './money.ts'
import type { Acquirer } from './network/acquirer.ts'
import type { TestBanks } from './network/test-banks.ts'
import type { TestCards } from './network/test-cards.ts'
import type { Payout } from './payouts/payout.ts'
import type { RiskAssessment } from './radar/radar.ts'
import type { Refund } from './refunds/refund.ts'
import type { CustomerSource } from './sources/source.ts'
import type { BalanceChange, Store, Write } from './store/store.ts'
import type { Vault } from './vault/vault.ts'

/** All that an operation may use: who asks, when, and the ports. Made anew for each try of a request. */
export type Context = {
  readonly account: Account
  readonly livemode: boolean
  /** What kind of key asks: a publishable one may read only what it has the secret of. */
  readonly callerKind: KeyKind
  /** The account's clock, UNIX seconds. */
  readonly now: UnixSeconds
  readonly version: ApiVersion
  /** What caused it, for the events; its id is null where something happens by itself. */
  readonly request: { readonly id: string | null; readonly idempotencyKey: string | null; readonly ip: string | null }
  readonly publicUrl: string
  readonly ids: Ids
  readonly store: Pick<Store, 'get' | 'all'>
  readonly vault: Vault
  /** Null where no acquirer is configured for the mode. */
  readonly acquirer: Acquirer | null
  /** Null in live mode. */
  readonly testCards: TestCards | null
  /** Null in live mode. */
  readonly testBanks: TestBanks | null
  readonly fundsDays: FundsDays
  /** To be called once a change of the account is durable: whoever calls next must find it changed. */
  readonly accountChanged: () => void
  /** How risky a payment with this card number looks. */
  readonly assessRisk: (pan: string) => RiskAssessment
  /** To be called where something that is due at once has become durable: it is done when this resolves. */
  readonly doDue: (account: string, livemode: boolean) => Promise<void>
}

/** An object that a unit makes or changes: what an expansion finds before the unit is committed. */
export type Made =
  | { readonly object: 'charge'; readonly value: Charge }
  | { readonly object: 'refund'; readonly value: Refund }
  | { readonly object: 'balance_transaction'; readonly value: LedgerTransaction }
  | { readonly object: 'customer'; readonly value: Customer }
  | { readonly object: 'customer_source'; readonly value: CustomerSource }
  | { readonly object: 'payout'; readonly value: Payout }
  | { readonly object: 'bank_account'; readonly value: BankAccount }
  | { readonly object: 'dispute'; readonly value: Dispute }
  | { readonly object: 'early_fraud_warning'; readonly value: EarlyFraudWarning }
  | { readonly object: 'file'; readonly value: File }
  /** All refunds of a charge, newest first. */
  | { readonly object: 'refunds'; readonly charge: string; readonly value: readonly Refund[] }
  /** All that a customer has on file, newest first. */
  | { readonly object: 'sources'; readonly customer: string; readonly value: readonly CustomerSource[] }

/** What an operation hands over: its answer, and the one unit of writes that makes it true. */
export type Outcome<T> = {
  readonly answer: { readonly value: T } | { readonly error: StripeError }
  readonly writes: readonly Write[]
  readonly balances: readonly BalanceChange[]
  readonly made: readonly Made[]
  /** Whether this answer is kept for the Idempotency-Key. False where the endpoint never started. */
  readonly kept: boolean
  /** Called once the unit is durable. */
  readonly committed?: (() => void) | undefined
  /** What follows at once, when the unit is durable: whoever asked is answered when it is done. */
  readonly followed?: () => Promise<void>
}

/** An operation reads, decides, and touches nothing: it is run again from its read when a guard of its unit fails. */
export type Operation<Command, T> = (context: Context, command: Command) => Promise<Outcome<T>>

const NOTHING = { writes: [], balances: [], made: [], kept: true } as const

/** An answer that changes nothing. */
export function found<T>(value: T): Outcome<T> {
  return { ...NOTHING, answer: { value } }
}

/** The rules say no. Kept for the Idempotency-Key, as Stripe keeps refusals by business rules. */
export function refused(error: StripeError): Outcome<never> {
  return { ...NOTHING, answer: { error } }
}

/** What the request names is not there, or its parameters do not go together: as if it had never been sent. */
export function rejected(error: StripeError): Outcome<never> {
  return { ...NOTHING, answer: { error }, kept: false }
}

/** The same outcome, of which another part is answered. */
export function mapAnswer<T, U>(outcome: Outcome<T>, change: (value: T) => U): Outcome<U> {
  const { answer } = outcome
  return { ...outcome, answer: 'error' in answer ? answer : { value: change(answer.value) } }
}

/**
 * Turns a decision into one unit: the resource's own writes, the ledger's with the day on which its money is available,
 * and the events, in this order.
 */
export function unitOf<T>(
  context: Context,
  decision: Decision<T>,
  consequences: (value: T) => { readonly writes: readonly Write[]; readonly made?: readonly Made[] },
): Outcome<T> {
  if (decision.refused) return refused(decision.refused)
  const { value, transactions, events } = decision
  const { account, livemode } = context
  const { writes, made = [] } = consequences(value)
  const funds = scheduleFundsOf(context, transactions)
  return {
    answer: { value },
    writes: [
      ...writes,
      ...transactions.map((transaction) => insertTransaction(account.id, livemode, transaction)),
      ...funds.writes,
      ...eventWrites(context, events),
    ],
    balances: transactions.flatMap((transaction) => balanceChanges(account.id, livemode, transaction)),
    made: [...made, ...transactions.map((value) => ({ object: 'balance_transaction', value }) as const)],
    kept: true,
    committed: funds.committed,
  }
}
