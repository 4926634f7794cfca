import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Answer } from '../http/answer.ts'
import { codeOf } from '../system-error.ts'
import type { PageRequest } from './page-at.ts'

/** Where `npm run build` puts what browsers load: beside the bundle, or, run from the source, in the repository's dist/. */
export const BUILT = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/web/' : './web/', import.meta.url),
)

const STRIPE_JS = 'v3/stripe.js'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
}

/** A name that says what is in the file: what is in it never changes. */
const HAS_HASH = /-[0-9A-Za-z]{8}[.]/

/** The Elements' frames, which any shop may have in its page; every other page is nobody's to frame. */
const FRAMES = /^v3[/](?:elements-inner|controller)-/

/**
 * Only what Koban serves itself runs in a page, and only Koban is spoken to. A shop's own font is no script, and may
 * come from where the shop has it.
 */
function policyOf(file: string): string {
  const ancestors = FRAMES.test(file) ? '* file:' : "'none'"
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    'font-src http: https: data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    `frame-ancestors ${ancestors}`,
  ].join('; ')
}

type Asset = { readonly headers: Readonly<Record<string, string>>; readonly whole: Buffer; zipped?: Promise<Buffer> }

/**
 * Serves the files of `folder`, each under its path there; `/v3/` and its other names are Stripe's script. All are read
 * at once, so that they fit together although another build may come meanwhile.
 */
export async function openPages(folder: string): Promise<(request: PageRequest) => Promise<Answer | null>> {
  const read = (await filesIn(folder)).map(async (file) => [file, await readAsset(folder, file)] as const)
  const assets = new Map(await Promise.all(read))
  return async ({ path, headers }) => {
    const asset = assets.get(fileAt(path))
    return asset === undefined ? null : answerOf(asset, headers)
  }
}

function fileAt(path: string): string {
  const name = path.slice(1)
  return /^(?:v3\/?|js\/?|[a-z]+\/stripe[.]js)$/.test(name) ? STRIPE_JS : name
}

/** Run from a source that nobody has built there are none. */
async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile())
    return files.map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll(sep, '/'))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

async function readAsset(folder: string, file: string): Promise<Asset> {
  const whole = await readFile(join(folder, file))
  const headers = {
    'Access-Control-Allow-Origin': '*',
    'Cache-Control': HAS_HASH.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache',
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    ETag: `"${createHash('sha256').update(whole).digest('base64url').slice(0, 22)}"`,
    Vary: 'Accept-Encoding',
    'X-Content-Type-Options': 'nosniff',
    ...(file.endsWith('.html') && { 'Content-Security-Policy': policyOf(file), 'Referrer-Policy': 'no-referrer' }),
  }
  return { headers, whole }
}

async function answerOf(asset: Asset, asked: PageRequest['headers']): Promise<Answer> {
  const { headers, whole } = asset
  const known = String(asked['if-none-match'] ?? '')
  if (headers.ETag !== undefined && known.includes(headers.ETag)) return { status: 304, headers, body: '', why: null }
  if (!/\bgzip\b/.test(String(asked['accept-encoding'] ?? ''))) return { status: 200, headers, body: whole, why: null }
  asset.zipped ??= promisify(gzip)(whole, { level: 9 })
  return { status: 200, headers: { ...headers, 'Content-Encoding': 'gzip' }, body: await asset.zipped, why: null }
}
