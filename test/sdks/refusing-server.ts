import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { errors } from '../../src/errors.ts'
import { errorAnswer } from '../../src/http/error-answer.ts'
import { NEWEST_VERSION } from '../../src/http/versions/version.ts'

export type RefusingServer = { readonly url: string; close(): Promise<void> }

/** What Koban answers where it comes to the worst, which no test can bring about: by the charge asked for. */
const WORST = { locked: errors.lockTimeout(), broken: errors.unknown() }

/** Answers `GET /v1/charges/locked` and `…/broken` with Koban's own 429 and 500. */
export async function startRefusingServer(): Promise<RefusingServer> {
  const server = createServer((request, response) => {
    const error = request.url?.includes('locked') ? WORST.locked : WORST.broken
    const told = { 'Content-Type': 'application/json', 'Request-Id': 'req_Refused0000000' }
    const { status, headers, body } = errorAnswer(error, told, NEWEST_VERSION)
    response.writeHead(status, headers).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
