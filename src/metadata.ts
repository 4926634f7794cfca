import { errors, type StripeError } from './errors.ts'

export type Metadata = { readonly [key: string]: string }

/** What a request wants of an object's metadata: everything gone first where `clear`, then each key set or removed. */
export type MetadataChange = {
  readonly clear: boolean
  readonly entries: ReadonlyArray<readonly [key: string, value: string]>
}

/** Stripe: at most 50 keys on an object. */
const MAXIMUM_KEYS = 50

export const NO_METADATA: Metadata = {}

/** Merges by key; an empty value removes its key. Returns Stripe's error where more than 50 keys would stand. */
export function mergeMetadata(current: Metadata, change: MetadataChange | undefined): Metadata | StripeError {
  if (change === undefined) return current
  const merged = new Map(change.clear ? [] : Object.entries(current))
  for (const [key, value] of change.entries) {
    if (value === '') merged.delete(key)
    else merged.set(key, value)
  }
  if (merged.size > MAXIMUM_KEYS) return errors.metadataTooManyKeys(merged.size)
  return Object.fromEntries(merged)
}
