import type { Endpoint } from '../endpoint.ts'
import type { FormHash, FormValue } from '../form.ts'
import { decodeParameters, type Fields, type Parameter } from '../params.ts'
import { STEPS } from './chain.ts'
import type { OlderRequest, VersionStep } from './step.ts'
import { type ApiVersion, isBefore } from './version.ts'

type Described = Pick<Endpoint, 'method' | 'path' | 'isList' | 'isSearch' | 'parameters'>

/** How one version sends a request to one endpoint, and what leads from there to the newest. */
export type RequestForm = {
  readonly parameters: Fields
  /** Oldest step first. */
  readonly up: readonly ((sent: Record<string, unknown>) => void)[]
}

/** Worked out once for each endpoint and version that is asked for. */
const forms = new WeakMap<Described, Map<ApiVersion, RequestForm>>()

/**
 * Decodes a request as `version` would have sent it, and turns it into one of the newest version. Throws Stripe's error
 * for what that version does not take.
 */
export function decodeRequest(endpoint: Described, sent: FormHash, version: ApiVersion): Record<string, unknown> {
  const { parameters, up } = formOf(endpoint, version)
  const decoded: Record<string, unknown> = decodeParameters(parameters, sent)
  for (const turn of up) turn(decoded)
  return decoded
}

function formOf(endpoint: Described, version: ApiVersion): RequestForm {
  let versions = forms.get(endpoint)
  if (!versions) {
    versions = new Map()
    forms.set(endpoint, versions)
  }
  let form = versions.get(version)
  if (!form) {
    form = requestForm(STEPS, endpoint, version)
    versions.set(version, form)
  }
  return form
}

/** As decodeRequest reads it, by these steps (newest first). Without a step for the endpoint its own schema is used. */
export function requestForm(steps: readonly VersionStep[], endpoint: Described, version: ApiVersion): RequestForm {
  const fields: Record<string, Parameter<unknown>> = {}
  const up: RequestForm['up'][number][] = []
  for (const { since, older } of olderRequests(steps, endpoint).reverse()) {
    if (isBefore(version, since)) {
      Object.assign(fields, older.parameters)
      if (older.up) up.push(older.up)
    } else if (older.refusal) {
      for (const name in older.parameters) fields[name] = refusing(older.refusal)
    }
  }
  const isItsOwn = Object.keys(fields).length === 0
  return { parameters: isItsOwn ? endpoint.parameters : { ...endpoint.parameters, ...fields }, up }
}

/** What the documentation says of it: the parameters that only versions before may send. */
export function olderParameters(endpoint: Described): { readonly before: ApiVersion; readonly parameters: Fields }[] {
  return olderRequests(STEPS, endpoint).flatMap(({ since, older }) =>
    older.parameters ? [{ before: since, parameters: older.parameters }] : [],
  )
}

/** What older versions may send to an endpoint, and the version from which on it is over: newest first. */
function olderRequests(
  steps: readonly VersionStep[],
  { method, path, isList, isSearch }: Described,
): { readonly since: ApiVersion; readonly older: OlderRequest }[] {
  const route = `${method} ${path}`
  return steps.flatMap(({ version, requests = [] }) =>
    requests
      .filter(({ of }) => (of === 'lists' ? isList && !isSearch : of.includes(route)))
      .map((older) => ({ since: version, older })),
  )
}

function refusing(refusal: NonNullable<OlderRequest['refusal']>): Parameter<never> {
  const decode = (sent: FormValue, name: string): never => {
    throw refusal(name, sent)
  }
  return { kind: 'anything', required: false, support: 'refused', decode, fallback: undefined }
}
