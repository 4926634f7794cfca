import { COMPOSED_LENGTH, checkDescriptor } from '../charges/statement-descriptor.ts'
import { scheduleFunds } from '../clock/funds.ts'
import { NEWEST_VERSION, OLDEST_VERSION } from '../http/versions/version.ts'
import type { AccountId, Ids } from '../ids.ts'
import { newAccountId } from '../ids.ts'
import { GUIDE_PUBLISHABLE_KEY, GUIDE_SECRET_KEY } from '../keys/key.ts'
import { type KeyPorts, makeKey } from '../keys/operations.ts'
import { isAvailable } from '../ledger/ledger.ts'
import { keptBalances } from '../ledger/repository.ts'
import type { UnixSeconds } from '../money.ts'
import { type Context, found, type Operation, unitOf } from '../operation.ts'
import { STANDARD_PAYOUTS } from '../payouts/schedule.ts'
import type { Store, Unit, Write } from '../store/store.ts'
import { type Account, type AccountUpdate, FIRST_ACCOUNT, updateAccount } from './account.ts'
import { accountById, accountIdsAfter, allAccounts, insertAccount, updateAccountRow } from './repository.ts'

export const retrieveAccount: Operation<unknown, Account> = async ({ account }) => found(account)

/** Changes the caller's own account. */
export const updateOwnAccount: Operation<AccountUpdate, Account> = async (context, command) => {
  // What the key brought with it may be older than the row, whose version guards the write.
  const before = (await accountById(context.store, context.account.id)) ?? context.account
  const funds = command.payouts ? await waitingFunds(context) : []
  const outcome = unitOf(context, updateAccount(before, command), (account) => ({
    writes: [updateAccountRow(before, account), ...funds],
  }))
  return { ...outcome, committed: context.accountChanged }
}

/** What lets a new schedule pay what waits already: it is looked at on the next day. */
async function waitingFunds(context: Context): Promise<Write[]> {
  const { account, livemode, now, store } = context
  const currencies = (await keptBalances(store, account.id, livemode))
    .filter(({ ledgerAccount, amount }) => amount !== 0 && isAvailable(ledgerAccount, now))
    .map(({ currency }) => currency)
  return [...new Set(currencies)].flatMap((currency) => scheduleFunds(context, { currency, availableOn: now }).writes)
}

/** An account as it is after a change of its settings, and the unit of that. Throws Stripe's errors of descriptors. */
export function changeAccount(before: Account, change: AccountUpdate): { account: Account; unit: Unit } {
  const decision = updateAccount(before, change)
  if (decision.refused) throw decision.refused
  const account = decision.value
  return { account, unit: { account: before.id, writes: [updateAccountRow(before, account)], balances: [] } }
}

export function findAccount(store: Pick<Store, 'get'>, id: string): Promise<Account | undefined> {
  return accountById(store, id)
}

/** The ids of some accounts, in their order, after one; none after the last. */
export function accountsAfter(store: Pick<Store, 'all'>, account: string): Promise<AccountId[]> {
  return accountIdsAfter(store, account)
}

export function listAccounts(store: Pick<Store, 'all'>): Promise<Account[]> {
  return allAccounts(store)
}

/** The account of a fresh start with the guide's keys: what a reader of the guide needs, and the guide's version. */
export function firstAccount(ports: KeyPorts, now: UnixSeconds): Unit {
  const account: Account = { ...newAccount(FIRST_ACCOUNT, now), apiVersion: OLDEST_VERSION }
  return unitOfAccount(ports, account, { secret: GUIDE_SECRET_KEY, publishable: GUIDE_PUBLISHABLE_KEY }).unit
}

export type CreateAccount = {
  readonly country?: string | undefined
  readonly defaultCurrency?: string | undefined
  readonly businessName?: string | undefined
  readonly statementDescriptor?: string | undefined
}

/** A new, empty account with test keys of its own, in the newest version. */
export function createAccount(ports: KeyPorts & { readonly ids: Ids }, command: CreateAccount, now: UnixSeconds) {
  const usual = newAccount(newAccountId(ports.ids), now)
  const account: Account = {
    ...usual,
    country: command.country ?? usual.country,
    defaultCurrency: command.defaultCurrency ?? currencyOfCountry(command.country ?? usual.country),
    businessName: command.businessName ?? usual.businessName,
    statementDescriptor: command.statementDescriptor ?? descriptorOf(command.businessName) ?? usual.statementDescriptor,
  }
  return { account, ...unitOfAccount(ports, account, {}) }
}

/** The business's name as a statement descriptor, or null where it makes none. */
function descriptorOf(businessName: string | undefined): string | null {
  const name = businessName?.slice(0, COMPOSED_LENGTH).trim() ?? ''
  return checkDescriptor(name, 'account') === null ? name : null
}

const OWN_CURRENCY: Readonly<Record<string, string>> = {
  US: 'usd',
  AU: 'aud',
  CA: 'cad',
  CH: 'chf',
  GB: 'gbp',
  HK: 'hkd',
  JP: 'jpy',
  NZ: 'nzd',
  SG: 'sgd',
}

/** What an account of a country settles in, where nothing else is said. */
function currencyOfCountry(country: string): string {
  return OWN_CURRENCY[country] ?? 'eur'
}

function newAccount(id: AccountId, now: UnixSeconds): Account {
  return {
    id,
    created: now,
    rowVersion: 1,
    country: 'US',
    defaultCurrency: 'usd',
    apiVersion: NEWEST_VERSION,
    email: null,
    businessName: null,
    timezone: 'Etc/UTC',
    statementDescriptor: 'KOBAN TEST',
    statementDescriptorPrefix: null,
    declineOn: { avsFailure: false, cvcFailure: false },
    payouts: STANDARD_PAYOUTS,
    returnsDisputeFee: false,
  }
}

function unitOfAccount(ports: KeyPorts, account: Account, texts: { secret?: string; publishable?: string }) {
  const wanted = { account: account.id, livemode: false, now: account.created }
  const secret = makeKey(ports, { ...wanted, kind: 'secret', ...(texts.secret && { text: texts.secret }) })
  const publishable = makeKey(ports, {
    ...wanted,
    kind: 'publishable',
    ...(texts.publishable && { text: texts.publishable }),
  })
  const unit: Unit = {
    account: account.id,
    writes: [insertAccount(account), ...secret.writes, ...publishable.writes],
    balances: [],
  }
  return { unit, secretKey: secret.text, publishableKey: publishable.text }
}
