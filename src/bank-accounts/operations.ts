import { type Scheduled, scheduleFunds } from '../clock/funds.ts'
import { errors } from '../errors.ts'
import { settle, settlementOf } from '../ledger/repository.ts'
import { type ListCommand, listPage, type Named, visible } from '../lookup.ts'
import { type MetadataChange, mergeMetadata, NO_METADATA } from '../metadata.ts'
import type { Currency, UnixSeconds } from '../money.ts'
import { type Context, found, mapAnswer, type Operation, type Outcome, rejected, unitOf } from '../operation.ts'
import type { Page } from '../store/paging.ts'
import type { Write } from '../store/store.ts'
import { openBankToken } from '../tokens/operations.ts'
import {
  add,
  type BankAccount,
  type BankAccounts,
  type BankAccountUpdate,
  markErrored,
  remove,
  update,
} from './bank-account.ts'
import { accountNumberOf, type BankData, type BankPorts, openBankData } from './bank-data.ts'
import {
  BANK_ACCOUNTS_TABLE,
  bankAccountById,
  bankAccountsOf,
  insertBankAccount,
  readBankAccount,
  type StoredBankAccount,
  updateBankAccountRow,
} from './repository.ts'

/** The account in the path; only the caller's own is there. Undefined where the path says `account`. */
type OfAccount = { readonly account?: string | undefined }

export type AddBankAccount = OfAccount & {
  readonly external: string | BankData | undefined
  readonly isDefault: boolean | undefined
  readonly metadata: MetadataChange | undefined
}

const EXTERNAL = 'external_account'

/** Adds a bank account to be paid out to, of a token or of raw data. The first of its currency is the default one. */
export const addBankAccount: Operation<AddBankAccount, BankAccount> = async (context, command) => {
  requireOwn(context, command)
  const { external, isDefault } = command
  if (external === undefined) throw errors.parameterMissing(EXTERNAL)
  const metadata = mergeMetadata(NO_METADATA, command.metadata)
  if (metadata instanceof Error) return rejected(metadata)
  const { bank, writes } = await open(context, external)
  const { currency } = bank.details
  const others = await bankAccountsOf(context.store, context.account.id, context.livemode, currency)
  const decision = add(bank.details, valuesOf(others), { metadata, now: context.now, isDefault })
  const guard = await guardOf(context, currency)
  return paidSoon(
    context,
    currency,
    unitOf(context, decision, ({ account, changed }) => ({
      writes: [
        ...writes,
        guard,
        insertBankAccount(context.account.id, context.livemode, account, bank.sealed),
        ...changed.map((one) => replace(context, others, one)),
      ],
      made: [{ object: 'bank_account', value: account }],
    })),
  )
}

async function open(context: Context, external: string | BankData) {
  if (typeof external === 'string') return openBankToken(context, external, EXTERNAL)
  return { bank: openBankData(context, external, EXTERNAL), writes: [] as readonly Write[] }
}

/** The bank account of the account that a fresh start makes, as a write: the good one of Stripe's testing page. */
export function firstBankAccount(ports: BankPorts, now: UnixSeconds): Write {
  const sent = { country: 'US', account_number: '000123456789', routing_number: '110000000' }
  const bank = openBankData(ports, sent, EXTERNAL)
  const decision = add(bank.details, [], { metadata: NO_METADATA, now, isDefault: true })
  if (decision.refused) throw decision.refused
  return insertBankAccount(ports.account.id, false, decision.value.account, bank.sealed)
}

export type NamedBankAccount = OfAccount & { readonly id: string }

const IN_URL: Named = { word: 'external account', param: 'id', where: 'url' }

export const retrieveBankAccount: Operation<NamedBankAccount, BankAccount> = async (context, command) => {
  requireOwn(context, command)
  return found((await readNamed(context, command.id, IN_URL)).value)
}

/** Changes a bank account, or makes it its currency's default; after a failed payout it is tried again then. */
export const updateBankAccount: Operation<NamedBankAccount & BankAccountUpdate, BankAccount> = async (
  context,
  command,
) => {
  requireOwn(context, command)
  const stored = await readNamed(context, command.id, IN_URL)
  const { currency } = stored.value
  const all = await bankAccountsOf(context.store, context.account.id, context.livemode, currency)
  const others = valuesOf(all).filter(({ id }) => id !== command.id)
  return paidSoon(context, currency, await changed(context, all, currency, update(stored.value, others, command)))
}

