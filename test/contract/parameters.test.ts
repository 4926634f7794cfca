import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StripeError } from '../../src/errors.ts'
import { type Fields, hash, integer, refused, string, strings, unsettable } from '../../src/http/params.ts'
import { STEPS } from '../../src/http/versions/chain.ts'
import { requestForm } from '../../src/http/versions/requests.ts'
import { NEW, OLD, startTestServer } from '../api/server.ts'
import { endpointFor, operationsNotThere, parametersOf } from './served.ts'
import { type Schema, SLICED_VERSIONS, sliceOf } from './slices.ts'

type Properties = Readonly<Record<string, Schema>>

/** What of Stripe's parameters, and of the values that it names for them, would be refused as if it did not exist. */
function unknownOf(properties: Properties, fields: Fields, prefix = ''): string[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const name = prefix === '' ? key : `${prefix}[${key}]`
    const field = fields[key]
    if (!field) return [name]
    if (field.support !== 'done') return [] // whatever is in it is refused by name, or ignored
    const forms = [schema, ...(schema.anyOf ?? [])]
    const values = forms.flatMap(valuesOf).filter((value) => refusalOf(() => field.decode(value, name)))
    const members = forms.flatMap(({ items }) => Object.keys(items?.properties ?? {}))
    const strange = members.filter((member) => isUnknown(() => field.decode({ 0: { [member]: 'some text' } }, name)))
    const inside = forms.flatMap((form) => unknownOf(form.properties ?? {}, field.fields ?? {}, name))
    return [...values.map((value) => `${name}=${value}`), ...strange.map((member) => `${name}[][${member}]`), ...inside]
  })
}

/** Values that a schema names, or that are the same for every parameter of its type. */
function valuesOf({ type, enum: words }: Schema): readonly string[] {
  if (words) return words
  return type === 'boolean' ? ['true', 'false'] : []
}

function refusalOf(decode: () => unknown): StripeError | null {
  try {
    decode()
    return null
  } catch (error) {
    if (error instanceof StripeError) return error
    throw error
  }
}

/** The members of a hash in an array are not described; whether one is known is asked by sending it alone. */
function isUnknown(decode: () => unknown): boolean {
  const { code, message } = refusalOf(decode)?.fields ?? {}
  return code === 'parameter_unknown' || message?.startsWith('Invalid string') === true
}

/** Words of Stripe's that are refused on purpose, and why. */
const REFUSED: readonly { readonly route: string; readonly word: RegExp; readonly why: string }[] = [
  {
    route: 'POST /v1/sources',
    word: /^flow=/,
    why: 'Sources other than cards are not there, and a card needs no flow.',
  },
]

function isDeliberate(route: string, word: string): boolean {
  return REFUSED.some((refused) => refused.route === route && refused.word.test(word))
}

describe("Stripe's parameters are all accepted, or refused or ignored by name", () => {
  for (const version of SLICED_VERSIONS) {
    for (const served of sliceOf(version).operations) {
      const endpoint = endpointFor(served)
      if (!endpoint) continue
      it(`${served.method} ${served.path} in ${version}`, () => {
        const { parameters } = requestForm(STEPS, endpoint, version)
        const unknown = unknownOf(parametersOf(served.operation), parameters)
        assert.deepEqual(
          unknown.filter((word) => !isDeliberate(`${served.method} ${served.path}`, word)),
          [],
        )
      })
    }
  }

  it('and one that is not there would be told, with its words and what is in it', () => {
    const properties: Properties = {
      amount: { type: 'integer' },
      address: { type: 'object', properties: { city: { type: 'string' }, line1: { type: 'string' } } },
      capture: { type: 'boolean' },
      items: { type: 'array', items: { properties: { plan: { type: 'string' } } } },
      name: { anyOf: [{ type: 'string' }, { type: 'string', enum: [''] }] },
      phone: { anyOf: [{ type: 'string' }, { type: 'string', enum: [''] }] },
      tax: { type: 'object', properties: { id: { type: 'string' } } },
    }
    const fields = {
      address: hash({ city: string() }),
      capture: integer(),
      items: strings(),
      name: unsettable(string()),
      phone: string(),
      tax: refused(),
    }
    assert.deepEqual(unknownOf(properties, fields), [
      'amount',
      'address[line1]',
      'capture=true',
      'capture=false',
      'items[][plan]',
      'phone=',
    ])
  })
})

describe("Stripe's operations that are not there", async () => {
  const shop = await startTestServer()
  for (const version of [OLD, NEW]) {
    it(`are told to be so in ${version}, not taken for a mistyped URL`, async () => {
      for (const { method, path } of operationsNotThere()) {
        const asked = path.replaceAll(/:\w+/g, 'id_1KobanIsNotThere')
        const { status, error } = await shop.refused(`${method} ${asked}`, {}, { version })
        assert.equal(status, 404)
        assert.match(
          error.message,
          /^Unrecognized request URL \(.*\)\. Koban does not have [a-zA-Z ]+: /,
          `${method} ${path}`,
        )
      }
    })
  }
})
