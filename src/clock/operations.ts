import { GuardFailed, MAXIMUM_TRIES, type Store } from '../store/store.ts'
import { type ClockChange, changed } from './account-clock.ts'
import type { Clocks } from './clocks.ts'
import { clockOf, setClock } from './repository.ts'

/**
 * Moves the clock of an account's test mode. What falls due by it is the worker's to do: where that fails, the clock has
 * moved all the same. Throws errors of the catalogue for a change that contradicts itself or leads backwards, and
 * GuardFailed where others moved it too often meanwhile.
 */
export async function moveClock(
  { store, clocks }: { readonly store: Store; readonly clocks: Clocks },
  account: string,
  change: ClockChange,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const before = await clockOf(store, account)
    const after = changed(before.clock, change, clocks.real())
    try {
      await store.commit({ account, writes: setClock(account, before, after), balances: [] })
      clocks.set(account, after)
      return
    } catch (error) {
      if (!(error instanceof GuardFailed) || tries === MAXIMUM_TRIES) throw error
    }
  }
}
