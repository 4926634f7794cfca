import { cardFields } from '../cards/parameters.ts'
import { addressFields, addressOf } from '../http/address.ts'
import {
  endpoint,
  expandField,
  listEndpoint,
  listFields,
  searchEndpoint,
  searchFields,
  undocumentedFields,
} from '../http/endpoint.ts'
import {
  boolean,
  choice,
  currency,
  email,
  hash,
  ignored,
  integer,
  metadata,
  refused,
  required,
  string,
  stringOr,
  unsettable,
  type Values,
  withDefault,
} from '../http/params.ts'
import type { Shipping } from './charge.ts'
import {
  captureCharge,
  createCharge,
  listCharges,
  retrieveCharge,
  searchCharges,
  updateChargeFields,
} from './operations.ts'
import { renderCharge } from './render.ts'

const CHARGE_DESCRIPTION_MAXIMUM = 40_000
const STATEMENT_TEXT = 5000 // the 22 characters of a descriptor are a rule with a text of its own

const shippingFields = {
  address: required(hash(addressFields)),
  name: required(string()),
  carrier: unsettable(string()),
  phone: unsettable(string()),
  tracking_number: unsettable(string()),
}

/** Stripe echoes shipping with all its keys, null where nothing was sent. */
function shippingOf({ address, carrier, name, phone, tracking_number }: Values<typeof shippingFields>): Shipping {
  return {
    address: addressOf(address),
    carrier: carrier ?? null,
    name,
    phone: phone ?? null,
    tracking_number: tracking_number ?? null,
  }
}

/** Parameters of Connect, which is not there. */
const connectFields = {
  application_fee: refused(),
  application_fee_amount: refused(),
  destination: refused(),
  on_behalf_of: refused(),
  transfer_data: refused(),
}

const createFields = {
  amount: required(integer(1)),
  currency: required(currency()),
  source: stringOr(cardFields),
  card: stringOr({ ...cardFields, metadata: refused() }),
  // Stripe: it pays nothing here, so what it misses first is a source or a customer; the operation says so.
  payment_method: { ...string(), support: 'refused' as const },
  customer: string(500),
  capture: withDefault(boolean(), true),
  description: unsettable(string(CHARGE_DESCRIPTION_MAXIMUM)),
  metadata: metadata(),
  receipt_email: unsettable(email()),
  shipping: hash(shippingFields),
  statement_descriptor: string(STATEMENT_TEXT),
  statement_descriptor_suffix: string(STATEMENT_TEXT),
  transfer_group: string(),
  radar_options: ignored(),
  ...connectFields,
  ...expandField,
  ...undocumentedFields,
}

const updateFields = {
  customer: string(500),
  description: unsettable(string(CHARGE_DESCRIPTION_MAXIMUM)),
  fraud_details: hash({ user_report: unsettable(choice('safe', 'fraudulent')) }),
  metadata: metadata(),
  receipt_email: unsettable(email()),
  shipping: hash(shippingFields),
  transfer_group: string(),
  ...expandField,
}

const captureFields = {
  amount: integer(1),
  receipt_email: email(),
  statement_descriptor: string(STATEMENT_TEXT),
  statement_descriptor_suffix: string(STATEMENT_TEXT),
  transfer_group: string(),
  application_fee: refused(),
  application_fee_amount: refused(),
  transfer_data: refused(),
  ...expandField,
}

const charge = { object: 'charge', render: renderCharge } as const

export const chargeEndpoints = [
  endpoint({
    ...charge,
    route: 'POST /v1/charges',
    parameters: createFields,
    run: (context, sent) =>
      createCharge(context, {
        amount: sent.amount,
        currency: sent.currency,
        source: sent.source ?? sent.card,
        customer: sent.customer,
        paymentMethod: sent.payment_method,
        capture: sent.capture,
        description: sent.description,
        metadata: sent.metadata,
        receiptEmail: sent.receipt_email ?? undefined,
        shipping: sent.shipping && shippingOf(sent.shipping),
        statementDescriptor: sent.statement_descriptor,
        statementDescriptorSuffix: sent.statement_descriptor_suffix,
        transferGroup: sent.transfer_group,
      }),
  }),
  endpoint({
    ...charge,
    isStable: true,
    route: 'GET /v1/charges/:charge',
    parameters: expandField,
    run: (context, _sent, { charge }) => retrieveCharge(context, { charge }),
  }),
  endpoint({
    ...charge,
    route: 'POST /v1/charges/:charge',
    parameters: updateFields,
    run: (context, sent, { charge }) =>
      updateChargeFields(context, {
        charge,
        customer: sent.customer,
        description: sent.description,
        metadata: sent.metadata,
        receiptEmail: sent.receipt_email,
        shipping: sent.shipping && shippingOf(sent.shipping),
        transferGroup: sent.transfer_group,
        userReport: sent.fraud_details?.user_report,
      }),
  }),
  endpoint({
    ...charge,
    route: 'POST /v1/charges/:charge/capture',
    parameters: captureFields,
    run: (context, sent, { charge }) =>
      captureCharge(context, {
        charge,
        amount: sent.amount,
        receiptEmail: sent.receipt_email,
        statementDescriptor: sent.statement_descriptor,
        statementDescriptorSuffix: sent.statement_descriptor_suffix,
        transferGroup: sent.transfer_group,
      }),
  }),
  listEndpoint({
    route: 'GET /v1/charges',
    isStable: true,
    object: 'charge',
    parameters: { ...listFields, customer: string(), transfer_group: string(), payment_intent: string() },
    run: (context, sent) => listCharges(context, sent),
    renderItem: renderCharge,
  }),
  searchEndpoint({
    route: 'GET /v1/charges/search',
    object: 'charge',
    parameters: searchFields,
    run: (context, sent) => searchCharges(context, sent),
    renderItem: renderCharge,
  }),
]
