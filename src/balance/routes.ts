import { endpoint, expandField, listEndpoint, listFields } from '../http/endpoint.ts'
import { createdFilter, string } from '../http/params.ts'
import { listBalanceTransactions, retrieveBalance, retrieveBalanceTransaction } from './operations.ts'
import { renderBalance, renderBalanceTransaction } from './render.ts'

const listParameters = {
  ...listFields,
  currency: string(),
  payout: string(),
  source: string(),
  type: string(),
}

/** Stripe took this filter from the list when it gave it its newer name. */
const oldParameters = { ...listParameters, available_on: createdFilter() }

const pathsOf = (
  path: '/v1/balance_transactions' | '/v1/balance/history',
  parameters: typeof listParameters | typeof oldParameters,
) => [
  listEndpoint({
    route: `GET ${path}`,
    object: 'balance_transaction',
    parameters,
    run: (context, sent) => listBalanceTransactions(context, sent),
    renderItem: (transaction, { now }) => renderBalanceTransaction(transaction, now),
  }),
  endpoint({
    route: `GET ${path}/:id`,
    object: 'balance_transaction',
    parameters: expandField,
    run: (context, _sent, { id }) => retrieveBalanceTransaction(context, { id }),
    render: (transaction, { now }) => renderBalanceTransaction(transaction, now),
  }),
]

export const balanceEndpoints = [
  endpoint({
    route: 'GET /v1/balance',
    object: 'balance',
    parameters: expandField,
    run: retrieveBalance,
    render: (funds, { livemode }) => renderBalance(funds, livemode),
  }),
  ...pathsOf('/v1/balance_transactions', listParameters),
  // The name of 2019.
  ...pathsOf('/v1/balance/history', oldParameters),
]
