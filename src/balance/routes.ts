import { endpoint, expandField, listEndpoint, listFields } from '../http/endpoint.ts'
import { createdFilter, string } from '../http/params.ts'
import { listBalanceTransactions, retrieveBalance, retrieveBalanceTransaction } from './operations.ts'
import { renderBalance, renderBalanceTransaction } from './render.ts'

const listParameters = {
  ...listFields,
  available_on: createdFilter(),
  currency: string(),
  payout: string(),
  source: string(),
  type: string(),
}

const pathsOf = (path: '/v1/balance_transactions' | '/v1/balance/history') => [
  listEndpoint({
    route: `GET ${path}`,
    object: 'balance_transaction',
    parameters: listParameters,
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
  ...pathsOf('/v1/balance_transactions'),
  // The name of 2019.
  ...pathsOf('/v1/balance/history'),
]
