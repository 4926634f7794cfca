import { previousOfCustomer } from './customers.ts'
import type { VersionStep } from './step.ts'

/** 2022-08-01: customers lost `default_currency`, a second name of `currency` that was there for ten days. */
export const step: VersionStep = {
  version: '2022-08-01',
  change: 'Customers have no default_currency: it was their currency.',
  down: {
    customer(customer) {
      if (!customer.deleted) customer.default_currency = customer.currency
    },
    event(event) {
      const previous = previousOfCustomer(event)
      if (previous && 'currency' in previous) previous.default_currency = previous.currency
    },
  },
}
