import { endpoint, expandField, listEndpoint, listFields } from '../http/endpoint.ts'
import { boolean, choice, metadata, refused, string, stringOr, unsettable } from '../http/params.ts'
import { ACCOUNT_TYPES, HOLDER_TYPES } from './bank-account.ts'
import {
  addBankAccount,
  listBankAccounts,
  removeBankAccount,
  retrieveBankAccount,
  updateBankAccount,
} from './operations.ts'
import { bankFields } from './parameters.ts'
import { renderBankAccount, renderDeletedBankAccount } from './render.ts'

const addFields = {
  external_account: stringOr(bankFields),
  bank_account: stringOr(bankFields),
  default_for_currency: boolean(),
  metadata: metadata(),
  ...expandField,
}

const updateFields = {
  account_holder_name: unsettable(string()),
  account_holder_type: unsettable(choice(...HOLDER_TYPES)),
  account_type: choice(...ACCOUNT_TYPES),
  default_for_currency: boolean(),
  metadata: metadata(),
  // What debit cards have, and documents that prove who holds an account.
  address_city: refused(),
  address_country: refused(),
  address_line1: refused(),
  address_line2: refused(),
  address_state: refused(),
  address_zip: refused(),
  documents: refused(),
  exp_month: refused(),
  exp_year: refused(),
  name: refused(),
  ...expandField,
}

const { created: _created, ...pageFields } = listFields
const pageOfFields = { ...pageFields, object: choice('bank_account', 'card') }

const bank = { object: 'bank_account', render: renderBankAccount } as const

/** The account's own bank accounts, by its id or as `account`. */
const below = (path: '/v1/accounts/:account' | '/v1/account') => [
  listEndpoint({
    object: 'bank_account',
    route: `GET ${path}/external_accounts`,
    parameters: pageOfFields,
    run: (context, sent, named) => listBankAccounts(context, { ...sent, ...named }),
    renderItem: renderBankAccount,
  }),
  endpoint({
    ...bank,
    route: `POST ${path}/external_accounts`,
    parameters: addFields,
    run: (context, sent, named) =>
      addBankAccount(context, {
        ...named,
        external: sent.external_account ?? sent.bank_account,
        isDefault: sent.default_for_currency,
        metadata: sent.metadata,
      }),
  }),
  endpoint({
    ...bank,
    route: `GET ${path}/external_accounts/:id`,
    parameters: expandField,
    run: (context, _sent, named) => retrieveBankAccount(context, named),
  }),
  endpoint({
    ...bank,
    route: `POST ${path}/external_accounts/:id`,
    parameters: updateFields,
    run: (context, sent, named) =>
      updateBankAccount(context, {
        ...named,
        holderName: sent.account_holder_name,
        holderType: sent.account_holder_type,
        accountType: sent.account_type,
        isDefault: sent.default_for_currency,
        metadata: sent.metadata,
      }),
  }),
  endpoint({
    ...bank,
    route: `DELETE ${path}/external_accounts/:id`,
    parameters: expandField,
    run: (context, _sent, named) => removeBankAccount(context, named),
    render: renderDeletedBankAccount,
  }),
]

export const bankAccountEndpoints = [...below('/v1/accounts/:account'), ...below('/v1/account')]
