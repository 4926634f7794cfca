/** Bundles what browsers load: each file under the path at which it is served. */

import { createHash } from 'node:crypto'
import { join, relative } from 'node:path'
import type { BuildOptions, Metafile } from 'esbuild'

const ELEMENTS = 'web/elements'
const FIELD = `${ELEMENTS}/field/main.ts`
const CONTROLLER = `${ELEMENTS}/controller/main.ts`
const FIELD_STYLE = `${ELEMENTS}/field/field.css`

type Bundled = { readonly files: Map<string, string | Uint8Array>; readonly inputs: string[] }

/** The frames are named by what is in them, down to the script that a shop's page loads, which names the frames. */
export async function bundleWeb(root: string): Promise<Bundled> {
  const esbuild = await import('esbuild')
  const common = {
    absWorkingDir: root,
    outdir: 'v3',
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    logLevel: 'warning',
    legalComments: 'none',
  } as const satisfies BuildOptions
  const frames = await esbuild.build({
    ...common,
    entryPoints: { field: FIELD, controller: CONTROLLER, style: FIELD_STYLE },
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    splitting: true,
    format: 'esm',
    target: 'es2020',
  })
  const built = (entry: string) => `/${builtFrom(frames.metafile, entry)}`
  const style = `<link rel="stylesheet" href="${built(FIELD_STYLE)}">`
  const field = page('elements-inner-card', `${style}<script type="module" src="${built(FIELD)}"></script>`)
  const controller = page('controller', `<script type="module" src="${built(CONTROLLER)}"></script>`)
  const script = await esbuild.build({
    ...common,
    entryPoints: { stripe: `${ELEMENTS}/page/main.ts` },
    format: 'iife',
    target: 'es2018',
    define: { FIELD_PAGE: JSON.stringify(`/${field.name}`), CONTROLLER_PAGE: JSON.stringify(`/${controller.name}`) },
  })
  const outputs = [...frames.outputFiles, ...script.outputFiles]
  const files = new Map<string, string | Uint8Array>([
    ...outputs.map(({ path, contents }): [string, Uint8Array] => [relative(root, path), contents]),
    [field.name, field.html],
    [controller.name, controller.html],
  ])
  const inputs = [frames, script].flatMap(({ metafile }) => Object.keys(metafile.inputs))
  return { files: new Map([...files].map(([path, contents]) => [join('web', path), contents])), inputs }
}

function builtFrom({ outputs }: Metafile, entry: string): string {
  const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === entry)
  if (found === undefined) throw new Error(`nothing was built from ${entry}`)
  return found[0]
}

function page(name: string, head: string): { readonly name: string; readonly html: string } {
  const html = `<!doctype html><html data-theme="light"><meta charset="utf-8"><title>Koban</title>${head}</html>\n`
  return { name: `v3/${name}-${createHash('sha256').update(html).digest('hex').slice(0, 8)}.html`, html }
}
