import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ROOT } from '../process/koban.ts'
import { SDKS } from './installation.ts'

const PAGE = readFileSync(join(ROOT, 'docs/sdks.md'), 'utf8')
/** Languages whose code in the page is that of a program that the tests run. */
const RUN = ['js', 'python', 'go', 'java']
const PROGRAMS = [
  'node/old/checks.js',
  'node/new/checks.js',
  'python/old/checks.py',
  'python/new/checks.py',
  'go/old/main.go',
  'go/new/main.go',
  'java/old/Checks.java',
  'java/new/Checks.java',
]

/** What stands between the marks of a program, as its reader would write it. */
function snippetOf(program: string): string {
  const text = readFileSync(join(import.meta.dirname, program), 'utf8')
  const marked = text.match(/^ *(?:\/\/|#) snippet: start\n([\s\S]*?)^ *(?:\/\/|#) snippet: end$/m)?.[1]
  assert(marked, `${program} marks no snippet`)
  const indent = marked.match(/^ */)?.[0] ?? ''
  const lines = marked.trimEnd().split('\n')
  // The old library is installed under another name here, beside the new one.
  return lines
    .map((line) => line.slice(line.startsWith(indent) ? indent.length : 0))
    .join('\n')
    .replace("'stripe-7'", "'stripe'")
}

function blocks(): { language: string; code: string }[] {
  const found = PAGE.matchAll(/^```(\w*)\n([\s\S]*?)\n```$/gm)
  return [...found].map(([, language = '', code = '']) => ({ language, code }))
}

describe('docs/sdks.md', () => {
  const run = blocks().filter(({ language }) => RUN.includes(language))

  for (const program of PROGRAMS) {
    it(`shows the code of ${program}`, () => {
      const shown = run.map(({ code }) => code)
      assert(shown.includes(snippetOf(program)), `expected, word for word:\n${snippetOf(program)}`)
    })
  }

  it('shows no other code in these languages', () => {
    const proven = PROGRAMS.map(snippetOf)
    assert.deepEqual(
      run.filter(({ code }) => !proven.includes(code)),
      [],
    )
  })

  it('names the versions that the tests run', () => {
    for (const version of ['7.1.0', '23.1.0', ...Object.values(SDKS).map((sdk) => sdk.package.split(' ')[1] ?? '?')]) {
      assert(PAGE.includes(version), version)
    }
  })
})
