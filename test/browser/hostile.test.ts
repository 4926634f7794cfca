import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CARD_SHOP, frameOf, PUBLISHABLE_KEY, pay, shopping, skip, typeCard, VISA } from './browser.ts'

const shop = await shopping()

/** Runs before Koban's script, and writes down all that the page can get hold of. */
const SPY = `<script>
  const heard = []
  const hear = (what, ...seen) => { try { heard.push(what + ' ' + seen.map((one) => typeof one === 'string' ? one : JSON.stringify(one)).join(' ')) } catch { heard.push(what) } }
  addEventListener('message', ({ data, ports }) => hear('message', data, ports.length), true)
  for (const type of ['keydown', 'keyup', 'keypress', 'input', 'beforeinput', 'paste', 'copy', 'change'])
    addEventListener(type, (event) => hear(type, event.key, event.data, event.target.value), true)
  for (const [object, name] of [[Window.prototype, 'postMessage'], [window, 'postMessage'], [MessagePort.prototype, 'postMessage'],
    [BroadcastChannel.prototype, 'postMessage'], [window, 'fetch'], [JSON, 'stringify'], [JSON, 'parse'], [Array.prototype, 'push'],
    [XMLHttpRequest.prototype, 'send'], [EventTarget.prototype, 'addEventListener'], [String.prototype, 'replace']]) {
    const before = object[name]
    if (name === 'stringify' || name === 'push') continue
    try { object[name] = function (...given) { if (name !== 'addEventListener') before === JSON.parse ? heard.push('parse ' + given[0]) : hear(name, ...given); return before.apply(this, given) } } catch {}
  }
  const OwnChannel = MessageChannel
  MessageChannel = function () { const made = new OwnChannel(); made.port1.addEventListener('message', ({ data }) => hear('port', data)); return made }
  const broadcast = new BroadcastChannel('koban')
  broadcast.onmessage = ({ data }) => hear('broadcast', data)
</script>`

/** What a page can try once the card is typed. Each attempt answers what it got, or how the browser refused. */
const ATTEMPTS = `(() => {
  const got = []
  const attempt = (what, take) => { try { got.push(what + ': ' + String(take())) } catch (error) { got.push(what + ' refused: ' + error.name) } }
  for (let i = 0; i < frames.length; i++) {
    attempt('document of ' + i, () => frames[i].document.documentElement.outerHTML)
    attempt('inputs of ' + i, () => [...frames[i].document.querySelectorAll('input')].map(({ value }) => value))
    attempt('address of ' + i, () => frames[i].location.href)
    attempt('name of ' + i, () => frames[i].name)
    attempt('eval in ' + i, () => frames[i].eval('document.forms[0].elements[0].value'))
  }
  for (const frame of document.querySelectorAll('iframe')) attempt('contents', () => frame.contentDocument.body.innerHTML)
  got.push('page: ' + document.documentElement.outerHTML)
  got.push('element: ' + Object.entries(card).map(([name, value]) => name + JSON.stringify(value)).join())
  got.push('storage: ' + JSON.stringify([localStorage, sessionStorage, document.cookie]))
  got.push('timing: ' + JSON.stringify(performance.getEntries()))
  return got
})()`

/** Digits of the card in any spelling, but the last four, which the token tells. */
const NUMBER = /4[\s-]?2[\s-]?4[\s-]?2[\s-]?4[\s-]?2/
const CODE = /\b987\b/

function assertNothing(seen: readonly string[]): void {
  for (const text of seen) {
    assert.doesNotMatch(text, NUMBER)
    assert.doesNotMatch(text, CODE)
    assert.doesNotMatch(text, /12 ?\/ ?34/)
  }
}

