import { hashOf } from '../address.ts'
import type { Answered, Call, ComponentName, FrameAddress, FromController, ToController } from '../protocol.ts'
import type { KnownElement } from './element.ts'
import { createFrame, type Source, setStyles } from './frame.ts'
import { createGroup, type GroupOptions, type KnownGroup } from './group.ts'
import { mistake, notThere } from './integration-error.ts'

export type StripeOptions = {
  readonly stripeAccount?: unknown
  readonly apiVersion?: unknown
  readonly locale?: unknown
}

/** The version that the evergreen script tells. */
export const VERSION = 3

const LATER = [
  ...['createPaymentMethod', 'confirmCardPayment', 'handleCardPayment', 'handleCardAction', 'confirmPaymentIntent'],
  ...['retrievePaymentIntent', 'confirmCardSetup', 'handleCardSetup', 'confirmSetupIntent', 'retrieveSetupIntent'],
  ...['confirmPayment', 'confirmSetup', 'handleNextAction', 'createConfirmationToken', 'redirectToCheckout'],
  ...['initEmbeddedCheckout', 'retrievePaymentMethod'],
] as const

/** One for each load of a page: frames are named by it, as browser tests look for them. */
let frames = 0

/** `Stripe(publishableKey, options)`. Methods stand in it by themselves: pages take them out of it and spread it. */
export function createInstance(key: unknown, options: StripeOptions, source: Source) {
  if (typeof key !== 'string') throw mistake('keyNotText')
  if (key.trim() === '') throw mistake('keyEmpty')
  if (/^[rs]k_/.test(key.trim())) throw mistake('keySecret')
  const apiKey = key.trim()
  const channel = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
  const controllerId = `__privateStripeController${++frames}`
  const known = new Map<object, { readonly element: KnownElement; readonly group: KnownGroup }>()
  let groups = 0

  const urlOf = (componentName: FrameAddress['componentName'], page: string, group: string, locale: unknown) => {
    const address: FrameAddress = {
      componentName,
      controllerId,
      keyMode: apiKey.startsWith('pk_live_') ? 'live' : 'test',
      apiKey,
      channel,
      origin: location.origin,
      locale: textOf(locale) || textOf(options.locale) || 'auto',
      group,
      stripeAccount: textOf(options.stripeAccount),
      apiVersion: textOf(options.apiVersion),
    }
    return `${source.origin}${page}${hashOf(address)}`
  }
  const controller = openController(urlOf('controller', CONTROLLER_PAGE, '', ''), controllerId, channel)

  const framesFor = (element: unknown): string[] | null => {
    const of = known.get(element as object)
    if (of === undefined || !of.element.isReady()) return null
    return of.group.frames()
  }
  const ofElement = async (element: unknown, of: 'token' | 'source' | 'cvc_update', data: unknown) => {
    const asked = framesFor(element)
    if (asked === null) throw mistake('notMounted')
    return controller.call({ of, frames: asked, data: plain(data) })
  }

  const instance = {
    version: VERSION,
    elements(given: GroupOptions = {}) {
      const group = String(++groups)
      return createGroup(given ?? {}, {
        channel,
        url: (type: ComponentName) => urlOf(type, FIELD_PAGE, group, given?.locale),
        frameName: () => `__privateStripeFrame${++frames}`,
        controllerLoaded: controller.loaded,
        forget: controller.forget,
        known: (element, of) => known.set(element.handle, { element, group: of }),
      })
    },
    async createToken(first: unknown, data?: unknown) {
      if (isElement(first)) {
        const type = first._componentName
        if (type === 'card' || type === 'cardNumber') return named('token', await ofElement(first, 'token', data))
        throw mistake('elementOfNoCard', type)
      }
      if (typeof first !== 'string') throw mistake('tokenOfNothing')
      if (first === 'cvc_update') return named('token', await ofElement(data, 'cvc_update', {}))
      const parameters = first === 'account' || first === 'person' ? plain(data) : { [first]: plain(data) }
      return named('token', await controller.call({ of: 'other_token', data: parameters }))
    },
    async createSource(first: unknown, data?: unknown) {
      if (isElement(first)) return named('source', await ofElement(first, 'source', data))
      if (typeof first !== 'object' || first === null) throw mistake('sourceOfNothing')
      return named('source', await controller.call({ of: 'other_source', data: plain(first) }))
    },
    async retrieveSource(named_: { readonly id?: unknown; readonly client_secret?: unknown } | undefined) {
      const { id, client_secret: clientSecret } = named_ ?? {}
      if (typeof id !== 'string' || typeof clientSecret !== 'string') throw mistake('sourceUnnamed')
      return named('source', await controller.call({ of: 'retrieve_source', id, clientSecret }))
    },
    paymentRequest: () => paymentRequest(),
    registerAppInfo() {},
    _registerWrapper() {},
    ...Object.fromEntries(LATER.map((name) => [name, () => Promise.reject(notThere(`stripe.${name}()`))])),
  }
  return instance
}

