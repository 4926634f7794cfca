import type { Endpoint } from '../../src/http/endpoint.ts'
import { ENDPOINTS } from '../../src/server.ts'
import { type Operation, type Schema, type Served, SLICED_VERSIONS, sliceOf } from './slices.ts'

/** The route by which Koban serves an operation of Stripe's, or undefined where it does not. */
export function endpointFor({ method, path }: Pick<Served, 'method' | 'path'>): Endpoint | undefined {
  return ENDPOINTS.find((endpoint) => endpoint.method === method && unnamed(endpoint.path) === unnamed(path))
}

/** A path without the names of its variables, which are Koban's own. */
function unnamed(path: string): string {
  return path.replaceAll(/:\w+|\{\w+\}/g, ':')
}

/** Stripe's operations in any of the schemas' versions that Koban does not serve, e.g. `GET /v1/reviews/:review`. */
export function operationsNotThere(): readonly { readonly method: string; readonly path: string }[] {
  const all = SLICED_VERSIONS.flatMap((version) => sliceOf(version).operations)
  const missing = all.filter((operation) => endpointFor(operation) === undefined)
  const byName = new Map(
    missing.map(({ method, path }) => [`${path} ${method}`, { method, path: path.replaceAll(/\{(\w+)\}/g, ':$1') }]),
  )
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, operation]) => operation)
}

/** The parameters of an operation beside those in its path, wherever they are sent. */
export function parametersOf({ parameters = [], requestBody }: Operation): Readonly<Record<string, Schema>> {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query')
  const [body] = Object.values(requestBody?.content ?? {})
  return { ...Object.fromEntries(inQuery.map(({ name, schema }) => [name, schema])), ...body?.schema.properties }
}
