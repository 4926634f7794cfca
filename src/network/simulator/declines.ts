import type { Decline } from '../acquirer.ts'

/** A refusal without what the answer adds to it. */
export type DeclineReason = Omit<Decline, 'approved' | 'checks'>

const withoutNetworkCodes = { networkDeclineCode: null, networkAdviceCode: null, adviceCode: null }

/**
 * Why the simulated issuers say no, each in Stripe's word and with the codes that card networks send with it.
 * Source: Stripe's testing and declines pages; the codes as they were seen in its answers since 2024.
 */
export const DECLINES = {
  generic: {
    declineCode: 'generic_decline',
    networkDeclineCode: '01',
    networkAdviceCode: null,
    adviceCode: 'try_again_later',
  },
  insufficientFunds: {
    declineCode: 'insufficient_funds',
    networkDeclineCode: '51',
    networkAdviceCode: '02',
    adviceCode: 'try_again_later',
  },
  lostCard: {
    declineCode: 'lost_card',
    networkDeclineCode: '41',
    networkAdviceCode: '01',
    adviceCode: 'do_not_try_again',
  },
  stolenCard: {
    declineCode: 'stolen_card',
    networkDeclineCode: '43',
    networkAdviceCode: '01',
    adviceCode: 'do_not_try_again',
  },
  velocityExceeded: {
    declineCode: 'card_velocity_exceeded',
    networkDeclineCode: '61',
    networkAdviceCode: '02',
    adviceCode: 'try_again_later',
  },
  expiredCard: {
    declineCode: 'expired_card',
    networkDeclineCode: '54',
    networkAdviceCode: '03',
    adviceCode: 'confirm_card_data',
  },
  incorrectCvc: {
    declineCode: 'incorrect_cvc',
    networkDeclineCode: 'N7',
    networkAdviceCode: '03',
    adviceCode: 'confirm_card_data',
  },
  processingError: {
    declineCode: 'processing_error',
    networkDeclineCode: '06',
    networkAdviceCode: null,
    adviceCode: 'try_again_later',
  },
  authenticationRequired: { declineCode: 'authentication_required', ...withoutNetworkCodes },

  /** A card that is no test card, in test mode. */
  testModeLiveCard: { declineCode: 'test_mode_live_card', ...withoutNetworkCodes },
  /** A test card in live mode. */
  liveModeTestCard: { declineCode: 'live_mode_test_card', ...withoutNetworkCodes },
  /** A real card in live mode: the simulator knows no issuer, and must never approve money that nobody will pay. */
  noIssuer: { declineCode: 'issuer_not_available', ...withoutNetworkCodes },
} as const satisfies Record<string, DeclineReason>
