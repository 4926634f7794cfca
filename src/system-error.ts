/** The code of an error of Node's or of the system (`ENOENT`, `EADDRINUSE`); undefined where it has none. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
