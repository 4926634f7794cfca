import { refused } from '../params.ts'
import { CHANGES_OF_CUSTOMERS } from './customers.ts'
import type { VersionStep } from './step.ts'

/** 2019-12-03: the one `tax_info` of a customer gave way to a list of tax ids. Nothing is kept in it here. */
export const step: VersionStep = {
  version: '2019-12-03',
  change: 'Customers have no tax_info and tax_info_verification: tax ids are objects of their own.',
  requests: [{ of: CHANGES_OF_CUSTOMERS, parameters: { tax_info: refused() } }],
  down: {
    customer(customer) {
      if (customer.deleted) return
      customer.tax_info = null
      customer.tax_info_verification = null
    },
  },
}
