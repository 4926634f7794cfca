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
  const finish = (failure: StripeError | null) => {
    request.off('data', take).off('end', end).off('error', fail)
    done(failure, failure ? undefined : joined(chunks))
  }
  const take = (chunk: Buffer) => {
    received += chunk.length
    chunks.push(chunk)
    if (received > maximum) finish(errors.bodyTooLarge(maximum))
  }
  const end = () => finish(null)
  const fail = () => finish(errors.requestMalformed())
  request.on('data', take).on('end', end).on('error', fail)
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks
  return first && chunks.length === 1 ? first : Buffer.concat(chunks)
}
