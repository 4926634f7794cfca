import type { BankAccount, BankDetails } from './bank-account.ts'

const TEST_BANK = 'STRIPE TEST BANK'

/** Stripe's bank account object, newest version: one of the account's own. */
export function renderBankAccount(bank: BankAccount, { account, livemode }: { account: string; livemode: boolean }) {
  return {
    id: bank.id,
    object: 'bank_account',
    account,
    account_holder_name: bank.holderName,
    account_holder_type: bank.holderType,
    account_type: bank.accountType,
    available_payout_methods: methodsOf(bank),
    bank_name: livemode ? null : TEST_BANK,
    country: bank.country,
    currency: bank.currency,
    default_for_currency: bank.isDefault,
    fingerprint: bank.fingerprint,
    last4: bank.last4,
    metadata: bank.metadata,
    routing_number: bank.routingNumber,
    status: bank.status,
  } as const
}

function methodsOf({ country }: BankDetails): ('standard' | 'instant')[] {
  return country === 'US' ? ['standard', 'instant'] : ['standard']
}

/** What is left of a bank account that was removed. */
export function renderDeletedBankAccount({ id, currency }: BankAccount) {
  return { id, object: 'bank_account', currency, deleted: true } as const
}

/** The bank account inside a token: it belongs to nobody yet. */
export function renderBankDetails(bank: BankDetails, livemode: boolean) {
  return {
    id: bank.id,
    object: 'bank_account',
    account_holder_name: bank.holderName,
    account_holder_type: bank.holderType,
    account_type: bank.accountType,
    bank_name: livemode ? null : TEST_BANK,
    country: bank.country,
    currency: bank.currency,
    fingerprint: bank.fingerprint,
    last4: bank.last4,
    routing_number: bank.routingNumber,
    status: 'new',
  } as const
}
