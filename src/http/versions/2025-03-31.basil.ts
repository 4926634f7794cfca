import type { VersionStep } from './step.ts'

/** Codes that are the decline code as well; only newer versions say so twice. */
const CODES_OF_THEIR_OWN = new Set(['expired_card', 'incorrect_cvc', 'incorrect_zip', 'processing_error'])

/**
 * 2025-03-31.basil: charges lost `invoice` (payments of invoices became objects of their own), and releasing an
 * authorization no longer makes a Refund. The second is not a matter of shape but of what happens, and is decided where
 * a charge is captured.
 *
 * The decline code beside `expired_card` and its kin was absent on 2023-10-16 and is there on 2026-06-24; the day on
 * which it came is not known, so it is taken to be this version's.
 */
export const step: VersionStep = {
  version: '2025-03-31.basil',
  change: 'Charges have no invoice; releasing an authorization makes no Refund.',
  down: {
    charge(charge) {
      charge.invoice = null
    },
  },
  downError(error) {
    if (CODES_OF_THEIR_OWN.has(String(error.code))) error.decline_code = undefined
  },
}
