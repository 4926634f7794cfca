import type { Row, Store, Write } from '../store/store.ts'
import { statement, write } from '../store/store.ts'
import type { ApiKey, KeyKind } from './key.ts'
import type { Grants } from './permissions.ts'

const COLUMNS = 'account, id, livemode, created, kind, last4, sealed, expires, permissions'

const insertStatement = statement('insert key', `INSERT INTO api_keys (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
const insertDirectoryStatement = statement(
  'insert key into the directory',
  'INSERT INTO key_directory (hash, account, key) VALUES (?, ?, ?)',
)
const inDirectory = statement('key by hash', 'SELECT account, key FROM key_directory WHERE hash = ?')
const byIdStatement = statement('key by id', `SELECT ${COLUMNS} FROM api_keys WHERE account = ? AND id = ?`)
const ofAccountStatement = statement(
  'keys of an account',
  `SELECT ${COLUMNS} FROM api_keys WHERE account = ? ORDER BY id`,
)
const expireStatement = statement(
  'expire key',
  'UPDATE api_keys SET expires = ? WHERE account = ? AND id = ? AND (expires IS NULL OR expires > ?)',
)

const grantsStatement = statement(
  'change permissions of a key',
  'UPDATE api_keys SET permissions = ? WHERE account = ? AND id = ? AND permissions = ?',
)

/** Keeps a new key, and how it is found by its hash. */
export function insertKey(key: ApiKey, hash: string): Write[] {
  const { account, id, livemode, created, kind, last4, sealed, expires, grants } = key
  return [
    write(
      ...([insertStatement, account, id, livemode ? 1 : 0, created, kind, last4, sealed, expires] as const),
      grants && JSON.stringify(grants),
    ),
    write(insertDirectoryStatement, hash, account, id),
  ]
}

/** Lets a key end at `expires`; fails its guard where it has ended by then already. */
export function expireKey(key: ApiKey, expires: number): Write {
  return write(expireStatement, expires, key.account, key.id, expires)
}

/** Writes what a restricted key may do from now on; fails its guard where another request has changed it. */
export function updateGrants({ account, id, grants: before }: ApiKey, after: Grants): Write {
  return write(grantsStatement, JSON.stringify(after), account, id, JSON.stringify(before))
}

/** The key whose text has this hash, or undefined. */
export async function keyByHash(store: Pick<Store, 'get'>, hash: string): Promise<ApiKey | undefined> {
  const found = await store.get(inDirectory, [hash])
  return found && keyById(store, String(found.account), String(found.key))
}

export async function keyById(store: Pick<Store, 'get'>, account: string, id: string): Promise<ApiKey | undefined> {
  const row = await store.get(byIdStatement, [account, id])
  return row && readKey(row)
}

/** Every key of an account, oldest first. */
export async function keysOfAccount(store: Pick<Store, 'all'>, account: string): Promise<ApiKey[]> {
  return (await store.all(ofAccountStatement, [account])).map(readKey)
}

function readKey(row: Row): ApiKey {
  return {
    id: String(row.id),
    account: String(row.account),
    livemode: row.livemode === 1,
    kind: row.kind as KeyKind,
    created: Number(row.created),
    last4: String(row.last4),
    sealed: row.sealed === null ? null : String(row.sealed),
    expires: row.expires === null ? null : Number(row.expires),
    grants: row.permissions === null ? null : JSON.parse(String(row.permissions)),
  }
}
