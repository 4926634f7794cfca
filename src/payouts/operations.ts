import {
  bankAccountNamed,
  type Destination,
  defaultBankAccount,
  numberOfBankAccount,
} from '../bank-accounts/operations.ts'
import { type DueWork, scheduleDue, settleDue } from '../clock/due.ts'
import { currencyOf, isRoundedFor, roundingOf } from '../currencies.ts'
import { errors, type StripeError } from '../errors.ts'
import { isAvailable, type LedgerAccount, type Posting } from '../ledger/ledger.ts'
import { keptBalances, settle, settlementOf } from '../ledger/repository.ts'
import { type CreatedFilter, type ListCommand, listPage, type Named, timeConditions, visible } from '../lookup.ts'
import { type MetadataChange, mergeMetadata, NO_METADATA } from '../metadata.ts'
import type { Currency, Minor } from '../money.ts'
import { type Context, found, type Operation, refused, rejected, unitOf } from '../operation.ts'
import type { Condition, Page } from '../store/paging.ts'
import type { Write } from '../store/store.ts'
import {
  cancel,
  type FailureCode,
  failsAt,
  type Payout,
  type PayoutMethod,
  pay,
  STANDARD_DESCRIPTION,
  sentAt,
  updatePayout,
} from './payout.ts'
import {
  insertPayout,
  PAYOUTS_TABLE,
  payoutById,
  readPayout,
  type StoredPayout,
  updatePayoutRow,
} from './repository.ts'

export type CreatePayout = {
  readonly amount: Minor
  readonly currency: Currency
  readonly description: string | null | undefined
  readonly destination: string | undefined
  readonly metadata: MetadataChange | undefined
  readonly method: PayoutMethod
  readonly sourceType: 'card' | 'bank_account' | 'fpx'
  readonly statementDescriptor: string | null | undefined
}

/** Pays out of what is available, to a bank account that is named or is the currency's default. */
export const createPayout: Operation<CreatePayout, Payout> = async (context, command) => {
  const { amount, currency, method } = command
  const metadata = mergeMetadata(NO_METADATA, command.metadata)
  if (metadata instanceof Error) return rejected(metadata)
  const bank = await destinationOf(context, command)
  if (!bank) return refused(errors.noExternalAccounts(currency))
  const books = { account: context.account.id, livemode: context.livemode, currency }
  const settlement = await settlementOf(context.store, books) // read first: it guards what is read after it
  const from = await availablePostings(context, currency)
  const refusal = refusalOf(command, sumOf(from), context.livemode)
  if (refusal) return refused(refusal)
  const decision = pay(
    {
      id: context.ids.next('po'),
      amount,
      currency,
      automatic: false,
      description: command.description ?? STANDARD_DESCRIPTION,
      destination: bank.value.id,
      metadata,
      method,
      statementDescriptor: command.statementDescriptor ?? null,
      transaction: context.ids.next('txn'),
    },
    allBut(from, sumOf(from) - amount),
    context.account.country,
    context.now,
  )
  return unitOf(context, decision, (payout) => ({
    writes: [settle(books, settlement, settlement.swept), ...recordPayout(context, payout, bank)],
    made: [{ object: 'payout', value: payout }],
  }))
}

async function destinationOf(context: Context, { currency, destination }: CreatePayout) {
  if (destination === undefined) return defaultBankAccount(context, currency)
  const named = await bankAccountNamed(context, destination)
  return named.value.currency === currency ? named : undefined
}

/** What is available of a currency, by the ledger accounts in which it stands. */
async function availablePostings({ account, livemode, now, store }: Context, currency: Currency): Promise<Posting[]> {
  const kept = await keptBalances(store, account.id, livemode)
  return kept.filter((one) => one.currency === currency && isAvailable(one.ledgerAccount, now))
}

function sumOf(postings: readonly Posting[]): Minor {
  return postings.reduce((sum, { amount }) => sum + amount, 0)
}

/** All that is available moves, and the rest of it into `available`: what days have passed need be kept no longer. */
function allBut(from: readonly Posting[], rest: Minor): Posting[] {
  const available = from.find(({ ledgerAccount }) => ledgerAccount === AVAILABLE)?.amount ?? 0
  return [
    ...from.filter(({ ledgerAccount }) => ledgerAccount !== AVAILABLE),
    { ledgerAccount: AVAILABLE, amount: available - rest },
  ].map(({ ledgerAccount, amount }) => ({ ledgerAccount, amount }))
}

const AVAILABLE: LedgerAccount = 'available'

const INSTANT_MAXIMUM = 9999 // Stripe, in the currency's whole unit

