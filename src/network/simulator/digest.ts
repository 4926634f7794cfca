const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/**
 * A number from 0 to 2³²−1 that depends on nothing but `text` and `seed`: FNV-1a, finished as MurmurHash3 is, so that
 * texts that differ in one digit lie far apart. It stands where a real network would give an arbitrary number; it
 * hides nothing.
 */
export function digest(text: string, seed = 0): number {
  let hash = FNV_OFFSET ^ seed
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
