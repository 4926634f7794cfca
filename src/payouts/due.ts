/** What happens to payouts by itself: the schedule pays, and the bank takes or refuses. */
import { fundsOf } from '../balance/operations.ts'
import { defaultBankAccount, errorBankAccount, findBankAccount } from '../bank-accounts/operations.ts'
import { scheduleDue } from '../clock/due.ts'
import { currencyOfFunds, scheduleFunds } from '../clock/funds.ts'
import { accept } from '../decision.ts'
import { isBefore } from '../http/versions/version.ts'
import { pendingUntil } from '../ledger/ledger.ts'
import {
  dropEmptyBalances,
  keptBalances,
  settle,
  settlementOf,
  takeUp,
  unpaidTransactions,
} from '../ledger/repository.ts'
import type { Currency } from '../money.ts'
import { type Context, found, type Operation, type Outcome, unitOf } from '../operation.ts'
import { recordPayout, refusalBy, replacePayout } from './operations.ts'
import { arrive, fail, type Payout, pay, STANDARD_DESCRIPTION, send } from './payout.ts'
import { payoutById, type StoredPayout } from './repository.ts'
import { paydayFrom } from './schedule.ts'
import { Sweep } from './sweep.ts'

/**
 * Funds of a currency have become available: on a day on which the schedule pays they are paid out, else the account is
 * told of them, and they wait for that day.
 */
export const releaseFunds: Operation<string, unknown> = async (context, object) => {
  const { account, now } = context
  const currency = currencyOfFunds(object)
  const payday = paydayFrom(account.payouts, account.country, now)
  if (payday === now) return (await payOut(context, currency)) ?? tellAvailable(context, currency)
  const told = await tellAvailable(context, currency)
  if (payday === null) return told
  return { ...told, writes: [...told.writes, ...scheduleFunds(context, { currency, availableOn: payday }).writes] }
}

/** How long a transaction may be on its way to the database: ids that are older have all come. */
const ON_ITS_WAY_MS = 3_600_000

/** Makes the payout of all that is available and in no payout yet; null where there is nothing to pay, or nowhere. */
async function payOut(context: Context, currency: Currency): Promise<Outcome<Payout> | null> {
  const { account, ids, livemode, now, store } = context
  const bank = await defaultBankAccount(context, currency)
  if (!bank || bank.value.status === 'errored') return null
  const books = { account: account.id, livemode, currency }
  const settlement = await settlementOf(store, books)
  const sweep = new Sweep(now)
  for await (const batch of unpaidTransactions(store, books, settlement.swept)) for (const one of batch) sweep.add(one)
  const { net, runs } = sweep
  if (net === 0 || (net < 0 && !account.payouts.debitNegativeBalances)) return null

  const swept = sweep.sweptTo(settlement.swept, ids.madeBefore('txn', ON_ITS_WAY_MS))
  const decision = pay(
    {
      id: ids.next('po'),
      amount: net,
      currency,
      automatic: true,
      description: STANDARD_DESCRIPTION,
      destination: bank.value.id,
      metadata: {},
      method: 'standard',
      statementDescriptor: account.payouts.statementDescriptor,
      transaction: ids.next('txn'),
    },
    sweep.from,
    account.country,
    now,
  )
  return unitOf(context, decision, (payout) => ({
    writes: [
      settle(books, settlement, swept),
      dropEmptyBalances(books),
      ...runs.map((run) => takeUp(books, payout.id, run)),
      ...recordPayout(context, payout, bank),
      // Tomorrow once more: what was decided before this payout, and is committed after it, has found its day on the list.
      ...scheduleFunds(context, { currency, availableOn: now }).writes,
    ],
  }))
}

/** Stripe: `balance.available` is sent of funds that are not paid out at once. */
async function tellAvailable(context: Context, currency: Currency): Promise<Outcome<unknown>> {
  const { account, livemode, now, store } = context
  const today = pendingUntil(now)
  const kept = await keptBalances(store, account.id, livemode)
  const fresh = kept.find((one) => one.currency === currency && one.ledgerAccount === today)
  if (fresh === undefined || fresh.amount <= 0) return found(null)
  const after = await fundsOf(context)
  const told = { type: 'balance.available', object: 'balance', before: null, after } as const
  return unitOf(context, accept(after, { events: [told] }), () => ({ writes: [] }))
}

/** A payout goes to the bank. */
export const sendPayout: Operation<string, unknown> = async (context, id) => {
  const { account, livemode, now } = context
  const stored = await readUnderWay(context, id)
  if (stored?.value.status !== 'pending') return found(null)
  return unitOf(context, send(stored.value), (payout) => ({
    writes: [
      replacePayout(context, stored, payout),
      ...scheduleDue(account.id, livemode, {
        kind: 'payout_arrival',
        object: payout.id,
        due: Math.max(payout.arrivalDate, now),
      }),
    ],
  }))
}

/** The version from which on accounts are told that the rows of a payout can be listed. */
const RECONCILIATION_TOLD = '2023-08-16'

/** A payout is expected to have arrived. */
export const settlePayout: Operation<string, unknown> = async (context, id) => {
  const stored = await readUnderWay(context, id)
  if (stored?.value.status !== 'in_transit') return found(null)
  const reconciles = !isBefore(context.account.apiVersion, RECONCILIATION_TOLD)
  return unitOf(context, arrive(stored.value, reconciles), (payout) => ({
    writes: [replacePayout(context, stored, payout)],
  }))
}

/** The bank refuses a payout: the money is back, and nothing is paid to that bank account by itself until it is changed. */
export const failPayout: Operation<string, unknown> = async (context, id) => {
  const stored = await readUnderWay(context, id)
  const bank = stored && (await findBankAccount(context, stored.value.destination))
  const code = stored && bank && refusalBy(context, stored.value, bank)
  if (!stored || !bank || !code) return found(null)
  const outcome = unitOf(context, fail(stored.value, code, context.ids.next('txn'), context.now), (payout) => ({
    writes: [replacePayout(context, stored, payout)],
  }))
  const { writes } = errorBankAccount(context, bank)
  return { ...outcome, writes: [...outcome.writes, ...writes] }
}

async function readUnderWay({ account, store }: Context, id: string): Promise<StoredPayout | undefined> {
  const stored = await payoutById(store, account.id, id)
  return stored?.value.status === 'pending' || stored?.value.status === 'in_transit' ? stored : undefined
}
