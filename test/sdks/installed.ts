import { compile, isInstalled, SDKS, type Sdk, type SdkName } from './installation.ts'

/** What a suite of this SDK runs, or why it cannot: then all of it counts as not run. */
export function installed(name: SdkName) {
  const { package: title, needs }: Sdk = SDKS[name]
  const missing = `not installed: it needs ${needs}; then npm run sdks:prepare`
  const skip: string | false = isInstalled(name) ? false : missing
  return { title, skip, start: () => compile(name) }
}
