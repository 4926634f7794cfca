import type { AdviceCode, AuthorizationResponse, Decline } from '../network/acquirer.ts'
import { BLOCK_IF_HIGHEST, blocksAfterNetwork, type DeclineOn, type RiskAssessment } from '../radar/radar.ts'

/** Stripe's `outcome` of a charge, as it is kept. */
export type ChargeOutcome = {
  readonly type: 'authorized' | 'issuer_declined' | 'blocked'
  readonly networkStatus:
    | 'approved_by_network'
    | 'declined_by_network'
    | 'not_sent_to_network'
    | 'reversed_after_approval'
  readonly reason: string | null
  readonly riskLevel: RiskAssessment['level']
  readonly riskScore: number
  readonly rule: string | null
  readonly sellerMessage: string
  readonly adviceCode: AdviceCode | null
  readonly networkAdviceCode: string | null
  readonly networkDeclineCode: string | null
}

const NO_ADVICE = { adviceCode: null, networkAdviceCode: null, networkDeclineCode: null }

/** What Radar and the network made of a payment; `declineCode` is null where it was authorized. */
export type Verdict = { readonly outcome: ChargeOutcome; readonly declineCode: string | null }

/** The payment was stopped before the network was asked (Stripe: blocked payments). */
export function blocked(risk: RiskAssessment): Verdict {
  const outcome: ChargeOutcome = {
    ...NO_ADVICE,
    type: 'blocked',
    networkStatus: 'not_sent_to_network',
    reason: 'highest_risk_level',
    riskLevel: risk.level,
    riskScore: risk.score,
    rule: BLOCK_IF_HIGHEST,
    sellerMessage: 'Stripe blocked this payment as too risky.',
  }
  return { outcome, declineCode: 'fraudulent' }
}

/** The network's answer, and what the account's own switches make of it. */
export function answered(risk: RiskAssessment, response: AuthorizationResponse, declineOn: DeclineOn): Verdict {
  if (!response.approved) return declined(risk, response)
  const failedCheck = blocksAfterNetwork(response.checks, declineOn)
  const outcome: ChargeOutcome = {
    ...NO_ADVICE,
    type: failedCheck ? 'blocked' : 'authorized',
    networkStatus: failedCheck ? 'reversed_after_approval' : 'approved_by_network',
    reason: failedCheck,
    riskLevel: risk.level,
    riskScore: risk.score,
    rule: null,
    sellerMessage: failedCheck ? sellerMessageOf(failedCheck) : 'Payment complete.',
  }
  return { outcome, declineCode: failedCheck }
}

function declined(risk: RiskAssessment, decline: Decline): Verdict {
  const outcome: ChargeOutcome = {
    type: 'issuer_declined',
    networkStatus: 'declined_by_network',
    reason: decline.declineCode,
    riskLevel: risk.level,
    riskScore: risk.score,
    rule: null,
    sellerMessage: sellerMessageOf(decline.declineCode),
    adviceCode: decline.adviceCode,
    networkAdviceCode: decline.networkAdviceCode,
    networkDeclineCode: decline.networkDeclineCode,
  }
  return { outcome, declineCode: decline.declineCode }
}

function sellerMessageOf(declineCode: string): string {
  return declineCode === 'generic_decline'
    ? 'The bank did not return any further details with this decline.'
    : `The bank returned the decline code \`${declineCode}\`.`
}
