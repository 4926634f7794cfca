import type { CardAddress } from '../cards/card.ts'
import { savedCardFields } from '../cards/parameters.ts'
import type { ApiObject } from '../http/answer.ts'
import { endpoint, expandField, listEndpoint, listFields, undocumentedFields } from '../http/endpoint.ts'
import { choice, metadata, refused, string, stringOr, unsettable, type Values } from '../http/params.ts'
import { ownerField, ownerOf } from '../sources/parameters.ts'
import { renderCustomerSource } from '../sources/render.ts'
import type { CustomerSource, SourceUpdate } from '../sources/source.ts'
import {
  attachToCustomer,
  detachFromCustomer,
  listOfCustomer,
  retrieveOfCustomer,
  updateOfCustomer,
} from './operations.ts'

const attachFields = {
  source: stringOr(savedCardFields),
  card: stringOr(savedCardFields),
  metadata: metadata(),
  alipay_account: refused(),
  bank_account: refused(),
  ...expandField,
  ...undocumentedFields,
}

const updateFields = {
  name: unsettable(string()),
  address_city: unsettable(string()),
  address_country: unsettable(string()),
  address_line1: unsettable(string()),
  address_line2: unsettable(string()),
  address_state: unsettable(string()),
  address_zip: unsettable(string()),
  exp_month: string(),
  exp_year: string(),
  metadata: metadata(),
  ...ownerField,
  account_holder_name: refused(),
  account_holder_type: refused(),
  ...expandField,
}

function changeOf(sent: Values<typeof updateFields>): SourceUpdate {
  const address: { [K in keyof CardAddress]?: string | null | undefined } = {
    line1: sent.address_line1,
    line2: sent.address_line2,
    city: sent.address_city,
    state: sent.address_state,
    zip: sent.address_zip,
    country: sent.address_country,
  }
  return {
    name: sent.name,
    address: address as Partial<CardAddress>,
    expMonth: sent.exp_month,
    expYear: sent.exp_year,
    metadata: sent.metadata,
    owner: sent.owner && ownerOf(sent.owner),
  }
}

/** A card that was removed says only that; a Source is answered as it is then. */
function renderDetached(source: CustomerSource, scene: { readonly livemode: boolean }): ApiObject {
  if (source.object === 'source') return renderCustomerSource(source, scene)
  return { id: source.id, object: 'card', deleted: true }
}

const { created: _created, ...pageFields } = listFields

const ofCustomer = { object: 'card', render: renderCustomerSource } as const

/** The same below `sources` and below `cards`, the older name. */
function oneByOne(below: 'sources' | 'cards') {
  return [
    endpoint({
      ...ofCustomer,
      route: `POST /v1/customers/:customer/${below}`,
      parameters: attachFields,
      run: (context, { source, card, metadata }, { customer }) =>
        attachToCustomer(context, { customer, source: source ?? card, metadata }),
    }),
    endpoint({
      ...ofCustomer,
      route: `GET /v1/customers/:customer/${below}/:id`,
      parameters: expandField,
      run: (context, _sent, named) => retrieveOfCustomer(context, named),
    }),
    endpoint({
      ...ofCustomer,
      route: `POST /v1/customers/:customer/${below}/:id`,
      parameters: updateFields,
      run: (context, sent, named) => updateOfCustomer(context, { ...named, ...changeOf(sent) }),
    }),
    endpoint({
      ...ofCustomer,
      route: `DELETE /v1/customers/:customer/${below}/:id`,
      parameters: expandField,
      run: (context, _sent, named) => detachFromCustomer(context, named),
      render: renderDetached,
    }),
  ]
}

export const customerSourceEndpoints = [
  ...oneByOne('sources'),
  listEndpoint({
    object: 'card',
    route: 'GET /v1/customers/:customer/sources',
    parameters: { ...pageFields, object: choice('card', 'bank_account', 'source') },
    run: (context, sent, { customer }) => listOfCustomer(context, { ...sent, customer }),
    renderItem: renderCustomerSource,
  }),
  ...oneByOne('cards'),
  listEndpoint({
    object: 'card',
    route: 'GET /v1/customers/:customer/cards',
    parameters: pageFields,
    run: (context, sent, { customer }) => listOfCustomer(context, { ...sent, customer, object: 'card' }),
    renderItem: renderCustomerSource,
  }),
]
