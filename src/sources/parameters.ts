import { hash, string, unsettable, type Values } from '../http/params.ts'
import type { SourceAddress, SourceOwner } from './source.ts'

const ownerFields = {
  address: unsettable(
    hash({
      city: unsettable(string()),
      country: unsettable(string()),
      line1: unsettable(string()),
      line2: unsettable(string()),
      postal_code: unsettable(string()),
      state: unsettable(string()),
    }),
  ),
  email: unsettable(string()),
  name: unsettable(string()),
  phone: unsettable(string()),
}

/** `owner[…]` of a Source. */
export const ownerField = { owner: hash(ownerFields) }

/** The members of an owner that were sent; an address has all its keys. */
export function ownerOf({ address, ...sent }: Values<typeof ownerFields>): Partial<SourceOwner> {
  const members = Object.entries(sent).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(members), ...(address !== undefined && { address: address && addressOf(address) }) }
}

type SentAddress = { readonly [K in keyof SourceAddress]?: string | null | undefined }

function addressOf({ city, country, line1, line2, postal_code, state }: SentAddress): SourceAddress {
  return {
    city: city ?? null,
    country: country ?? null,
    line1: line1 ?? null,
    line2: line2 ?? null,
    postal_code: postal_code ?? null,
    state: state ?? null,
  }
}
