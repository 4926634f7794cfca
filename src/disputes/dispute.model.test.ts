import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Charge, refund, refundable } from '../charges/charge.ts'
import type { Decision } from '../decision.ts'
import type { LedgerTransaction } from '../ledger/ledger.ts'
import { NOON, sold } from './charge.fixture.ts'
import { endInquiry, lapse, nextOf, rule } from './course.ts'
import {
  close,
  type Dispute,
  type Disputed,
  type DisputeStatus,
  isClosed,
  isInquiry,
  open,
  type Standing,
  update,
  withholds,
} from './dispute.ts'
import { disputeFee } from './dispute-fee.ts'

/** Any life of the disputes of one charge: what the bank, the merchant and time do to them, in any order. */

type Command =
  | { do: 'open'; part: number | null; isInquiry: boolean }
  | { do: 'answer'; which: number; text: string; submit: boolean | undefined }
  | { do: 'close'; which: number }
  | { do: 'wait'; which: number }
  | { do: 'refund'; amount: number }

const WORDS = ['winning_evidence', 'losing_evidence', 'escalate_inquiry_evidence', 'We are right.'] as const

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    do: fc.constant('open' as const),
    part: fc.option(fc.integer({ min: 1, max: 1200 })),
    isInquiry: fc.boolean(),
  }),
  fc.record({
    do: fc.constant('answer' as const),
    which: fc.nat(3),
    text: fc.constantFrom(...WORDS),
    submit: fc.constantFrom(undefined, true, false),
  }),
  fc.record({ do: fc.constant('close' as const), which: fc.nat(3) }),
  fc.record({ do: fc.constant('wait' as const), which: fc.nat(3) }),
  fc.record({ do: fc.constant('refund' as const), amount: fc.integer({ min: 1, max: 400 }) }),
)

/** Stripe's table of states: where each may go. */
const NEXT: Readonly<Record<DisputeStatus, readonly DisputeStatus[]>> = {
  warning_needs_response: ['warning_under_review', 'warning_closed'],
  warning_under_review: ['warning_closed', 'needs_response'],
  warning_closed: [],
  needs_response: ['under_review', 'lost'],
  under_review: ['won', 'lost'],
  won: [],
  lost: [],
}

type World = {
  charge: Charge
  disputes: Dispute[]
  now: number
  rows: LedgerTransaction[]
  readonly returnsDisputeFee: boolean
}

function take(world: World, decision: Decision<Disputed>): void {
  if (decision.refused) return
  const { dispute, charge } = decision.value
  const at = world.disputes.findIndex(({ id }) => id === dispute.id)
  const before = world.disputes[at]
  if (before) {
    assert(!isClosed(before) || before === dispute, 'an end is left')
    const isKept = before.status === dispute.status
    assert(isKept || NEXT[before.status].includes(dispute.status), `${before.status} → ${dispute.status}`)
    world.disputes[at] = dispute
  } else world.disputes.push(dispute)
  const moved = decision.transactions.length > 0
  const types = decision.events.map(({ type }) => type)
  assert.equal(
    moved,
    types.some((type) => /funds_(withdrawn|reinstated)$/.test(type)),
    'money that moves is told of',
  )
  assert.equal(isClosed(dispute), types.includes('charge.dispute.closed'), 'an end is told of')
  world.charge = charge
  world.rows.push(...decision.transactions)
}

function standing(world: World, which: number): Standing | null {
  const dispute = world.disputes[which % Math.max(1, world.disputes.length)]
  return dispute ? { dispute, charge: world.charge, refunds: [] } : null
}

const NOTHING = { evidence: {}, enhancedEvidence: null, submit: undefined, metadata: undefined }