/** The reasons to refuse a payout that the merchant asks for. All that is available came of cards. */
function refusalOf(
  { amount, currency, method, sourceType }: CreatePayout,
  available: Minor,
  livemode: boolean,
): StripeError | null {
  const { decimals, symbol } = currencyOf(currency)
  if (!isRoundedFor(amount, currency)) return errors.amountNotRounded(currency, roundingOf(currency), 'amount')
  if (method === 'instant' && amount > INSTANT_MAXIMUM * 10 ** decimals)
    return errors.instantPayoutTooLarge(`${symbol}${INSTANT_MAXIMUM}`)
  if (sourceType !== 'card' || amount > available) return errors.balanceInsufficient(livemode)
  return null
}

/** The writes that keep a new payout, and let happen what becomes of it. */
export function recordPayout(context: Context, payout: Payout, bank: Destination): Write[] {
  const { account, livemode } = context
  const work: Omit<DueWork, 'object'> = refusalBy(context, payout, bank)
    ? { kind: 'payout_failure', due: failsAt(payout) }
    : { kind: 'payout_sent', due: sentAt(payout) }
  return [
    insertPayout(account.id, livemode, payout),
    ...scheduleDue(account.id, livemode, { ...work, object: payout.id }),
  ]
}

/** Why a bank will not take a payout, or null. Only those of test mode are asked. */
export function refusalBy(context: Context, { method }: Payout, bank: Destination): FailureCode | null {
  const { testBanks } = context
  if (testBanks === null) return null
  const answer = testBanks.answer(bank.value.country, numberOfBankAccount(context, bank), method)
  return answer === 'accepted' ? null : answer
}

export const retrievePayout: Operation<{ payout: string }, Payout> = async (context, { payout: id }) =>
  found((await readPayoutNamed(context, id, IN_URL)).value)

export type UpdatePayout = { readonly payout: string; readonly metadata: MetadataChange | undefined }

/** Changes the metadata of a payout. */
export const updatePayoutMetadata: Operation<UpdatePayout, Payout> = async (context, command) => {
  const stored = await readPayoutNamed(context, command.payout, IN_URL)
  return unitOf(context, updatePayout(stored.value, command.metadata), (payout) => ({
    writes: [replacePayout(context, stored, payout)],
    made: [{ object: 'payout', value: payout }],
  }))
}

/** Calls off a payout that the merchant has made and that is still pending; its money is available again. */
export const cancelPayout: Operation<{ payout: string }, Payout> = async (context, { payout: id }) => {
  const { account, ids, now } = context
  const stored = await readPayoutNamed(context, id, IN_URL)
  return unitOf(context, cancel(stored.value, ids.next('txn'), now), (payout) => ({
    writes: [
      replacePayout(context, stored, payout),
      settleDue(account.id, 'payout_sent', payout.id),
      settleDue(account.id, 'payout_failure', payout.id),
    ],
    made: [{ object: 'payout', value: payout }],
  }))
}

export type ListPayouts = ListCommand & {
  readonly arrival_date?: CreatedFilter | undefined
  readonly destination?: string | undefined
  readonly status?: string | undefined
}

/** Payouts, newest first. A status that there is none of gives an empty page (observed). */
export const listPayouts: Operation<ListPayouts, Page<Payout>> = async (context, command) => {
  const { arrival_date: arrivalDate, destination, status } = command
  if (destination !== undefined) await bankAccountNamed(context, destination)
  const listed = {
    ...PAYOUTS_TABLE,
    word: 'payout',
    read: readPayout,
    byId: (id: string) => payoutById(context.store, context.account.id, id),
  }
  const conditions: Condition[] = [...timeConditions('arrival_date', arrivalDate)]
  if (destination !== undefined) conditions.push({ sql: 'destination = ?', values: [destination] })
  if (status !== undefined) conditions.push({ sql: 'status = ?', values: [status] })
  return found(await listPage(context, listed, command, conditions))
}

const IN_URL: Named = { word: 'payout', param: 'payout', where: 'url' }

/** A payout that the key may see. Throws Stripe's `No such payout`. */
async function readPayoutNamed(context: Context, id: string, named: Named): Promise<StoredPayout> {
  return visible(context, await payoutById(context.store, context.account.id, id), id, named)
}

/** The write that puts `after` in the place of the payout that was read. */
export function replacePayout({ account }: Context, stored: StoredPayout, after: Payout): Write {
  return updatePayoutRow(account.id, stored, after)
}

/** Throws where a payout is not there, or was not made by the schedule: then no rows are known to be its own. */
export async function requireAutomatic(context: Context, id: string): Promise<void> {
  const { value } = await readPayoutNamed(context, id, { word: 'payout', param: 'payout', where: 'parameter' })
  if (!value.automatic) throw errors.payoutRowsOfManual()
}
