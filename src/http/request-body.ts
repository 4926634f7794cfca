import type { IncomingMessage } from 'node:http'
import { errors, type StripeError } from '../errors.ts'

/**
 * Collects a request's body of at most `maximum` bytes, and calls back once: with it (undefined where none was sent), or
 * with why not. What is too large is not held in memory.
 */
export function readBody(
  request: IncomingMessage,
  maximum: number,
  done: (failure: StripeError | null, body: Buffer | undefined) => void,
): void {
  const { headers } = request
  const length = headers['content-length']
  if (headers['transfer-encoding'] === undefined && (length === undefined || length === '0')) {
    done(null, undefined)
    return
  }
  if (Number(length) > maximum) {
    done(errors.bodyTooLarge(maximum), undefined)
    return
  }
  const chunks: Buffer[] = []
  let received = 0
  let isDone = false
  const finish = (failure: StripeError | null) => {
    if (isDone) return
    isDone = true
    done(failure, failure ? undefined : joined(chunks))
  }
  request.on('data', (chunk: Buffer) => {
    received += chunk.length
    if (received <= maximum) chunks.push(chunk)
    else finish(errors.bodyTooLarge(maximum))
  })
  request.on('end', () => finish(null))
  request.on('error', () => finish(errors.requestMalformed()))
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks
  return first && chunks.length === 1 ? first : Buffer.concat(chunks)
}