function run(world: World, command: Command): void {
  const id = `txn_${world.rows.length}_${world.disputes.length}`
  if (command.do === 'open') {
    const { part: amount, isInquiry } = command
    const wanted = { id: `du_${world.disputes.length}`, amount, reason: 'fraudulent', isInquiry } as const
    const rest = { networkReasonCode: null, eligibility: null, evidence: {}, transaction: id }
    const decision = open(world.charge, [{ ...wanted, ...rest }], world.now)
    if (decision.refused) return
    const [dispute] = decision.value.disputes
    assert(dispute)
    take(world, { ...decision, value: { dispute, charge: decision.value.charge } })
    return
  }
  if (command.do === 'refund') {
    const wanted = { id: 're_1', amount: command.amount, reason: null, metadata: {}, transaction: id }
    const decision = refund(world.charge, wanted, [], world.now)
    const isFree = world.charge.amountWithheld === 0 && command.amount <= refundable(world.charge)
    assert.equal(decision.refused === undefined, isFree, 'withheld money cannot be refunded, other money can')
    if (!decision.refused) world.charge = decision.value.charge
    return
  }
  const of = standing(world, command.which)
  if (!of) return
  if (command.do === 'close') take(world, close(of))
  else if (command.do === 'answer') {
    const evidence = { uncategorized_text: command.text }
    const decision = update(of, { ...NOTHING, evidence, submit: command.submit }, world.now)
    if (!decision.refused) take(world, { ...decision, value: { dispute: decision.value, charge: of.charge } })
  } else {
    const due = nextOf(of.dispute)
    if (!due) return
    world.now = Math.max(world.now, due.due)
    if (due.kind === 'dispute_deadline') take(world, lapse(of, world.now))
    else if (due.kind === 'dispute_ruling') take(world, rule(of, id, world, world.now))
    else take(world, endInquiry(of))
  }
}

function check({ charge, disputes, rows, returnsDisputeFee }: World): void {
  for (const dispute of disputes) {
    const own = rows.filter(({ source }) => source === dispute.id)
    assert.deepEqual(dispute.transactions, own, 'a dispute shows its rows')
    const moved = own.reduce((sum, { amount }) => sum + amount, 0)
    const paid = own.reduce((sum, { fee }) => sum + fee, 0)
    assert.equal(moved, withholds(dispute) ? -dispute.amount : 0, 'its rows net to its outcome')
    const isFree = isInquiry(dispute) || (dispute.status === 'won' && returnsDisputeFee)
    assert.equal(paid, isFree ? 0 : disputeFee(dispute.currency))
    const due = nextOf(dispute)
    if (isClosed(dispute)) assert.equal(due, null)
  }
  const sumOf = (those: (dispute: Dispute) => boolean) =>
    disputes.filter(those).reduce((sum, { amount }) => sum + amount, 0)
  assert.equal(charge.amountWithheld, sumOf(withholds))
  assert.equal(
    charge.amountInquired,
    sumOf((one) => isInquiry(one) && !isClosed(one)),
  )
  assert(charge.amountWithheld + charge.amountInquired <= charge.amountCaptured)
  assert.equal(charge.dispute, disputes.at(-1)?.id ?? null)
  for (const { postings } of rows)
    assert.equal(
      postings.reduce((sum, { amount }) => sum + amount, 0),
      0,
    )
}

describe('any life of disputes', () => {
  it('keeps the laws: rows net to outcomes, ends are final, nothing is withheld twice', () => {
    fc.assert(
      fc.property(
        fc.array(command, { maxLength: 40 }),
        fc.constantFrom('usd', 'eur', 'jpy'),
        fc.boolean(),
        (commands, currency, returnsDisputeFee) => {
          const world: World = { charge: sold({ currency }), disputes: [], now: NOON, rows: [], returnsDisputeFee }
          for (const one of commands) {
            run(world, one)
            check(world)
          }
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('comes to an end by itself, unless the bank has evidence on which it never rules', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 20 }), (commands) => {
        const world: World = { charge: sold(), disputes: [], now: NOON, rows: [], returnsDisputeFee: false }
        for (const one of commands) run(world, one)
        for (let which = 0; which < world.disputes.length; which++) {
          for (let steps = 0; steps < 4; steps++) run(world, { do: 'wait', which })
          const dispute = world.disputes[which]
          assert(dispute && (isClosed(dispute) || dispute.status === 'under_review'))
          assert.equal(nextOf(dispute), null)
        }
      }),
    )
  })
})
