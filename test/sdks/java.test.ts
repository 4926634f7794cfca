import { installed } from './installed.ts'
import { type Exceptions, testsOf } from './suite.ts'

const exceptions: Exceptions = {
  card: 'CardException',
  invalid: 'InvalidRequestException',
  authentication: 'AuthenticationException',
  permission: 'PermissionException',
  idempotency: 'IdempotencyException',
  locked: 'RateLimitException',
  server: 'ApiException',
  connection: 'ApiConnectionException',
}

for (const name of ['java-old', 'java-new'] as const) {
  const { title, skip, start } = installed(name)
  testsOf(title, skip, () => ({ ...start(), exceptions }))
}
