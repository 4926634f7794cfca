import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CARD_SHOP, eventsOf, frameOf, pay, shopping, skip, typeCard, VISA } from './browser.ts'

const shop = await shopping()

const FILLED = `${VISA}123412394107`
const incomplete = (field: string, message: string) => ({
  type: 'validation_error',
  code: `incomplete_${field}`,
  message,
})

describe('a shop with the card Element', { skip }, () => {
  it('gets a token for what is typed in one go, which its server charges', async () => {
    const page = await shop.open({
      ...CARD_SHOP,
      head: `<script>tokenData = { name: 'Jenny Rosen', address_city: undefined }</script>`,
    })
    await typeCard(page, FILLED)
    const { token, error } = await pay(page)
    assert.equal(error, undefined)
    assert(token)
    const { id, type, used, livemode, client_ip: ip, card } = token
    assert.deepEqual([type, used, livemode], ['card', false, false])
    assert.match(String(ip), /^(::1|127\.0\.0\.1|::ffff:127\.0\.0\.1)$/)
    const told = { last4: '4242', exp_month: 12, exp_year: 2034, name: 'Jenny Rosen', address_zip: '94107' }
    for (const [name, value] of Object.entries(told)) assert.equal(card[name], value, name)
    assert.deepEqual([card.cvc_check, card.address_zip_check], ['unchecked', 'unchecked'])

    const charge = await shop.koban.made('POST /v1/charges', { amount: 999, currency: 'usd', source: id })
    assert.equal(charge.paid, true)
    await page.close()
  })

  it('hears of it: ready, focus, changes and no keystroke, escape, blur', async () => {
    const page = await shop.open(CARD_SHOP)
    await typeCard(page, FILLED)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    await page.waitForFunction(`events.some(([name]) => name === 'blur')`)
    const names = (await eventsOf(page)).map(([name]) => name)
    assert.deepEqual([names[0], names[1], names.at(-2), names.at(-1)], ['ready', 'focus', 'escape', 'blur'])
    const changes = (await eventsOf(page, 'change')).map(([, event]) => event)
    assert.deepEqual(changes, [
      {
        elementType: 'card',
        value: { postalCode: '' },
        error: undefined,
        empty: false,
        complete: false,
        brand: 'visa',
      },
      ...['9', '94', '941', '9410'].map((postalCode) => ({
        ...{
          elementType: 'card',
          value: { postalCode },
          error: undefined,
          empty: false,
          complete: false,
          brand: 'visa',
        },
      })),
      {
        elementType: 'card',
        value: { postalCode: '94107' },
        error: undefined,
        empty: false,
        complete: true,
        brand: 'visa',
      },
    ])
    await page.close()
  })

  it('is told what is missing without a request, field by field', async () => {
    const page = await shop.open(CARD_SHOP)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await frameOf(page).locator('input[name="cardnumber"]').waitFor()
    assert.deepEqual((await pay(page)).error, incomplete('number', 'Your card number is incomplete.'))
    await typeCard(page, VISA)
    assert.deepEqual((await pay(page)).error, incomplete('expiry', "Your card's expiration date is incomplete."))
    await frameOf(page).locator('input[name="exp-date"]').fill('12/34')
    assert.deepEqual((await pay(page)).error, incomplete('cvc', "Your card's security code is incomplete."))
    await frameOf(page).locator('input[name="cvc"]').fill('123')
    assert.deepEqual((await pay(page)).error, incomplete('zip', 'Your postal code is incomplete.'))
    assert.match((await page.locator('#card').getAttribute('class')) ?? '', /StripeElement--invalid/)
    assert.equal(await frameOf(page).locator('input[name="postal"]').getAttribute('aria-invalid'), 'true')
    assert.equal(await page.locator('#error').textContent(), 'Your postal code is incomplete.')
    assert.deepEqual(
      asked.filter((url) => url.includes('/v1/')),
      [],
    )
    await page.close()
  })

  it('sees its container follow: empty, focus, invalid, complete; its own classes stay', async () => {
    const page = await shop.open({ ...CARD_SHOP, body: CARD_SHOP.body.replace('id="card"', 'id="card" class="own"') })
    const has = (classes: string) =>
      page.waitForFunction(`document.querySelector('#card').className === ${JSON.stringify(classes)}`)
    await has('own StripeElement StripeElement--empty')
    await typeCard(page, '')
    await has('own StripeElement StripeElement--empty StripeElement--focus')
    await page.keyboard.type('4242424242424241')
    await has('own StripeElement StripeElement--focus StripeElement--invalid')
    await page.keyboard.press('Backspace')
    await has('own StripeElement StripeElement--focus')
    await page.keyboard.type('2123412394107')
    await has('own StripeElement StripeElement--complete StripeElement--focus')
    await page.evaluate('card.clear()')
    await has('own StripeElement StripeElement--empty StripeElement--focus')
    await page.evaluate('card.unmount()')
    await has('own')
    await page.close()
  })

  it('shows at once what cannot be, and at leaving what is unfinished', async () => {
    const page = await shop.open(CARD_SHOP)
    const error = () => page.locator('#error')
    const says = (text: string) =>
      page.waitForFunction(`document.querySelector('#error').textContent === ${JSON.stringify(text)}`)
    await typeCard(page, '4242424242424241')
    await says('Your card number is invalid.')
    await page.keyboard.press('Backspace')
    await says('')
    await page.keyboard.type('213')
    await says("Your card's expiration month is invalid.")
    for (let i = 0; i < 2; i++) await page.keyboard.press('Backspace')
    await says('')
    await page.keyboard.type('1220')
    await says("Your card's expiration year is in the past.")
    for (let i = 0; i < 2; i++) await page.keyboard.press('Backspace')
    await page.keyboard.press('Tab')
    await says("Your card's expiration date is incomplete.")
    assert.equal(await error().getAttribute('role'), 'alert')
    await page.close()
  })

  it('asks for the postal code of the issuer’s country, and for none where there is none', async () => {
    const page = await shop.open(CARD_SHOP)
    const postal = frameOf(page).locator('input[name="postal"]')
    await typeCard(page, VISA)
    await postal.waitFor()
    assert.deepEqual(
      [await postal.getAttribute('placeholder'), await postal.getAttribute('inputmode')],
      ['ZIP', 'numeric'],
    )
    await postal.fill('94107')
    await frameOf(page).locator('input[name="cardnumber"]').fill('4000001240000000')
    assert.equal(await postal.getAttribute('placeholder'), 'Postal code')
    assert.equal(await postal.getAttribute('inputmode'), 'text')
    await postal.fill('M5T 1T4')
    await frameOf(page).locator('input[name="cardnumber"]').fill('4000000760000002')
    await postal.waitFor({ state: 'hidden' })
    await frameOf(page).locator('input[name="exp-date"]').fill('12/2034')
    await frameOf(page).locator('input[name="cvc"]').fill('123')
    await page.waitForFunction(`events.at(-1)[1].complete === true`)
    assert.deepEqual((await eventsOf(page, 'change')).at(-1)?.[1].value, { postalCode: '' })
    const { token } = await pay(page)
    assert.deepEqual([token?.card.country, token?.card.address_zip], ['BR', null])
    await page.close()
  })

  it('takes what it says itself before what is typed, and can hide or fill in the postal code', async () => {
    const head = `<script>cardOptions = { value: { postalCode: '10001' }, hideIcon: true }; tokenData = { address_zip: '60601' }</script>`
    const page = await shop.open({ ...CARD_SHOP, head })
    await typeCard(page, `${VISA}1234123`)
    assert.equal(await frameOf(page).locator('input[name="postal"]').inputValue(), '10001')
    assert.equal(await frameOf(page).locator('svg').count(), 0)
    assert.equal((await pay(page)).token?.card.address_zip, '60601')
    await page.evaluate(`card.update({ hidePostalCode: true, value: { postalCode: '' } }); tokenData = {}`)
    await frameOf(page).locator('input[name="postal"]').waitFor({ state: 'hidden' })
    assert.equal((await pay(page)).token?.card.address_zip, null)
    await page.close()
  })

  it('is used by keyboard alone, and Enter pays', async () => {
    const page = await shop.open({ ...CARD_SHOP, body: `<input id="name" aria-label="Name">${CARD_SHOP.body}` })
    const inputs = frameOf(page)
    await inputs.locator('input[name="cardnumber"]').waitFor()
    await page.locator('#name').focus()
    await page.keyboard.press('Tab')
    await page.keyboard.type(FILLED)
    assert.equal(await inputs.locator('input[name="postal"]').inputValue(), '94107')
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Backspace')
    assert.equal(await inputs.locator('input[name="cvc"]').inputValue(), '')
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Backspace')
    assert.equal(await inputs.locator('input[name="exp-date"]').inputValue(), '12 / 3')
    await page.keyboard.type('5321')
    await page.keyboard.press('Enter')
    const result = page.waitForFunction(`document.querySelector('#result').textContent.includes('tok_')`)
    await result
    await page.close()
  })

  it('gives it the focus by its label and by focus(), and can disable it', async () => {
    const page = await shop.open(CARD_SHOP)
    await frameOf(page).locator('input[name="cardnumber"]').waitFor()
    await page.waitForFunction(`events.some(([name]) => name === 'ready')`)
    await page.locator('label').click()
    await page.waitForFunction(`document.querySelector('#card').classList.contains('StripeElement--focus')`)
    await page.evaluate('card.blur()')
    await page.waitForFunction(`!document.querySelector('#card').classList.contains('StripeElement--focus')`)
    await page.evaluate('card.focus()')
    await page.waitForFunction(`document.querySelector('#card').classList.contains('StripeElement--focus')`)
    await page.evaluate('card.update({ disabled: true })')
    await frameOf(page).locator('input[name="cardnumber"]:disabled').waitFor()
    await page.close()
  })

  it('styles it: its colours, its line height, and nothing that loads anything', async () => {
    const head = `<script>cardOptions = { style: { base: { color: 'rgb(1, 2, 3)', fontSize: '20px', lineHeight: '40px',
      backgroundColor: 'url(KOBAN/leak)', '::placeholder': { color: 'rgb(4, 5, 6)' } }, invalid: { color: 'rgb(7, 8, 9)' } } }</script>`
    const page = await shop.open({ ...CARD_SHOP, head })
    const number = frameOf(page).locator('input[name="cardnumber"]')
    await number.waitFor()
    const frame = page.frames().find((one) => one.name().startsWith('__privateStripeFrame'))
    const of = (pseudo: string) => `getComputedStyle(document.querySelector('input'), '${pseudo}')`
    const look = () => frame?.evaluate(`[${of('')}.color, ${of('')}.fontSize]`)
    assert.deepEqual(await look(), ['rgb(1, 2, 3)', '20px'])
    const placeholder = await frame?.evaluate(`${of('::placeholder')}.color`)
    assert.equal(placeholder, 'rgb(4, 5, 6)')
    await page.waitForFunction(`document.querySelector('#card iframe').offsetHeight === 40`)
    await typeCard(page, '4242424242424241')
    assert.deepEqual(await look(), ['rgb(7, 8, 9)', '20px'])
    await page.close()
  })

  it('hears of a refusal by the API and of a lost connection as results, not as rejections', async () => {
    const page = await shop.open(CARD_SHOP)
    await typeCard(page, FILLED)
    await page.route('**/v1/tokens', (route) =>
      route.fulfill({
        status: 402,
        json: { error: { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' } },
      }),
    )
    assert.deepEqual((await pay(page)).error, {
      type: 'card_error',
      code: 'card_declined',
      message: 'Your card was declined.',
    })
    await page.unroute('**/v1/tokens')
    await page.route('**/v1/tokens', (route) => route.abort())
    assert.equal((await pay(page)).error?.type, 'api_connection_error')
    await page.close()
  })

  it('makes Sources too, and reads them again by their client secret', async () => {
    const page = await shop.open(CARD_SHOP)
    await typeCard(page, FILLED)
    const script = `stripe.createSource(card, { owner: { email: 'jenny@example.com' } })`
    const made = (await page.evaluate(script)) as {
      source: { id: string; client_secret: string; owner: { email: string } }
    }
    assert.match(made.source.id, /^src_/)
    assert.equal(made.source.owner.email, 'jenny@example.com')
    const { id, client_secret: secret } = made.source
    const read = (await page.evaluate(
      `stripe.retrieveSource({ id: '${id}', client_secret: '${secret}' })`,
    )) as typeof made
    assert.equal(read.source.id, id)
    await page.close()
  })
})
