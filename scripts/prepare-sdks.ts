/**
 * Installs the official SDKs that `test/sdks` runs: all, or those named (`python-old` …). Ends with 1 where one could
 * not be installed.
 */

import { styleText } from 'node:util'
import { compile, install, SDKS, type Sdk, type SdkName } from '../test/sdks/installation.ts'

function chosen(wanted: readonly string[]): SdkName[] {
  const all = Object.keys(SDKS) as SdkName[]
  for (const name of wanted) {
    if (all.some((known) => known === name)) continue
    console.error(`There is no SDK ${name}; there are ${all.join(', ')}.`)
    process.exit(1)
  }
  return wanted.length === 0 ? all : all.filter((name) => wanted.includes(name))
}

for (const name of chosen(process.argv.slice(2))) {
  const { package: title, needs }: Sdk = SDKS[name]
  try {
    install(name)
    compile(name) // the compiler's cache gets warm, so that the tests do not wait for it
    console.log(`${styleText('green', '✔')} ${title}`)
  } catch (error) {
    console.log(`${styleText('red', '✖')} ${title}: it needs ${needs}.\n${(error as Error).message}\n`)
    process.exitCode = 1
  }
}
