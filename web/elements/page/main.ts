/** What `/v3/` is: it gives the page its `Stripe`. */

import { createInstance, type StripeOptions, VERSION } from './instance.ts'

/** Where the script was loaded from is where everything else is. */
function originOfScript(): string {
  const { currentScript } = document
  const src = currentScript instanceof HTMLScriptElement ? currentScript.src : ''
  return src === '' ? location.origin : new URL(src, location.href).origin
}

const origin = originOfScript()
let hasTold = false

function Stripe(key: unknown, options: StripeOptions = {}) {
  const instance = createInstance(key, options ?? {}, { origin })
  if (!hasTold && location.protocol === 'http:' && String(key).startsWith('pk_test_')) {
    hasTold = true
    console.warn('You may test your integration over HTTP. However, live integrations must use HTTPS.')
  }
  return instance
}
Stripe.version = VERSION

const page = window as unknown as { Stripe?: unknown }
if (page.Stripe === undefined) page.Stripe = Stripe
