import { CardElement, Elements, useElements, useStripe } from '@stripe/react-stripe-js'
import { loadStripe } from '@stripe/stripe-js/pure'
import { createElement as h, StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'

const promise = loadStripe(window.publishableKey)

function Checkout() {
  const stripe = useStripe()
  const elements = useElements()
  const [seen, see] = useState([])
  const [result, tell] = useState('')
  const pay = async () => tell(JSON.stringify(await stripe.createToken(elements.getElement(CardElement))))
  const note = (name) => () => see((before) => [...before, name])
  return h(
    'div',
    null,
    h(CardElement, { id: 'card', options: { hidePostalCode: true }, onReady: note('ready'), onFocus: note('focus') }),
    h('button', { type: 'button', onClick: pay }, 'Pay'),
    h('pre', { id: 'seen' }, seen.join()),
    h('pre', { id: 'result' }, result),
  )
}

createRoot(document.querySelector('#root')).render(h(StrictMode, null, h(Elements, { stripe: promise }, h(Checkout))))
