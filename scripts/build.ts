/**
 * Bundles Koban with all its libraries into dist/, so that the package has no dependencies and starts fast. Does
 * nothing when nothing that went into the last bundle has changed since.
 */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, join, resolve } from 'node:path'
import type { Plugin } from 'esbuild'

const ROOT = resolve(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')
const CACHE = join(ROOT, '.cache')
const STAMP = join(CACHE, 'build.json')

/** Each becomes dist/<name>.js, by which name it is started: a worker thread is an entry of its own. */
const ENTRIES: Record<string, string> = {
  koban: 'src/cli/main.ts',
  'store-worker': 'src/store/sqlite/worker.ts',
}

/** What decides the bundle beside the sources: libraries change by these, and so does how they are bundled. */
const ALSO_INPUTS = ['package.json', 'package-lock.json', 'node_modules/.package-lock.json', 'scripts/build.ts']

/** Modules of Node that Fastify requires at its start and uses only where it serves TLS: 9 ms, saved until then. */
const LAZY_FOR_LIBRARIES = ['https', 'http2']

/** Libraries that Fastify requires, for what no server of ours does. */
const LEFT_OUT = new Set([
  'pino', // a log of its own
  'light-my-request', // requests without a network, for tests
  '@fastify/ajv-compiler', // schemas
  '@fastify/fast-json-stringify-compiler',
  '@fastify/proxy-addr', // who stands behind a proxy
  'semver', // which versions a plugin goes with
])

type Stamp = Record<string, string>

function fingerprint(path: string): string {
  const stat = statSync(join(ROOT, path), { throwIfNoEntry: false })
  return stat === undefined ? 'missing' : `${stat.mtimeMs} ${stat.size}`
}

function isUpToDate(): boolean {
  if (!existsSync(STAMP)) return false
  const stamp: Stamp = JSON.parse(readFileSync(STAMP, 'utf8'))
  return Object.entries(stamp).every(([path, seen]) => seen === fingerprint(path))
}

/**
 * Takes Node's own modules by `process.getBuiltinModule`, in our code and in the libraries' CommonJS alike: it needs no
 * `require` in an ES module, and an `import` of node:http, which lists all that it exports, would load Node's whole
 * HTTP client for it: 20 of the 80 ms to a listening server.
 */
const builtinsByCall: Plugin = {
  name: 'builtins by call',
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z0-9_/]+$/ }, ({ path, kind }) => {
      if (!isBuiltin(path)) return undefined
      const name = path.replace(/^node:/, '')
      if (kind !== 'require-call') return { path: name, namespace: 'builtin', sideEffects: false }
      return { path: name, namespace: LAZY_FOR_LIBRARIES.includes(name) ? 'lazy-builtin' : 'required-builtin' }
    })
    // What is imported of it, by name: else esbuild copies the whole module, with a getter for each member.
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: [
        `const all = process.getBuiltinModule('node:${path}')`,
        'export default all',
        ...namesOf(path).map((name) => `export const ${name} = /* @__PURE__ */ (() => all.${name})()`),
      ].join('\n'),
    }))
    build.onLoad({ filter: /.*/, namespace: 'required-builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('node:${path}')`,
    }))
    build.onLoad({ filter: /.*/, namespace: 'lazy-builtin' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, key) => process.getBuiltinModule('node:${path}')[key] })`,
    }))
  },
}

/** What a module of Node exports by name. Members that are deprecated warn when they are looked at: these need not be. */
function namesOf(builtin: string): string[] {
  const members = Object.getOwnPropertyDescriptors(process.getBuiltinModule(`node:${builtin}`) ?? {})
  return Object.keys(members).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default')
}

/** What is not there is not read at each start: 6 ms for the last two. */
const leaveOut: Plugin = {
  name: 'leave out',
  setup(build) {
    build.onResolve({ filter: /^[a-z@]/ }, ({ path }) =>
      LEFT_OUT.has(path) ? { path, namespace: 'left-out' } : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, {
        get: () => { throw new Error('${path} is left out of the bundle, by scripts/build.ts') },
      })`,
    }))
  },
}

