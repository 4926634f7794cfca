import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { frameOf, PUBLISHABLE_KEY, pay, shopping, skip, VISA } from './browser.ts'

const shop = await shopping()

const PLACES = { cardNumber: 'number', cardExpiry: 'expiry', cardCvc: 'cvc', postalCode: 'zip' }
const INPUTS = { number: 'cardnumber', expiry: 'exp-date', cvc: 'cvc', zip: 'postal' }

const SPLIT_SHOP = {
  body: `${Object.values(PLACES)
    .map((id) => `<div id="${id}"></div>`)
    .join('')}<button>Pay</button><pre id="result"></pre>`,
  script: `
    const stripe = Stripe('${PUBLISHABLE_KEY}')
    const elements = stripe.elements()
    const changes = []
    for (const [type, id] of Object.entries(${JSON.stringify(PLACES)})) {
      const element = elements.create(type, window.optionsOf ? optionsOf[type] : undefined)
      element.on('change', (event) => changes.push(event))
      element.mount('#' + id)
    }
    document.querySelector('button').addEventListener('click', async () => {
      const result = await stripe.createToken(elements.getElement('cardNumber'))
      document.querySelector('#result').textContent = JSON.stringify(result)
    })`,
}

const inputOf = (page: Parameters<typeof frameOf>[0], id: keyof typeof INPUTS) =>
  frameOf(page, `#${id}`).locator(`input[name="${INPUTS[id]}"]`)

