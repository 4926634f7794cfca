import type { Answered, Call, FrameAddress, Values } from '../protocol.ts'
import { en } from '../texts/en.ts'
import type { Texts } from '../texts/texts.ts'

type Request = { readonly method: 'GET' | 'POST'; readonly path: string; readonly form: URLSearchParams }

const CARD_DATA = /^(?:number|cvc|exp_month|exp_year|object)$/

/** Makes one call of the API with the publishable key. Never throws: what went wrong is in the answer. */
export async function callApi(address: FrameAddress, call: Call, values: Values, texts: Texts): Promise<Answered> {
  const { method, path, form } = requestOf(call, values)
  try {
    const response = await fetch(method === 'GET' ? `${path}?${form}` : path, {
      method,
      headers: headersOf(address),
      body: method === 'GET' ? null : form,
      credentials: 'omit',
      cache: 'no-store',
    })
    const body: { error?: object } = await response.json()
    if (body.error === undefined) return { object: body }
    return { error: translated(body.error, texts) }
  } catch {
    return { error: { type: 'api_connection_error', message: texts.errors.connection } }
  }
}

function headersOf({ apiKey, apiVersion, stripeAccount }: FrameAddress): Record<string, string> {
  return {
    Authorization: `Bearer ${apiKey}`,
    ...(apiVersion !== '' && { 'Stripe-Version': apiVersion }),
    ...(stripeAccount !== '' && { 'Stripe-Account': stripeAccount }),
  }
}

function requestOf(call: Call, values: Values): Request {
  const form = new URLSearchParams()
  const post = (path: string): Request => ({ method: 'POST', path, form })
  switch (call.of) {
    case 'token':
      // What the page says of the card stands beside what was typed, and never in its place.
      encode(form, 'card', { ...cardOf(values), ...withoutCardData(call.data) })
      return post('/v1/tokens')
    case 'source': {
      const { token: _token, card: _card, ...rest } = call.data
      encode(form, '', { ...rest, type: 'card', card: cardOf(values) })
      return post('/v1/sources')
    }
    case 'cvc_update':
      encode(form, 'cvc_update', { cvc: values.cardCvc })
      return post('/v1/tokens')
    case 'other_token':
      encode(form, '', call.data)
      return post('/v1/tokens')
    case 'other_source':
      encode(form, '', call.data)
      return post('/v1/sources')
    case 'retrieve_source':
      form.set('client_secret', call.clientSecret)
      return { method: 'GET', path: `/v1/sources/${encodeURIComponent(call.id)}`, form }
  }
}

function cardOf({ cardNumber, cardExpiry, cardCvc, postalCode }: Values): Record<string, string | undefined> {
  return {
    number: cardNumber,
    cvc: cardCvc,
    exp_month: cardExpiry?.slice(0, 2),
    exp_year: cardExpiry?.slice(2),
    address_zip: postalCode === '' ? undefined : postalCode,
  }
}

function withoutCardData(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([name, value]) => isSaid(value) && !CARD_DATA.test(name)))
}

/** Official examples pass what a form has not been asked for. */
function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** Stripe's bracket notation. */
function encode(form: URLSearchParams, prefix: string, value: unknown): void {
  if (!isSaid(value)) return
  if (typeof value !== 'object') form.append(prefix, String(value))
  else
    for (const [name, inner] of Object.entries(value as object))
      encode(form, prefix === '' ? name : `${prefix}[${name}]`, inner)
}

/** The API speaks English; what it says of a card is said in the page's language. */
function translated(error: object, texts: Texts): object {
  if (texts === en) return error
  const code = 'code' in error ? String(error.code) : ''
  if (!('type' in error) || error.type !== 'card_error' || !Object.hasOwn(texts.errors, code)) return error
  return { ...error, message: texts.errors[code as keyof Texts['errors']] }
}
