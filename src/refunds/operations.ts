import { sequelOf } from '../cards/operations.ts'
import { isFullyRefunded, type Refunded, refund as refundCharge } from '../charges/charge.ts'
import { readChargeNamed, replaceCharge } from '../charges/operations.ts'
import { type DueKind, scheduleDue, settleDue } from '../clock/due.ts'
import { settlingWarning } from '../early-fraud-warnings/operations.ts'
import { errors } from '../errors.ts'
import { type ListCommand, listPage, visible } from '../lookup.ts'
import { type MetadataChange, mergeMetadata, NO_METADATA } from '../metadata.ts'
import type { Minor } from '../money.ts'
import type { Sequel } from '../network/test-cards.ts'
import { type Context, found, type Operation, refused, rejected, unitOf } from '../operation.ts'
import type { Page } from '../store/paging.ts'
import type { Write } from '../store/store.ts'
import { allRefundsOf, recordRefund } from './charge-refunds.ts'
import { type Refund, type RefundReason, updateRefund } from './refund.ts'
import { REFUNDS_TABLE, readRefund, refundById, type StoredRefund, updateRefundRow } from './repository.ts'
import { fail, succeed } from './result.ts'

export type CreateRefund = {
  readonly charge: string | undefined
  readonly amount: Minor | undefined
  readonly reason: RefundReason | undefined
  readonly metadata: MetadataChange | undefined
}

/** Refunds a charge, in full or in part; a hold only whole, which releases it. Answers both as they are then. */
export const createRefund: Operation<CreateRefund, Refunded> = async (context, command) => {
  if (command.charge === undefined) return rejected(errors.refundNeedsCharge())
  const metadata = mergeMetadata(NO_METADATA, command.metadata)
  if (metadata instanceof Error) return rejected(metadata)
  // An unknown charge is 404 here, although it stands in a parameter (observed).
  const stored = await readChargeNamed(context, command.charge, { word: 'charge', param: 'id', where: 'url' })
  const refunds = await allRefundsOf(context, stored.value)
  const sequel = sequelOf(context, stored.value.card)
  const wanted = {
    id: context.ids.next('re'),
    amount: command.amount ?? null,
    reason: command.reason ?? null,
    metadata,
    transaction: context.ids.next('txn'),
    isPending: sequel === 'refund_pending',
  }
  const outcome = unitOf(context, refundCharge(stored.value, wanted, refunds, context.now), ({ charge, refund }) => ({
    writes: [
      replaceCharge(context, stored, charge),
      recordRefund(context, refund),
      ...(charge.state === 'released' ? [settleDue(context.account.id, 'charge_hold', charge.id)] : []),
      ...resultLater(context, refund, sequel),
    ],
    made: [
      { object: 'charge', value: charge },
      { object: 'refund', value: refund },
      { object: 'refunds', charge: charge.id, value: [refund, ...refunds] },
    ],
  }))
  const { answer } = outcome
  const isOver = 'value' in answer && isFullyRefunded(answer.value.charge)
  return isOver ? settlingWarning(context, stored.value, outcome) : outcome
}

/** Stripe tells the result of an asynchronous refund after some seconds; how many is not said. */
const RESULT_AFTER_SECONDS = 5

/** What becomes of the refund of some test cards. A hold that was released has moved no money, so that none comes back. */
function resultLater({ account, livemode, now }: Context, refund: Refund, sequel: Sequel | null): readonly Write[] {
  const kind = refund.balanceTransaction === null || sequel === null ? undefined : RESULTS[sequel]
  if (kind === undefined) return []
  return scheduleDue(account.id, livemode, { kind, object: refund.id, due: now + RESULT_AFTER_SECONDS })
}

const RESULTS: Readonly<Partial<Record<Sequel, DueKind>>> = {
  refund_pending: 'refund_success',
  refund_failing: 'refund_failure',
}

