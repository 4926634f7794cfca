import { savedCardFields } from '../cards/parameters.ts'
import { addressFields, addressOf } from '../http/address.ts'
import { endpoint, expandField, listEndpoint, listFields, undocumentedFields } from '../http/endpoint.ts'
import {
  choice,
  email,
  type Fields,
  hash,
  hashes,
  integer,
  metadata,
  refused,
  required,
  string,
  stringOr,
  strings,
  unsettable,
  type Values,
} from '../http/params.ts'
import type { CustomerChange, TaxInfo } from './customer.ts'
import { createCustomer, deleteCustomer, listCustomers, retrieveCustomer, updateCustomer } from './operations.ts'
import { renderCustomer } from './render.ts'

const NAME = 256
const PHONE = 20
const LEGAL_NAME = 150 // Stripe: business_name and individual_name
const CUSTOM_FIELD = 40 // Stripe: 30 at first, 40 today

const customerFields = {
  address: unsettable(hash(addressFields)),
  balance: integer(),
  business_name: unsettable(string(LEGAL_NAME)),
  description: unsettable(string()),
  email: unsettable(email()),
  individual_name: unsettable(string(LEGAL_NAME)),
  invoice_prefix: string(),
  invoice_settings: hash({
    custom_fields: unsettable(hashes({ name: required(string(CUSTOM_FIELD)), value: required(string(CUSTOM_FIELD)) })),
    default_payment_method: refused(),
    footer: unsettable(string()),
    rendering_options: unsettable(
      hash({
        amount_tax_display: unsettable(choice('exclude_tax', 'include_inclusive_tax')),
        template: refused(),
      }),
    ),
  }),
  metadata: metadata(),
  name: unsettable(string(NAME)),
  next_invoice_sequence: integer(1),
  phone: unsettable(string(PHONE)),
  preferred_locales: strings(),
  shipping: unsettable(
    hash({ address: required(hash(addressFields)), name: required(string()), phone: unsettable(string()) }),
  ),
  source: stringOr(savedCardFields),
  card: stringOr(savedCardFields),
  tax_exempt: unsettable(choice('none', 'reverse', 'exempt')),
  ...expandField,
  ...undocumentedFields,
}

/** Parameters of what is not there: PaymentMethods, subscriptions, coupons, tax, cash balances. */
const notThere = {
  cash_balance: refused(),
  payment_method: refused(),
  plan: refused(),
  quantity: refused(),
  tax: refused(),
  tax_id_data: refused(),
  tax_percent: refused(),
  test_clock: refused(),
  trial_end: refused(),
} satisfies Fields

const updateFields = {
  ...customerFields,
  default_source: string(500),
  default_card: string(500),
  bank_account: refused(),
  default_alipay_account: refused(),
  default_bank_account: refused(),
  ...notThere,
}

/** What older versions may send beside it: http/versions/2019-12-03.ts. */
type Older = { readonly tax_info?: TaxInfo }

function changeOf(sent: Values<typeof customerFields> & Older): CustomerChange {
  const { address, invoice_settings: settings, shipping } = sent
  return {
    address: address && addressOf(address),
    balance: sent.balance,
    businessName: sent.business_name,
    description: sent.description,
    email: sent.email,
    individualName: sent.individual_name,
    invoicePrefix: sent.invoice_prefix,
    invoiceSettings: settings && {
      customFields: settings.custom_fields,
      footer: settings.footer,
      renderingOptions: settings.rendering_options && {
        amount_tax_display: settings.rendering_options.amount_tax_display ?? null,
        template: null,
      },
    },
    metadata: sent.metadata,
    name: sent.name,
    nextInvoiceSequence: sent.next_invoice_sequence,
    phone: sent.phone,
    preferredLocales: sent.preferred_locales,
    shipping: shipping && {
      address: addressOf(shipping.address),
      name: shipping.name,
      phone: shipping.phone ?? null,
    },
    taxExempt: sent.tax_exempt,
    taxInfo: sent.tax_info,
  }
}

const customer = { object: 'customer', render: renderCustomer } as const

export const customerEndpoints = [
  endpoint({
    ...customer,
    route: 'POST /v1/customers',
    parameters: { ...customerFields, ...notThere },
    run: (context, sent) => createCustomer(context, { ...changeOf(sent), source: sent.source ?? sent.card }),
  }),
  endpoint({
    ...customer,
    route: 'GET /v1/customers/:customer',
    parameters: expandField,
    run: (context, _sent, { customer }) => retrieveCustomer(context, { customer }),
  }),
  endpoint({
    ...customer,
    route: 'POST /v1/customers/:customer',
    parameters: updateFields,
    run: (context, sent, { customer }) =>
      updateCustomer(context, {
        ...changeOf(sent),
        customer,
        source: sent.source ?? sent.card,
        defaultSource: sent.default_source ?? sent.default_card,
      }),
  }),
  endpoint({
    ...customer,
    route: 'DELETE /v1/customers/:customer',
    parameters: expandField,
    run: (context, _sent, { customer }) => deleteCustomer(context, { customer }),
  }),
  listEndpoint({
    route: 'GET /v1/customers',
    object: 'customer',
    parameters: { ...listFields, email: string(), test_clock: refused() },
    run: (context, sent) => listCustomers(context, sent),
    renderItem: renderCustomer,
  }),
]
