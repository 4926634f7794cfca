import type { CardChecks } from '../cards/card.ts'

/** How risky a payment looks before the network is asked. */
export type RiskAssessment = {
  readonly level: 'normal' | 'elevated' | 'highest'
  /** 0 to 99; from 65 on the level is `elevated`, from 75 on `highest`. */
  readonly score: number
  /** On a list that no setting switches off. */
  readonly alwaysBlocked: boolean
}

/** The account's two switches (`settings.card_payments.decline_on`). */
export type DeclineOn = { readonly cvcFailure: boolean; readonly avsFailure: boolean }

/** Stripe's built-in rule `Block if :risk_level: = 'highest'`. */
export const BLOCK_IF_HIGHEST = 'block_if_high_risk'

/** Whether the payment is stopped before the network is asked. */
export function blocksBeforeNetwork(risk: RiskAssessment): boolean {
  return risk.alwaysBlocked || risk.level === 'highest'
}

/**
 * Whether an approved authorization is reversed, because a check that the account insists on failed: the decline code
 * then, else null. Only a check that failed counts; one that was not made never does (Stripe: built-in rules).
 */
export function blocksAfterNetwork(checks: CardChecks, declineOn: DeclineOn): 'incorrect_cvc' | 'incorrect_zip' | null {
  if (declineOn.cvcFailure && checks.cvc === 'fail') return 'incorrect_cvc'
  if (declineOn.avsFailure && checks.zip === 'fail') return 'incorrect_zip'
  return null
}