/** A pending refund succeeds now; nothing where it has failed meanwhile. */
export const succeedRefund: Operation<string, unknown> = async (context, id) => {
  const stored = await refundById(context.store, context.account.id, id)
  if (stored?.value.status !== 'pending') return found(null)
  return unitOf(context, succeed(stored.value), (refund) => ({
    writes: [updateRefundRow(context.account.id, stored, refund)],
  }))
}

/** A refund comes back now, to the merchant and to its charge; nothing where it has failed before. */
export const failRefund: Operation<string, unknown> = async (context, id) => {
  const { account, ids, now, store } = context
  const stored = await refundById(store, account.id, id)
  if (stored === undefined || stored.value.status === 'failed') return found(null)
  const charge = await readChargeNamed(context, stored.value.charge, { word: 'charge', param: 'id', where: 'url' })
  const failure = { reason: 'expired_or_canceled_card', transaction: ids.next('txn') } as const
  return unitOf(context, fail(charge.value, stored.value, failure, now), (after) => ({
    writes: [updateRefundRow(account.id, stored, after.refund), replaceCharge(context, charge, after.charge)],
  }))
}

export type NamedRefund = {
  readonly refund: string
  /** Where the refund is asked for below its charge: it must be one of it. */
  readonly charge?: string | undefined
}

export const retrieveRefund: Operation<NamedRefund, Refund> = async (context, command) =>
  found((await readRefundNamed(context, command)).value)

export type UpdateRefund = NamedRefund & { readonly metadata: MetadataChange | undefined }

/** Changes the metadata of a refund. */
export const updateRefundMetadata: Operation<UpdateRefund, Refund> = async (context, command) => {
  const stored = await readRefundNamed(context, command)
  return unitOf(context, updateRefund(stored.value, command.metadata), (refund) => ({
    writes: [updateRefundRow(context.account.id, stored, refund)],
    made: [{ object: 'refund', value: refund }],
  }))
}

/** Refunds of cards cannot be cancelled: they are on their way at once. */
export const cancelRefund: Operation<NamedRefund, Refund> = async (context, command) => {
  await readRefundNamed(context, command)
  return refused(errors.refundCancelUnsupported())
}

export type ListRefunds = ListCommand & {
  readonly charge?: string | undefined
  readonly payment_intent?: string | undefined
}

/** All refunds, or those of one charge. There are no PaymentIntents here, so none is found. */
export const listRefunds: Operation<ListRefunds, Page<Refund>> = async (context, command) => {
  const { charge, payment_intent } = command
  if (payment_intent !== undefined) throw errors.paymentIntentNotFound(payment_intent)
  if (charge !== undefined)
    await readChargeNamed(context, charge, { word: 'charge', param: 'charge', where: 'parameter' })
  return found(await refundPage(context, command, (id) => refundById(context.store, context.account.id, id)))
}

/** The refunds of the charge in the URL. A refund of another charge is none in this list, as a cursor too. */
export const listRefundsOfCharge: Operation<ListCommand & { charge: string }, Page<Refund>> = async (
  context,
  command,
) => {
  await readChargeNamed(context, command.charge, { word: 'charge', param: 'id', where: 'url' })
  return found(
    await refundPage(context, command, (id) => refundOfCharge(context, { refund: id, charge: command.charge })),
  )
}

type RefundById = (id: string) => Promise<StoredRefund | undefined>

function refundPage(context: Context, command: ListRefunds, byId: RefundById): Promise<Page<Refund>> {
  const listed = { ...REFUNDS_TABLE, word: 'refund', read: readRefund, byId }
  const { charge } = command
  return listPage(context, listed, command, charge === undefined ? [] : [{ sql: 'charge = ?', values: [charge] }])
}

async function readRefundNamed(context: Context, named: NamedRefund) {
  const stored = await refundOfCharge(context, named)
  return visible(context, stored, named.refund, { word: 'refund', param: 'refund', where: 'url' })
}

async function refundOfCharge(context: Context, { refund: id, charge }: NamedRefund) {
  const stored = await refundById(context.store, context.account.id, id)
  return charge === undefined || stored?.value.charge === charge ? stored : undefined
}
