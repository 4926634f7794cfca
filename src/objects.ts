import { retrieveBalanceTransaction } from './balance/operations.ts'
import { renderBalanceTransaction } from './balance/render.ts'
import type { BankAccount } from './bank-accounts/bank-account.ts'
import { findBankAccount } from './bank-accounts/operations.ts'
import { renderBankAccount, renderDeletedBankAccount } from './bank-accounts/render.ts'
import { BANK_ACCOUNTS_TABLE, readBankAccount } from './bank-accounts/repository.ts'
import { retrieveCharge } from './charges/operations.ts'
import { renderCharge } from './charges/render.ts'
import { CHARGES_TABLE, readCharge } from './charges/repository.ts'
import { retrieveCustomer } from './customers/operations.ts'
import { renderCustomer } from './customers/render.ts'
import { CUSTOMERS_TABLE, readCustomer } from './customers/repository.ts'
import { retrieveDispute } from './disputes/operations.ts'
import { renderDispute } from './disputes/render.ts'
import { DISPUTES_TABLE, readDispute } from './disputes/repository.ts'
import { renderEarlyFraudWarning } from './early-fraud-warnings/render.ts'
import { retrieveFile } from './files/operations.ts'
import { renderFile } from './files/render.ts'
import { FILES_TABLE, readFile } from './files/repository.ts'
import { gathered } from './gathered.ts'
import type { ApiObject } from './http/answer.ts'
import type { ObjectReader } from './http/expand.ts'
import { readTransaction, TRANSACTIONS_TABLE } from './ledger/repository.ts'
import { readAllWith, type Stored } from './lookup.ts'
import type { Context, Made, Outcome } from './operation.ts'
import { retrievePayout } from './payouts/operations.ts'
import { renderPayout } from './payouts/render.ts'
import { PAYOUTS_TABLE, readPayout } from './payouts/repository.ts'
import { retrieveRefund } from './refunds/operations.ts'
import type { Refund } from './refunds/refund.ts'
import { renderEmbeddedRefunds, renderRefund } from './refunds/render.ts'
import { REFUNDS_TABLE, readRefund } from './refunds/repository.ts'
import { findSource } from './sources/operations.ts'
import { renderCustomerSource, renderEmbeddedSources } from './sources/render.ts'
import { readSource, SOURCES_TABLE } from './sources/repository.ts'
import { type CustomerSource, newestFirst } from './sources/source.ts'

/** Finds any object by its id: among what the unit under way has made, else in the store. */
export const objectReader: ObjectReader = {
  async object(context, id, made) {
    const fresh = made.find((one) => one.object !== 'refunds' && one.object !== 'sources' && one.value.id === id)
    if (fresh) return renderMade(context, fresh)
    const found = await readersOf(context).object(id)
    return found?.()
  },
  async refunds(context, id, made) {
    const fresh = made.find((one) => one.object === 'refunds' && one.charge === id)
    const refunds = fresh?.object === 'refunds' ? fresh.value : ((await readersOf(context).refunds(id)) ?? [])
    return renderEmbeddedRefunds(id, refunds, refunds.length)
  },
  async sources(context, id, made) {
    const fresh = made.find((one) => one.object === 'sources' && one.customer === id)
    const sources = fresh?.object === 'sources' ? fresh.value : ((await readersOf(context).sources(id)) ?? [])
    return renderEmbeddedSources(id, sources, sources.length, context)
  },
}

function renderMade(context: Context, made: Made): ApiObject | undefined {
  switch (made.object) {
    case 'charge':
      return renderCharge(made.value, sceneOf(context))
    case 'refund':
      return renderRefund(made.value)
    case 'balance_transaction':
      return renderBalanceTransaction(made.value, context.now)
    case 'customer':
      return renderCustomer(made.value, context)
    case 'customer_source':
      return renderCustomerSource(made.value, context)
    case 'payout':
      return renderPayout(made.value, context)
    case 'bank_account':
      return renderBankAccount(made.value, sceneOf(context))
    case 'dispute':
      return renderDispute(made.value, context)
    case 'early_fraud_warning':
      return renderEarlyFraudWarning(made.value, context.livemode)
    case 'file':
      return renderFile(made.value, context)
    case 'refunds':
    case 'sources':
      return undefined
    default:
      return made satisfies never
  }
}

// --- reading ----------------------------------------------------------------------------------------------------------

/** Renders what was read anew for each place in which it stands: what is expanded inside differs. */
type Found = () => ApiObject

/** What one answer reads, each object once, and those of a list together. */
type Readers = {
  readonly object: (id: string) => Promise<Found | undefined>
  /** The refunds of a charge, newest first. */
  readonly refunds: (charge: string) => Promise<readonly Refund[] | undefined>
  /** What a customer has on file, newest first. */
  readonly sources: (customer: string) => Promise<readonly CustomerSource[] | undefined>
}

/** By context, which is made anew for each answer. */
const readers = new WeakMap<Context, Readers>()

function readersOf(context: Context): Readers {
  let ours = readers.get(context)
  if (!ours) {
    ours = {
      object: gathered((ids) => readObjects(context, ids)),
      refunds: gathered((charges) => readRefunds(context, charges)),
      sources: gathered((customers) => readSources(context, customers)),
    }
    readers.set(context, ours)
  }
  return ours
}

