import { readChargeNamed } from '../charges/operations.ts'
import { errors } from '../errors.ts'
import type { EarlyFraudWarningId } from '../ids.ts'
import { type ListCommand, listPage, type Named, visible } from '../lookup.ts'
import { type Context, found, type Operation, type Outcome, unitOf } from '../operation.ts'
import type { Condition, Page } from '../store/paging.ts'
import { type EarlyFraudWarning, settle, warn } from './early-fraud-warning.ts'
import { insertWarning, readWarning, updateWarning, WARNINGS_TABLE, warningById } from './repository.ts'

const IN_URL: Named = { word: 'early fraud warning', param: 'early_fraud_warning', where: 'url' }

export const retrieveWarning: Operation<{ id: string }, EarlyFraudWarning> = async (context, { id }) => {
  const stored = await warningById(context.store, context.account.id, id)
  return found(visible(context, stored, id, IN_URL).value)
}

export type ListWarnings = ListCommand & {
  readonly charge?: string | undefined
  readonly payment_intent?: string | undefined
}

/** Early fraud warnings, newest first. There are no PaymentIntents here, so none is found. */
export const listWarnings: Operation<ListWarnings, Page<EarlyFraudWarning>> = async (context, command) => {
  const { charge, payment_intent } = command
  if (payment_intent !== undefined) throw errors.paymentIntentNotFound(payment_intent)
  if (charge !== undefined)
    await readChargeNamed(context, charge, { word: 'charge', param: 'charge', where: 'parameter' })
  const byId = (id: string) => warningById(context.store, context.account.id, id)
  const listed = { ...WARNINGS_TABLE, word: IN_URL.word, read: readWarning, byId }
  const conditions: Condition[] = charge === undefined ? [] : [{ sql: 'charge = ?', values: [charge] }]
  return found(await listPage(context, listed, command, conditions))
}

/** Keeps what an issuer has warned of. The charge that it names is the caller's to change. */
export function recordWarning(context: Context, charge: string): Outcome<EarlyFraudWarning> {
  const { account, livemode, now, ids } = context
  const id: EarlyFraudWarningId = ids.next('issfr')
  const warning: EarlyFraudWarning = {
    id,
    created: now,
    charge,
    fraudType: 'made_with_stolen_card',
    actionable: true,
  }
  return unitOf(context, warn(warning), (made) => ({
    writes: [insertWarning(account.id, livemode, made)],
    made: [{ object: 'early_fraud_warning', value: made }],
  }))
}

/** The same outcome, with the charge's warning settled by it: the charge is disputed, or refunded in full. */
export async function settlingWarning<T>(
  context: Context,
  { earlyFraudWarning }: { readonly earlyFraudWarning: EarlyFraudWarningId | null },
  outcome: Outcome<T>,
): Promise<Outcome<T>> {
  if (earlyFraudWarning === null || 'error' in outcome.answer) return outcome
  const stored = await warningById(context.store, context.account.id, earlyFraudWarning)
  if (!stored?.value.actionable) return outcome
  const settled = unitOf(context, settle(stored.value), (warning) => ({
    writes: [updateWarning(context.account.id, stored, warning)],
    made: [{ object: 'early_fraud_warning', value: warning }],
  }))
  return { ...outcome, writes: [...outcome.writes, ...settled.writes], made: [...outcome.made, ...settled.made] }
}
