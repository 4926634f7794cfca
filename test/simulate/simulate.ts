/**
 * `npm run test:simulate -- --seeds N [--from F] [--steps S]`: N merchants' lives of S steps each, by the seeds F, F+1 …
 * `--seed K` lives that one again, and prints each step.
 */

import { parseArgs } from 'node:util'
import { LifeFailed, type Lived, liveAll } from './run.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    steps: { type: 'string', default: '200' },
  },
})

const steps = wholeNumber('steps', values.steps)
const one = values.seed === undefined ? null : wholeNumber('seed', values.seed)
const first = one ?? wholeNumber('from', values.from)
const count = one === null ? wholeNumber('seeds', values.seeds) : 1
const lived: Lived[] = []
const failed: LifeFailed[] = []
await liveAll(
  Array.from({ length: count }, (_, n) => first + n),
  steps,
  (ended) => {
    if (one !== null) console.log(ended.trace.map((line, at) => `${at + 1} ${line}`).join('\n'))
    if (ended instanceof LifeFailed) {
      failed.push(ended)
      console.error(`${ended.message}\n${ended.trace.slice(-10).join('\n')}\n`, ended.cause)
      console.error(`again: npm run test:simulate -- --seed ${ended.seed} --steps ${steps}`)
    } else {
      lived.push(ended)
    }
  },
)

const total = (of: (one: Lived) => number) => lived.reduce((sum, one) => sum + of(one), 0)
console.log(
  `${lived.length} lives of ${steps} steps: ${total(({ charges }) => charges)} charges, ` +
    `${total(({ transactions }) => transactions)} balance transactions, ${total(({ events }) => events)} events`,
)
console.log(
  failed.length === 0 ? 'all as the model says' : `failed: seeds ${failed.map(({ seed }) => seed).join(', ')}`,
)
process.exitCode = failed.length === 0 ? 0 : 1

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  console.error(`--${name} takes a whole number, not ${text}`)
  process.exit(2)
}
