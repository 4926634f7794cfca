import { resolve } from 'node:path'
import { readControlFile } from '../control/admin-token.ts'
import { DEFAULT_FOLDER, UsageError } from './options.ts'

/** Speaks to the running server of a data folder. Throws UsageError where none runs, or it refuses. */
export async function control(
  data: string | undefined,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const folder = resolve(data ?? DEFAULT_FOLDER)
  const file = readControlFile(folder)
  if (!file) throw new UsageError(`no server runs with the data folder ${folder}: koban start starts one`)
  let response: Response
  try {
    response = await fetch(`${file.url}/_koban${path}`, {
      method,
      headers: {
        authorization: `Bearer ${process.env.KOBAN_ADMIN_TOKEN ?? file.token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
  } catch {
    throw new UsageError(
      `no server answers at ${file.url}, where one ran with the data folder ${folder}: koban start starts it again`,
    )
  }
  const answer = (await response.json()) as Record<string, unknown>
  if (!response.ok) throw new UsageError((answer.error as { message: string }).message)
  return answer
}

/** Drops what was not given. */
export function given(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
