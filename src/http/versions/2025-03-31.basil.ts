import { errors } from '../../errors.ts'
import { refused, strings } from '../params.ts'
import { CHANGES_OF_CUSTOMERS } from './customers.ts'
import type { VersionStep } from './step.ts'

/** Codes that are the decline code as well; only newer versions say so twice. */
const CODES_OF_THEIR_OWN = new Set(['expired_card', 'incorrect_cvc', 'incorrect_zip', 'processing_error'])

/**
 * 2025-03-31.basil: charges lost `invoice` (payments of invoices became objects of their own), and releasing an
 * authorization no longer makes a Refund. The second is not a matter of shape but of what happens, and is decided where
 * a charge is captured. Lists no longer count themselves, because counting was the slowest part of them.
 *
 * The decline code beside `expired_card` and its kin was absent on 2023-10-16 and is there on 2026-06-24; the day on
 * which it came is not known, so it is taken to be this version's.
 */
export const step: VersionStep = {
  version: '2025-03-31.basil',
  change:
    'Charges have no invoice; releasing an authorization makes no Refund; lists do not count themselves; customers take no coupons.',
  countsLists: true,
  requests: [
    {
      of: 'lists',
      parameters: { include: strings() },
      refusal: () => errors.totalCountForbidden(),
      up: expandWhatIsIncluded,
    },
    { of: CHANGES_OF_CUSTOMERS, parameters: { coupon: refused(), promotion_code: refused() } },
  ],
  down: {
    charge(charge) {
      charge.invoice = null
    },
  },
  downError(error) {
    if (CODES_OF_THEIR_OWN.has(String(error.code))) error.decline_code = undefined
  },
}

/** `include[]=total_count` is the name of 2014 for what `expand[]=total_count` became; nothing else was ever included. */
function expandWhatIsIncluded(sent: { expand?: readonly string[]; include?: readonly string[] }): void {
  const { expand = [], include } = sent
  if (include === undefined) return
  const other = include.find((name) => name !== 'total_count')
  if (other !== undefined) throw errors.notIncludable(other)
  sent.expand = [...expand, ...include]
}
