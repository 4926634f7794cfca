import { bankSequelOf } from '../cards/operations.ts'
import type { Charge } from '../charges/charge.ts'
import { readChargeNamed, replaceCharge } from '../charges/operations.ts'
import { scheduleDue, settleDue } from '../clock/due.ts'
import { findCustomer } from '../customers/operations.ts'
import type { Decision } from '../decision.ts'
import { recordWarning, settlingWarning } from '../early-fraud-warnings/operations.ts'
import { errors, type StripeError } from '../errors.ts'
import { readFileNamed } from '../files/operations.ts'
import { isBefore } from '../http/versions/version.ts'
import type { DisputeId } from '../ids.ts'
import { type ListCommand, listPage, type Named, visible } from '../lookup.ts'
import { type Context, found, mapAnswer, type Operation, type Outcome, refused, unitOf } from '../operation.ts'
import { allRefundsOf } from '../refunds/charge-refunds.ts'
import type { Condition, Page } from '../store/paging.ts'
import type { Write } from '../store/store.ts'
import { type Complaint, complaintsAbout } from './bank.ts'
import { endInquiry, lapse, nextOf, rule } from './course.ts'
import {
  close,
  type Dispute,
  type DisputeChange,
  type Disputed,
  type Opened,
  open,
  type Standing,
  update,
} from './dispute.ts'
import { type Evidence, filesOf, mergeEvidence } from './evidence.ts'
import { DISPUTES_TABLE, disputeById, insertDispute, readDispute, updateDispute } from './repository.ts'

/** A dispute by its id, or by that of its charge: the address of 2019. */
export type NamedDispute = { readonly dispute: string } | { readonly charge: string }

export const retrieveDispute: Operation<NamedDispute, Dispute> = async (context, named) =>
  found((await readDisputeNamed(context, named)).value)

export type ListDisputes = ListCommand & {
  readonly charge?: string | undefined
  readonly payment_intent?: string | undefined
}

/** Disputes, newest first. There are no PaymentIntents here, so none is found. */
export const listDisputes: Operation<ListDisputes, Page<Dispute>> = async (context, command) => {
  const { charge, payment_intent } = command
  if (payment_intent !== undefined) throw errors.paymentIntentNotFound(payment_intent)
  if (charge !== undefined)
    await readChargeNamed(context, charge, { word: 'charge', param: 'charge', where: 'parameter' })
  const byId = (id: string) => disputeById(context.store, context.account.id, id)
  const listed = { ...DISPUTES_TABLE, word: 'dispute', read: readDispute, byId }
  const conditions: Condition[] = charge === undefined ? [] : [{ sql: 'charge = ?', values: [charge] }]
  return found(await listPage(context, listed, command, conditions))
}

// --- the merchant answers -------------------------------------------------------------------------------------------

export type UpdateDispute = DisputeChange & { readonly named: NamedDispute }

/** Keeps evidence and metadata of a dispute, and hands the evidence to the bank. */
export const updateDisputeEvidence: Operation<UpdateDispute, Dispute> = async (context, { named, ...change }) => {
  const place = await placeOf(context, (await readDisputeNamed(context, named)).value.id)
  const { dispute } = place.standing
  const decision = update(place.standing, change, context.now)
  const wrong = decision.refused ? null : await filesError(context, mergeEvidence(dispute.evidence, change.evidence))
  if (wrong) return refused(wrong)
  return unitOf(context, decision, (after) => ({
    writes: [...place.replace(after), ...rescheduled(context, dispute, after)],
    made: madeBy({ dispute: after, charge: place.standing.charge }),
  }))
}

/** Stripe: the files of a dispute may have 4.5 MB together. */
const EVIDENCE_BYTES = 4.5 * 1024 * 1024

