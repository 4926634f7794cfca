import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pendingMigrations, SchemaRefused } from './migrate.ts'

const migration = (number: number, oldestCode = 1, name = `step ${number}`) => ({ number, name, oldestCode, sql: [] })
const numbers = (...lists: Parameters<typeof pendingMigrations>) => pendingMigrations(...lists).map((m) => m.number)

describe('pendingMigrations', () => {
  it('runs all of them on a new database, in the order of their numbers', () => {
    assert.deepEqual(numbers([migration(2), migration(1)], []), [1, 2])
  })

  it('runs only those that the database has not had', () => {
    assert.deepEqual(numbers([migration(1), migration(2), migration(3)], [migration(1)]), [2, 3])
    assert.deepEqual(numbers([migration(1)], [migration(1)]), [])
  })

  it('accepts a newer database that still supports this code', () => {
    assert.deepEqual(numbers([migration(1), migration(2)], [migration(1), migration(2), migration(3, 2)]), [])
  })

  it('refuses a newer database that demands newer code', () => {
    assert.throws(() => numbers([migration(1)], [migration(1), migration(2, 2)]), {
      name: SchemaRefused.name,
      message: /migration 2 \(step 2\) needs code that knows schema 2; this version of Koban knows 1/,
    })
  })

  it('refuses a database with another history', () => {
    assert.throws(() => numbers([migration(1)], [migration(1, 1, 'something else')]), SchemaRefused)
    assert.throws(() => numbers([migration(1), migration(2)], [migration(1), migration(3)]), SchemaRefused)
  })
})