/** Removes a bank account. Payouts that went to it keep its name. */
export const removeBankAccount: Operation<NamedBankAccount, BankAccount> = async (context, command) => {
  requireOwn(context, command)
  const stored = await readNamed(context, command.id, IN_URL)
  const { currency } = stored.value
  const all = await bankAccountsOf(context.store, context.account.id, context.livemode, currency)
  const others = valuesOf(all).filter(({ id }) => id !== command.id)
  const { defaultCurrency } = context.account
  return mapAnswer(
    await changed(context, all, currency, remove(stored.value, others, defaultCurrency)),
    ({ account }) => account,
  )
}

async function changed(
  context: Context,
  all: readonly StoredBankAccount[],
  currency: Currency,
  decision: ReturnType<typeof update>,
): Promise<Outcome<BankAccounts>> {
  const guard = await guardOf(context, currency)
  return unitOf(context, decision, ({ account, changed }) => ({
    writes: [guard, ...changed.map((one) => replace(context, all, one))],
    made: [{ object: 'bank_account', value: account }],
  }))
}

export type ListBankAccounts = OfAccount & Omit<ListCommand, 'created'> & { readonly object?: string | undefined }

/** The bank accounts to be paid out to, newest first; there are no cards among them. */
export const listBankAccounts: Operation<ListBankAccounts, Page<BankAccount>> = async (context, command) => {
  requireOwn(context, command)
  const listed = {
    ...BANK_ACCOUNTS_TABLE,
    word: 'external account',
    read: readBankAccount,
    byId: (id: string) => bankAccountById(context.store, context.account.id, id),
  }
  const none = command.object === 'card' ? [{ sql: '1 = 0', values: [] }] : []
  return found(await listPage(context, listed, command, [{ sql: 'deleted = 0', values: [] }, ...none]))
}

/** Any other account would be one of Connect, which is not there. */
function requireOwn({ account }: Context, { account: named }: OfAccount): void {
  if (named !== undefined && named !== account.id) throw errors.noSuch('account', named, 'account', 'url')
}

function valuesOf(stored: readonly StoredBankAccount[]): BankAccount[] {
  return stored.map(({ value }) => value)
}

/** Which of an account's bank accounts is its default follows from all of them: whoever changes one changes this. */
async function guardOf({ account, livemode, store }: Context, currency: Currency): Promise<Write> {
  const books = { account: account.id, livemode, currency }
  const settlement = await settlementOf(store, books)
  return settle(books, settlement, settlement.swept)
}

/** What waited for a bank account is paid out on the next day on which the schedule pays. */
function paidSoon(context: Context, currency: Currency, outcome: Outcome<BankAccounts>): Outcome<BankAccount> {
  const shown = mapAnswer(outcome, ({ account }) => account)
  if ('error' in outcome.answer) return shown
  const funds: Scheduled = scheduleFunds(context, { currency, availableOn: context.now })
  return { ...shown, writes: [...shown.writes, ...funds.writes], committed: funds.committed }
}

function replace({ account }: Context, all: readonly StoredBankAccount[], after: BankAccount): Write {
  const stored = all.find(({ value }) => value.id === after.id)
  if (!stored) throw errors.unknown()
  return updateBankAccountRow(account.id, stored, after)
}

async function readNamed(context: Context, id: string, named: Named): Promise<StoredBankAccount> {
  const stored = await bankAccountById(context.store, context.account.id, id)
  return visible(context, stored?.value.deleted ? undefined : stored, id, named)
}

// --- for payouts --------------------------------------------------------------------------------------------------

/** Where a payout goes: a bank account as it was read. */
export type Destination = StoredBankAccount

/** Where a payout in a currency goes where no bank account is named; undefined where there is none. */
export async function defaultBankAccount(
  { account, livemode, store }: Context,
  currency: Currency,
): Promise<Destination | undefined> {
  return (await bankAccountsOf(store, account.id, livemode, currency)).find(({ value }) => value.isDefault)
}

/** The bank account that a payout names. Throws Stripe's error where it is not there. */
export function bankAccountNamed(context: Context, id: string): Promise<Destination> {
  return readNamed(context, id, { word: 'external account', param: 'destination', where: 'parameter' })
}

/** The bank account that a payout went to, removed or not. */
export function findBankAccount({ account, store }: Context, id: string): Promise<Destination | undefined> {
  return bankAccountById(store, account.id, id)
}

/** The number of a bank account in clear, for the bank alone. */
export function numberOfBankAccount(context: Context, { value, sealed }: Destination): string {
  return accountNumberOf(context, value.id, sealed)
}

/** What follows for a bank account from a payout to it that failed: it is errored, unless it has gone. */
export function errorBankAccount(context: Context, stored: Destination): Outcome<BankAccount> {
  if (stored.value.deleted) return found(stored.value)
  return unitOf(context, markErrored(stored.value), (bank) => ({
    writes: [updateBankAccountRow(context.account.id, stored, bank)],
  }))
}
