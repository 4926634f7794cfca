import { nameOf, type Schema, type Slice } from './slices.ts'

type Schemas = Slice['schemas']

/** A JSON Schema, as the validator takes it. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown }

/** Stripe's schema as a JSON Schema; a reference is the bare name of another. */
export function jsonSchemaOf(schemas: Schemas, schema: Schema): JsonSchema {
  const { nullable, ...rest } = schema
  const inner = notNull(schemas, rest)
  // As if-else a failure tells what is wrong with the value, not with each of the ways that it could have gone.
  return nullable ? { if: { type: 'null' }, else: inner } : inner
}

function notNull(schemas: Schemas, schema: Schema): JsonSchema {
  const { $ref, anyOf, properties, items, additionalProperties, ...rest } = schema
  if ($ref !== undefined) return { $ref: nameOf($ref) }
  if (anyOf) return oneOfKinds(schemas, anyOf)
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, inner]) => [name, jsonSchemaOf(schemas, inner)]),
      ),
    }),
    ...(items && { items: jsonSchemaOf(schemas, items) }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: jsonSchemaOf(schemas, additionalProperties),
    }),
  }
}

/** `anyOf` of an id and objects: which schema counts is told by the value's own `object` and `deleted`. */
function oneOfKinds(schemas: Schemas, members: readonly Schema[]): JsonSchema {
  const kinds = members.flatMap((member) => flattened(schemas, member))
  const [only] = kinds
  if (only && kinds.length === 1) return jsonSchemaOf(schemas, only)
  const told = kinds.map((kind) => ({ kind, marks: marksOf(schemas, kind) }))
  // What was cut away cannot be told apart, nor can a plain hash: such an object is taken as it is.
  let rest: JsonSchema = told.some(({ marks }) => marks === null) ? { type: 'object' } : false
  // Those that are told by `deleted` too come last here, and are asked first.
  for (const { kind, marks } of told.sort((a, b) => weight(a.marks) - weight(b.marks))) {
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    if (marks !== null) rest = { if: marks, then: jsonSchemaOf(schemas, kind), else: rest }
  }
  return rest
}

function flattened(schemas: Schemas, member: Schema): readonly Schema[] {
  const target = member.$ref === undefined ? member : schemas[nameOf(member.$ref)]
  return target?.anyOf ? target.anyOf.flatMap((inner) => flattened(schemas, inner)) : [member]
}

function weight(marks: Marks | null): number {
  return marks && 'required' in marks ? marks.required.length : 0
}

type Marks =
  | { readonly type: string }
  | { readonly type: 'object'; readonly required: readonly string[]; readonly properties: object }

/** By what a value is known to be meant by this schema, or null where nothing tells. */
function marksOf(schemas: Schemas, member: Schema): Marks | null {
  const schema = member.$ref === undefined ? member : schemas[nameOf(member.$ref)]
  if (schema?.type !== undefined && schema.type !== 'object') return { type: schema.type }
  const object = schema && objectNamed(schema)
  if (object === undefined) return null
  const deleted = isDeleted(schema ?? {})
  return {
    type: 'object',
    required: deleted ? ['object', 'deleted'] : ['object'],
    properties: { object: { const: object }, ...(deleted && { deleted: { const: true } }) },
  }
}

/** What stands in `object` of the objects that a schema is for. */
export function objectNamed({ properties }: Schema): string | undefined {
  return properties?.object?.enum?.length === 1 ? properties.object.enum[0] : undefined
}

/** Whether a schema is for what is left of a deleted object. */
export function isDeleted({ required }: Schema): boolean {
  return required?.includes('deleted') ?? false
}
