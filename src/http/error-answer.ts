import { errorBody, errors, StripeError } from '../errors.ts'
import { StoreUnavailable } from '../store/store.ts'
import { maskSecrets } from '../vault/mask-pans.ts'
import { type Answer, serialize } from './answer.ts'
import { turnBackError } from './versions/chain.ts'
import { type ApiVersion, NEWEST_VERSION } from './versions/version.ts'

/**
 * Any error as an answer, in the words of `version`. What the caller sent stands in texts and names of parameters, and may
 * have been a card number or a key: it is masked here, for the answer and for the log.
 */
export function errorAnswer(
  error: unknown,
  headers: Readonly<Record<string, string>>,
  version: ApiVersion = NEWEST_VERSION,
): Answer {
  const known = knownError(error)
  const { status, code, type, param, isFixed } = known.fields
  const body = errorBody(known)
  turnBackError(body.error, version)
  const message = isFixed ? known.message : maskSecrets(known.message)
  body.error.message = message
  if (param !== undefined) body.error.param = maskSecrets(param)
  const all: Record<string, string> = { ...headers, ...known.fields.headers }
  // A fault of ours is worth another try, whatever was said of the request before.
  if (status >= 500) all['Stripe-Should-Retry'] = 'true'
  return { status, headers: all, body: serialize(body), why: `${code ?? type}: ${message}` }
}

/** Any error as one of the catalogue. What is none is a bug: it is told to the operator, not to the caller. */
function knownError(error: unknown): StripeError {
  if (error instanceof StripeError) return error
  if (error instanceof StoreUnavailable) {
    console.error(maskSecrets(`the store is not available: ${error.message}`)) // no bug: its stack would only fill the log
    return errors.storeUnavailable()
  }
  console.error(maskSecrets(error instanceof Error ? (error.stack ?? error.message) : String(error)))
  return errors.unknown()
}
