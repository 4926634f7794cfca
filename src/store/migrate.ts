/** Decides which migrations a database needs. Pure: each database has its own few lines that read and run. */

import type { Migration } from './schema.ts'

/** What a database remembers of a migration that it has had: a row of `schema_migrations`. */
export type AppliedMigration = { readonly number: number; readonly name: string; readonly oldestCode: number }

/** The table that remembers them. It is older than any migration, so it is made outside of them. */
export const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS schema_migrations
  (number integer PRIMARY KEY, name text NOT NULL, oldest_code integer NOT NULL, applied bigint NOT NULL)`

/** The database was changed by code with which this code cannot share it, so it must not be touched. */
export class SchemaRefused extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SchemaRefused'
  }
}

/**
 * The migrations still to run, in order. Newer migrations that this code doesn't know are accepted where they say
 * that code of its age still works. Throws SchemaRefused where they don't, or where the histories differ.
 */
export function pendingMigrations(
  known: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  const newestKnown = Math.max(0, ...known.map((migration) => migration.number))
  const newestApplied = Math.max(0, ...applied.map((migration) => migration.number))
  const appliedByNumber = new Map(applied.map((migration) => [migration.number, migration]))

  for (const { number, name, oldestCode } of applied) {
    if (oldestCode > newestKnown) {
      throw new SchemaRefused(
        `The database is at schema ${newestApplied}, and migration ${number} (${name}) needs code that knows schema ` +
          `${oldestCode}; this version of Koban knows ${newestKnown}. Start a newer version of Koban.`,
      )
    }
  }
  for (const { number, name } of known) {
    const before = appliedByNumber.get(number)
    if (before && before.name !== name) {
      throw new SchemaRefused(`Migration ${number} is "${name}" here, but the database has had "${before.name}".`)
    }
    if (!before && number < newestApplied) {
      throw new SchemaRefused(`The database has had migration ${newestApplied}, but not ${number} (${name}).`)
    }
  }
  return known.filter(({ number }) => number > newestApplied).toSorted((a, b) => a.number - b.number)
}
