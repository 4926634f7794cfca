import { accept, type Decision } from '../decision.ts'
import type { ChargeId, EarlyFraudWarningId } from '../ids.ts'
import type { UnixSeconds } from '../money.ts'

/** An issuer says that a charge may be fraud: there is still time to refund it before it is disputed. */
export type EarlyFraudWarning = {
  readonly id: EarlyFraudWarningId
  readonly created: UnixSeconds
  readonly charge: ChargeId
  readonly fraudType: 'made_with_stolen_card'
  /** Stripe: the charge is neither disputed nor fully refunded. */
  readonly actionable: boolean
}

/** Keeps a new warning. */
export function warn(warning: EarlyFraudWarning): Decision<EarlyFraudWarning> {
  const told = { object: 'early_fraud_warning', before: null, after: warning } as const
  return accept(warning, { events: [{ type: 'radar.early_fraud_warning.created', ...told }] })
}

/** Nothing can be done about the charge any more: it was disputed, or refunded in full. */
export function settle(warning: EarlyFraudWarning): Decision<EarlyFraudWarning> {
  const after: EarlyFraudWarning = { ...warning, actionable: false }
  const told = { object: 'early_fraud_warning', before: warning, after } as const
  return accept(after, { events: [{ type: 'radar.early_fraud_warning.updated', ...told }] })
}
