import type { UnixSeconds } from '../money.ts'
import type { Row, Store, Write } from '../store/store.ts'
import { statement, write } from '../store/store.ts'
import type { Token } from './token.ts'

const insertStatement = statement(
  'insert token',
  'INSERT INTO tokens (account, id, livemode, created, used, body) VALUES (?, ?, ?, ?, 0, ?)',
)
const byIdStatement = statement(
  'token by id',
  'SELECT id, created, used, livemode, body FROM tokens WHERE account = ? AND id = ?',
)
const olderStatement = statement(
  'old tokens',
  `SELECT id, created, used, body FROM tokens WHERE account = ? AND livemode = ? AND created <= ?
   ORDER BY created LIMIT 100`,
)
const deleteStatement = statement('delete token', 'DELETE FROM tokens WHERE account = ? AND id = ? AND used = ?')
const useStatement = statement('use token', 'UPDATE tokens SET used = 1 WHERE account = ? AND id = ? AND used = 0')

export type StoredToken = { readonly livemode: boolean; readonly value: Token }

export function insertToken(account: string, livemode: boolean, token: Token): Write {
  const { id, created, card, bank, clientIp } = token
  return write(insertStatement, account, id, livemode ? 1 : 0, created, JSON.stringify({ card, bank, clientIp }))
}

/** Uses a token up; fails its guard when another request was faster. */
export function useToken(account: string, token: string): Write {
  return write(useStatement, account, token)
}

/** The token with this id in either mode, or undefined. */
export async function tokenById(
  store: Pick<Store, 'get'>,
  account: string,
  id: string,
): Promise<StoredToken | undefined> {
  const row = await store.get(byIdStatement, [account, id])
  return row && { livemode: row.livemode === 1, value: readToken(row) }
}

/** Some tokens of a mode that were made at `latest` or before, the oldest first. */
export async function tokensOlderThan(
  store: Pick<Store, 'all'>,
  account: string,
  livemode: boolean,
  latest: UnixSeconds,
): Promise<Token[]> {
  return (await store.all(olderStatement, [account, livemode ? 1 : 0, latest])).map(readToken)
}

/** Removes a token as it was read; fails its guard when it was used, or removed, meanwhile. */
export function deleteToken(account: string, { id, used }: Token): Write {
  return write(deleteStatement, account, id, used ? 1 : 0)
}

function readToken(row: Row): Token {
  return {
    id: String(row.id),
    created: Number(row.created),
    used: row.used === 1,
    ...JSON.parse(String(row.body)),
  }
}
