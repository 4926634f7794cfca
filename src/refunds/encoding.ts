import type { Refund } from './refund.ts'

/** A refund as text, for its row and for the events that show it. */
export function encodeRefund(refund: Refund): string {
  return JSON.stringify(refund)
}

/** Reads what encodeRefund wrote. */
export function decodeRefund(text: string): Refund {
  return JSON.parse(text)
}
