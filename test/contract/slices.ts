import { readFileSync } from 'node:fs'
import { isBefore } from '../../src/http/versions/version.ts'

/** A schema of OpenAPI 3.0, as far as Stripe's use it. */
export type Schema = {
  readonly $ref?: string
  readonly type?: string
  readonly nullable?: boolean
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly additionalProperties?: boolean | Schema
  readonly pattern?: string
}

type Content = { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }

/** An operation; empty where it was cut away. */
export type Operation = {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[]
  readonly requestBody?: Content
  readonly responses?: { readonly 200: Content }
}

/** Stripe's schemas of one version. */
export type Slice = {
  readonly version: string
  readonly operations: readonly Served[]
  readonly schemas: Readonly<Record<string, Schema>>
}

export type Served = { readonly method: string; readonly path: string; readonly operation: Operation }

/** The versions whose schemas there are, oldest first. */
export const SLICED_VERSIONS = ['2019-05-16', '2020-08-27', '2022-11-15'] as const

const read = new Map<string, Slice>()

/** The schemas of one of those versions; read once in a process, when they are first asked for. */
export function sliceOf(version: string): Slice {
  let slice = read.get(version)
  if (!slice) {
    const { paths, components } = JSON.parse(
      readFileSync(new URL(`openapi/${version}.json`, import.meta.url), 'utf8'),
    ) as {
      paths: Record<string, Record<string, Operation>>
      components: { schemas: Record<string, Schema> }
    }
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    )
    slice = { version, operations, schemas: components.schemas }
    read.set(version, slice)
  }
  return slice
}

/**
 * The schemas by which an answer in `version` is checked: its own, else those of the nearest version before. Stripe adds
 * to every version and takes away only what no schema here requires, so that an answer still fits the older schema; what
 * a version took away or renamed is for the test of its module in src/http/versions.
 */
export function sliceFor(version: string): Slice {
  return sliceOf(SLICED_VERSIONS.findLast((sliced) => !isBefore(version, sliced)) ?? SLICED_VERSIONS[0])
}

/** The operation that a request is for; of two paths the one with more literal segments. */
export function operationFor({ operations }: Slice, method: string, path: string): Operation | undefined {
  const segments = path.split('/')
  const fitting = operations.filter((served) => served.method === method && fits(served.path.split('/'), segments))
  return fitting.sort((a, b) => variables(a.path) - variables(b.path))[0]?.operation
}

/** `/v1/charges/search` is no charge, in the schemas too that know no search. */
const IS_NO_ID = /^search$/

function fits(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, index) =>
      part.startsWith('{') ? !IS_NO_ID.test(segments[index] ?? '') : part === segments[index],
    )
  )
}

function variables(path: string): number {
  return path.split('{').length
}

const PREFIX = '#/components/schemas/'

/** The name of the schema that a reference leads to. */
export function nameOf(reference: string): string {
  return reference.slice(PREFIX.length)
}