/** Bundles one entry in memory. Commands that are imported when called (`await import`) become files of their own. */
async function bundle(name: string, source: string) {
  const esbuild = await import('esbuild')
  return esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: { [name]: source },
    outdir: 'dist',
    chunkNames: `${name}-[name]-[hash]`,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    plugins: [builtinsByCall, leaveOut],
    minifyWhitespace: true,
    minifySyntax: true, // not the names: a stack trace can still be read
    lineLimit: 160,
    metafile: true,
    write: false,
    logLevel: 'warning',
  })
}

/** The licence of each library inside the bundle, as most of them ask for. */
function licences(inputs: string[]): string {
  const packages = new Set(inputs.flatMap((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []))
  return [...packages]
    .sort()
    .map(licenceOf)
    .join(`\n${'-'.repeat(80)}\n\n`)
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
  const texts = readdirSync(join(ROOT, folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
  const heading = `${name} ${version} (${license})`
  return `${[heading, ...texts.map((file) => readFileSync(join(ROOT, folder, file), 'utf8').trim())].join('\n\n')}\n`
}

/**
 * Puts each file in its place whole, and what others name last: another process may be starting from this folder, or
 * building it too.
 */
function publish(files: Map<string, string | Uint8Array>): void {
  mkdirSync(DIST, { recursive: true })
  mkdirSync(CACHE, { recursive: true })
  const unfinished = mkdtempSync(join(CACHE, 'build-'))
  for (const [name, contents] of files) writeFileSync(join(unfinished, name), contents)
  for (const name of files.keys()) renameSync(join(unfinished, name), join(DIST, name))
  rmSync(unfinished, { recursive: true })
  for (const name of readdirSync(DIST)) if (!files.has(name)) rmSync(join(DIST, name), { recursive: true, force: true })
}

/** A file that was changed while the bundle was made may or may not be in it: it counts as changed the next time. */
function stampOf(inputs: string[], startedMs: number): Stamp {
  const isChanged = (path: string) => (statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0) >= startedMs
  return Object.fromEntries(inputs.map((path) => [path, isChanged(path) ? 'changed' : fingerprint(path)]))
}

async function build(): Promise<void> {
  const startedMs = Date.now()
  const bundles = await Promise.all(Object.entries(ENTRIES).map(([name, source]) => bundle(name, source)))
  const inputs = bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs))
  const isOurs = (path: string) => !/node_modules\/|^[a-z-]+:/.test(path) // neither a library's nor made by a plugin
  const sources = inputs.filter(isOurs)
  const stamp = stampOf([...sources, ...ALSO_INPUTS], startedMs)

  const outputs = bundles.flatMap(({ outputFiles }) => outputFiles)
  const code = outputs.map(({ path, contents }): [string, Uint8Array] => [basename(path), contents])
  const isEntry = ([name]: [string, Uint8Array]) => name.slice(0, -'.js'.length) in ENTRIES
  const files = new Map<string, string | Uint8Array>([
    ['THIRD-PARTY-LICENSES', licences(inputs)],
    ...code.filter((file) => !isEntry(file)),
    ...code.filter(isEntry),
  ])
  publish(files)

  for (const name of files.keys()) stamp[`dist/${name}`] = fingerprint(`dist/${name}`)
  const unfinished = `${STAMP}.${process.pid}`
  writeFileSync(unfinished, JSON.stringify(stamp, null, 1))
  renameSync(unfinished, STAMP)
  const bytes = outputs.reduce((sum, { contents }) => sum + contents.length, 0)
  console.log(`Built dist/ (${Math.ceil(bytes / 1024)} KB, ${Date.now() - startedMs} ms)`)
}

if (!isUpToDate()) {
  await build().catch((error: Error) => {
    if (!('errors' in error)) throw error
    process.exit(1) // esbuild has said what it could not build, and where
  })
}
