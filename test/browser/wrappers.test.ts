import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { build } from 'esbuild'
import { frameOf, PUBLISHABLE_KEY, pay, resultOf, shopping, skip, typeCard, VISA } from './browser.ts'

const shop = await shopping()
const PAGES = join(import.meta.dirname, 'pages')
const KEY = `<script>publishableKey = '${PUBLISHABLE_KEY}'</script>`

/** The shop's own program, bundled as shops do, by its name in `pages`. */
async function program(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(PAGES, `${name}.js`)],
    bundle: true,
    write: false,
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"development"' }, // StrictMode mounts twice
    logLevel: 'silent',
  })
  shop.file(`/${name}.js`, 'text/javascript', outputFiles[0]?.contents ?? '')
  return `<script type="module" src="/${name}.js"></script>`
}

describe('a shop with the official packages of today', { skip }, () => {
  it('uses @stripe/stripe-js unchanged: the script tag is what is loaded, and no other host is asked', async () => {
    const head = KEY + (await program('stripe-js'))
    const page = await shop.open({ head, body: '<div id="card"></div><button>Pay</button><pre id="result"></pre>' })
    const hosts = new Set<string>()
    page.on('request', (request) => hosts.add(new URL(request.url()).origin))
    await typeCard(page, `${VISA}1234123`)
    assert.equal((await pay(page)).token?.card.last4, '4242')
    assert.deepEqual([...hosts], [shop.origin])
    assert.equal(await page.evaluate('document.querySelectorAll("script[src^=https]").length'), 0)
    await page.close()
  })

  it('uses @stripe/react-stripe-js in StrictMode', async () => {
    const head = KEY + (await program('react-stripe-js'))
    const page = await shop.open({ head, body: '<div id="root"></div>' })
    const errors: string[] = []
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    await page.waitForFunction(`document.querySelector('#seen')?.textContent.includes('ready')`)
    await typeCard(page, `${VISA}1234123`)
    await page.locator('button').click()
    assert.equal((await resultOf(page)).token?.card.last4, '4242')
    assert.equal(await page.locator('#seen').textContent(), 'ready,focus')
    assert.equal(await page.locator('#card iframe').count(), 1)
    assert.deepEqual(errors, [])
    await page.close()
  })
})

describe('a shop of 2019', { skip }, () => {
  it('uses react-stripe-elements 6: createToken() finds the fields by itself', async () => {
    const head = KEY + (await program('react-stripe-elements'))
    const page = await shop.open({ head, body: '<div id="root"></div><pre id="result"></pre>' })
    await frameOf(page, '#cvc').locator('input[name="cvc"]').waitFor()
    await frameOf(page, '#number').locator('input[name="cardnumber"]').fill(VISA)
    await frameOf(page, '#expiry').locator('input[name="exp-date"]').fill('12/34')
    await frameOf(page, '#cvc').locator('input[name="cvc"]').fill('123')
    const { token } = await pay(page)
    assert.deepEqual([token?.card.last4, token?.card.name], ['4242', 'Jenny Rosen'])
    await page.close()
  })

  it('has the script loaded by itself, calls it with new, and keeps things on it', async () => {
    const head = `<script src="KOBAN/js"></script>`
    const page = await shop.open({
      isBare: true,
      head,
      body: '',
      script: `Stripe.__cachedInstances = {}; made = new Stripe('${PUBLISHABLE_KEY}')`,
    })
    assert.equal(await page.evaluate('Stripe.version'), 3)
    const spread = `Object.keys({ ...made }).filter((name) => typeof made[name] === 'function')`
    const methods = (await page.evaluate(spread)) as string[]
    for (const name of [
      'elements',
      'createToken',
      'createSource',
      'createPaymentMethod',
      'confirmCardPayment',
      'handleCardPayment',
    ])
      assert(methods.includes(name), name)
    await page.close()
  })
})

describe('a developer who makes a mistake', { skip }, () => {
  const MISTAKES: Readonly<Record<string, RegExp>> = {
    'Stripe()': /^IntegrationError: Missing value for Stripe\(\): apiKey should be a string\.$/,
    "Stripe('sk_test_x')": /^IntegrationError: You should not use your secret key with Stripe\.js\./,
    "group.create('card'), group.create('card')": /^IntegrationError: Can only create one Element of type card\.$/,
    "group.create('card'), group.create('cardNumber')":
      /^IntegrationError: Cannot create an Element of type cardNumber after an Element of type card has already been created\.$/,
    "group.create('cards')": /^IntegrationError: A valid Element name must be provided\./,
    "group.create('payment')": /^IntegrationError: Koban does not have the payment Element yet\./,
    "stripe.createToken(group.create('card'))":
      /^IntegrationError: We could not retrieve data from the specified Element\./,
    "group.create('card').mount('#nowhere')":
      /^IntegrationError: The selector you specified \(#nowhere\) applies to no DOM elements/,
    "group.create('card').mount('#a').mount('#b')":
      /^IntegrationError: This Element is already mounted\. Use `unmount\(\)`/,
    "const card = group.create('card'); card.destroy(); card.mount('#a')":
      /^IntegrationError: This Element has already been destroyed\./,
    "stripe.confirmCardPayment('secret')":
      /^IntegrationError: Koban does not have stripe\.confirmCardPayment\(\) yet\./,
    'stripe.createPaymentMethod({})': /^IntegrationError: Koban does not have stripe\.createPaymentMethod\(\) yet\./,
    "group.create('card').on('chang', () => {})": /^IntegrationError: Invalid event name: chang\.$/,
  }

  it('is told so by an IntegrationError, and keeps the page', async () => {
    const page = await shop.open({
      body: '<div id="a"></div><div id="b"></div>',
      script: `stripe = Stripe('${PUBLISHABLE_KEY}')`,
    })
    for (const [code, expected] of Object.entries(MISTAKES)) {
      const tried = `(async () => { const group = stripe.elements(); try { ${code.includes(';') ? code : `await (${code})`}; return 'nothing' } catch (error) { return error.name + ': ' + error.message } })()`
      assert.match(String(await page.evaluate(tried)), expected, code)
    }
    await page.close()
  })

  it('may ask for what the API does not have, and gets its answer', async () => {
    const page = await shop.open({ body: '', script: `stripe = Stripe('${PUBLISHABLE_KEY}')` })
    const { error } = (await page.evaluate(`stripe.createToken('pii', { personal_id_number: '000000000' })`)) as {
      error: { type: string }
    }
    assert.equal(error.type, 'invalid_request_error')
    assert.equal(await page.evaluate(`stripe.paymentRequest({ country: 'US' }).canMakePayment()`), null)
    await page.close()
  })
})
