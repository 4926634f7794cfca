import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Writes a generated page of the documentation. With `--check` on the command line it writes nothing, and the process
 * ends with an error where the file is not what the code says.
 */
export function generate(file: `docs/${string}`, text: string, command: string): void {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url))
  if (!process.argv.includes('--check')) {
    writeFileSync(path, text)
  } else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${file} is not what the code says: ${command} writes it anew.`)
    process.exitCode = 1
  }
}
