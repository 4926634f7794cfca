import assert from 'node:assert/strict'
import { type ListCommand, listPage, type Named, visible } from '../lookup.ts'
import { type Context, found, type Operation, unitOf } from '../operation.ts'
import type { Page } from '../store/paging.ts'
import { type File, mediaTypeOf, take, type UploadPurpose } from './file.ts'
import { contentOf, FILES_TABLE, fileById, insertFile, readFile, type StoredFile } from './repository.ts'

export type CreateFile = {
  readonly purpose: UploadPurpose
  readonly filename: string
  /** Latin-1 text, a byte each. */
  readonly content: string
}

/** Keeps an uploaded file. */
export const createFile: Operation<CreateFile, File> = async (context, { purpose, filename, content }) => {
  const { account, livemode, now, ids } = context
  const decision = take({ id: ids.next('file'), created: now, purpose, filename, content })
  return unitOf(context, decision, (file) => ({
    writes: [insertFile(account.id, livemode, file, Buffer.from(content, 'latin1'))],
    made: [{ object: 'file', value: file }],
  }))
}

const IN_URL: Named = { word: 'file', param: 'file', where: 'url' }

export const retrieveFile: Operation<{ file: string }, File> = async (context, { file: id }) =>
  found((await readFileNamed(context, id, IN_URL)).value)

/** A file's bytes, with their media type. */
export const downloadFile: Operation<{ file: string }, { type: string; content: Buffer }> = async (
  context,
  { file: id },
) => {
  const { value: file } = await readFileNamed(context, id, IN_URL)
  const content = await contentOf(context.store, context.account.id, id)
  assert(content, `${id} has no content`)
  return found({ type: mediaTypeOf(file), content: Buffer.from(content.buffer, content.byteOffset, content.length) })
}

export type ListFiles = ListCommand & { readonly purpose?: string | undefined }

/** Files, newest first. */
export const listFiles: Operation<ListFiles, Page<File>> = async (context, command) => {
  const { purpose } = command
  const byId = (id: string) => fileById(context.store, context.account.id, id)
  const listed = { ...FILES_TABLE, word: 'file', read: readFile, byId }
  const conditions = purpose === undefined ? [] : [{ sql: 'purpose = ?', values: [purpose] }]
  return found(await listPage(context, listed, command, conditions))
}

/** A file that the key may see. Throws Stripe's `No such file`. */
export async function readFileNamed(context: Context, id: string, named: Named): Promise<StoredFile> {
  return visible(context, await fileById(context.store, context.account.id, id), id, named)
}
