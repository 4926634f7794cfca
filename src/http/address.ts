import type { Address } from '../address.ts'
import { string, unsettable, type Values } from './params.ts'

/** `address[…]` of customers, of shipping and of the owners of Sources. */
export const addressFields = {
  city: unsettable(string()),
  country: unsettable(string()),
  line1: unsettable(string()),
  line2: unsettable(string()),
  postal_code: unsettable(string()),
  state: unsettable(string()),
}

/** Stripe shows an address with all its keys, null where nothing was sent. */
export function addressOf({ city, country, line1, line2, postal_code, state }: Values<typeof addressFields>): Address {
  return {
    city: city ?? null,
    country: country ?? null,
    line1: line1 ?? null,
    line2: line2 ?? null,
    postal_code: postal_code ?? null,
    state: state ?? null,
  }
}
