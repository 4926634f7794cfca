import { renderCharge } from '../charges/render.ts'
import { endpoint, expandField, listEndpoint, listFields } from '../http/endpoint.ts'
import { choice, integer, metadata, refused, string, type Values } from '../http/params.ts'
import {
  cancelRefund,
  createRefund,
  listRefunds,
  listRefundsOfCharge,
  retrieveRefund,
  updateRefundMetadata,
} from './operations.ts'
import { REFUND_REASONS } from './refund.ts'
import { renderRefund } from './render.ts'

const refundFields = {
  amount: integer(1),
  reason: choice(...REFUND_REASONS),
  metadata: metadata(),
  instructions_email: refused(),
  payment_intent: refused(),
  refund_application_fee: refused(),
  reverse_transfer: refused(),
  customer: refused(),
  currency: refused(),
  origin: refused(),
  ...expandField,
}

const createFields = { charge: string(), ...refundFields }
const updateFields = { metadata: metadata(), ...expandField }

const refund = { object: 'refund', render: renderRefund } as const

const refundOf = (charge: string | undefined, sent: Values<typeof refundFields>) => ({
  charge,
  amount: sent.amount,
  reason: sent.reason,
  metadata: sent.metadata,
})

export const refundEndpoints = [
  endpoint({
    route: 'POST /v1/refunds',
    object: 'refund',
    parameters: createFields,
    run: (context, sent) => createRefund(context, refundOf(sent.charge, sent)),
    render: ({ refund }) => renderRefund(refund),
  }),
  endpoint({
    route: 'POST /v1/charges/:charge/refunds',
    object: 'refund',
    parameters: refundFields,
    run: (context, sent, { charge }) => createRefund(context, refundOf(charge, sent)),
    render: ({ refund }) => renderRefund(refund),
  }),
  // The ancient singular answers the charge.
  endpoint({
    route: 'POST /v1/charges/:charge/refund',
    object: 'charge',
    parameters: refundFields,
    run: (context, sent, { charge }) => createRefund(context, refundOf(charge, sent)),
    render: ({ charge }, scene) => renderCharge(charge, scene),
  }),
  endpoint({
    ...refund,
    route: 'GET /v1/refunds/:refund',
    parameters: expandField,
    run: (context, _sent, { refund }) => retrieveRefund(context, { refund }),
  }),
  endpoint({
    ...refund,
    route: 'GET /v1/charges/:charge/refunds/:refund',
    parameters: expandField,
    run: (context, _sent, { refund, charge }) => retrieveRefund(context, { refund, charge }),
  }),
  endpoint({
    ...refund,
    route: 'POST /v1/refunds/:refund',
    parameters: updateFields,
    run: (context, { metadata }, { refund }) => updateRefundMetadata(context, { refund, metadata }),
  }),
  endpoint({
    ...refund,
    route: 'POST /v1/charges/:charge/refunds/:refund',
    parameters: updateFields,
    run: (context, { metadata }, { refund, charge }) => updateRefundMetadata(context, { refund, charge, metadata }),
  }),
  endpoint({
    ...refund,
    route: 'POST /v1/refunds/:refund/cancel',
    parameters: expandField,
    run: (context, _sent, { refund }) => cancelRefund(context, { refund }),
  }),
  listEndpoint({
    route: 'GET /v1/refunds',
    object: 'refund',
    parameters: { ...listFields, charge: string(), payment_intent: string() },
    run: (context, sent) => listRefunds(context, sent),
    renderItem: renderRefund,
  }),
  listEndpoint({
    route: 'GET /v1/charges/:charge/refunds',
    object: 'refund',
    parameters: listFields,
    run: (context, sent, { charge }) => listRefundsOfCharge(context, { ...sent, charge }),
    renderItem: renderRefund,
  }),
]
