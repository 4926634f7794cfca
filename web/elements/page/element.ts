import type { ComponentName, ElementOptions, ElementState, FontOption, FromField, ToField } from '../protocol.ts'
import { containerStates, type StateClasses } from './container.ts'
import { createFrame, type Frame, setStyles } from './frame.ts'
import { mistake } from './integration-error.ts'
import { callback, type Handler, listeners } from './listeners.ts'

const TITLES: Readonly<Record<ComponentName, string>> = {
  card: 'Secure card payment input frame',
  cardNumber: 'Secure card number input frame',
  cardExpiry: 'Secure expiration date input frame',
  cardCvc: 'Secure CVC input frame',
  postalCode: 'Secure postal code input frame',
}

/** How long a frame may take to load, in milliseconds; then the page is told. */
const LOAD_MS = 10_000

const EVENTS = ['ready', 'change', 'focus', 'blur', 'escape', 'click', 'loaderror', 'networkschange'] as const

/** What the page sees of an Element. Methods stand in it by themselves: pages take them out of it and spread it. */
export type ElementHandle = ReturnType<typeof createElement>['handle']

/** What the group and the instance know of it beside that. */
export type KnownElement = ReturnType<typeof createElement>

export type Surroundings = {
  readonly channel: string
  readonly fonts: Promise<readonly FontOption[]>
  /** The address of its frame. */
  url(type: ComponentName): string
  frameName(): string
  /** Resolves when the fields can be connected. */
  readonly controllerLoaded: Promise<void>
  forget(frame: string): void
  advanceFrom(type: ComponentName): void
  destroyed(): void
}

export function createElement(
  type: ComponentName,
  given: ElementOptions & { classes?: StateClasses },
  around: Surroundings,
) {
  const events = listeners(EVENTS)
  const name = around.frameName()
  const { classes, ...rest } = given
  let options: ElementOptions = rest
  let mounted: Mounted | null = null
  let isDestroyed = false

  const emit = (event: (typeof EVENTS)[number], more: object = {}) => events.emit(event, { elementType: type, ...more })
  const container = containerStates(classes)
  const post = (message: ToField) => mounted?.frame.post(message)
  const alive = () => {
    if (isDestroyed) throw mistake('destroyed')
  }

  const heard = (on: Mounted, message: FromField) => {
    switch (message.is) {
      case 'loaded':
        void around.fonts.then((fonts) => {
          on.frame.post({ do: 'mount', options, fonts, rtl: getComputedStyle(on.place).direction === 'rtl' })
          return around.controllerLoaded.then(() => on.frame.post({ do: 'connect' }))
        })
        return
      case 'ready':
        clearTimeout(on.timer)
        on.isReady = true
        emit('ready')
        if (on.wantsFocus) handle.focus()
        return
      case 'state':
        changed(on, message.state)
        return
      case 'height':
        setStyles(on.frame.element, { height: `${message.height}px` })
        return
      case 'focus':
      case 'blur':
        container.set({ focus: message.is === 'focus' })
        emit(message.is)
        return
      case 'escape':
        emit('escape')
        return
      case 'enter':
        submitForm(on.place)
        return
      case 'advance':
        around.advanceFrom(type)
        return
      case 'warning':
        console.warn(`Koban: the options of the ${type} Element: ${message.text}`)
    }
  }

  const changed = (on: Mounted, state: ElementState) => {
    const { empty, complete, error, isAutofilled } = state
    container.set({ empty, complete, invalid: error !== undefined, webkitAutofill: isAutofilled })
    const payload = payloadOf(type, state)
    const text = JSON.stringify(payload)
    const isFirst = on.told === null
    if (on.told === text) return
    on.told = text
    if (!isFirst) events.emit('change', payload)
  }

  const mount = (target: unknown) => {
    alive()
    const place = placeOf(target)
    if (mounted !== null) {
      if (mounted.place === place) return handle
      throw mistake('mounted')
    }
    if (place.childNodes.length > 0) place.replaceChildren()
    const wrapper = document.createElement('div')
    wrapper.className = '__PrivateStripeElement'
    setStyles(wrapper, WRAPPER_STYLES)
    const frame: Frame<ToField> = createFrame<ToField, FromField>(around.url(type), name, around.channel, (message) => {
      if (mounted !== null) heard(mounted, message)
    })
    frame.element.title = TITLES[type]
    setStyles(frame.element, FRAME_STYLES)
    const input = tabInput()
    input.addEventListener('focus', () => handle.focus())
    wrapper.append(frame.element, input)
    const timer = setTimeout(() => {
      const message = `The ${type} Element could not be loaded.`
      emit('loaderror', { error: { type: 'api_connection_error', message } })
    }, LOAD_MS)
    const ofLabel = (event: Event) => {
      if (isLabelOf(event.target, place)) handle.focus()
    }
    document.addEventListener('click', ofLabel)
    mounted = { frame, place, wrapper, timer, ofLabel, isReady: false, wantsFocus: false, told: null }
    container.put(place)
    place.append(wrapper)
    return handle
  }

  const unmount = () => {
    if (mounted === null) return handle
    clearTimeout(mounted.timer)
    document.removeEventListener('click', mounted.ofLabel)
    mounted.frame.remove()
    mounted.wrapper.remove()
    container.remove()
    mounted = null
    around.forget(name)
    return handle
  }

  const handle = {
    /** Old wrappers know an Element by these two. */
    _frame: { id: name },
    _componentName: type,
    mount,
    unmount() {
      alive()
      return unmount()
    },
    destroy() {
      alive()
      unmount()
      isDestroyed = true
      around.destroyed()
      return handle
    },
    update(changes: ElementOptions & { classes?: StateClasses } = {}) {
      alive()
      const { classes: newClasses, ...others } = changes
      if (newClasses !== undefined) container.name(newClasses)
      const plain = plainOf(others)
      options = { ...options, ...plain }
      if (Object.keys(plain).length > 0) post({ do: 'update', options: plain })
      return handle
    },
    focus() {
      alive()
      if (mounted === null) return handle
      if (!mounted.isReady) mounted.wantsFocus = true
      mounted.frame.element.focus()
      post({ do: 'focus' })
      return handle
    },
    blur() {
      alive()
      post({ do: 'blur' })
      mounted?.frame.element.blur()
      return handle
    },
    clear() {
      alive()
      post({ do: 'clear' })
      return handle
    },
    on: (event: unknown, handler: Handler) => chain(() => events.on(event, callback(handler))),
    once: (event: unknown, handler: Handler) => chain(() => events.once(event, callback(handler))),
    off: (event: unknown, handler?: Handler) => chain(() => events.off(event, handler)),
    addEventListener: (event: unknown, handler: Handler) => chain(() => events.on(event, callback(handler))),
    removeEventListener: (event: unknown, handler?: Handler) => chain(() => events.off(event, handler)),
  }
  function chain(done: () => void): typeof handle {
    done()
    return handle
  }
  options = plainOf(rest)
  return { handle, type, frameName: name, isReady: () => mounted?.isReady === true, isDestroyed: () => isDestroyed }
}

