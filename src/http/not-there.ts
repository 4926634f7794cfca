/** Stripe's resources that Koban does not have, by the first segment of their paths: a request to one is told so. */
const RESOURCES_NOT_THERE: Readonly<Record<string, string>> = {
  accounts: 'Connect',
  account_links: 'Connect',
  application_fees: 'Connect',
  transfers: 'Connect',
  topups: 'top-ups',
  coupons: 'coupons',
  promotion_codes: 'promotion codes',
  file_links: 'file links',
  invoiceitems: 'invoices',
  invoices: 'invoices',
  issuing: 'Issuing',
  payment_intents: 'PaymentIntents',
  payment_methods: 'PaymentMethods',
  plans: 'plans',
  prices: 'prices',
  products: 'products',
  radar: 'Radar lists',
  reviews: 'reviews',
  setup_intents: 'SetupIntents',
  subscription_items: 'subscriptions',
  subscriptions: 'subscriptions',
  tax_rates: 'tax rates',
  terminal: 'Terminal',
  webhook_endpoints: 'webhook endpoints',
}

/** Paths that would be taken for an object's: `/v1/customers/search` is no customer with the id `search`. */
export const PATHS_NOT_THERE: Readonly<Record<string, string>> = { '/v1/customers/search': 'search' }

/** What stands below a customer at Stripe: `/v1/customers/:customer/subscriptions`. */
const BELOW_CUSTOMERS_NOT_THERE: Readonly<Record<string, string>> = {
  balance_transactions: 'customer balance transactions',
  bank_accounts: 'bank accounts of customers',
  cash_balance: 'cash balances',
  cash_balance_transactions: 'cash balances',
  discount: 'discounts',
  funding_instructions: 'cash balances',
  payment_methods: 'PaymentMethods',
  subscriptions: 'subscriptions',
  tax_ids: 'tax ids',
}

/** What Stripe can do with the resources that are there, and Koban cannot. */
const OPERATIONS_NOT_THERE: readonly (readonly [method: string, path: RegExp, what: string])[] = [
  ['DELETE', /^\/v1\/account$/, 'Connect'],
  ['POST', /^\/v1\/customers\/[^/]+\/sources\/[^/]+\/verify$/, 'bank accounts of customers'],
  ['POST', /^\/v1\/events\/[^/]+\/retry$/, 'webhook endpoints'],
  ['POST', /^\/v1\/payouts\/[^/]+\/reverse$/, 'reversals of payouts'],
  ['GET', /^\/v1\/payment_intents_with_legacy_charges$/, 'PaymentIntents'],
  ['POST', /^\/v1\/sources\/[^/]+\/verify$/, 'sources other than cards'],
]

/** What of Stripe's a request asks for that Koban does not have, or null. */
export function resourceNotThere(method: string, path: string): string | null {
  const whole = PATHS_NOT_THERE[path]
  if (whole !== undefined) return whole
  const operation = OPERATIONS_NOT_THERE.find(([of, paths]) => of === method && paths.test(path))
  if (operation) return operation[2]
  const [, version, segment = '', , below = ''] = path.split('/')
  if (version !== 'v1') return null
  return (
    named(RESOURCES_NOT_THERE, segment) ?? (segment === 'customers' ? named(BELOW_CUSTOMERS_NOT_THERE, below) : null)
  )
}

function named(table: Readonly<Record<string, string>>, name: string): string | null {
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null
}
