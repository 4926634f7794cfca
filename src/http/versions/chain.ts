import type { ApiObject } from '../answer.ts'
import { eachInside } from '../expandable.ts'
import { step as step20191017 } from './2019-10-17.ts'
import { step as step20191203 } from './2019-12-03.ts'
import { step as step20200827 } from './2020-08-27.ts'
import { step as step20220801 } from './2022-08-01.ts'
import { step as step20221115 } from './2022-11-15.ts'
import { step as step20250331 } from './2025-03-31.basil.ts'
import type { VersionStep } from './step.ts'
import { type ApiVersion, isBefore, isKnown, NEWEST_VERSION } from './version.ts'

/** Newest first. A version that is not here changed nothing about the objects that exist. */
export const STEPS: readonly VersionStep[] = [
  step20250331,
  step20221115,
  step20220801,
  step20200827,
  step20191203,
  step20191017,
]

/** What leads from the newest version down to one: worked out once for each version that is asked for. */
type Chain = { readonly steps: readonly VersionStep[]; readonly alwaysExpanded: ReadonlyMap<string, readonly string[]> }

const chains = new Map<ApiVersion, Chain>()

function chainTo(asked: ApiVersion): Chain {
  // A version that was refused is told back in the answer's header; its errors look like the newest's.
  const version = isKnown(asked) ? asked : NEWEST_VERSION
  let chain = chains.get(version)
  if (!chain) {
    const steps = STEPS.filter((step) => isBefore(version, step.version))
    const always = Map.groupBy(
      steps.flatMap((step) => Object.entries(step.alwaysExpanded ?? {})),
      ([object]) => object,
    )
    const properties = [...always].map(([object, rows]) => [object, rows.flatMap(([, names]) => names)] as const)
    chain = { steps, alwaysExpanded: new Map(properties) }
    chains.set(version, chain)
  }
  return chain
}

const NONE: readonly string[] = []

/** The properties of an object type that `version` shows without being asked. */
export function alwaysExpanded(version: ApiVersion, object: string): readonly string[] {
  return chainTo(version).alwaysExpanded.get(object) ?? NONE
}

/** Whether a list may be asked for its `total_count` in `version`. */
export function countsLists(version: ApiVersion): boolean {
  return chainTo(version).steps.some((step) => step.countsLists)
}

/** Whether `version` shows anything without being asked. */
export function expandsAlways(version: ApiVersion): boolean {
  return chainTo(version).alwaysExpanded.size > 0
}

/**
 * Turns a fresh rendering of the newest version into one of `version`, in place: the object, and whatever stands inside
 * it (lists, expanded objects, the object of an event). An event's own data has its own version and is left alone.
 */
export function turnBack(rendered: ApiObject, version: ApiVersion): void {
  const { steps } = chainTo(version)
  if (steps.length > 0) walk(rendered, steps)
}

/** As turnBack, for an object in which nothing was expanded: there is nothing inside to look at. */
export function turnBackAlone(rendered: ApiObject, version: ApiVersion): void {
  for (const step of chainTo(version).steps) step.down?.[rendered.object]?.(rendered)
}

/** As turnBack, for an event: its data, and what the event itself says of it. */
export function turnBackEvent(event: ApiObject, version: ApiVersion): void {
  const { steps } = chainTo(version)
  walk((event.data as { object: ApiObject }).object, steps)
  for (const step of steps) step.down?.event?.(event)
}

/** As turnBack, for the members of an error. */
export function turnBackError(error: Record<string, unknown>, version: ApiVersion): void {
  for (const step of chainTo(version).steps) step.downError?.(error)
}

function walk(object: ApiObject, steps: readonly VersionStep[]): void {
  eachInside(object, (inside) => walk(inside, steps))
  for (const step of steps) step.down?.[object.object]?.(object)
}
