/** Fills a data folder with charges through Koban's own operations and store, without HTTP. The same each time. */

import { FIRST_ACCOUNT } from '../src/accounts/account.ts'
import { findAccount, firstAccount } from '../src/accounts/operations.ts'
import { type CreateCharge, createCharge } from '../src/charges/operations.ts'
import { FundsDays } from '../src/clock/funds.ts'
import { createIds, SEEDED_START, seededRandom } from '../src/ids.ts'
import { simulatedBanks } from '../src/network/simulator/banks.ts'
import { simulatedCards } from '../src/network/simulator/issuers.ts'
import { assessTestCard } from '../src/network/simulator/risk.ts'
import { simulator } from '../src/network/simulator/simulator.ts'
import type { Context, Outcome } from '../src/operation.ts'
import { openSqliteStore } from '../src/store/sqlite/open.ts'
import { openVault } from '../src/vault/vault.ts'

export type Fill = {
  readonly folder: string
  readonly charges: number
  readonly seed: string
  readonly tell: (done: number) => void
}

const CHARGES_AT_ONCE = 2048 // the store commits them in groups of 512
const SECONDS_BETWEEN = 10 // a million take four months
const SAMPLE = 500

const TOKENS = ['tok_visa', 'tok_mastercard', 'tok_amex', 'tok_jcb', 'tok_visa_debit', 'tok_discover', 'tok_gb_debit']

/** Makes the charges; gives the ids of 500 of them, spread evenly over all. */
export async function fill({ folder, charges, seed, tell }: Fill): Promise<string[]> {
  const store = await openSqliteStore({ folder })
  let now = SEEDED_START
  const ids = createIds({ now: () => now * 1000, random: seededRandom(seed) })
  const vault = await openVault({ store, keySource: { environmentValue: undefined, dataFolder: folder } })
  await store.commit(firstAccount({ store, vault, ids }, now))
  const account = await findAccount(store, FIRST_ACCOUNT)
  if (account === undefined) throw new Error('the first account is not there')

  const simulated = {
    acquirer: simulator(),
    testCards: simulatedCards,
    testBanks: simulatedBanks,
    assessRisk: assessTestCard,
  }
  const happening = { fundsDays: new FundsDays(), accountChanged: () => {}, doDue: async () => {} }
  const ports = { ids, store, vault, ...simulated, ...happening }
  const context = (): Context => ({
    ...ports,
    account,
    livemode: false,
    callerKind: 'secret',
    now,
    version: account.apiVersion,
    request: { id: ids.requestId(), idempotencyKey: null, ip: '127.0.0.1' },
    publicUrl: 'http://localhost',
  })
  const commit = async ({ writes, balances, committed }: Outcome<unknown>) => {
    await store.commit({ account: account.id, writes, balances })
    committed?.()
  }

  const sampled: string[] = []
  const every = Math.max(1, Math.floor(charges / SAMPLE))
  for (let done = 0; done < charges; ) {
    const end = Math.min(done + CHARGES_AT_ONCE, charges)
    const commits: Promise<void>[] = []
    for (; done < end; done++) {
      const outcome = await createCharge(context(), commandOf(done))
      if (done % every === 0 && 'value' in outcome.answer) sampled.push(outcome.answer.value.id)
      commits.push(commit(outcome))
      now += SECONDS_BETWEEN
    }
    await Promise.all(commits)
    tell(done)
  }
  await store.close()
  return sampled
}

/** The n-th charge: one in 40 is declined, one in 20 only authorized, one in 4 has metadata. */
function commandOf(n: number): CreateCharge {
  const source = n % 40 === 39 ? 'tok_chargeDeclined' : TOKENS[n % TOKENS.length]
  return {
    amount: 50 + ((n * 7919) % 100_000),
    currency: 'usd',
    source,
    customer: undefined,
    capture: n % 20 !== 19,
    description: `Order ${n}`,
    metadata: n % 4 === 0 ? { clear: false, entries: [['order_id', String(n)]] } : undefined,
    receiptEmail: n % 2 === 0 ? `buyer${n % 1000}@example.com` : undefined,
    shipping: undefined,
    statementDescriptor: undefined,
    statementDescriptorSuffix: undefined,
    transferGroup: undefined,
  }
}