type Mounted = {
  readonly frame: Frame<ToField>
  readonly place: HTMLElement
  readonly wrapper: HTMLElement
  readonly timer: ReturnType<typeof setTimeout>
  readonly ofLabel: (event: Event) => void
  isReady: boolean
  wantsFocus: boolean
  told: string | null
}

const WRAPPER_STYLES = {
  margin: '0',
  padding: '0',
  border: 'none',
  display: 'block',
  background: 'transparent',
  position: 'relative',
  opacity: '1',
}

const FRAME_STYLES = {
  border: 'none',
  margin: '0',
  padding: '0',
  width: '1px',
  'min-width': '100%',
  height: '16.8px',
  overflow: 'hidden',
  display: 'block',
  'user-select': 'none',
  'color-scheme': 'light', // as the frame's own: the browser would put an opaque canvas behind another
}

/** Cannot hold anything but plain values: a function could not go to a frame. */
function plainOf(options: object): ElementOptions {
  return JSON.parse(JSON.stringify(options))
}

/** Catches the focus that a form's own validation gives, and is always valid. */
function tabInput(): HTMLInputElement {
  const input = document.createElement('input')
  input.className = '__PrivateStripeElement-input'
  input.setAttribute('aria-hidden', 'true')
  input.setAttribute('aria-label', ' ')
  input.maxLength = 1
  input.tabIndex = -1
  setStyles(input, {
    border: 'none',
    display: 'block',
    position: 'absolute',
    height: '1px',
    top: '-1px',
    left: '0',
    padding: '0',
    margin: '0',
    width: '100%',
    opacity: '0',
    background: 'transparent',
    'pointer-events': 'none',
    'font-size': '16px',
  })
  return input
}

function placeOf(target: unknown): HTMLElement {
  if (typeof target !== 'string') {
    if (target instanceof HTMLElement) return target
    throw mistake('notADomElement')
  }
  const found = document.querySelector<HTMLElement>(target)
  if (found === null) throw mistake('selectorEmpty', target)
  return found
}

function isLabelOf(target: EventTarget | null, place: HTMLElement): boolean {
  const label = target instanceof Element ? target.closest('label') : null
  if (label === null) return false
  return label.htmlFor === '' ? label.contains(place) : label.htmlFor === place.id
}

/** Enter in a field does what it does in any other of the form. */
function submitForm(place: HTMLElement): void {
  const form = place.closest('form')
  if (form === null) return
  const button = [...form.elements].find(
    (one) => (one instanceof HTMLButtonElement || one instanceof HTMLInputElement) && /^(submit|image)$/.test(one.type),
  )
  if (button instanceof HTMLElement) button.click()
  else form.requestSubmit()
}

/** The payload of `change`: the keys that this kind of Element has, `error` always. */
function payloadOf(elementType: ComponentName, { empty, complete, error, brand, postalCode }: ElementState): object {
  return {
    elementType,
    error,
    ...(elementType === 'card' && { value: { postalCode: postalCode ?? '' } }),
    ...(elementType === 'postalCode' && { value: postalCode ?? '' }),
    empty,
    complete,
    ...(brand !== undefined && { brand }),
  }
}
