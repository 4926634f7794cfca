import assert from 'node:assert/strict'
import { accept, type Decision, refuse } from '../decision.ts'
import { errors } from '../errors.ts'
import type { BankAccountId } from '../ids.ts'
import { type Metadata, type MetadataChange, mergeMetadata } from '../metadata.ts'
import type { Currency, UnixSeconds } from '../money.ts'

export const HOLDER_TYPES = ['individual', 'company'] as const
export const ACCOUNT_TYPES = ['checking', 'savings', 'futsu', 'toza'] as const

/** A bank account as a form sends it, or a built-in token stands for it: all there is of it but the number itself. */
export type BankDetails = {
  readonly id: BankAccountId
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly currency: Currency
  readonly routingNumber: string | null
  readonly last4: string
  /** 16 characters, the same for the same number within one account. */
  readonly fingerprint: string
  readonly holderName: string | null
  readonly holderType: (typeof HOLDER_TYPES)[number] | null
  readonly accountType: (typeof ACCOUNT_TYPES)[number] | null
}

/** What is known of a bank account, and its number, which only the vault opens. */
export type SealedBank = { readonly details: BankDetails; readonly sealed: string }

/** A bank account of the merchant's, to which money is paid out. Its number is sealed beside it. */
export type BankAccount = BankDetails & {
  readonly created: UnixSeconds
  readonly metadata: Metadata
  /** `errored`: a payout to it failed, and none is made by itself until it is changed. */
  readonly status: 'new' | 'errored'
  /** Whether payouts in its currency go to it where none is named. */
  readonly isDefault: boolean
  readonly deleted: boolean
}

/** What happens to all bank accounts of a currency when one of them changes: what is written. */
export type BankAccounts = { readonly account: BankAccount; readonly changed: readonly BankAccount[] }

type Added = {
  readonly metadata: Metadata
  readonly now: UnixSeconds
  readonly isDefault: boolean | undefined
}

/** Adds a bank account; the first of its currency is the default one. `others` are those of the currency. */
export function add(details: BankDetails, others: readonly BankAccount[], added: Added): Decision<BankAccounts> {
  const { metadata, now } = added
  const isDefault = added.isDefault === true || others.length === 0
  const account: BankAccount = { ...details, created: now, metadata, status: 'new', isDefault, deleted: false }
  const displaced = isDefault ? defaultsOf(others) : []
  return accept(
    { account, changed: displaced.map(({ after }) => after) },
    {
      events: [
        ...displaced.map(toldOf),
        { type: 'account.external_account.created', object: 'bank_account', before: null, after: account },
      ],
    },
  )
}

export type BankAccountUpdate = {
  readonly holderName?: string | null | undefined
  readonly holderType?: BankAccount['holderType'] | undefined
  readonly accountType?: BankAccount['accountType'] | undefined
  readonly isDefault?: boolean | undefined
  readonly metadata?: MetadataChange | undefined
}

/** Changes what is kept with a bank account, or makes it its currency's default; one that was errored is tried again. */
export function update(
  before: BankAccount,
  others: readonly BankAccount[],
  change: BankAccountUpdate,
): Decision<BankAccounts> {
  const metadata = mergeMetadata(before.metadata, change.metadata)
  if (metadata instanceof Error) return refuse(metadata)
  const account: BankAccount = {
    ...before,
    holderName: change.holderName === undefined ? before.holderName : change.holderName,
    holderType: change.holderType === undefined ? before.holderType : change.holderType,
    accountType: change.accountType === undefined ? before.accountType : change.accountType,
    isDefault: before.isDefault || change.isDefault === true,
    metadata,
    status: 'new',
  }
  const displaced = account.isDefault ? defaultsOf(others) : []
  return accept(
    { account, changed: [...displaced.map(({ after }) => after), account] },
    { events: [...displaced.map(toldOf), toldOf({ before, after: account })] },
  )
}

type Change = { readonly before: BankAccount; readonly after: BankAccount }

function defaultsOf(accounts: readonly BankAccount[]): Change[] {
  return accounts
    .filter(({ isDefault }) => isDefault)
    .map((before) => ({ before, after: { ...before, isDefault: false } }))
}

function toldOf({ before, after }: Change) {
  return { type: 'account.external_account.updated', object: 'bank_account', before, after } as const
}

/**
 * Removes a bank account. Stripe: a default one only where it is the last of its currency, and that is not the
 * account's own currency.
 */
export function remove(
  before: BankAccount,
  others: readonly BankAccount[],
  defaultCurrency: Currency,
): Decision<BankAccounts> {
  if (before.isDefault && (others.length > 0 || before.currency === defaultCurrency))
    return refuse(errors.defaultBankAccountKept())
  const account: BankAccount = { ...before, isDefault: false, deleted: true }
  return accept(
    { account, changed: [account] },
    { events: [{ type: 'account.external_account.deleted', object: 'bank_account', before: null, after: before }] },
  )
}

/** A payout to it has failed: none is made by itself until the merchant changes it. */
export function markErrored(before: BankAccount): Decision<BankAccount> {
  assert(!before.deleted, 'what is removed is not told of')
  const after: BankAccount = { ...before, status: 'errored' }
  return accept(after, { events: before.status === 'errored' ? [] : [toldOf({ before, after })] })
}