/** The hidden frame that knows the fields of this instance. */
function openController(url: string, name: string, channel: string) {
  const waiting = new Map<number, (answer: Answered) => void>()
  let calls = 0
  let isLoaded: () => void
  const loaded = new Promise<void>((resolve) => {
    isLoaded = resolve
  })
  const frame = createFrame<ToController, FromController>(url, name, channel, (message) => {
    if (message.is === 'loaded') isLoaded()
    if (message.is === 'answered') {
      waiting.get(message.number)?.(message.answer)
      waiting.delete(message.number)
    }
  })
  frame.element.setAttribute('aria-hidden', 'true')
  frame.element.tabIndex = -1
  setStyles(frame.element, HIDDEN)
  whenBody(() => document.body.append(frame.element))
  return {
    loaded,
    forget: (of: string) => void loaded.then(() => frame.post({ do: 'forget', frame: of })),
    async call(call: Call): Promise<Answered> {
      const isThere = await Promise.race([
        loaded.then(() => true),
        new Promise((done) => setTimeout(done, LOAD_MS, false)),
      ])
      if (!isThere) return { error: { type: 'api_connection_error', message: NOT_LOADED } }
      const number = ++calls
      return new Promise((resolve) => {
        waiting.set(number, resolve)
        frame.post({ do: 'call', number, call })
      })
    },
  }
}

const LOAD_MS = 10_000
const NOT_LOADED =
  'We are experiencing issues connecting to our payments provider. Please check your internet connection and try again.'

const HIDDEN = {
  border: 'none',
  margin: '0',
  padding: '0',
  width: '1px',
  height: '1px',
  position: 'fixed',
  top: '-1px',
  left: '0',
  visibility: 'hidden',
  'pointer-events': 'none',
  'color-scheme': 'light',
}

/** A script in the head runs before there is a body. */
function whenBody(then: () => void): void {
  if (document.body !== null) then()
  else document.addEventListener('DOMContentLoaded', then, { once: true })
}

/** `{ token }` or `{ error }`, never both. */
function named(name: string, answer: Answered): Record<string, unknown> {
  return 'error' in answer ? { error: answer.error } : { [name]: answer.object }
}

function isElement(value: unknown): value is { readonly _componentName: string } {
  return typeof value === 'object' && value !== null && '_componentName' in value && '_frame' in value
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function plain(data: unknown): Record<string, unknown> {
  return typeof data === 'object' && data !== null ? JSON.parse(JSON.stringify(data)) : {}
}

/** No wallet is there: pages ask first, and show their other ways to pay. */
function paymentRequest() {
  const request = {
    canMakePayment: () => Promise.resolve(null),
    show() {
      throw notThere('wallets')
    },
    update() {},
    abort() {},
    isShowing: () => false,
    on: () => request,
    once: () => request,
    off: () => request,
  }
  return request
}
