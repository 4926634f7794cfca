import { integer } from '../params.ts'
import { CHANGES_OF_CUSTOMERS, previousOfCustomer } from './customers.ts'
import type { VersionStep } from './step.ts'

/** 2019-10-17: a customer's `account_balance` is called `balance`, which was there beside it since May. */
export const step: VersionStep = {
  version: '2019-10-17',
  change: 'The account_balance of customers is their balance.',
  requests: [{ of: CHANGES_OF_CUSTOMERS, parameters: { account_balance: integer() }, up: renameBalance }],
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

function renameBalance(sent: { balance?: number | undefined; account_balance?: number | undefined }): void {
  sent.balance ??= sent.account_balance
}
