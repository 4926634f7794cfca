import { installed } from './installed.ts'
import { type Exceptions, testsOf } from './suite.ts'

const exceptions: Exceptions = {
  card: 'CardError',
  invalid: 'InvalidRequestError',
  authentication: 'AuthenticationError',
  permission: 'PermissionError',
  idempotency: 'IdempotencyError',
  locked: 'RateLimitError',
  server: 'APIError',
  connection: 'APIConnectionError',
}

for (const name of ['python-old', 'python-new'] as const) {
  const { title, skip, start } = installed(name)
  testsOf(title, skip, () => ({ ...start(), exceptions }))
}
