import assert from 'node:assert/strict'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { after, afterEach } from 'node:test'
import { problemsOf } from './contract.ts'

const problems: string[] = []

/**
 * From now on each answer that a server of this process gives to a request to /v1 is checked against Stripe's schemas,
 * whichever client asked. The test that got a wrong one fails; it need do nothing for that.
 */
export function watchAnswers(): void {
  subscribe('http.server.response.created', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    if (request.url?.startsWith('/v1/')) watch(request, response)
  })
  afterEach(assertNoProblems)
  after(assertNoProblems)
}

/** What was wrong with the answers since the last time; it is forgotten then. */
function takeProblems(): readonly string[] {
  return problems.splice(0)
}

function assertNoProblems(): void {
  assert.deepEqual(takeProblems(), [], "every answer fits Stripe's schema of its version")
}

function watch(request: IncomingMessage, response: ServerResponse): void {
  const { writeHead, end } = response
  let told: OutgoingHttpHeaders = {}
  response.writeHead = ((status: number, headers: OutgoingHttpHeaders) => {
    told = headers
    return (writeHead as (status: number, headers: OutgoingHttpHeaders) => ServerResponse).call(
      response,
      status,
      headers,
    )
  }) as ServerResponse['writeHead']
  response.end = ((body: string | Buffer, encoding: BufferEncoding) => {
    if (told['Content-Disposition'] === undefined) look(request, response.statusCode, told, String(body))
    return end.call(response, body, encoding)
  }) as ServerResponse['end']
}

function look({ method = '', url = '' }: IncomingMessage, status: number, headers: OutgoingHttpHeaders, body: string) {
  if (body === '') return // OPTIONS, HEAD
  const [path = ''] = url.split('?', 1)
  const version = headers['Stripe-Version'] as string | undefined
  // Without it an answer would be checked as one of another version, and nobody would know.
  assert(version !== undefined || status !== 200 || !url.startsWith('/v1/'), `${method} ${url} told no version`)
  problems.push(...problemsOf({ method, path, status, version, body: JSON.parse(body) }))
}