describe('a shop with fields of its own for number, expiry, code and postal code', { skip }, () => {
  it('gathers them by one of them; the focus goes on from frame to frame', async () => {
    const page = await shop.open(SPLIT_SHOP)
    await inputOf(page, 'zip').waitFor()
    await inputOf(page, 'number').click()
    await page.keyboard.type(VISA)
    await page.waitForFunction(`document.querySelector('#expiry').classList.contains('StripeElement--focus')`)
    await page.keyboard.type('1234')
    await page.waitForFunction(`document.querySelector('#cvc').classList.contains('StripeElement--focus')`)
    await page.keyboard.type('123')
    await page.waitForFunction(`document.querySelector('#zip').classList.contains('StripeElement--focus')`)
    await page.keyboard.type('94107')
    const { token, error } = await pay(page)
    assert.equal(error, undefined)
    assert.deepEqual(
      [token?.card.last4, token?.card.exp_month, token?.card.exp_year, token?.card.address_zip],
      ['4242', 12, 2034, '94107'],
    )
    await page.close()
  })

  it('sees in each event what belongs to that field, and no more', async () => {
    const page = await shop.open(SPLIT_SHOP)
    await inputOf(page, 'number').fill(VISA)
    await inputOf(page, 'expiry').fill('12/34')
    await inputOf(page, 'cvc').fill('123')
    await inputOf(page, 'zip').fill('94107')
    await page.waitForFunction(`changes.length === 4`)
    const whole = { error: undefined, empty: false, complete: true }
    assert.deepEqual(await page.evaluate('changes'), [
      { elementType: 'cardNumber', ...whole, brand: 'visa' },
      { elementType: 'cardExpiry', ...whole },
      { elementType: 'cardCvc', ...whole },
      { elementType: 'postalCode', ...whole, value: '94107' },
    ])
    await inputOf(page, 'number').fill('4012888888881881')
    await inputOf(page, 'cvc').fill('321')
    await page.evaluate('elements.getElement("cardExpiry").clear()')
    await page.waitForFunction(`changes.length > 4`)
    const later = (await page.evaluate('changes.slice(4)')) as object[]
    assert.deepEqual(later, [{ elementType: 'cardExpiry', error: undefined, empty: true, complete: false }])
    await page.close()
  })

  it('waits for a code as long as the brand prints, and for a ZIP where the card is American', async () => {
    const page = await shop.open(SPLIT_SHOP)
    await inputOf(page, 'cvc').fill('12345')
    assert.equal(await inputOf(page, 'cvc').inputValue(), '1234')
    await inputOf(page, 'cvc').fill('')
    await inputOf(page, 'number').fill(VISA)
    await frameOf(page, '#zip').locator('input[placeholder="ZIP"]').waitFor()
    await inputOf(page, 'cvc').fill('12345')
    assert.equal(await inputOf(page, 'cvc').inputValue(), '123')
    await inputOf(page, 'number').fill('378282246310005')
    assert.equal(await inputOf(page, 'number').inputValue(), '3782 822463 10005')
    await page.waitForFunction(`changes.some(({ brand }) => brand === 'amex')`)
    await inputOf(page, 'cvc').fill('12345')
    assert.equal(await inputOf(page, 'cvc').inputValue(), '1234')
    await page.close()
  })

  it('finds the frames, inputs and titles that its browser tests have always looked for', async () => {
    const page = await shop.open(SPLIT_SHOP)
    const expected = {
      number: [
        'Secure card number input frame',
        'cc-number',
        'cardNumber',
        'Credit or debit card number',
        '1234 1234 1234 1234',
      ],
      expiry: [
        'Secure expiration date input frame',
        'cc-exp',
        'cardExpiry',
        'Credit or debit card expiration date',
        'MM / YY',
      ],
      cvc: ['Secure CVC input frame', 'cc-csc', 'cardCvc', 'Credit or debit card CVC/CVV', 'CVC'],
      zip: ['Secure postal code input frame', 'billing postal-code', 'postalCode', 'Postal code', 'Postal code'],
    }
    for (const [id, [title, autocomplete, name, label, placeholder]] of Object.entries(expected)) {
      const frame = page.locator(`#${id} > div.__PrivateStripeElement > iframe`)
      assert.match((await frame.getAttribute('name')) ?? '', /^__privateStripeFrame\d+$/)
      assert.deepEqual([await frame.getAttribute('title'), await frame.getAttribute('role')], [title, 'presentation'])
      assert.match(
        (await frame.getAttribute('src')) ?? '',
        new RegExp(`/v3/elements-inner-card-[0-9a-f]{8}\\.html#.*componentName=${name}&.*keyMode=test`),
      )
      const input = frameOf(page, `#${id}`).locator(`[data-elements-stable-field-name="${name}"]`)
      const attributes = [
        'autocomplete',
        'aria-label',
        'placeholder',
        'inputmode',
        'spellcheck',
        'autocorrect',
        'aria-invalid',
      ]
      const found = await Promise.all(attributes.map((attribute) => input.getAttribute(attribute)))
      assert.deepEqual(found, [
        autocomplete,
        label,
        placeholder,
        id === 'zip' ? 'text' : 'numeric',
        'false',
        'off',
        'false',
      ])
      assert.match((await input.getAttribute('class')) ?? '', /^InputElement is-empty Input Input--empty$/)
    }
    assert.equal(await page.locator('body > iframe[name^="__privateStripeController"]').count(), 1)
    const valid = await page.evaluate(`[...document.querySelectorAll('input')].every((input) => input.checkValidity())`)
    assert.equal(valid, true)
    await page.close()
  })

  it('says which options it has, and keeps a placeholder that is empty', async () => {
    const head = `<script>optionsOf = { cardNumber: { placeholder: '', showIcon: true, iconStyle: 'solid', classes: { base: 'own box', focus: 'focused' } }, postalCode: { value: '10001' } }</script>`
    const page = await shop.open({ ...SPLIT_SHOP, head })
    await frameOf(page, '#number').locator('svg.is-solid').waitFor()
    assert.equal(await inputOf(page, 'number').getAttribute('placeholder'), '')
    assert.equal(await inputOf(page, 'zip').inputValue(), '10001')
    await inputOf(page, 'number').click()
    await page.waitForFunction(`document.querySelector('#number').className === 'own box StripeElement--empty focused'`)
    await page.evaluate(
      `elements.getElement('cardNumber').update({ placeholder: 'Number', classes: { focus: 'here' } })`,
    )
    await frameOf(page, '#number').locator('input[placeholder="Number"]').waitFor()
    assert.equal(await page.locator('#number').getAttribute('class'), 'own box StripeElement--empty here')
    await page.close()
  })
})
