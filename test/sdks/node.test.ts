import { join } from 'node:path'
import { ROOT } from '../process/koban.ts'
import { type Exceptions, testsOf } from './suite.ts'

const exceptions: Exceptions = {
  card: 'StripeCardError',
  invalid: 'StripeInvalidRequestError',
  authentication: 'StripeAuthenticationError',
  permission: 'StripePermissionError',
  idempotency: 'StripeIdempotencyError',
  locked: 'StripeRateLimitError',
  server: 'StripeAPIError',
  connection: 'StripeConnectionError',
}

for (const [name, folder] of [
  ['stripe 7.1.0 (npm)', 'old'],
  ['stripe 23.1.0 (npm)', 'new'],
] as const) {
  testsOf(name, false, () => ({
    command: [process.execPath, join(import.meta.dirname, 'node', folder, 'checks.js')],
    cwd: ROOT,
    exceptions,
  }))
}