async function filesError(context: Context, evidence: Evidence): Promise<StripeError | null> {
  let size = 0
  for (const { field, id } of filesOf(evidence)) {
    const param = `evidence[${field}]`
    const { value: file } = await readFileNamed(context, id, { word: 'file', param, where: 'parameter' })
    if (file.purpose !== 'dispute_evidence') return errors.fileNotEvidence(id, file.purpose, param)
    size += file.size
  }
  return size > EVIDENCE_BYTES ? errors.evidenceFilesTooLarge(EVIDENCE_BYTES) : null
}

/** The merchant gives up. */
export const closeDispute: Operation<NamedDispute, Dispute> = async (context, named) => {
  const place = await placeOf(context, (await readDisputeNamed(context, named)).value.id)
  return changed(context, place, close(place.standing), (after) =>
    rescheduled(context, place.standing.dispute, after.dispute),
  )
}

// --- the bank acts --------------------------------------------------------------------------------------------------

export type OpenDispute = Complaint & { readonly charge: string }

/** What only a bank does at Stripe: a charge is disputed. */
export const openDispute: Operation<OpenDispute, Dispute> = async (context, { charge, ...complaint }) => {
  const stored = await readChargeNamed(context, charge, { word: 'charge', param: 'charge', where: 'parameter' })
  const outcome = await opened(context, stored, [complaint])
  return mapAnswer(outcome, ({ disputes }) => disputes[0] as Dispute)
}

/** What the bank of a test card does after a payment that is captured now. */
export const followPayment: Operation<string, unknown> = async (context, id) => {
  const stored = await readChargeNamed(context, id, IN_URL)
  const sequel = bankSequelOf(context, stored.value.card)
  if (sequel === null) return found(null)
  if (sequel !== 'early_fraud_warning') return opened(context, stored, complaintsAbout(stored.value, sequel))
  const outcome = recordWarning(context, id)
  if ('error' in outcome.answer) return outcome
  const warned: Charge = { ...stored.value, earlyFraudWarning: outcome.answer.value.id }
  return { ...outcome, writes: [...outcome.writes, replaceCharge(context, stored, warned)] }
}

async function opened(
  context: Context,
  stored: StoredCharge,
  complaints: readonly Complaint[],
): Promise<Outcome<Opened>> {
  const { account, livemode, ids, now } = context
  const evidence = await evidenceAtHand(context, stored.value)
  const wanted = complaints.map((complaint) => ({
    ...complaint,
    id: newDisputeId(context),
    evidence,
    transaction: ids.next('txn'),
  }))
  const outcome = unitOf(context, open(stored.value, wanted, now), ({ charge, disputes }) => ({
    writes: [
      ...disputes.map((dispute) => insertDispute(account.id, livemode, dispute)),
      replaceCharge(context, stored, charge),
      ...disputes.flatMap((dispute) => scheduleNext(context, dispute)),
    ],
    made: disputes.flatMap((dispute) => madeBy({ dispute, charge })),
  }))
  return settlingWarning(context, stored.value, outcome)
}

/** Stripe: `dp_…` in 2024 still, `du_…` in 2026; which of them an account sees goes by its version. */
const NEW_PREFIX_SINCE = '2025-03-31'

function newDisputeId({ account, ids }: Context): DisputeId {
  return isBefore(account.apiVersion, NEW_PREFIX_SINCE) ? ids.next('dp') : ids.next('du')
}

/** Stripe fills in what it knows of the customer and the purchase. */
async function evidenceAtHand(context: Context, charge: Charge): Promise<Evidence> {
  const { customer: id, card, receiptEmail, description } = charge
  const named: Named = { word: 'customer', param: 'customer', where: 'parameter' }
  const customer = id === null ? null : (await findCustomer(context, id, named)).value
  return mergeEvidence(
    {},
    {
      customer_email_address: receiptEmail ?? customer?.email ?? null,
      customer_name: card.name ?? customer?.name ?? null,
      product_description: description,
    },
  )
}

// --- what happens by itself -----------------------------------------------------------------------------------------

