import type { ApiObject } from '../answer.ts'
import type { VersionStep } from './step.ts'

/**
 * 2020-08-27: a customer no longer carries its sources, subscriptions and tax ids, because most calls that read one did
 * not want them; and 3-D Secure on a card has one result in the place of two booleans.
 */
export const step: VersionStep = {
  version: '2020-08-27',
  change: 'Customers carry sources, subscriptions and tax ids only when expanded; 3-D Secure has a result.',
  alwaysExpanded: { customer: ['sources', 'subscriptions', 'tax_ids'] },
  down: { charge: tellThreeDSecureTwice },
}

function tellThreeDSecureTwice(charge: ApiObject): void {
  const details = charge.payment_method_details as { card?: { three_d_secure?: ThreeDSecure | null } } | undefined
  const secure = details?.card?.three_d_secure
  if (!details?.card || !secure) return
  const authenticated = secure.result === 'authenticated'
  const succeeded = authenticated || secure.result === 'attempt_acknowledged'
  const members = Object.entries({ ...secure, authenticated, succeeded })
  details.card.three_d_secure = Object.fromEntries(members.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

type ThreeDSecure = { readonly [member: string]: unknown }
