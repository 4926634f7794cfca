import { bankFields } from '../bank-accounts/parameters.ts'
import { cardFields } from '../cards/parameters.ts'
import { browserFields, endpoint, expandField, undocumentedFields } from '../http/endpoint.ts'
import { hash, refused } from '../http/params.ts'
import { createToken, retrieveToken } from './operations.ts'
import { renderToken } from './render.ts'

const createFields = {
  card: hash(cardFields),
  account: refused(),
  bank_account: hash(bankFields),
  customer: refused(),
  cvc_update: refused(),
  person: refused(),
  pii: refused(),
  ...expandField,
  ...undocumentedFields,
  ...browserFields,
}

const token = { object: 'token', render: renderToken } as const

export const tokenEndpoints = [
  endpoint({
    ...token,
    route: 'POST /v1/tokens',
    keys: 'any',
    parameters: createFields,
    run: (context, sent) => createToken(context, { card: sent.card, bank: sent.bank_account }),
  }),
  endpoint({
    ...token,
    route: 'GET /v1/tokens/:token',
    parameters: expandField,
    run: (context, _sent, { token }) => retrieveToken(context, { token }),
  }),
]
