import { choice, currency, required, string, unseen } from '../http/params.ts'
import { ACCOUNT_TYPES, HOLDER_TYPES } from './bank-account.ts'

/** `bank_account[…]` and `external_account[…]` as raw bank data. */
export const bankFields = {
  object: choice('bank_account'),
  country: required(string()),
  currency: currency(),
  account_number: required(unseen(string())),
  routing_number: string(),
  account_holder_name: string(),
  account_holder_type: choice(...HOLDER_TYPES),
  account_type: choice(...ACCOUNT_TYPES),
}
