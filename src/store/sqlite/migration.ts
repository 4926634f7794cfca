/** Reads what a database has had of the migrations, and runs the rest. */

import type { DatabaseSync } from 'node:sqlite'
import { type AppliedMigration, MIGRATIONS_TABLE, pendingMigrations } from '../migrate.ts'
import type { Migration } from '../schema.ts'

/** Brings the schema up to the newest migration. Throws SchemaRefused where this code is too old for the database. */
export function migrate(db: DatabaseSync, known: readonly Migration[]): void {
  db.exec(MIGRATIONS_TABLE)
  for (const migration of pendingMigrations(known, appliedMigrations(db))) run(db, migration)
}

/** What the database has had, in order. Its table of migrations must exist. */
export function appliedMigrations(db: DatabaseSync): AppliedMigration[] {
  return db
    .prepare('SELECT number, name, oldest_code FROM schema_migrations ORDER BY number')
    .all()
    .map(({ number, name, oldest_code }) => ({
      number: Number(number),
      name: String(name),
      oldestCode: Number(oldest_code),
    }))
}

/** `applied` is by the database's own clock: it tells an operator when, and nothing is decided by it. */
function run(db: DatabaseSync, { number, name, oldestCode, sql }: Migration): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    for (const statement of sql) db.exec(statement)
    db.prepare('INSERT INTO schema_migrations (number, name, oldest_code, applied) VALUES (?, ?, ?, unixepoch())').run(
      number,
      name,
      oldestCode,
    )
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
