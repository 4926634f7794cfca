import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Fields, hash, integer, refused, string, unsettable } from '../../src/http/params.ts'
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
    const values = forms.flatMap(valuesOf).filter((value) => isRefused(() => field.decode(value, name)))
    const inside = forms.flatMap((form) => [
      ...unknownOf(form.properties ?? {}, field.fields ?? {}, name),
      ...unknownOf(form.items?.properties ?? {}, field.fields ?? {}, `${name}[]`),
    ])
    return [...values.map((value) => `${name}=${value}`), ...inside]
  })
}

/** Values that a schema names, or that are the same for every parameter of its type. */
function valuesOf({ type, enum: words }: Schema): readonly string[] {
  if (words) return words
  return type === 'boolean' ? ['true', 'false'] : []
}

function isRefused(decode: () => unknown): boolean {
  try {
    decode()
    return false
  } catch {
    return true
  }
}

describe("Stripe's parameters are all accepted, or refused or ignored by name", () => {
  for (const version of SLICED_VERSIONS) {
    for (const served of sliceOf(version).operations) {
      const endpoint = endpointFor(served)
      if (!endpoint) continue
      it(`${served.method} ${served.path} in ${version}`, () => {
        const { parameters } = requestForm(STEPS, endpoint, version)
        assert.deepEqual(unknownOf(parametersOf(served.operation), parameters), [])
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
      items: hash({}),
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