describe('a page that is after the card', { skip }, () => {
  it('gets no digit: not by messages, keys, patched functions, the DOM, nor the frames', async () => {
    const page = await shop.open({ ...CARD_SHOP, head: SPY })
    await typeCard(page, `${VISA}123498794107`)
    await frameOf(page).locator('input[name="cardnumber"]').fill('4242424242424242')
    await page.waitForFunction(`events.some(([name, { complete }]) => name === 'change' && complete)`)
    const got = (await page.evaluate(ATTEMPTS)) as string[]
    assert(got.filter((line) => line.includes('refused: SecurityError')).length >= 8, got.join('\n'))
    assertNothing(got)

    assert((await pay(page)).token, 'the page is a shop all the same')
    const heard = (await page.evaluate('heard')) as string[]
    assert(
      heard.some((line) => line.startsWith('message')),
      'the spy heard what there is to hear',
    )
    assert(heard.some((line) => line.includes('tok_')))
    assertNothing(heard.map((line) => line.replaceAll('"last4":"4242"', '')))
    await page.close()
  })

  it('gets none by framing the frames itself, and giving their orders', async () => {
    const page = await shop.open({
      body: '<iframe id="field" name="field"></iframe><iframe id="controller" name="controller"></iframe>',
      head: SPY,
      script: `
        const [field, controller] = ['field', 'controller'].map((id) => document.getElementById(id))
        const probe = Stripe('${PUBLISHABLE_KEY}')
        const real = document.createElement('div')
        document.body.append(real)
        probe.elements().create('card').mount(real)
        const src = real.querySelector('iframe').src
        const controllerSrc = document.querySelector('iframe[name^="__privateStripeController"]').src
        const address = new URLSearchParams({ componentName: 'card', controllerId: 'controller', keyMode: 'test', apiKey: '${PUBLISHABLE_KEY}', channel: 'mine', origin: location.origin, locale: 'en', group: '1' })
        field.src = src.split('#')[0] + '#' + address
        controller.src = controllerSrc.split('#')[0] + '#' + address
        const tell = (frame, message) => frame.contentWindow.postMessage({ koban: 'mine', message }, '*')`,
    })
    const input = page.frameLocator('#field').locator('input[name="cardnumber"]')
    await page.waitForFunction(
      `heard.filter((line) => line.includes('"koban":"mine"') && line.includes('loaded')).length === 2`,
    )
    await page.evaluate(`tell(field, { do: 'mount', options: {}, fonts: [], rtl: false })`)
    await input.fill(VISA)
    const hello = `{ hello: 'mine', frame: 'spy', group: '1', component: 'cardCvc' }`
    await page.evaluate(`{
      const { port1, port2 } = new OwnChannel()
      port1.onmessage = ({ data }) => hear('stolen port', data)
      controller.contentWindow.postMessage(${hello}, '*', [port2])
      tell(field, { do: 'connect' })
    }`)
    await page.waitForFunction(`heard.some((line) => line.includes('"is":"ready"'))`)
    await page.evaluate(
      `tell(controller, { do: 'call', number: 1, call: { of: 'token', frames: ['field', 'spy'], data: { number: '4000056655665556' } } })`,
    )
    await page.waitForFunction(`heard.some((line) => line.includes('"number":1'))`)
    const heard = (await page.evaluate('heard')) as string[]
    assertNothing(heard)
    assert.deepEqual(
      heard.filter((line) => line.startsWith('stolen port')),
      [],
      'a page cannot pass for a field',
    )
    await page.close()
  })

  it('gets none by standing where the controller should', async () => {
    const page = await shop.open({
      ...CARD_SHOP,
      head: `${SPY}<script>__privateStripeController1 = window</script>`,
      body: `<iframe name="__privateStripeController1" srcdoc="<script>onmessage = ({ data, ports }) => { parent.postMessage('caught ' + JSON.stringify(data) + ports.length, '*') }</script>"></iframe>${CARD_SHOP.body}`,
    })
    await typeCard(page, VISA)
    await frameOf(page).locator('.is-known').waitFor()
    const heard = (await page.evaluate('heard')) as string[]
    assertNothing(heard)
    assert.deepEqual(
      heard.filter((line) => line.includes('caught')),
      [],
    )
    await page.close()
  })

  it('cannot speak to the frames of another page', async () => {
    const page = await shop.open(CARD_SHOP)
    await typeCard(page, VISA)
    const opener = await shop.open({
      body: '',
      script: `heard = []; addEventListener('message', ({ data }) => heard.push(data))`,
    })
    // A window that was opened by somebody else may be spoken to by it, frames and all.
    const [popup] = await Promise.all([
      opener.waitForEvent('popup'),
      opener.evaluate(`other = open('${page.url()}'); 0`),
    ])
    await typeCard(popup, VISA)
    const channel = await popup.evaluate(
      `new URLSearchParams(document.querySelector('#card iframe').src.split('#')[1]).get('channel')`,
    )
    await opener.evaluate(`for (let i = 0; i < other.frames.length; i++) for (const message of [{ do: 'clear' }, { do: 'call', number: 1, call: { of: 'token', frames: ['__privateStripeFrame2'], data: {} } }])
      other.frames[i].postMessage({ koban: '${channel}', message }, '*')`)
    assert.equal(await frameOf(popup).locator('input[name="cardnumber"]').inputValue(), '4242 4242 4242 4242')
    assert.deepEqual(await opener.evaluate('heard'), [])
    await popup.close()
    await opener.close()
    await page.close()
  })

  it('learns no digit by a font: all of it is loaded before anything is typed', async () => {
    const asked: string[] = []
    const digits = [...'0123456789'].map(
      (digit) => `{ family: 'Spy', src: 'url(KOBAN/font-${digit})', unicodeRange: 'U+3${digit}' }`,
    )
    const page = await shop.open({
      ...CARD_SHOP,
      head: `<script>elementsOptions = { fonts: [${digits}] }; cardOptions = { style: { base: { fontFamily: 'Spy, serif' } } }</script>`,
    })
    await frameOf(page).locator('input[name="cardnumber"]').waitFor()
    await page.waitForFunction(`events.some(([name]) => name === 'ready')`)
    page.on('request', (request) => asked.push(request.url()))
    await typeCard(page, VISA)
    await frameOf(page).locator('.is-known').waitFor()
    assert.deepEqual(asked, [])
    await page.close()
  })
})
