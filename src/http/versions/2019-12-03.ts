import { OLDER } from '../answer.ts'
import { choice, hash, required, string } from '../params.ts'
import { CHANGES_OF_CUSTOMERS } from './customers.ts'
import type { VersionStep } from './step.ts'

const taxInfo = hash({ tax_id: required(string()), type: required(choice('vat')) })

/**
 * 2019-12-03: the one `tax_info` of a customer gave way to a list of tax ids. It is kept and shown to whoever asks in an
 * older version; nobody verifies it.
 */
export const step: VersionStep = {
  version: '2019-12-03',
  change: 'Customers have no tax_info and tax_info_verification: tax ids are objects of their own.',
  requests: [{ of: CHANGES_OF_CUSTOMERS, parameters: { tax_info: taxInfo } }],
  down: {
    customer(customer) {
      if (customer.deleted) return
      const kept = customer[OLDER]?.tax_info ?? null
      customer.tax_info = kept
      customer.tax_info_verification = kept && { status: 'unverified', verified_name: null }
    },
  },
}
