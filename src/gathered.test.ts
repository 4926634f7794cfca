import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gathered } from './gathered.ts'

/** Knows a word's length, but of no word longer than five. Remembers what it was asked for. */
function lengths() {
  const calls: string[][] = []
  const read = gathered(async (words) => {
    calls.push([...words])
    return new Map(words.filter((word) => word.length <= 5).map((word) => [word, word.length]))
  })
  return { read, calls }
}

describe('what is asked for one by one', () => {
  it('is read together', async () => {
    const { read, calls } = lengths()
    assert.deepEqual(await Promise.all([read('a'), read('bb'), read('too long')]), [1, 2, undefined])
    assert.deepEqual(calls, [['a', 'bb', 'too long']])
  })

  it('also by promises that have come equally far', async () => {
    const { read, calls } = lengths()
    const twice = async (first: string, second: string) => [
      await read(first),
      await Promise.resolve(),
      await read(second),
    ]
    await Promise.all([twice('a', 'b'), twice('aa', 'bb'), twice('a', 'ccc')])
    assert.deepEqual(
      calls.map((words) => words.toSorted()),
      [
        ['a', 'aa'],
        ['b', 'bb', 'ccc'],
      ],
    )
  })

  it('is read once, found or not', async () => {
    const { read, calls } = lengths()
    for (const word of ['a', 'a', 'too long', 'too long']) await read(word)
    assert.deepEqual(calls, [['a'], ['too long']])
  })

  it('fails for all who asked in that round, and for no other', async () => {
    let isBroken = true
    const read = gathered<number>(async (words) => {
      if (isBroken) throw new Error('gone')
      return new Map(words.map((word) => [word, 1]))
    })
    const both = await Promise.allSettled([read('a'), read('b')])
    assert.deepEqual(
      both.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    isBroken = false
    assert.equal(await read('c'), 1)
  })
})
