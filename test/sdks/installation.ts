/**
 * The official SDKs that the tests run beside Node's: how each is installed, compiled and run. What is installed lies
 * outside the repository's files, in node_modules/.cache: `npm run sdks:prepare` fills it, the tests only look.
 */

import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const CACHE = join(ROOT, 'node_modules/.cache/koban-sdks')
const COMMAND_TIMEOUT_MS = 300_000 // a whole download with a slow registry

export type SdkName = keyof typeof SDKS
type Command = readonly [program: string, ...args: string[]]

export type Sdk = {
  /** The package and its exact version, as docs/sdks.md names it. */
  readonly package: string
  /** Where the program lies that uses it, in test/sdks. */
  readonly folder: string
  readonly files: readonly string[]
  /** What must be on the machine, and how Debian calls it. */
  readonly needs: string
  /** Downloads it into the folder where the program was copied to; the only part that needs the network. */
  readonly install: readonly Command[]
  /** Compiles the program as it is now, without the network. */
  readonly compile: readonly Command[]
  readonly run: Command
  readonly environment?: Readonly<Record<string, string>>
}

const COPY_JARS = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'

function python(folder: string, version: string): Sdk {
  return {
    package: `stripe ${version} (PyPI)`,
    folder,
    files: ['requirements.txt', 'checks.py'],
    needs: 'Python 3 with venv (python3-venv)',
    install: [
      ['python3', '-m', 'venv', '--clear', 'venv'],
      ['venv/bin/pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', 'requirements.txt'],
    ],
    compile: [],
    run: ['venv/bin/python', '-u', 'checks.py'],
  }
}

function go(folder: string, version: string): Sdk {
  return {
    package: `stripe-go ${version} (Go modules)`,
    folder,
    files: ['go.mod', 'go.sum', 'main.go'],
    needs: 'Go (golang-go)',
    install: [['go', 'mod', 'download', 'all']],
    compile: [['go', 'build', '-mod=mod', '-o', 'checks', '.']],
    run: ['./checks'],
    environment: { GOPROXY: 'off' },
  }
}

function java(folder: string, version: string): Sdk {
  return {
    package: `stripe-java ${version} (Maven)`,
    folder,
    files: ['pom.xml', 'Checks.java'],
    needs: 'a JDK and Maven (default-jdk-headless, maven)',
    install: [['mvn', '--batch-mode', '--no-transfer-progress', '--quiet', COPY_JARS, '-DoutputDirectory=jars']],
    compile: [['javac', '-Xlint:-options', '-encoding', 'UTF-8', '-cp', 'jars/*', '-d', 'classes', 'Checks.java']],
    run: ['java', '-XX:TieredStopAtLevel=1', '-cp', ['jars/*', 'classes'].join(delimiter), 'Checks'],
  }
}

export const SDKS = {
  'python-old': python('python/old', '2.29.0'),
  'python-new': python('python/new', '16.1.0'),
  'go-old': go('go/old', 'v70.15.0'),
  // Its go.sum was compared with the repository's own tag: the checksum database did not know the version yet.
  'go-new': go('go/new', 'v86.2.0'),
  'java-old': java('java/old', '10.0.1'),
  'java-new': java('java/new', '33.3.0'),
} satisfies Record<string, Sdk>

const cacheOf = (name: SdkName) => join(CACHE, name)
const markOf = (name: SdkName) => join(cacheOf(name), 'installed')

/** What is asked for, so that a changed version is installed anew. */
function wanted({ folder, files, install }: Sdk): string {
  const manifests = files.filter((file) => !/^(checks|main|Checks)[.]/.test(file))
  const texts = manifests.map((file) => join(import.meta.dirname, folder, file)).filter(existsSync)
  return JSON.stringify([install, ...texts.map((file) => readFileSync(file, 'utf8'))])
}

function copyProgram(name: SdkName): void {
  const { folder, files }: Sdk = SDKS[name]
  mkdirSync(cacheOf(name), { recursive: true })
  for (const file of files) {
    const from = join(import.meta.dirname, folder, file)
    if (existsSync(from)) cpSync(from, join(cacheOf(name), file))
  }
}

function run(name: SdkName, commands: readonly Command[], environment: Readonly<Record<string, string>> = {}): void {
  for (const [program, ...args] of commands) {
    const { status, error, stdout, stderr } = spawnSync(program, args, {
      cwd: cacheOf(name),
      env: { ...process.env, ...environment },
      encoding: 'utf8',
      timeout: COMMAND_TIMEOUT_MS,
    })
    if (error !== undefined) throw new Error(`${program} could not be run: ${error.message}`)
    if (status !== 0) throw new Error(`${[program, ...args].join(' ')} failed:\n${(stdout + stderr).trim()}`)
  }
}

export function isInstalled(name: SdkName): boolean {
  return existsSync(markOf(name)) && readFileSync(markOf(name), 'utf8') === wanted(SDKS[name])
}

/** Downloads the SDK unless it is there. Throws what the tool said. */
export function install(name: SdkName): void {
  if (isInstalled(name)) return
  rmSync(cacheOf(name), { recursive: true, force: true })
  copyProgram(name)
  run(name, SDKS[name].install)
  writeFileSync(markOf(name), wanted(SDKS[name]))
}

/** Compiles the program of an SDK that is installed: what to run, and where. */
export function compile(name: SdkName): { readonly command: Command; readonly cwd: string } {
  const sdk: Sdk = SDKS[name]
  copyProgram(name)
  run(name, sdk.compile, sdk.environment)
  return { command: sdk.run, cwd: cacheOf(name) }
}
