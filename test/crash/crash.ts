/** `npm run test:crash -- --rounds 200 [--seed N]`: kills the server many times. The suite runs five rounds of it. */

import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runRounds } from './rounds.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string' } } })
const rounds = wholeNumber('rounds', values.rounds)
const seed = values.seed === undefined ? randomInt(2 ** 32) : wholeNumber('seed', values.seed)
const folder = mkdtempSync(join(tmpdir(), 'koban-crash-'))

console.log(`seed ${seed}, data in ${folder}`)
console.log(await runRounds({ folder: join(folder, 'data'), rounds, seed, say: console.log }))
console.log('nothing lost, nothing doubled')
rmSync(folder, { recursive: true }) // what a failed run leaves is there to be looked at

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text)
  console.error(`--${name} takes a whole number, not ${text}`)
  process.exit(2)
}
