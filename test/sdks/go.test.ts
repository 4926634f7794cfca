import { installed } from './installed.ts'
import { type Exceptions, testsOf } from './suite.ts'

/** Go tells errors apart by `type` alone: a wrong key is an invalid request to it, whatever the status. */
const exceptions: Exceptions = {
  card: '*stripe.CardError',
  invalid: '*stripe.InvalidRequestError',
  authentication: '*stripe.InvalidRequestError',
  permission: '*stripe.InvalidRequestError',
  idempotency: '*stripe.IdempotencyError',
  locked: '*stripe.InvalidRequestError',
  server: '*stripe.APIError',
  connection: '*url.Error',
}

const AGES = {
  'go-old': { ...exceptions, idempotency: '<nil>' }, // it has no type of its own for it yet
  'go-new': exceptions,
} as const

for (const name of ['go-old', 'go-new'] as const) {
  const { title, skip, start } = installed(name)
  testsOf(title, skip, () => ({ ...start(), exceptions: AGES[name] }))
}
