/** Chance that can be repeated: the same seed gives the same choices. */
export type Random = {
  /** From `from` to `to`, both included. */
  integer(from: number, to: number): number
  chance(probability: number): boolean
  pick<T>(choices: readonly T[]): T
  /** Another one, whose choices do not depend on how often this one is asked. */
  branch(): Random
}

/** mulberry32: 32 bits of state are plenty for choosing test data. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    integer,
    chance: (probability) => next() < probability,
    pick: (choices) => choices[integer(0, choices.length - 1)] ?? pickedFromNothing(),
    branch: () => seeded(integer(0, 2 ** 32 - 1)),
  }
}

function pickedFromNothing(): never {
  throw new RangeError('there is nothing to choose from')
}
