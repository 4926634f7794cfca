import { createElement as h } from 'react'
import { createRoot } from 'react-dom/client'
import {
  CardCVCElement,
  CardExpiryElement,
  CardNumberElement,
  Elements,
  injectStripe,
  StripeProvider,
} from 'react-stripe-elements'

const Checkout = injectStripe(({ stripe }) =>
  h(
    'form',
    {
      onSubmit: async (event) => {
        event.preventDefault()
        document.querySelector('#result').textContent = JSON.stringify(
          await stripe.createToken({ name: 'Jenny Rosen' }),
        )
      },
    },
    h('label', null, 'Number', h(CardNumberElement, { id: 'number' })),
    h('label', null, 'Expiry', h(CardExpiryElement, { id: 'expiry' })),
    h('label', null, 'Code', h(CardCVCElement, { id: 'cvc' })),
    h('button', { type: 'submit' }, 'Pay'),
  ),
)

createRoot(document.querySelector('#root')).render(
  h(StripeProvider, { apiKey: window.publishableKey }, h(Elements, null, h(Checkout))),
)
