import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import type { Account } from '../accounts/account.ts'
import { seededIds } from '../ids.ts'
import { simulatedCards } from '../network/simulator/issuers.ts'
import type { Context } from '../operation.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import { GuardFailed, statement, type Write } from '../store/store.ts'
import { openVault, type Vault } from '../vault/vault.ts'
import { createToken, oldTokens, openToken } from './operations.ts'

const NOW = 1_558_000_000
const DAY = 86_400
const ACCOUNT = 'acct_1KobanTestAccount'

/** A store and a vault, and what requests and the cleaning do there, step by step. */
async function workshop(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'koban-tokens-'))
  const store = await openSqliteStore({ folder })
  const vault = await openVault({ store, keySource: { environmentValue: '11'.repeat(32), dataFolder: folder } })
  t.after(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const contextAt = (now: number) =>
    ({
      account: { id: ACCOUNT } as Account,
      livemode: false,
      now,
      request: { ip: null },
      ids,
      store,
      vault,
      testCards: simulatedCards,
    }) as unknown as Context
  const ids = seededIds(1)
  const commit = (writes: readonly Write[]) => store.commit({ account: ACCOUNT, writes, balances: [] })
  const fingerprint = vault.fingerprint(ACCOUNT, '4242424242424242')
  return {
    commit,
    async make(now = NOW): Promise<string> {
      const card = { number: '4242424242424242', exp_month: '12', exp_year: '2030' }
      const { answer, writes } = await createToken(contextAt(now), { card, bank: undefined })
      await commit(writes)
      return 'value' in answer ? answer.value.id : assert.fail()
    },
    async makeOfBank(): Promise<void> {
      const bank = { country: 'US', currency: 'usd', account_number: '000123456789', routing_number: '110000000' }
      const { answer, writes } = await createToken(contextAt(NOW), { card: undefined, bank })
      assert('value' in answer)
      await commit(writes)
    },
    open: async (token: string) => (await openToken(contextAt(NOW), token)).writes,
    old: (now = NOW + DAY) => oldTokens({ store, vault: vault as Vault, account: ACCOUNT, livemode: false, now }),
    left: async () => (await store.all(statement('tokens left', 'SELECT id FROM tokens'), [])).length,
    number: () => vault.readPan(ACCOUNT, fingerprint),
  }
}

describe('removing old tokens', () => {
  it('waits a day', async (t) => {
    const { make, old } = await workshop(t)
    await make()
    assert.deepEqual(await old(NOW + DAY - 1), [])
    assert.notDeepEqual(await old(), [])
  })

  it('leaves a token, and its number, that is used at that moment', async (t) => {
    const { make, open, old, commit, number, left } = await workshop(t)
    const using = await open(await make())
    const removing = await old()
    await commit(using)
    await assert.rejects(commit(removing), GuardFailed)
    assert.equal(await left(), 1)
    await commit(await old()) // a used one, now
    assert.equal(await left(), 0)
    assert.equal(await number(), '4242424242424242')
  })

  it('takes those of bank accounts too, and no card number with them', async (t) => {
    const { make, makeOfBank, open, old, commit, number, left } = await workshop(t)
    await commit(await open(await make()))
    await makeOfBank()
    await commit(await old())
    assert.equal(await left(), 0)
    assert.equal(await number(), '4242424242424242')
  })

  it('lets nobody use a token that has just been removed', async (t) => {
    const { make, open, old, commit, number } = await workshop(t)
    const using = await open(await make())
    await commit(await old())
    await assert.rejects(commit(using), GuardFailed)
    await assert.rejects(number(), /holds no card number/)
  })

  it('leaves the number for a token that is made at that moment', async (t) => {
    const { make, old, commit, number, left } = await workshop(t)
    await make()
    const removing = await old()
    await make(NOW + DAY)
    await commit(removing)
    assert.equal(await left(), 1)
    assert.equal(await number(), '4242424242424242')
  })

  it('counts once what two processes remove at the same time', async (t) => {
    const { make, old, commit, number } = await workshop(t)
    await make()
    const both = [await old(), await old()] as const
    await make(NOW + DAY)
    await commit(both[0])
    await assert.rejects(commit(both[1]), GuardFailed)
    assert.equal(await number(), '4242424242424242')
  })
})
