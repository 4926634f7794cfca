/** How findings are shown: on the terminal, and in docs/benchmarks.md. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './cleanup.ts'
import type { Limit, Row } from './rows.ts'
import type { Finding } from './statistics.ts'

const PAGE = 'docs/benchmarks.md'

/** The sections of the page in their order, each written by a program of its own. */
const SECTIONS = {
  speed: 'What `npm run bench -- --write` gave',
  million: 'At a million charges: what `npm run bench:million -- --write` gave',
} as const

const INTRODUCTION = `# Benchmarks

Ratios, each against something that runs on the same machine in the same minutes: they say more than rates do, and mean
the same on another machine. [bench/README.md](../bench/README.md) says what each row is and how to run them.
`

/** One line of a table: a row with what it found, or why it found nothing. */
export type Result = { readonly row: Row; readonly finding: Finding | { readonly error: string } }

const HEAD = ['what', 'measured', 'must', 'aim', '', 'from']

/** The findings as a table of Markdown, which also reads well on a terminal. */
export function tableOf(results: readonly Result[]): string {
  const lines = [HEAD, ...results.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(3, ...lines.map((cells) => (cells[column] ?? '').length)))
  const show = (cells: readonly string[]) => `| ${cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`
  const rule = show(widths.map((width) => '-'.repeat(width)))
  return [show(HEAD), rule, ...lines.slice(1).map(show)].join('\n')
}

function cellsOf({ row, finding }: Result): string[] {
  const { what, unit, must, aim } = row
  const limits = [limitText(must, unit), limitText(aim, unit)]
  if ('error' in finding) return [what, '–', ...limits, 'not measured', finding.error.split('\n', 1)[0] ?? '']
  return [what, valueText(finding.value, unit), ...limits, verdictOf({ row, finding }), finding.details]
}

/** In words: whether what must be is, and what is aimed at. */
export function verdictOf({ row: { must, aim }, finding }: Result): string {
  if ('error' in finding) return 'not measured'
  if (finding.fault !== undefined) return `missed: ${finding.fault}`
  if (must !== null && !isWithin(finding.value, must)) return 'missed'
  if (aim !== null) return isWithin(finding.value, aim) ? 'aim reached' : 'met'
  return 'met'
}

function isWithin(value: number, limit: Limit): boolean {
  if ('atLeast' in limit) return value >= limit.atLeast
  return 'atMost' in limit ? value <= limit.atMost : value > limit.above
}

function limitText(limit: Limit | null, unit: Row['unit']): string {
  if (limit === null) return ''
  if ('atLeast' in limit) return `≥ ${limit.atLeast} ${unit}`
  return 'atMost' in limit ? `≤ ${limit.atMost} ${unit}` : `> ${limit.above} ${unit}`
}

function valueText(value: number, unit: Row['unit']): string {
  return `${value.toFixed(unit === 'MB' ? 0 : 2)} ${unit}`
}

/** Puts a section of docs/benchmarks.md in the place of its last one, and leaves the other as it is. */
export function writeSection(name: keyof typeof SECTIONS, lines: readonly string[]): void {
  const path = join(ROOT, PAGE)
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const section = (which: keyof typeof SECTIONS) => {
    const heading = `## ${SECTIONS[which]}\n`
    if (which === name) return `${heading}\n${lines.join('\n')}\n`
    const from = before.indexOf(heading)
    if (from === -1) return ''
    const to = before.indexOf('\n## ', from)
    return before
      .slice(from, to === -1 ? undefined : to + 1)
      .trimEnd()
      .concat('\n')
  }
  const sections = [section('speed'), section('million')].filter((text) => text !== '')
  writeFileSync(path, [INTRODUCTION, ...sections].join('\n'))
  console.log(`Wrote ${PAGE}`)
}