/** The deadline of a dispute has passed; nothing where it was answered before. */
export const lapseDispute: Operation<string, unknown> = async (context, id) =>
  happens(context, id, 'dispute_deadline', (standing) => lapse(standing, context.now))

/** The bank rules on the evidence that it got. */
export const ruleDispute: Operation<string, unknown> = async (context, id) =>
  happens(context, id, 'dispute_ruling', (standing) =>
    rule(standing, context.ids.next('txn'), context.account, context.now),
  )

/** Nothing more was heard of an inquiry. */
export const closeInquiry: Operation<string, unknown> = async (context, id) =>
  happens(context, id, 'inquiry_end', endInquiry)

type Happens = (standing: Standing) => Decision<Disputed>

/** Lets happen what is next for a dispute, if it still is. The worker takes it off the list itself. */
async function happens(context: Context, id: string, kind: string, decide: Happens): Promise<Outcome<unknown>> {
  const place = await placeOf(context, id)
  const { dispute } = place.standing
  if (nextOf(dispute)?.kind !== kind) return found(null)
  return changed(context, place, decide(place.standing), (after) => scheduleNext(context, after.dispute))
}

/** The writes that put on the account's list what happens next to a dispute by itself. */
function scheduleNext({ account, livemode }: Context, dispute: Dispute): Write[] {
  const next = nextOf(dispute)
  return next ? scheduleDue(account.id, livemode, { ...next, object: dispute.id }) : []
}

/** The writes that put something else on the list than before, where it is something else. */
function rescheduled(context: Context, before: Dispute, after: Dispute): Write[] {
  const [was, is] = [nextOf(before), nextOf(after)]
  if (was?.kind === is?.kind && was?.due === is?.due) return []
  return [...(was ? [settleDue(context.account.id, was.kind, before.id)] : []), ...scheduleNext(context, after)]
}

// --- what all share -------------------------------------------------------------------------------------------------

const IN_URL: Named = { word: 'charge', param: 'charge', where: 'url' }

type StoredCharge = Awaited<ReturnType<typeof readChargeNamed>>

async function readDisputeNamed(context: Context, named: NamedDispute) {
  const id = 'dispute' in named ? named.dispute : await disputeOfCharge(context, named.charge)
  const stored = await disputeById(context.store, context.account.id, id)
  return visible(context, stored, id, { word: 'dispute', param: 'dispute', where: 'url' })
}

async function disputeOfCharge(context: Context, id: string): Promise<DisputeId> {
  const { dispute } = (await readChargeNamed(context, id, IN_URL)).value
  if (dispute === null) throw errors.chargeWithoutDispute(id)
  return dispute
}

/** Where a dispute stands, and the writes that put what comes of it in its place. */
async function placeOf(context: Context, id: string) {
  const stored = await readDisputeNamed(context, { dispute: id })
  const storedCharge = await readChargeNamed(context, stored.value.charge, IN_URL)
  const charge = storedCharge.value
  const standing: Standing = { dispute: stored.value, charge, refunds: await allRefundsOf(context, charge) }
  return {
    standing,
    replace: (dispute: Dispute, after: Charge = charge): Write[] => [
      updateDispute(context.account.id, stored, dispute),
      ...(after === charge ? [] : [replaceCharge(context, storedCharge, after)]),
    ],
  }
}

function changed(
  context: Context,
  place: Awaited<ReturnType<typeof placeOf>>,
  decision: Decision<Disputed>,
  scheduling: (after: Disputed) => readonly Write[],
): Outcome<Dispute> {
  const outcome = unitOf(context, decision, (after) => ({
    writes: [...place.replace(after.dispute, after.charge), ...scheduling(after)],
    made: madeBy(after),
  }))
  return mapAnswer(outcome, ({ dispute }) => dispute)
}

function madeBy({ dispute, charge }: Disputed) {
  return [
    { object: 'dispute', value: dispute },
    { object: 'charge', value: charge },
  ] as const
}
