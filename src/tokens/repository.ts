import type { Store, Write } from '../store/store.ts'
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
  if (!row) return undefined
  const value: Token = {
    id: String(row.id),
    created: Number(row.created),
    used: row.used === 1,
    ...JSON.parse(String(row.body)),
  }
  return { livemode: row.livemode === 1, value }
}
