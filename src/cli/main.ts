import { usage } from './usage.ts'

/** `koban …`. Each command is loaded when it is asked for, so that none pays for another's code. */
const COMMANDS: Readonly<Record<string, () => Promise<{ run: (argv: string[]) => Promise<number> }>>> = {
  start: () => import('./start.ts'),
  accounts: () => import('./accounts.ts'),
  keys: () => import('./keys.ts'),
  clock: () => import('./clock.ts'),
  doctor: () => import('./doctor.ts'),
}

async function main([command, ...argv]: string[]): Promise<number> {
  const asksForHelp = [command, ...argv].some((word) => word === '--help' || word === '-h')
  if (command === undefined || command === 'help' || asksForHelp) {
    console.log(usage())
    return 0
  }
  if (command === '--version' || command === '-v') {
    console.log((await import('./version.ts')).version())
    return 0
  }
  const load = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined
  if (!load) {
    console.error(`koban: there is no command ${command}. koban --help lists them.`)
    return 2
  }
  return (await load()).run(argv)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(`koban: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
