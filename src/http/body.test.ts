import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Context } from '../operation.ts'
import { serialize } from './answer.ts'
import { bodyOf, type Reading } from './body.ts'
import { endpoint, listEndpoint } from './endpoint.ts'
import { NEWEST_VERSION } from './versions/version.ts'

const object = { id: 'thing_1', name: 'line\nbreak' }
const render = (thing: typeof object) => ({ object: 'thing', ...thing, nested: { empty: {}, list: [1, 2] } })

function reading(publicUrl = 'http://one', path = '/v1/things'): Reading {
  const context = { account: { id: 'acct_1' }, livemode: false, now: 0, version: NEWEST_VERSION, publicUrl }
  return {
    context: context as Context,
    reader: {
      object: async () => undefined,
      refunds: async () => assert.fail('nothing to read'),
      sources: async () => assert.fail('nothing to read'),
    },
    made: [],
    paths: [],
    path,
  }
}

describe('the body of an answer', () => {
  it('is the object as Stripe prints it', async () => {
    const one = endpoint({
      route: 'GET /v1/things/:thing',
      object: 'thing',
      parameters: {},
      run: async () => never(),
      render,
    })
    assert.equal(String(await bodyOf(reading(), one, object)), serialize(render(object)))
  })

  for (const count of [0, 1, 3]) {
    it(`is a list of ${count} as a whole printer would write it`, async () => {
      const list = listEndpoint({
        route: 'GET /v1/things',
        object: 'thing',
        parameters: {},
        isStable: true,
        run: async () => never(),
        renderItem: render,
      })
      const items = Array.from({ length: count }, (_, n) => ({ ...object, id: `thing_${n}` }))
      const whole = { object: 'list', data: items.map(render), has_more: true, url: '/v1/things' }
      const page = { items, hasMore: true }
      assert.equal(String(await bodyOf(reading(), list, page)), serialize(whole))
      assert.equal(String(await bodyOf(reading(), list, page)), serialize(whole), 'again, from memory')
    })
  }

  it('is remembered for objects that always look alike, but not for another address of the links', async () => {
    let rendered = 0
    const linked = endpoint({
      route: 'GET /v1/things/:thing',
      object: 'thing',
      parameters: {},
      isStable: true,
      run: async () => never(),
      render: (thing: typeof object, { publicUrl }) => {
        rendered += 1
        return { ...render(thing), url: publicUrl }
      },
    })
    const first = await bodyOf(reading('http://one'), linked, object)
    assert.equal(await bodyOf(reading('http://one'), linked, object), first)
    assert.equal(rendered, 1)
    assert.match(String(await bodyOf(reading('http://two'), linked, object)), /http:\/\/two/)
  })
})

function never(): never {
  assert.fail('the operation is not run here')
}
