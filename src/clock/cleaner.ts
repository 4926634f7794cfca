import { setTimeout as later } from 'node:timers/promises'
import type { AccountId } from '../ids.ts'
import type { UnixSeconds } from '../money.ts'
import { GuardFailed, type Store, StoreUnavailable, type Write } from '../store/store.ts'
import type { Vault } from '../vault/vault.ts'
import type { Clocks } from './clocks.ts'

/** One account in one mode, at a time of its clock. */
export type Aging = {
  readonly store: Pick<Store, 'get' | 'all'>
  readonly vault: Vault
  readonly account: AccountId
  readonly livemode: boolean
  readonly now: UnixSeconds
}

/** The writes that remove some hundred of what is too old, as one unit; none where there is nothing. */
export type Cleaning = (aging: Aging) => Promise<readonly Write[]>

export type CleanerPorts = {
  readonly store: Store
  readonly vault: Vault
  readonly clocks: Clocks
  readonly cleanings: readonly Cleaning[]
  /** The ids of some accounts, in their order, after one; none after the last. */
  readonly accountsAfter: (account: string) => Promise<readonly AccountId[]>
  /** Told of what failed; it is tried again the next time. */
  readonly failed: (error: unknown) => void
}

/** Real time between two units, and between two accounts: a unit takes the writer some milliseconds, and charges come first. */
const REST_MS = 25
const REST_AFTER_ACCOUNTS = 20

/**
 * Removes what is too old to be seen. Nothing depends on when it does: what is too old is not shown before, either. Several
 * processes may do it at once; whoever comes second finds nothing.
 */
export class Cleaner {
  readonly #ports: CleanerPorts

  constructor(ports: CleanerPorts) {
    this.#ports = ports
  }

  /** Cleans all accounts, one after the other, until `isStopping`. Throws StoreUnavailable. */
  async cleanAll(isStopping: () => boolean): Promise<void> {
    let cleaned = 0
    for (let last = ''; ; ) {
      const accounts = await this.#ports.accountsAfter(last)
      for (const account of accounts) {
        for (const livemode of [false, true]) await this.clean(account, livemode, isStopping)
        if (isStopping()) return
        cleaned += 1
        if (cleaned % REST_AFTER_ACCOUNTS === 0) await later(REST_MS)
        last = account
      }
      if (accounts.length === 0) return
    }
  }

  /** Removes all that is too old in an account and mode, until `isStopping`. Throws StoreUnavailable. */
  async clean(account: AccountId, livemode: boolean, isStopping: () => boolean): Promise<void> {
    for (const cleaning of this.#ports.cleanings) {
      try {
        while (!isStopping() && (await this.#removeSome(cleaning, account, livemode))) await later(REST_MS)
      } catch (error) {
        if (error instanceof StoreUnavailable) throw error
        // Another process was faster, or somebody has just used what was to go: the next time it is looked at again.
        if (!(error instanceof GuardFailed)) this.#ports.failed(error)
      }
    }
  }

  /** False where there was nothing to remove. */
  async #removeSome(cleaning: Cleaning, account: AccountId, livemode: boolean): Promise<boolean> {
    const { store, vault, clocks } = this.#ports
    const writes = await cleaning({ store, vault, account, livemode, now: clocks.now(account, livemode) })
    if (writes.length > 0) await store.commit({ account, writes, balances: [] })
    return writes.length > 0
  }
}
