import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { GuardFailed, type Write } from '../store.ts'
import { allItems, balances, changedItem, newItem, noItems, openItems, unit, usd } from './items.fixture.ts'

type Command =
  | { readonly kind: 'insert'; readonly id: string }
  | { readonly kind: 'update'; readonly id: string; readonly version: number }
type ModelUnit = { readonly commands: readonly Command[]; readonly ledgerAccount: string; readonly amount: number }

/** Few ids and versions, so that units meet. */
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constant('insert'), id }),
  fc.record({ kind: fc.constant('update'), id, version: fc.integer({ min: 1, max: 3 }) }),
)
const modelUnit: fc.Arbitrary<ModelUnit> = fc.record({
  commands: fc.array(command, { minLength: 1, maxLength: 4 }),
  ledgerAccount: fc.constantFrom('pending', 'available'),
  amount: fc.integer({ min: -1000, max: 1000 }),
})

/** What a list of units does: the versions of the items, the balances, and whether each unit was kept. */
function runModel(units: readonly ModelUnit[]) {
  let versions = new Map<string, number>()
  const sums = new Map<string, number>()
  const kept = units.map(({ commands, ledgerAccount, amount }) => {
    const after = new Map(versions)
    for (const command of commands) {
      const version = after.get(command.id)
      if (command.kind === 'insert' ? version !== undefined : version !== command.version) return false
      after.set(command.id, (version ?? 0) + 1)
    }
    versions = after
    sums.set(ledgerAccount, (sums.get(ledgerAccount) ?? 0) + amount)
    return true
  })
  return { versions: Object.fromEntries(versions), balances: withoutZeros(Object.fromEntries(sums)), kept }
}

/** A balance of zero may have a row or none. */
const withoutZeros = (sums: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0))

const writeOf = (command: Command): Write =>
  command.kind === 'insert' ? newItem(command.id) : changedItem(command.id, command.version)

it('commits in groups what a model commits one after the other', async (t) => {
  const store = await openItems(t)
  const zero = ['pending', 'available']
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(modelUnit, { maxLength: 12 }), { maxLength: 4 }), async (groups) => {
      const before = await balances(store)
      await store.commit(
        unit(
          [noItems()],
          zero.map((name) => usd(name, -Number(before[name] ?? 0))),
        ),
      )
      const kept: boolean[] = []
      for (const group of groups) {
        const settled = await Promise.allSettled(
          group.map(({ commands, ledgerAccount, amount }) =>
            store.commit(unit(commands.map(writeOf), [usd(ledgerAccount, amount)])),
          ),
        )
        for (const result of settled) {
          assert.ok(result.status === 'fulfilled' || result.reason instanceof GuardFailed)
          kept.push(result.status === 'fulfilled')
        }
      }
      const items = await store.all(allItems, [])
      const versions = Object.fromEntries(items.map(({ id, version }) => [id, version]))
      assert.deepEqual({ versions, balances: withoutZeros(await balances(store)), kept }, runModel(groups.flat()))
    }),
    { numRuns: 150 },
  )
})
