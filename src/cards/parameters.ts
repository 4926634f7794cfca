import { currency, metadata, required, string, unseen, unsettable } from '../http/params.ts'

/** `card[…]` and `source[…]` as raw card data (Stripe: tokens, and charges of qualified accounts). */
export const cardFields = {
  object: string(),
  number: unseen(string()),
  exp_month: required(string()),
  exp_year: required(string()),
  cvc: unsettable(unseen(string())),
  name: unsettable(string()),
  address_line1: unsettable(string()),
  address_line2: unsettable(string()),
  address_city: unsettable(string()),
  address_state: unsettable(string()),
  address_zip: unsettable(string()),
  address_country: unsettable(string()),
  currency: currency(),
}

/** The same, of a card that is saved: it has metadata of its own. */
export const savedCardFields = { ...cardFields, metadata: metadata() }
