import { errors, StripeError } from '../errors.ts'
import { StoreUnavailable } from '../store/store.ts'
import { maskSecrets } from '../vault/mask-pans.ts'

/** Any error as one of the catalogue. What is none is a bug: it is told to the operator, not to the caller. */
export function knownError(error: unknown): StripeError {
  if (error instanceof StripeError) return error
  if (error instanceof StoreUnavailable) {
    console.error(maskSecrets(`the store is not available: ${error.message}`)) // no bug: its stack would only fill the log
    return errors.storeUnavailable()
  }
  console.error(maskSecrets(error instanceof Error ? (error.stack ?? error.message) : String(error)))
  return errors.unknown()
}
