import { endpoint, expandField, listEndpoint, listFields } from '../http/endpoint.ts'
import {
  choice,
  createdFilter,
  currency,
  integer,
  metadata,
  refused,
  required,
  string,
  unsettable,
  withDefault,
} from '../http/params.ts'
import { cancelPayout, createPayout, listPayouts, retrievePayout, updatePayoutMetadata } from './operations.ts'
import { renderPayout } from './render.ts'

const STATEMENT_TEXT = 22 // Stripe: what a bank statement has room for

const createFields = {
  amount: required(integer(1)),
  currency: required(currency()),
  description: unsettable(string()),
  destination: string(),
  metadata: metadata(),
  method: withDefault(choice('standard', 'instant'), 'standard'),
  source_type: withDefault(choice('card', 'bank_account', 'fpx'), 'card'),
  statement_descriptor: unsettable(string(STATEMENT_TEXT)),
  payout_method: refused(),
  ...expandField,
}

const payout = { object: 'payout', render: renderPayout } as const

export const payoutEndpoints = [
  endpoint({
    ...payout,
    route: 'POST /v1/payouts',
    parameters: createFields,
    run: (context, sent) =>
      createPayout(context, {
        amount: sent.amount,
        currency: sent.currency,
        description: sent.description,
        destination: sent.destination,
        metadata: sent.metadata,
        method: sent.method,
        sourceType: sent.source_type,
        statementDescriptor: sent.statement_descriptor,
      }),
  }),
  listEndpoint({
    route: 'GET /v1/payouts',
    object: 'payout',
    parameters: { ...listFields, arrival_date: createdFilter(), destination: string(), status: string() },
    run: (context, sent) => listPayouts(context, sent),
    renderItem: renderPayout,
  }),
  endpoint({
    ...payout,
    route: 'GET /v1/payouts/:payout',
    parameters: expandField,
    run: (context, _sent, { payout }) => retrievePayout(context, { payout }),
  }),
  endpoint({
    ...payout,
    route: 'POST /v1/payouts/:payout',
    parameters: { metadata: metadata(), ...expandField },
    run: (context, { metadata }, { payout }) => updatePayoutMetadata(context, { payout, metadata }),
  }),
  endpoint({
    ...payout,
    route: 'POST /v1/payouts/:payout/cancel',
    parameters: expandField,
    run: (context, _sent, { payout }) => cancelPayout(context, { payout }),
  }),
]
