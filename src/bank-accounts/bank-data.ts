import type { Account } from '../accounts/account.ts'
import { errors } from '../errors.ts'
import type { BankAccountId } from '../ids.ts'
import type { Currency } from '../money.ts'
import type { Context } from '../operation.ts'
import type { BankDetails, SealedBank } from './bank-account.ts'

/** A bank account as a form sends it. */
export type BankData = {
  readonly country: string
  readonly account_number: string
  readonly currency?: Currency | undefined
  readonly routing_number?: string | undefined
  readonly account_holder_name?: string | undefined
  readonly account_holder_type?: BankDetails['holderType'] | undefined
  readonly account_type?: BankDetails['accountType'] | undefined
}

type Country = {
  readonly currency: Currency
  /** How a routing number looks, blanks and hyphens taken out; null where an IBAN says it all. */
  readonly routing: RegExp | null
}

const IBAN: Country = { currency: 'eur', routing: null }

/** The countries whose bank accounts can be paid out to: those of Stripe's test account numbers. */
const COUNTRIES: ReadonlyMap<string, Country> = new Map([
  ['US', { currency: 'usd', routing: /^\d{9}$/ }],
  ['CA', { currency: 'cad', routing: /^\d{8,9}$/ }],
  ['AU', { currency: 'aud', routing: /^\d{6}$/ }],
  ['NZ', { currency: 'nzd', routing: /^\d{6}$/ }],
  ['HK', { currency: 'hkd', routing: /^\d{6}$/ }],
  ['SG', { currency: 'sgd', routing: /^\d{7}$/ }],
  ['GB', { currency: 'gbp', routing: /^\d{6}$/ }],
  ['JP', { currency: 'jpy', routing: /^\d{7}$/ }],
  ...['AT', 'BE', 'CY', 'DE', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PT', 'SI']
    .concat('SK')
    .map((country) => [country, IBAN] as const),
  ['BG', { ...IBAN, currency: 'bgn' }],
  ['CH', { ...IBAN, currency: 'chf' }],
  ['CZ', { ...IBAN, currency: 'czk' }],
  ['DK', { ...IBAN, currency: 'dkk' }],
  ['HU', { ...IBAN, currency: 'huf' }],
  ['LI', { ...IBAN, currency: 'chf' }],
  ['NO', { ...IBAN, currency: 'nok' }],
  ['PL', { ...IBAN, currency: 'pln' }],
  ['RO', { ...IBAN, currency: 'ron' }],
  ['SE', { ...IBAN, currency: 'sek' }],
])

const ACCOUNT_NUMBER = /^[0-9A-Z]{4,34}$/

/** What opening a bank account needs of a context. */
export type BankPorts = Pick<Context, 'ids' | 'testBanks' | 'vault'> & { readonly account: Pick<Account, 'id'> }

/**
 * Makes a bank account of raw data, its number sealed. Throws Stripe's errors of its numbers, named below `param`; in
 * test mode only the numbers of the simulated banks are good.
 */
export function openBankData(context: BankPorts, data: BankData, param: string): SealedBank {
  const { account, ids, testBanks, vault } = context
  const country = data.country.toUpperCase()
  const rules = COUNTRIES.get(country)
  if (!rules) throw errors.bankCountryUnsupported(data.country, `${param}[country]`)
  const number = plain(data.account_number).toUpperCase()
  if (!ACCOUNT_NUMBER.test(number)) throw errors.accountNumberInvalid(`${param}[account_number]`)
  if (testBanks && testBanks.answer(country, number, 'standard') === null)
    throw errors.testBankAccountNeeded(`${param}[account_number]`)
  const routing = data.routing_number === undefined ? undefined : plain(data.routing_number)
  if (rules.routing && routing === undefined) throw errors.parameterMissing(`${param}[routing_number]`)
  if (rules.routing && !rules.routing.test(routing ?? ''))
    throw errors.routingNumberInvalid(country, `${param}[routing_number]`)
  const id = ids.next('ba')
  const details: BankDetails = {
    id,
    country,
    currency: data.currency ?? rules.currency,
    routingNumber: data.routing_number ?? null,
    last4: number.slice(-4),
    fingerprint: vault.bankFingerprint(account.id, `${country} ${routing ?? ''} ${number}`),
    holderName: data.account_holder_name ?? null,
    holderType: data.account_holder_type ?? null,
    accountType: data.account_type ?? null,
  }
  return { details, sealed: vault.sealSecret(account.id, purposeOf(id), number) }
}

function plain(number: string): string {
  return number.replaceAll(/[\s-]/g, '')
}

/** Makes a new bank account of a built-in token of test mode (`btok_us_verified`), or null where the name is none. */
export function openBuiltInBank(context: BankPorts, name: string): SealedBank | null {
  const bank = context.testBanks?.token(name)
  if (bank === undefined) return null
  const { country, currency, routingNumber, accountNumber } = bank
  return openBankData(
    context,
    { country, currency, routing_number: routingNumber, account_number: accountNumber },
    'external_account',
  )
}

/** The number of a bank account in clear, for its bank alone. Throws VaultError where it does not open. */
export function accountNumberOf({ account, vault }: BankPorts, id: BankAccountId, sealed: string): string {
  return vault.openSecret(account.id, purposeOf(id), sealed)
}

/** What the number is sealed for: it opens in its own row alone. */
function purposeOf(id: BankAccountId): string {
  return `bank account ${id}`
}
