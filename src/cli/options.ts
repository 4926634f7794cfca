import { parseArgs } from 'node:util'

/** Where the data is when `--data` names no other folder. */
export const DEFAULT_FOLDER = '.koban'

/** A mistake on the command line: its message is shown without a stack. */
export class UsageError extends Error {}

type Kinds = Readonly<Record<string, 'string' | 'boolean'>>
type OptionValues<K extends Kinds> = {
  readonly [N in keyof K]: K[N] extends 'boolean' ? boolean : string | undefined
}

/**
 * Reads options and what else stands on the command line. An option that is not given is looked for in the environment:
 * `--public-url` in KOBAN_PUBLIC_URL. Throws UsageError for an option that is not known.
 */
export function readOptions<const K extends Kinds>(argv: string[], kinds: K, environment = process.env) {
  const options = Object.fromEntries(Object.entries(kinds).map(([name, type]) => [name, { type }]))
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({ args: argv, options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
  const values: Record<string, unknown> = {}
  for (const [name, kind] of Object.entries(kinds)) {
    const inEnvironment = environment[`KOBAN_${name.replaceAll('-', '_').toUpperCase()}`]
    const given = parsed.values[name] ?? inEnvironment
    values[name] = kind === 'boolean' ? given === true || given === '1' || given === 'true' : given
  }
  return { values: values as OptionValues<K>, positionals: parsed.positionals }
}
