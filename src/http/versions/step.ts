import type { StripeError } from '../../errors.ts'
import type { ApiObject } from '../answer.ts'
import type { FormValue } from '../form.ts'
import type { Fields } from '../params.ts'

/** One breaking change of Stripe's API, and how to take it back. It applies to every version before its date. */
export type VersionStep = {
  readonly version: string
  /** What changed and why, in a sentence. */
  readonly change: string
  /** What requests could send before, and what it means today. */
  readonly requests?: readonly OlderRequest[]
  /** Whether lists counted themselves before, where they were asked to by `expand[]=total_count`. */
  readonly countsLists?: boolean
  /** Properties that were always there before, without `expand[]`. */
  readonly alwaysExpanded?: Readonly<Record<string, readonly string[]>>
  /** Turns a freshly rendered object of that type one step back, in place. */
  readonly down?: Readonly<Record<string, (object: ApiObject) => void>>
  /** Turns the body of an error one step back, in place. */
  readonly downError?: (error: Record<string, unknown>) => void
}

/** How requests to some endpoints differed before a version. */
export type OlderRequest = {
  /** The endpoints by method and path (`POST /v1/customers/:customer`), or all that list (searches are none). */
  readonly of: readonly string[] | 'lists'
  /** Parameters beside the endpoint's own that only versions before may send: to later ones they are unknown. */
  readonly parameters?: Fields
  /** What later versions are told where that is not `Received unknown parameter`. */
  readonly refusal?: (name: string, sent: FormValue) => StripeError
  /**
   * Turns what was decoded into what the version after takes, in place: `balance` where `account_balance` was sent, or a
   * default that was another. It is called for every request of a version before, whether it sent them or not.
   */
  readonly up?: (sent: Record<string, unknown>) => void
}
