import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { it } from 'node:test'
import { temporaryFolder } from '../process/koban.ts'
import { runRounds } from './rounds.ts'

const ROUNDS = 5

it('a server that is killed five times loses nothing and does nothing twice', async (t) => {
  const seed = randomInt(2 ** 32)
  console.log(`seed ${seed}`)
  const folder = join(temporaryFolder(t), 'data')
  const totals = await runRounds({ folder, rounds: ROUNDS, seed, say: console.log })
  assert(totals.kills >= ROUNDS)
  assert(totals.charges > ROUNDS)
})
