import type { Row, Store, Write } from '../store/store.ts'
import { statement, write } from '../store/store.ts'
import type { File } from './file.ts'

const COLUMNS = 'id, body'

const insertStatement = statement(
  'insert file',
  'INSERT INTO files (account, id, livemode, created, purpose, body, content) VALUES (?, ?, ?, ?, ?, ?, ?)',
)
const byIdStatement = statement('file by id', `SELECT ${COLUMNS}, livemode FROM files WHERE account = ? AND id = ?`)
const contentStatement = statement('content of a file', 'SELECT content FROM files WHERE account = ? AND id = ?')

/** Without the content, which is only read where it is asked for. */
export const FILES_TABLE = { table: 'files', columns: COLUMNS } as const

export type StoredFile = { readonly livemode: boolean; readonly value: File }

export function insertFile(account: string, livemode: boolean, file: File, content: Uint8Array): Write {
  const { id, created, purpose } = file
  return write(insertStatement, account, id, livemode ? 1 : 0, created, purpose, JSON.stringify(file), content)
}

/** The file with this id in either mode, or undefined. */
export async function fileById(
  store: Pick<Store, 'get'>,
  account: string,
  id: string,
): Promise<StoredFile | undefined> {
  const row = await store.get(byIdStatement, [account, id])
  return row && { livemode: row.livemode === 1, value: readFile(row) }
}

/** The bytes of a file, or undefined. */
export async function contentOf(
  store: Pick<Store, 'get'>,
  account: string,
  id: string,
): Promise<Uint8Array | undefined> {
  const content = (await store.get(contentStatement, [account, id]))?.content
  return content instanceof Uint8Array ? content : undefined
}

export function readFile(row: Row): File {
  return JSON.parse(String(row.body))
}
