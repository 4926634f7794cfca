import type { ApiObject } from '../answer.ts'

/** One breaking change of Stripe's API, and how to take it back. It applies to every version before its date. */
export type VersionStep = {
  readonly version: string
  /** What changed and why, in a sentence. */
  readonly change: string
  /** Properties that were always there before, without `expand[]`. */
  readonly alwaysExpanded?: Readonly<Record<string, readonly string[]>>
  /** Turns a freshly rendered object of that type one step back, in place. */
  readonly down?: Readonly<Record<string, (object: ApiObject) => void>>
  /** Turns the body of an error one step back, in place. */
  readonly downError?: (error: Record<string, unknown>) => void
}
