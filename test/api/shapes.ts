import assert from 'node:assert/strict'

/**
 * Every key that an object has, by its path, as Stripe's answers had them: the objects of 2019-05-16, and all that was
 * added since, because additions show in every version. `[]` stands for the members of an array.
 */

const CARD_ADDRESS = ['address_city', 'address_country', 'address_line1', 'address_line1_check', 'address_line2']

/** A card outside of a token, in every version. */
export const CARD_KEYS: readonly string[] = [
  ...['id', 'object', ...CARD_ADDRESS, 'address_state', 'address_zip', 'address_zip_check', 'allow_redisplay', 'brand'],
  ...['country', 'customer', 'cvc_check', 'dynamic_last4', 'exp_month', 'exp_year', 'fingerprint', 'funding', 'last4'],
  ...['metadata', 'name', 'networks', 'networks.preferred', 'regulated_status', 'tokenization_method', 'wallet'],
]

const CARD_DETAILS = [
  ...['amount_authorized', 'authorization_code', 'brand', 'checks', 'checks.address_line1_check'],
  ...['checks.address_postal_code_check', 'checks.cvc_check', 'country', 'electronic_commerce_indicator', 'exp_month'],
  ...['exp_year', 'extended_authorization', 'extended_authorization.status', 'fingerprint', 'funding'],
  ...['incremental_authorization', 'incremental_authorization.status', 'installments', 'last4', 'mandate'],
  ...[
    'multicapture',
    'multicapture.status',
    'network',
    'network_token',
    'network_token.used',
    'network_transaction_id',
  ],
  ...['overcapture', 'overcapture.maximum_amount_capturable', 'overcapture.status', 'regulated_status'],
  ...['three_d_secure', 'transaction_link_id', 'wallet'],
]

const BILLING_ADDRESS = ['city', 'country', 'line1', 'line2', 'postal_code', 'state']

const OUTCOME = [
  ...['advice_code', 'network_advice_code', 'network_decline_code', 'network_status', 'reason', 'risk_level'],
  ...['risk_score', 'seller_message', 'type'],
]

const below = (name: string, keys: readonly string[]) => [name, ...keys.map((key) => `${name}.${key}`)]

/** A charge of a card, captured at once, without shipping and metadata; newest version. */
export const CHARGE_KEYS: readonly string[] = [
  ...['id', 'object', 'amount', 'amount_captured', 'amount_refunded', 'application', 'application_fee'],
  ...['application_fee_amount', 'balance_transaction'],
  ...below('billing_details', [...below('address', BILLING_ADDRESS), 'email', 'name', 'phone', 'tax_id']),
  ...['calculated_statement_descriptor', 'captured', 'created', 'currency', 'customer', 'description', 'destination'],
  ...['dispute', 'disputed', 'failure_balance_transaction', 'failure_code', 'failure_message', 'fraud_details'],
  ...['livemode', 'metadata', 'on_behalf_of', 'order', ...below('outcome', OUTCOME), 'paid', 'payment_intent'],
  ...['payment_method', ...below('payment_method_details', [...below('card', CARD_DETAILS), 'type'])],
  ...['radar_options', 'receipt_email', 'receipt_number', 'receipt_url', 'refunded', 'review', 'shipping'],
  ...[
    ...below('source', CARD_KEYS),
    'source_transfer',
    'statement_descriptor',
    'statement_descriptor_suffix',
    'status',
  ],
  ...['transfer_data', 'transfer_group'],
]

const REFUNDS = ['data', 'has_more', 'object', 'total_count', 'url']

/** The same in the guide's version: what later versions removed is there. */
export const OLD_CHARGE_KEYS: readonly string[] = [...CHARGE_KEYS, 'invoice', ...below('refunds', REFUNDS)]

/** A refund of a captured charge, without metadata, in every version. */
export const REFUND_KEYS: readonly string[] = [
  ...['id', 'object', 'amount', 'balance_transaction', 'charge', 'created', 'currency', 'customer', 'customer_account'],
  ...below('destination_details', [...below('card', ['reference_status', 'reference_type', 'type']), 'type']),
  ...['metadata', 'payment_intent', 'payment_method', 'reason', 'receipt_number', 'source_transfer_reversal', 'status'],
  'transfer_reversal',
]

