import type { CardChecks, Check } from '../../cards/card.ts'
import type { Acquirer, Approval, AuthorizationRequest, AuthorizationResponse, Decline } from '../acquirer.ts'
import { type Behaviour, type CheckResults, testCard } from './cards.ts'
import { DECLINES, type DeclineReason } from './declines.ts'
import { digest } from './digest.ts'

/** The acquirer of test mode: it and the issuers behind it are a table of test cards. */
export function simulator(): Acquirer {
  return { isOutside: false, authorize: simulateAuthorization }
}

/**
 * What the issuer of a test card answers: the same to the same request, whatever the amount, the expiry date and the
 * CVC are; the codes of an approval follow from our reference. Radar's blocks are not its own: a card that Radar would have stopped is approved if it gets here.
 * Source: Stripe's testing page.
 */
export function simulateAuthorization(request: AuthorizationRequest): AuthorizationResponse {
  const { pan, livemode, sent } = request
  const card = testCard(pan)
  if (livemode) return refuse(card ? DECLINES.liveModeTestCard : DECLINES.noIssuer, checksOf(NOT_ASKED, sent))
  if (card === undefined) return refuse(DECLINES.testModeLiveCard, checksOf(NOT_ASKED, sent))

  const checks = checksOf(resultsOf(card.behaviour), sent)
  const reason = declineReason(card.behaviour, request)
  if (reason !== null) return refuse(reason, checks)
  return approve(request, checks)
}

const ALL_PASS: CheckResults = { cvc: 'pass', line1: 'pass', zip: 'pass' }
const CVC_FAILS: CheckResults = { ...ALL_PASS, cvc: 'fail' }
const NOT_ASKED: CheckResults = { cvc: 'unavailable', line1: 'unavailable', zip: 'unavailable' }

function declineReason(behaviour: Behaviour, request: AuthorizationRequest): DeclineReason | null {
  if (behaviour.kind !== 'decline') return null
  const isPayment = request.amount > 0
  switch (behaviour.when) {
    case 'always':
      return behaviour.reason
    case 'cvc_sent':
      return request.sent.cvc ? behaviour.reason : null
    case 'payment':
      return isPayment ? behaviour.reason : null
    case 'payment_unless_stored':
      return isPayment && !request.storedCredential ? behaviour.reason : null
    default:
      return behaviour.when satisfies never
  }
}

/** An issuer that declines for another reason has still found the data right. */
function resultsOf(behaviour: Behaviour): CheckResults {
  switch (behaviour.kind) {
    case 'checks':
      return behaviour.results
    case 'decline':
      return behaviour.when === 'cvc_sent' ? CVC_FAILS : ALL_PASS
    case 'approve':
      return ALL_PASS
    default:
      return behaviour satisfies never
  }
}

/** Only what was sent can be checked; the rest stays null. */
function checksOf(results: CheckResults, sent: AuthorizationRequest['sent']): CardChecks {
  const result = (wasSent: boolean, check: Check) => (wasSent ? check : null)
  return {
    cvc: result(sent.cvc, results.cvc),
    line1: result(sent.line1, results.line1),
    zip: result(sent.zip, results.zip),
  }
}

function refuse(reason: DeclineReason, checks: CardChecks): Decline {
  return { approved: false, checks, ...reason }
}

function approve(request: AuthorizationRequest, checks: CardChecks): Approval {
  const first = digest(request.reference)
  const second = digest(request.reference, first)
  return {
    approved: true,
    checks,
    authorizationCode: authorizationCode(first),
    networkTransactionId: networkTransactionId(first, second),
  }
}

const SIX_BASE_36_DIGITS = 36 ** 6

function authorizationCode(n: number): string {
  return (n % SIX_BASE_36_DIGITS).toString(36).toUpperCase().padStart(6, '0')
}

/** Visa's transaction identifiers have 15 digits: some of each number. */
function networkTransactionId(first: number, second: number): string {
  return lastDigits(first, 7) + lastDigits(second, 8)
}

function lastDigits(n: number, count: number): string {
  return (n % 10 ** count).toString().padStart(count, '0')
}
