export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  if (upper === undefined) throw new RangeError('nothing was measured')
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

/** Does one thing `count` times, one after the other. */
export async function rounds<T>(count: number, round: () => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let n = 0; n < count; n++) results.push(await round())
  return results
}

/** A whole number with its thousands apart: 12,345. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

export function perSecond(rate: number): string {
  return `${whole(rate)}/s`
}

/** What a row found: the number that is judged, and where it comes from. */
export type Finding = {
  readonly value: number
  readonly details: string
  /** Why the row is missed whatever its number is. */
  readonly fault?: string | undefined
}
