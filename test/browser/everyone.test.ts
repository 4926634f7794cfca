import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import axe from 'axe-core'
import type { Frame } from 'playwright-core'
import { CARD_SHOP, frameOf, pay, shopping, skip, typeCard, VISA } from './browser.ts'

const shop = await shopping()

/** What axe-core finds of weight in one frame. */
async function faultsIn(frame: Frame): Promise<string[]> {
  await frame.evaluate(axe.source)
  const found = await frame.evaluate(`axe.run(document, { iframes: false, resultTypes: ['violations'] })
    .then(({ violations }) => violations.filter(({ impact }) => /serious|critical/.test(impact))
    .map(({ id, nodes }) => id + ' ' + nodes.map(({ html }) => html).join()))`)
  return found as string[]
}

describe('everyone', { skip }, () => {
  it('can use it by a screen reader: axe-core finds nothing serious, in the page and in the frame', async () => {
    for (const lang of ['en', 'ja']) {
      const page = await shop.open({
        ...CARD_SHOP,
        lang,
        head: `<script>elementsOptions = { locale: '${lang}' }</script>`,
      })
      await typeCard(page, '4242424242424241')
      await page.waitForFunction(`document.querySelector('#error').textContent !== ''`)
      const frames = page.frames().filter((frame) => !frame.url().includes('controller-'))
      assert.equal(frames.length, 2)
      for (const frame of frames) assert.deepEqual(await faultsIn(frame), [], `${lang} ${frame.url().split('#')[0]}`)
      await page.close()
    }
  })

  it('reads Japanese: labels, placeholders, what is wrong, and what the API says', async () => {
    const page = await shop.open({ ...CARD_SHOP, head: `<script>elementsOptions = { locale: 'ja' }</script>` })
    const number = frameOf(page).locator('input[name="cardnumber"]')
    await number.waitFor()
    assert.deepEqual(
      [await number.getAttribute('placeholder'), await number.getAttribute('aria-label')],
      ['カード番号', 'カード番号'],
    )
    assert.equal((await pay(page)).error?.message, 'カード番号に不備があります。')
    await typeCard(page, '４２４２４２４２４２４２４２４２')
    assert.equal(await number.inputValue(), '4242 4242 4242 4242')
    await page.close()
  })

  it("reads the browser's own language where the page names none, and English where nobody knows it", async () => {
    const page = await shop.open(CARD_SHOP, { locale: 'ja-JP' })
    await frameOf(page).locator('input[placeholder="カード番号"]').waitFor()
    await page.close()
    const other = await shop.open({ ...CARD_SHOP, head: `<script>elementsOptions = { locale: 'tlh' }</script>` })
    await frameOf(other).locator('input[placeholder="Card number"]').waitFor()
    await other.close()
  })

  it('hears the API in the language of the page', async () => {
    const script = CARD_SHOP.script.replace("7jx')", "7jx', { locale: 'ja' })")
    const page = await shop.open({ ...CARD_SHOP, script })
    await typeCard(page, `${VISA}123412394107`)
    const error = { type: 'card_error', code: 'incorrect_number', message: 'Your card number is incorrect.' }
    await page.route('**/v1/tokens', (route) => route.fulfill({ status: 402, json: { error } }))
    assert.deepEqual((await pay(page)).error, { ...error, message: 'カード番号が間違っています。' })
    await page.close()
  })

  it('has room for it on a phone: the number makes way when it is known, and comes back', async () => {
    const page = await shop.open(CARD_SHOP, { viewport: { width: 320, height: 600 }, hasTouch: true, isMobile: true })
    const expiry = frameOf(page).locator('input[name="exp-date"]')
    await frameOf(page).locator('input[name="cardnumber"]').waitFor()
    assert.equal(await expiry.isVisible(), false)
    await typeCard(page, VISA)
    await expiry.waitFor()
    await page.keyboard.type('123412394107')
    const boxes = await Promise.all(
      ['cardnumber', 'exp-date', 'cvc', 'postal'].map((name) =>
        frameOf(page).locator(`input[name="${name}"]`).boundingBox(),
      ),
    )
    const frame = await page.locator('#card iframe').boundingBox()
    const right = (frame?.x ?? 0) + (frame?.width ?? 0)
    for (const box of boxes) assert(box !== null && box.x + box.width <= right + 0.5, JSON.stringify({ boxes, frame }))
    await frameOf(page).locator('input[name="cardnumber"]').focus()
    await frameOf(page).locator('.is-typing-number').waitFor()
    await page.close()
  })

  it('loads little: the script at most 20 KB, a frame at most 60 KB', async () => {
    const sizeOf = async (path: string) => {
      const response = await fetch(shop.origin + path, { headers: { 'accept-encoding': 'gzip' } })
      assert.equal(response.status, 200, path)
      return Number(response.headers.get('content-length'))
    }
    assert((await sizeOf('/v3/')) <= 20 * 1024)
    const page = await shop.open({ ...CARD_SHOP, head: `<script>elementsOptions = { locale: 'ja' }</script>` })
    await frameOf(page).locator('input[name="cardnumber"]').waitFor()
    for (const frame of page.frames().slice(1)) {
      const names = `[location.pathname, ...performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)]`
      const paths = (await frame.evaluate(names)) as string[]
      assert(paths.length >= 3, paths.join())
      const sizes = await Promise.all(paths.map(sizeOf))
      assert(sizes.reduce((sum, size) => sum + size) <= 60 * 1024)
    }
    await page.close()
  })
})
