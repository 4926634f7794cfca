import { checkDescriptor, type DescriptorKind } from '../charges/statement-descriptor.ts'
import { accept, type Decision, refuse } from '../decision.ts'
import { errors, StripeError } from '../errors.ts'
import type { ApiVersion } from '../http/versions/version.ts'
import type { AccountId } from '../ids.ts'
import type { Currency, UnixSeconds } from '../money.ts'
import { type PayoutSettings, type PayoutSettingsUpdate, updatePayoutSettings } from '../payouts/schedule.ts'
import type { DeclineOn } from '../radar/radar.ts'

/** A merchant. One id for both modes. */
export type Account = {
  readonly id: AccountId
  readonly created: UnixSeconds
  /** Counts the changes of this row: the guard of its next one. */
  readonly rowVersion: number
  /** ISO 3166-1 alpha-2; decides fees and when funds become available, and cannot change. */
  readonly country: string
  readonly defaultCurrency: Currency
  /** What a request without `Stripe-Version` is answered in, and events are rendered for. */
  readonly apiVersion: ApiVersion
  readonly email: string | null
  readonly businessName: string | null
  readonly timezone: string
  readonly statementDescriptor: string
  readonly statementDescriptorPrefix: string | null
  readonly declineOn: DeclineOn
  readonly payouts: PayoutSettings
  /** Whether the fee of a dispute comes back when it is won: Stripe's way until 2024. */
  readonly returnsDisputeFee: boolean
}

/** The account that a fresh start makes. */
export const FIRST_ACCOUNT: AccountId = 'acct_1KobanTestAccount'

export type AccountUpdate = {
  readonly apiVersion?: ApiVersion | undefined
  readonly email?: string | null | undefined
  readonly businessName?: string | null | undefined
  readonly statementDescriptor?: string | undefined
  readonly statementDescriptorPrefix?: string | null | undefined
  readonly declineOn?: Partial<DeclineOn> | undefined
  readonly payouts?: PayoutSettingsUpdate | undefined
  readonly returnsDisputeFee?: boolean | undefined
}

/** Changes an account's settings. Refuses with Stripe's errors of statement descriptors. */
export function updateAccount(account: Account, change: AccountUpdate): Decision<Account> {
  const { statementDescriptor, statementDescriptorPrefix: prefix } = change
  const own = 'settings[payments][statement_descriptor]'
  const short = 'settings[card_payments][statement_descriptor_prefix]'
  const wrong =
    (statementDescriptor !== undefined && descriptorError(statementDescriptor, 'account', own)) ||
    (prefix != null && descriptorError(prefix, 'prefix', short))
  if (wrong) return refuse(wrong)
  const payouts = updatePayoutSettings(account.payouts, change.payouts ?? {}, account.country)
  if (payouts instanceof StripeError) return refuse(payouts)
  return accept({
    ...account,
    apiVersion: change.apiVersion ?? account.apiVersion,
    email: change.email === undefined ? account.email : change.email,
    businessName: change.businessName === undefined ? account.businessName : change.businessName,
    statementDescriptor: statementDescriptor ?? account.statementDescriptor,
    statementDescriptorPrefix: prefix === undefined ? account.statementDescriptorPrefix : prefix,
    declineOn: {
      avsFailure: change.declineOn?.avsFailure ?? account.declineOn.avsFailure,
      cvcFailure: change.declineOn?.cvcFailure ?? account.declineOn.cvcFailure,
    },
    payouts,
    returnsDisputeFee: change.returnsDisputeFee ?? account.returnsDisputeFee,
  })
}

/** Stripe's error for a statement descriptor that breaks its rules, or null. `param` is what the error names. */
export function descriptorError(text: string, kind: DescriptorKind, param: string): StripeError | null {
  const problem = checkDescriptor(text, kind)
  if (problem === null) return null
  switch (problem.reason) {
    case 'too_long':
      return errors.descriptorTooLong(text, problem.length, param, problem.maximum)
    case 'too_short':
      return errors.descriptorTooShort(text, problem.length, param, problem.minimum)
    case 'no_latin_letter':
      return errors.descriptorWithoutLetter(param)
    case 'forbidden_character':
      return errors.descriptorForbidden(problem.character, param)
    default:
      return problem satisfies never
  }
}
