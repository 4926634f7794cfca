import type { CardData } from '../cards/operations.ts'
import { errors, StripeError } from '../errors.ts'
import { type ListCommand, listPage, type Named, visible } from '../lookup.ts'
import { type Context, found, type Made, mapAnswer, type Operation, refused, rejected, unitOf } from '../operation.ts'
import { type Attachment, attachmentOf, replaceSource, sourceOfCustomer, sourcesOf } from '../sources/operations.ts'
import type { CustomerSource } from '../sources/source.ts'
import type { Page } from '../store/paging.ts'
import { GuardFailed, type Write } from '../store/store.ts'
import {
  type Customer,
  type CustomerChange,
  create,
  type DefaultChange,
  newCustomer,
  remove,
  update,
} from './customer.ts'
import {
  CUSTOMERS_TABLE,
  customerById,
  insertCustomer,
  readCustomer,
  type StoredCustomer,
  updateCustomerRow,
} from './repository.ts'

export type CreateCustomer = CustomerChange & { readonly source: string | CardData | undefined }

/** Makes a customer. A card that comes along must be good, else nothing is made. */
export const createCustomer: Operation<CreateCustomer, Customer> = async (context, command) => {
  const wrong = invoicePrefixError(command.invoicePrefix)
  if (wrong) return rejected(wrong)
  const { account, ids, livemode, now } = context
  const id = ids.customerId()
  const first = command.source === undefined ? null : await attachmentOf(context, command.source, id, undefined)
  if (first instanceof StripeError) return refused(first)
  const fresh = newCustomer(id, now, newInvoicePrefix(context))
  const outcome = unitOf(context, create(fresh, command, first?.source ?? null), ({ customer, sources }) => ({
    writes: [...(first?.writes ?? []), insertCustomer(account.id, livemode, customer)],
    made: madeBy(customer, sources),
  }))
  return { ...mapAnswer(outcome, ({ customer }) => customer), ...committing(first) }
}

/** Stripe: eight characters, until the merchant names others. */
const INVOICE_PREFIX_LENGTH = 8

function newInvoicePrefix({ ids }: Context): string {
  return ids.random(INVOICE_PREFIX_LENGTH).toUpperCase()
}

const INVOICE_PREFIX = /^[A-Z0-9]{3,12}$/

function invoicePrefixError(prefix: string | undefined): StripeError | null {
  return prefix === undefined || INVOICE_PREFIX.test(prefix) ? null : errors.invoicePrefixInvalid('invoice_prefix')
}

export type UpdateCustomer = CustomerChange & {
  readonly customer: string
  /** A new card or Source: it becomes the default, and the old default is removed. */
  readonly source: string | CardData | undefined
  /** One of those on file that becomes the default. */
  readonly defaultSource: string | undefined
}

/** Changes a customer, and what it is charged by. */
export const updateCustomer: Operation<UpdateCustomer, Customer> = async (context, command) => {
  const stored = await readCustomerNamed(context, command.customer, IN_URL)
  if (command.source !== undefined && command.defaultSource !== undefined) {
    return rejected(errors.parametersExclusive(['source', 'default_source']))
  }
  const wrong = invoicePrefixError(command.invoicePrefix)
  if (wrong) return rejected(wrong)
  const before = stored.value
  const onFile = await allOnFile(context, before)
  const attachment =
    command.source === undefined ? null : await attachmentOf(context, command.source, before.id, undefined)
  if (attachment instanceof StripeError) return refused(attachment)
  const wallet = { customer: before, sources: onFile.map(({ value }) => value) }
  const decision = update(wallet, command, defaultChange(command, wallet.sources, attachment))
  const outcome = unitOf(context, decision, ({ customer, sources, replaced }) => {
    const old = onFile.find(({ value }) => value.id === replaced?.id)
    return {
      writes: [
        ...(attachment?.writes ?? []),
        ...(old && replaced ? [replaceSource(context, old, replaced)] : []),
        replaceCustomer(context, stored, customer),
      ],
      made: madeBy(customer, sources),
    }
  })
  return { ...mapAnswer(outcome, ({ customer }) => customer), ...committing(attachment) }
}

