import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { add, type BankAccount, type BankDetails, markErrored, remove, update } from './bank-account.ts'

const DETAILS: Omit<BankDetails, 'id'> = {
  country: 'US',
  currency: 'usd',
  routingNumber: '110000000',
  last4: '6789',
  fingerprint: 'f',
  holderName: null,
  holderType: null,
  accountType: null,
}

type Command =
  | { do: 'add'; isDefault: boolean | undefined }
  | { do: 'update'; which: number; isDefault: boolean | undefined }
  | { do: 'error'; which: number }
  | { do: 'remove'; which: number; defaultCurrency: string }

const which = fc.nat(5)
const isDefault = fc.option(fc.boolean(), { nil: undefined })
const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('add' as const), isDefault }),
    fc.record({ do: fc.constant('update' as const), which, isDefault }),
    fc.record({ do: fc.constant('error' as const), which }),
    fc.record({ do: fc.constant('remove' as const), which, defaultCurrency: fc.constantFrom('usd', 'eur') }),
  ),
  { maxLength: 40 },
)

describe('the bank accounts of a currency', () => {
  it('have one default as long as there are any, whatever is done to them', () => {
    fc.assert(
      fc.property(commands, (all) => {
        let accounts: BankAccount[] = []
        const keep = (changed: readonly BankAccount[]) => {
          const after = new Map(accounts.map((one) => [one.id, one]))
          for (const one of changed) after.set(one.id, one)
          accounts = [...after.values()].filter(({ deleted }) => !deleted)
        }
        for (const [n, command] of all.entries()) {
          const chosen = command.do === 'add' ? undefined : accounts[command.which % Math.max(1, accounts.length)]
          const others = accounts.filter((one) => one !== chosen)
          if (command.do === 'add') {
            const added = { metadata: {}, now: n, isDefault: command.isDefault }
            const decision = add({ ...DETAILS, id: `ba_${n}` }, accounts, added)
            assert.ok(!decision.refused)
            keep([...decision.value.changed, decision.value.account])
          } else if (chosen && command.do === 'update') {
            const decision = update(chosen, others, { isDefault: command.isDefault })
            assert.ok(!decision.refused)
            assert.equal(decision.value.account.status, 'new')
            keep(decision.value.changed)
          } else if (chosen && command.do === 'error') {
            const decision = markErrored(chosen)
            assert.ok(!decision.refused)
            assert.equal(decision.events.length, chosen.status === 'errored' ? 0 : 1)
            keep([decision.value])
          } else if (chosen && command.do === 'remove') {
            const decision = remove(chosen, others, command.defaultCurrency)
            const isKept = chosen.isDefault && (others.length > 0 || command.defaultCurrency === 'usd')
            assert.equal(decision.refused !== undefined, isKept)
            if (!decision.refused) keep(decision.value.changed)
          }
          assert.equal(accounts.filter(({ isDefault }) => isDefault).length, Math.min(1, accounts.length))
        }
      }),
    )
  })
})
