import type { EarlyFraudWarning } from './early-fraud-warning.ts'

/** Stripe's early fraud warning, newest version. */
export function renderEarlyFraudWarning(warning: EarlyFraudWarning, livemode: boolean) {
  return {
    id: warning.id,
    object: 'radar.early_fraud_warning',
    actionable: warning.actionable,
    charge: warning.charge,
    created: warning.created,
    fraud_type: warning.fraudType,
    livemode,
  } as const
}