/** A balance transaction of a charge, in every version. */
export const BALANCE_TRANSACTION_KEYS: readonly string[] = [
  ...['id', 'object', 'amount', 'available_on', 'balance_type', 'created', 'currency', 'description', 'exchange_rate'],
  ...['fee', 'fee_details', 'fee_details[].amount', 'fee_details[].application', 'fee_details[].currency'],
  ...['fee_details[].description', 'fee_details[].type', 'net', 'reporting_category', 'source', 'status', 'type'],
]

/** A customer of whom nothing more is known, newest version. */
export const CUSTOMER_KEYS: readonly string[] = [
  ...['id', 'object', 'address', 'balance', 'created', 'currency', 'customer_account', 'default_source', 'delinquent'],
  ...['description', 'discount', 'email', 'invoice_prefix'],
  ...below('invoice_settings', ['custom_fields', 'default_payment_method', 'footer', 'rendering_options']),
  ...['livemode', 'metadata', 'name', 'next_invoice_sequence', 'phone', 'preferred_locales', 'shipping', 'tax_exempt'],
  'test_clock',
]

const CUSTOMER_LIST = ['data', 'has_more', 'object', 'total_count', 'url']

/** The same in the guide's version: what later versions removed is there. */
export const OLD_CUSTOMER_KEYS: readonly string[] = [
  ...CUSTOMER_KEYS,
  ...['account_balance', 'default_currency', 'tax_info', 'tax_info_verification'],
  ...['sources', 'subscriptions', 'tax_ids'].flatMap((name) => below(name, CUSTOMER_LIST)),
]

const OWNER = ['address', 'email', 'name', 'phone']

/** A Source of the type card that is attached to nobody, in every version. */
export const SOURCE_KEYS: readonly string[] = [
  ...['id', 'object', 'allow_redisplay', 'amount'],
  ...below('card', [
    ...['address_line1_check', 'address_zip_check', 'brand', 'country', 'cvc_check', 'dynamic_last4', 'exp_month'],
    ...['exp_year', 'fingerprint', 'funding', 'last4', 'name', 'three_d_secure', 'tokenization_method'],
  ]),
  ...['client_secret', 'created', 'currency', 'flow', 'livemode', 'metadata'],
  ...below('owner', [...OWNER, ...OWNER.map((name) => `verified_${name}`)]),
  ...['statement_descriptor', 'status', 'type', 'usage'],
]

export const EVENT_KEYS: readonly string[] = [
  ...['id', 'object', 'api_version', 'created', 'data', 'livemode', 'pending_webhooks', 'request', 'type'],
]

/** The paths of all keys in `value`, sorted. */
export function keysOf(value: unknown, path = ''): string[] {
  return [...new Set(pathsOf(value, path))].sort()
}

function pathsOf(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${path}[]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = path === '' ? key : `${path}.${key}`
    return [name, ...pathsOf(inner, name)]
  })
}

/** Every key is there, and none is too many. */
export function assertKeys(value: unknown, expected: readonly string[]): void {
  assert.deepEqual(keysOf(value), [...expected].sort())
}

const LIST_ORDER = ['object', 'data', 'has_more', 'total_count', 'url']

/** Keys stand in Stripe's order: `id`, `object`, then alphabetical, nested objects too; those of a list in an own one. */
export function assertKeyOrder(value: unknown, path = 'the answer'): void {
  if (Array.isArray(value)) for (const item of value) assertKeyOrder(item, `${path}[]`)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const keys = Object.keys(value)
  const isList = 'object' in value && value.object === 'list'
  const first = isList ? LIST_ORDER : ['id', 'object']
  const expected = [...first.filter((key) => key in value), ...keys.filter((key) => !first.includes(key)).sort()]
  // The keys of metadata are the merchant's own.
  if (!path.endsWith('.metadata')) assert.deepEqual(keys, expected, `the order of keys in ${path}`)
  for (const [key, inner] of Object.entries(value)) assertKeyOrder(inner, `${path}.${key}`)
}
