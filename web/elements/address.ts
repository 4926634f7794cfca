import type { FrameAddress } from './protocol.ts'

/** What the page wrote behind the # of a frame's address; what it left out is empty. */
export function addressOf(hash: string): FrameAddress {
  const said = new URLSearchParams(hash.slice(1))
  return new Proxy({} as FrameAddress, { get: (_, name) => said.get(String(name)) ?? '' })
}

export function hashOf(address: FrameAddress): string {
  return `#${new URLSearchParams(address)}`
}
