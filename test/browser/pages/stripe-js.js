import { loadStripe } from '@stripe/stripe-js'

const stripe = await loadStripe(window.publishableKey)
const { createToken, elements } = stripe
const card = elements().create('card', { hidePostalCode: true })
card.mount('#card')
document.querySelector('button').addEventListener('click', async () => {
  document.querySelector('#result').textContent = JSON.stringify(await createToken(card))
})
