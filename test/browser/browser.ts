/** Real Chromium, and shops: pages of another origin than Koban's, as every merchant's is. */

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { after } from 'node:test'
import { type BrowserContextOptions, chromium, type FrameLocator, type Page } from 'playwright-core'
import { startTestServer } from '../api/server.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path))

/** Why the suites of this folder cannot run; then all of each counts as not run. */
export const skip: string | false =
  CHROMIUM === undefined ? 'Chromium is not there: apt-get install chromium (Debian)' : false

export const PUBLISHABLE_KEY = 'pk_test_TYooMQauvdEDq54NiTphI7jx'
export const VISA = '4242424242424242'

export type ShopPage = {
  readonly head?: string
  readonly body: string
  /** Runs in the page, after `Stripe` is there. */
  readonly script?: string
  readonly lang?: string
  /** Without Koban's script, where the page loads it otherwise. */
  readonly isBare?: boolean
}

/** Koban, a browser and a shop for a test file: all are gone when it ends. */
export async function shopping() {
  if (CHROMIUM === undefined) return undefined as never // each suite that would use it is skipped
  const pages = new Map<string, string>()
  const files = new Map<string, { readonly type: string; readonly body: string | Uint8Array }>()
  let served = 0
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.ts')], { stdio: 'pipe' })
  const koban = await startTestServer({ host: 'localhost' })
  const shop = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    const file = files.get(path)
    const html = pages.get(path)
    if (html === undefined && file === undefined) return response.writeHead(404).end()
    const type = file?.type ?? 'text/html; charset=utf-8'
    return response.writeHead(200, { 'content-type': type }).end(file?.body ?? html)
  })
  await new Promise<void>((done) => shop.listen(0, '127.0.0.1', done))
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  after(async () => {
    await browser.close()
    shop.closeAllConnections()
    await new Promise((done) => shop.close(done))
  })

  const urlOf = (path: string) => `http://127.0.0.1:${(shop.address() as AddressInfo).port}${path}`
  return {
    koban,
    origin: koban.url,
    /** Puts a file beside the shop's pages. */
    file(path: string, type: string, body: string | Uint8Array): void {
      files.set(path, { type, body })
    },
    /** Opens a page of the shop in a browser window of its own; an error in the page fails the test. */
    async open(page: ShopPage, options: BrowserContextOptions = {}): Promise<Page> {
      const path = `/page-${++served}`
      pages.set(path, htmlOf(page, koban.url))
      const context = await browser.newContext(options)
      const window = await context.newPage()
      const failures: string[] = []
      window.on('pageerror', (error) => failures.push(String(error)))
      window.on('close', () => assert.deepEqual(failures, []))
      window.setDefaultTimeout(WAIT_MS)
      await window.goto(urlOf(path))
      return window
    },
  }
}

/** Far beyond what anything takes: only what never happens gets there. */
const WAIT_MS = 20_000

function htmlOf({ head = '', body, script = '', lang = 'en', isBare = false }: ShopPage, origin: string): string {
  const loader = isBare ? '' : `<script src="${origin}/v3/"></script>`
  const code = `<script>${script.replaceAll('KOBAN', origin)}</script>`
  return `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>A shop</title><meta name="viewport" content="width=device-width">${loader}${head.replaceAll('KOBAN', origin)}<body>${body}${code}</body></html>`
}

/** What is written in a page to have one card Element, `card`, in a form that shows what comes of it. */
export const CARD_SHOP = {
  body: `<form id="form"><label for="card">Card</label><div id="card"></div><div id="error" role="alert"></div>
    <button>Pay</button></form><pre id="result"></pre>`,
  script: `
    const stripe = Stripe('${PUBLISHABLE_KEY}')
    const elements = stripe.elements(window.elementsOptions)
    const card = elements.create('card', window.cardOptions)
    const events = []
    for (const name of ['ready', 'change', 'focus', 'blur', 'escape'])
      card.on(name, (event) => events.push([name, event]))
    card.on('change', ({ error }) => { document.querySelector('#error').textContent = error ? error.message : '' })
    card.mount('#card')
    document.querySelector('#form').addEventListener('submit', async (event) => {
      event.preventDefault()
      const result = await stripe.createToken(card, window.tokenData)
      document.querySelector('#result').textContent = JSON.stringify(result)
    })`,
}

/** The inputs of an Element: found as browser tests of shops find them. */
export function frameOf(page: Page, place = '#card'): FrameLocator {
  return page.frameLocator(`${place} iframe[name^="__privateStripeFrame"]`)
}

/** Types a card into the card Element, key by key; the focus goes on by itself. */
export async function typeCard(page: Page, keys: string, place = '#card'): Promise<void> {
  await frameOf(page, place).locator('input[name="cardnumber"]').click()
  await page.keyboard.type(keys)
}

export type Result = {
  readonly token?: { readonly id: string; readonly card: Readonly<Record<string, unknown>> } & Record<string, unknown>
  readonly source?: Readonly<Record<string, unknown>>
  readonly error?: { readonly type: string; readonly code?: string; readonly message: string }
}

/** What the page wrote into #result. */
export async function resultOf(page: Page): Promise<Result> {
  await page.waitForFunction(`document.querySelector('#result').textContent !== ''`)
  return JSON.parse((await page.locator('#result').textContent()) ?? '')
}

/** Empties #result, presses the button, and waits for what comes. */
export async function pay(page: Page): Promise<Result> {
  await page.evaluate(`document.querySelector('#result').textContent = ''`)
  await page.locator('button').click()
  return resultOf(page)
}

/** The events of the Element so far, or those of one name. */
export async function eventsOf(
  page: Page,
  name?: string,
): Promise<readonly (readonly [string, Record<string, unknown>])[]> {
  const all = (await page.evaluate('events')) as [string, Record<string, unknown>][]
  return all.filter(([one]) => name === undefined || one === name)
}
