import { previousOfCustomer } from './previous.ts'
import type { VersionStep } from './step.ts'

/** 2019-10-17: a customer's `account_balance` is called `balance`, which was there beside it since May. */
export const step: VersionStep = {
  version: '2019-10-17',
  change: 'The account_balance of customers is their balance.',
  down: {
    customer(customer) {
      if (!customer.deleted) customer.account_balance = customer.balance
    },
    event(event) {
      const previous = previousOfCustomer(event)
      if (previous && 'balance' in previous) previous.account_balance = previous.balance
    },
  },
}