function defaultChange(
  { defaultSource }: UpdateCustomer,
  sources: readonly CustomerSource[],
  attachment: Attachment | null,
): DefaultChange {
  if (attachment) return { kind: 'replace', source: attachment.source }
  if (defaultSource === undefined) return { kind: 'keep' }
  const source = sources.find(({ id }) => id === defaultSource)
  if (!source) throw errors.noSuch('source', defaultSource, 'source', 'parameter')
  return { kind: 'choose', source }
}

/** Deletes a customer and all that it has on file. Its charges stay as they are. */
export const deleteCustomer: Operation<{ customer: string }, Customer> = async (context, { customer: id }) => {
  const stored = await readCustomerNamed(context, id, IN_URL)
  const onFile = await allOnFile(context, stored.value)
  const decision = remove({ customer: stored.value, sources: onFile.map(({ value }) => value) })
  const outcome = unitOf(context, decision, ({ customer, sources }) => ({
    writes: [
      ...onFile.flatMap((one, n) => (sources[n] ? [replaceSource(context, one, sources[n])] : [])),
      replaceCustomer(context, stored, customer),
    ],
    made: madeBy(customer, []),
  }))
  return mapAnswer(outcome, ({ customer }) => customer)
}

/** A customer by its id; also a deleted one, which says only that. */
export const retrieveCustomer: Operation<{ customer: string }, Customer> = async (context, { customer: id }) => {
  return found((await findCustomer(context, id, IN_URL)).value)
}

export type ListCustomers = ListCommand & { readonly email?: string | undefined }

/** The customers that were not deleted; an e-mail address is compared as it stands. */
export const listCustomers: Operation<ListCustomers, Page<Customer>> = async (context, command) => {
  const listed = {
    ...CUSTOMERS_TABLE,
    word: 'customer',
    read: readCustomer,
    byId: (id: string) => customerById(context.store, context.account.id, id),
  }
  const { email } = command
  const conditions = [{ sql: 'deleted = 0', values: [] }]
  const wanted = email === undefined ? conditions : [...conditions, { sql: 'email = ?', values: [email] }]
  return found(await listPage(context, listed, command, wanted))
}

// --- what others do with customers ----------------------------------------------------------------------------------

const IN_URL: Named = { word: 'customer', param: 'id', where: 'url' }

/** A customer that is not deleted, in the key's mode. Throws Stripe's `No such customer`. */
export async function readCustomerNamed(context: Context, id: string, named: Named): Promise<StoredCustomer> {
  const stored = await findCustomer(context, id, named)
  if (stored.value.deleted) throw errors.noSuch(named.word, id, named.param, named.where)
  return stored
}

/** As readCustomerNamed, also one that was deleted. */
export async function findCustomer(context: Context, id: string, named: Named): Promise<StoredCustomer> {
  return visible(context, await customerById(context.store, context.account.id, id), id, named)
}

/** The write that puts `after` in the place of the customer that was read. */
export function replaceCustomer({ account }: Context, stored: StoredCustomer, after: Customer): Write {
  return updateCustomerRow(account.id, stored, after)
}

/** All that a customer has on file, newest first: nothing is read for one that has nothing. */
export async function allOnFile(context: Context, customer: Customer) {
  const { defaultSource } = customer
  if (defaultSource === null) return []
  const sources = await sourcesOf(context, customer.id)
  if (!sources.some(({ value }) => value.id === defaultSource)) throw readBeforeChange()
  return sources
}

/** A commit came between two reads: what was read of the customer first holds no more, and all is read again. */
export function readBeforeChange(): GuardFailed {
  return new GuardFailed('default source of a customer')
}

/** A customer's card or Source that is on file now. */
export async function onFile(context: Context, customer: Customer, id: string) {
  const stored = await sourceOfCustomer(context, customer.id, id)
  return stored?.value.attached ? stored : undefined
}

/** What a unit makes of a customer, for expansions. */
export function madeBy(customer: Customer, sources: readonly CustomerSource[]): Made[] {
  return [
    { object: 'customer', value: customer },
    { object: 'sources', customer: customer.id, value: sources },
    ...sources.map((value) => ({ object: 'customer_source', value }) as const),
  ]
}

function committing(attachment: Attachment | null) {
  return attachment ? { committed: attachment.committed } : {}
}