/** A kind of which many may be read at once; without one, each is a statement of its own. */
type Kind<T> = Stored<T> & { readonly render: (value: T, context: Context) => ApiObject }

function kind<T extends { readonly id: string }>(described: Kind<T>) {
  return async (context: Context, ids: readonly string[], found: Map<string, Found>): Promise<void> => {
    for (const value of await readAllWith(context, described, 'id', ids)) {
      found.set(value.id, () => described.render(value, context))
    }
  }
}

const SOURCES = kind({ ...SOURCES_TABLE, read: readSource, render: renderCustomerSource })

const DISPUTES = kind({ ...DISPUTES_TABLE, read: readDispute, render: renderDispute })

const KINDS: ReadonlyMap<string, ReturnType<typeof kind>> = new Map([
  ['ch', kind({ ...CHARGES_TABLE, read: readCharge, render: (one, context) => renderCharge(one, sceneOf(context)) })],
  ['cus', kind({ ...CUSTOMERS_TABLE, read: readCustomer, render: renderCustomer })],
  ['card', SOURCES],
  ['src', SOURCES],
  ['po', kind({ ...PAYOUTS_TABLE, read: readPayout, render: renderPayout })],
  ['ba', kind({ ...BANK_ACCOUNTS_TABLE, read: readBankAccount, render: renderDestination })],
  ['dp', DISPUTES],
  ['du', DISPUTES],
  ['file', kind({ ...FILES_TABLE, read: readFile, render: renderFile })],
  ['re', kind({ ...REFUNDS_TABLE, read: readRefund, render: renderRefund })],
  [
    'txn',
    kind({
      ...TRANSACTIONS_TABLE,
      read: readTransaction,
      render: (one, { now }) => renderBalanceTransaction(one, now),
    }),
  ],
])

/** Where a payout went: a bank account that was removed says only that. */
function renderDestination(bank: BankAccount, context: Context): ApiObject {
  return bank.deleted ? renderDeletedBankAccount(bank) : renderBankAccount(bank, sceneOf(context))
}

async function readObjects(context: Context, ids: readonly string[]): Promise<Map<string, Found>> {
  const found = new Map<string, Found>()
  const reading = [...Map.groupBy(ids, prefixOf)].map(async ([prefix, ofKind]) => {
    const readMany = KINDS.get(prefix)
    if (readMany && ofKind.length > 1) await readMany(context, ofKind, found)
    else for (const id of ofKind) await readOne(context, id, found)
  })
  await Promise.all(reading)
  return found
}

async function readOne(context: Context, id: string, found: Map<string, Found>): Promise<void> {
  const render = await readObject(context, id)
  if (render) found.set(id, render)
}

async function readObject(context: Context, id: string): Promise<Found | undefined> {
  switch (prefixOf(id)) {
    case 'ch':
      return rendered(await retrieveCharge(context, { charge: id }), (charge) => renderCharge(charge, sceneOf(context)))
    case 'cus':
      return rendered(await retrieveCustomer(context, { customer: id }), (customer) =>
        renderCustomer(customer, context),
      )
    case 'card':
    case 'src': {
      const source = await findSource(context, id)
      return source && (() => renderCustomerSource(source, context))
    }
    case 'dp':
    case 'du':
      return rendered(await retrieveDispute(context, { dispute: id }), (dispute) => renderDispute(dispute, context))
    case 'file':
      return rendered(await retrieveFile(context, { file: id }), (file) => renderFile(file, context))
    case 're':
      return rendered(await retrieveRefund(context, { refund: id }), renderRefund)
    case 'po':
      return rendered(await retrievePayout(context, { payout: id }), (payout) => renderPayout(payout, context))
    case 'ba': {
      const bank = await findBankAccount(context, id)
      return bank && (() => renderDestination(bank.value, context))
    }
    case 'txn':
      return rendered(await retrieveBalanceTransaction(context, { id }), (transaction) =>
        renderBalanceTransaction(transaction, context.now),
      )
    default:
      return undefined
  }
}

function rendered<T>({ answer }: Outcome<T>, render: (value: T) => ApiObject): Found | undefined {
  return 'value' in answer ? () => render(answer.value) : undefined
}

async function readRefunds(context: Context, charges: readonly string[]): Promise<Map<string, Refund[]>> {
  const refunds = await readAllWith(context, { ...REFUNDS_TABLE, read: readRefund }, 'charge', charges)
  return Map.groupBy(refunds, ({ charge }) => charge)
}

function prefixOf(id: string): string {
  return id.slice(0, id.indexOf('_'))
}

async function readSources(context: Context, customers: readonly string[]): Promise<Map<string, CustomerSource[]>> {
  const described = { ...SOURCES_TABLE, read: readSource }
  const onFile = await readAllWith(context, described, 'customer', customers, 'attached = 1')
  return Map.groupBy(onFile.sort(newestFirst), ({ customer }) => String(customer))
}

function sceneOf({ account, livemode, publicUrl }: Context) {
  return { account: account.id, livemode, publicUrl }
}
