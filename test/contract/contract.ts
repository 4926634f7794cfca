import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { DEVIATIONS } from './deviations.ts'
import { isDeleted, jsonSchemaOf, objectNamed } from './json-schema.ts'
import { operationFor, type Schema, type Slice, sliceFor } from './slices.ts'

/** An answer as a client sees it. */
export type Seen = {
  readonly method: string
  /** Without its query. */
  readonly path: string
  readonly status: number
  /** What the answer's `Stripe-Version` said; undefined where the request was refused before. */
  readonly version: string | undefined
  readonly body: unknown
}

/** All that is wrong with an answer by Stripe's schemas: what was asked, the version, the path of the field. */
export function problemsOf(seen: Seen): readonly string[] {
  const version = seen.version ?? '2022-11-15' // an error has the same form in every version
  const slice = sliceFor(version)
  const problems = seen.status < 400 ? problemsOfResult(slice, seen) : problemsBy(slice, 'error', seen.body, '')
  const what = `${seen.method} ${seen.path} in ${version}`
  return [...new Set(problems)].map((problem) => `${what}: ${problem}`)
}

function problemsOfResult(slice: Slice, { method, path, body }: Seen): string[] {
  const schema = operationFor(slice, method, path)?.responses?.[200].content['application/json']?.schema
  const declared = schema ? problemsByOwn(slice, schema, body, '') : []
  return [...declared, ...problemsWithin(slice, body, '', schema === undefined)]
}

/**
 * What is wrong with each API object in `value` by itself, wherever it stands: schemas leave out some places, such as
 * the card in a charge's `source`. An event's data has the version that the event names.
 */
function problemsWithin(slice: Slice, value: unknown, path: string, mustBeKnown = false): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => problemsWithin(slice, item, `${path}[${index}]`, mustBeKnown))
  }
  if (!isHash(value) || path.endsWith('metadata')) return []
  const within = Object.entries(value).flatMap(([key, inner]) => {
    if (value.object === 'event' && key === 'data') return problemsOfEvent(value, inner, join(path, key))
    return problemsWithin(slice, inner, join(path, key), isPage(value) && key === 'data')
  })
  if (typeof value.object !== 'string') return within
  const name = schemaNameOf(slice, value)
  if (name !== undefined) return [...problemsBy(slice, name, value, path), ...within]
  if (value.object === 'list') return [...problemsByOwn(slice, LIST, value, path), ...within]
  if (value.object === 'search_result') return [...problemsByOwn(slice, SEARCH_RESULT, value, path), ...within]
  return mustBeKnown ? [...within, `${path || 'the answer'}: there is no schema of ${value.object}`] : within
}

function problemsOfEvent(event: Hash, data: unknown, path: string): string[] {
  if (!isHash(data) || !isHash(data.object)) return [] // the event's own schema says so
  const slice = sliceFor(String(event.api_version))
  const problems = problemsWithin(slice, data.object, `${path}.object`, true)
  const known = slice.schemas[schemaNameOf(slice, data.object) ?? '']?.properties ?? {}
  const strange = Object.keys(isHash(data.previous_attributes) ? data.previous_attributes : {}).filter(
    (key) => !(key in known) && !(key in (data.object as Hash)),
  )
  return [
    ...problems.map((problem) => `${problem} (the event is of ${event.api_version})`),
    ...strange.map((key) => `${path}.previous_attributes.${key}: the object has no such key`),
  ]
}

const LIST: Schema = {
  type: 'object',
  properties: {
    data: { type: 'array' },
    has_more: { type: 'boolean' },
    object: { type: 'string', enum: ['list'] },
    url: { type: 'string' },
  },
  required: ['data', 'has_more', 'object', 'url'],
}

/** The newest schemas describe it where it is answered, older ones not at all. */
const SEARCH_RESULT: Schema = {
  ...LIST,
  properties: {
    ...LIST.properties,
    next_page: { type: 'string', nullable: true },
    object: { type: 'string', enum: ['search_result'] },
  },
}

function isPage({ object }: Hash): boolean {
  return object === 'list' || object === 'search_result'
}

// --- validators: made when first needed, once in a process ---------------------------------------------------------

type Engine = {
  readonly ajv: Ajv
  /** The names of schemas by the `object` that they are for. */
  readonly names: ReadonlyMap<string, string>
  readonly operations: Map<Schema, ValidateFunction>
}

const engines = new Map<string, Engine>()

function engineOf({ version, schemas }: Slice): Engine {
  let engine = engines.get(version)
  if (!engine) {
    const ajv = new Ajv({ allErrors: true, strict: false, verbose: true, inlineRefs: false, validateSchema: false })
    const names = new Map<string, string>()
    for (const [name, schema] of Object.entries(schemas)) {
      // Under its name a schema is compiled once, whatever refers to it.
      ajv.addSchema(jsonSchemaOf(schemas, schema) as object, name)
      const object = objectNamed(schema)
      if (object !== undefined) names.set(kindOf(object, isDeleted(schema)), name)
    }
    engine = { ajv, names, operations: new Map() }
    engines.set(version, engine)
  }
  return engine
}

function problemsBy(slice: Slice, name: string, value: unknown, path: string): string[] {
  const validate = engineOf(slice).ajv.getSchema(name)
  if (!validate) throw new Error(`there is no schema ${name} in ${slice.version}`)
  return failures(validate, value, path)
}

function problemsByOwn(slice: Slice, schema: Schema, value: unknown, path: string): string[] {
  const { ajv, operations } = engineOf(slice)
  let validate = operations.get(schema)
  if (!validate) {
    validate = ajv.compile(jsonSchemaOf(slice.schemas, schema) as object)
    operations.set(schema, validate)
  }
  return failures(validate, value, path)
}

function schemaNameOf(slice: Slice, { object, deleted }: Hash): string | undefined {
  return engineOf(slice).names.get(kindOf(String(object), deleted === true))
}

function kindOf(object: string, deleted: boolean): string {
  return deleted ? `deleted ${object}` : object
}

function failures(validate: ValidateFunction, value: unknown, path: string): string[] {
  if (validate(value)) return []
  return (validate.errors ?? []).filter(isCause).flatMap((error) => {
    const place = placeOf(path, error)
    return isDeliberate(place, error) ? [] : [`${place || 'the answer'}: ${messageOf(error)}`]
  })
}

function isDeliberate(place: string, { data }: ErrorObject): boolean {
  return DEVIATIONS.some(({ field, value }) => field.test(place) && value === data)
}

/** That a branch was taken is no failure of its own. */
function isCause({ keyword }: ErrorObject): boolean {
  return keyword !== 'if'
}

function placeOf(path: string, { instancePath, keyword, params }: ErrorObject): string {
  const inside = instancePath.replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.')
  const whole = `${path}${inside}`.replace(/^\./, '')
  return keyword === 'required' ? join(whole, params.missingProperty) : whole
}

const SHOWN = 60 // characters of a wrong value

function messageOf({ keyword, message, params, data }: ErrorObject): string {
  if (keyword === 'required') return 'is missing'
  const rule = keyword === 'false schema' ? 'must be an id or an object that may stand here' : message
  const allowed = keyword === 'enum' ? ` (${params.allowedValues.join(', ')})` : ''
  return `${rule}${allowed}, but is ${JSON.stringify(data).slice(0, SHOWN)}`
}

type Hash = { readonly [key: string]: unknown }

function isHash(value: unknown): value is Hash {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
