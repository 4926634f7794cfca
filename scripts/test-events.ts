/** A reporter of node:test for scripts/test.ts: one line of JSON for each outcome of a test or suite. */

import { inspect } from 'node:util'

/** How a test or suite ended. `parents` are the names of the suites and tests around it. */
export type Outcome = {
  readonly name: string
  readonly parents: readonly string[]
  readonly result: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped, or the error with its stack. */
  readonly detail: string
}

type TestEvent = {
  readonly type: string
  readonly data: {
    readonly name: string
    readonly nesting: number
    readonly level?: string
    readonly message?: string
    readonly skip?: string | boolean
    readonly todo?: string | boolean
    readonly details?: { readonly type?: string; readonly error?: Error & { failureType?: string } }
  }
}

/**
 * Only leaves are told: a suite, or a test made of others, counts by what is in it. It is told itself where it was
 * skipped whole, or failed by its own fault (a hook, an assertion beside its parts).
 */
export default async function* outcomes(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const path: string[] = []
  let deepestSince = -1 // nesting of the last test that ended: a parent ends right after its last child
  for await (const { type, data } of events) {
    if (type === 'test:diagnostic' && data.level !== 'info') console.error(data.message) // an error outside of any test
    if (type === 'test:start') path.splice(data.nesting, path.length, data.name)
    if (type !== 'test:pass' && type !== 'test:fail') continue

    const isLeaf = deepestSince <= data.nesting && data.details?.type !== 'suite'
    deepestSince = data.nesting
    const outcome = outcomeOf(type, data, path.slice(0, data.nesting))
    const told = isLeaf || outcome.result === 'skipped' || isOwnFault(type, data)
    if (told) yield `${JSON.stringify(outcome)}\n`
  }
}

function isOwnFault(type: string, { details }: TestEvent['data']): boolean {
  return type === 'test:fail' && details?.error?.failureType !== 'subtestsFailed'
}

function outcomeOf(type: string, data: TestEvent['data'], parents: string[]): Outcome {
  const { name, skip, todo, details } = data
  const reason = skip || todo
  if (reason) return { name, parents, result: 'skipped', detail: reason === true ? 'no reason given' : reason }
  if (type === 'test:pass') return { name, parents, result: 'passed', detail: '' }
  return { name, parents, result: 'failed', detail: inspect(details?.error?.cause ?? details?.error) }
}
