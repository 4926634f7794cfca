import { cardFields } from '../cards/parameters.ts'
import { browserFields, endpoint, expandField, undocumentedFields } from '../http/endpoint.ts'
import {
  choice,
  currency,
  hash,
  ignored,
  integer,
  metadata,
  refused,
  required,
  string,
  withDefault,
} from '../http/params.ts'
import { createSource, retrieveSource, updateSourceFields } from './operations.ts'
import { ownerField, ownerOf } from './parameters.ts'
import { renderCustomerSource, renderSource } from './render.ts'

const createFields = {
  type: required(string()),
  token: string(),
  card: hash(cardFields),
  ...ownerField,
  metadata: metadata(),
  usage: withDefault(choice('reusable', 'single_use'), 'reusable'),
  amount: integer(1),
  currency: currency(),
  statement_descriptor: string(),
  flow: choice('none', 'redirect', 'receiver', 'code_verification'),
  redirect: ignored(),
  customer: refused(),
  mandate: refused(),
  original_source: refused(),
  receiver: refused(),
  source_order: refused(),
  ...expandField,
  ...undocumentedFields,
  ...browserFields,
}

const updateFields = {
  ...ownerField,
  metadata: metadata(),
  mandate: refused(),
  amount: refused(),
  source_order: refused(),
  ...expandField,
}

export const sourceEndpoints = [
  endpoint({
    object: 'source',
    route: 'POST /v1/sources',
    keys: 'any',
    parameters: createFields,
    run: (context, sent) =>
      createSource(context, {
        type: sent.type,
        flow: sent.flow,
        token: sent.token,
        card: sent.card,
        owner: sent.owner && ownerOf(sent.owner),
        metadata: sent.metadata,
        usage: sent.usage,
        amount: sent.amount,
        currency: sent.currency,
        statementDescriptor: sent.statement_descriptor,
      }),
    render: renderSource,
  }),
  endpoint({
    object: 'source',
    route: 'GET /v1/sources/:source',
    keys: 'any',
    parameters: { client_secret: string(), key: ignored(), ...expandField },
    run: (context, { client_secret: clientSecret }, { source }) => retrieveSource(context, { source, clientSecret }),
    render: renderSource,
  }),
  endpoint({
    object: 'source',
    route: 'POST /v1/sources/:source',
    parameters: updateFields,
    run: (context, sent, { source }) =>
      updateSourceFields(context, { source, owner: sent.owner && ownerOf(sent.owner), metadata: sent.metadata }),
    render: renderCustomerSource,
  }),
]
