import { parseArgs } from 'node:util'

/** Where the data is when `--data` names no other folder. */
export const DEFAULT_FOLDER = '.koban'

/** A mistake on the command line: its message is shown without a stack. */
export class UsageError extends Error {}

/** `strings`: an option that may be given several times. */
type Kinds = Readonly<Record<string, 'string' | 'boolean' | 'strings'>>
type OptionValues<K extends Kinds> = {
  readonly [N in keyof K]: K[N] extends 'boolean'
    ? boolean
    : K[N] extends 'strings'
      ? readonly string[]
      : string | undefined
}

/**
 * Reads options and what else stands on the command line. An option that is not given is looked for in the environment:
 * `--public-url` in KOBAN_PUBLIC_URL. Throws UsageError for an option that is not known.
 */
export function readOptions<const K extends Kinds>(argv: string[], kinds: K, environment = process.env) {
  const options = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      kind === 'strings' ? ({ type: 'string', multiple: true } as const) : { type: kind },
    ]),
  )
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
    if (kind === 'boolean') values[name] = given === true || given === '1' || given === 'true'
    else if (kind === 'strings') values[name] = typeof given === 'string' ? given.split(',') : (given ?? [])
    else values[name] = given
  }
  return { values: values as OptionValues<K>, positionals: parsed.positionals }
}
