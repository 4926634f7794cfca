import { addressFields, addressOf } from '../http/address.ts'
import { hash, string, unsettable, type Values } from '../http/params.ts'
import type { SourceOwner } from './source.ts'

const ownerFields = {
  address: unsettable(hash(addressFields)),
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
