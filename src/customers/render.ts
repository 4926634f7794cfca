import { OLDER } from '../http/answer.ts'
import type { Customer } from './customer.ts'

/**
 * Stripe's customer object, newest version. Before 2022-08-01 `default_currency` is filled, before 2020-08-27 the three
 * lists (from then on only expanded), before 2019-12-03 the two of `tax_info`, before 2019-10-17 `account_balance`.
 */
export function renderCustomer(customer: Customer, { livemode }: { readonly livemode: boolean }) {
  if (customer.deleted) return { id: customer.id, object: 'customer', deleted: true } as const
  const { customFields, footer, renderingOptions } = customer.invoiceSettings
  const custom_fields = customFields && [...customFields]
  const preferred_locales = [...customer.preferredLocales]
  return {
    id: customer.id,
    object: 'customer',
    account_balance: undefined,
    address: customer.address,
    balance: customer.balance,
    business_name: customer.businessName ?? undefined,
    created: customer.created,
    currency: customer.currency,
    customer_account: null,
    default_currency: undefined,
    default_source: customer.defaultSource,
    delinquent: false,
    description: customer.description,
    discount: null,
    email: customer.email,
    individual_name: customer.individualName ?? undefined,
    invoice_prefix: customer.invoicePrefix,
    invoice_settings: {
      custom_fields,
      default_payment_method: null,
      footer,
      rendering_options: renderingOptions,
    },
    livemode,
    metadata: customer.metadata,
    name: customer.name,
    next_invoice_sequence: customer.nextInvoiceSequence,
    phone: customer.phone,
    preferred_locales,
    shipping: customer.shipping,
    sources: undefined,
    subscriptions: undefined,
    tax_exempt: customer.taxExempt,
    tax_ids: undefined,
    tax_info: undefined,
    tax_info_verification: undefined,
    test_clock: null,
    [OLDER]: { tax_info: customer.taxInfo },
  } as const
}
