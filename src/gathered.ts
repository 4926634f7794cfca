import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * Reads one by one what is then read together: all keys that are asked for before the event loop turns are one call of
 * `readAll`, and no key is read twice. A key that `readAll` does not find is undefined.
 */
export function gathered<V>(
  readAll: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
): (key: string) => Promise<V | undefined> {
  const asked = new Map<string, Promise<V | undefined>>()
  let waiting: string[] = []
  let round: Promise<ReadonlyMap<string, V>> | undefined

  const readWaiting = async () => {
    await nextTurn()
    const keys = waiting
    waiting = []
    round = undefined
    return readAll(keys)
  }
  return (key) => {
    let answer = asked.get(key)
    if (!answer) {
      waiting.push(key)
      round ??= readWaiting()
      answer = round.then((found) => found.get(key))
      asked.set(key, answer)
    }
    return answer
  }
}
