import type { Judgement } from '../card/judgement.ts'
import { brandOf } from '../card/number.ts'
import { formatPostal, postalKindOf } from '../card/postal.ts'
import { digitsOf } from '../card/typing.ts'
import {
  type ComponentName,
  type ElementOptions,
  type ElementState,
  FIELD_NAMES,
  type FieldName,
  type ValidationError,
  type Values,
} from '../protocol.ts'
import type { Texts } from '../texts/texts.ts'
import { drawIcon, type IconName } from './icons.ts'
import { createInput, type Input } from './input.ts'
import { type CardSeen, rulesOf } from './rules.ts'

export type View = {
  readonly root: HTMLElement
  options(options: ElementOptions): void
  /** What the number in another frame is. */
  see(card: CardSeen): void
  card(): CardSeen
  state(): ElementState
  values(): Values
  /** Shows what is missing. The first error, or null where all is there. */
  submit(): ValidationError | null
  clear(): void
  focus(): void
  /** Fits what is shown into the room that there is. */
  fit(): void
}

export type ViewEvents = { changed(): void; advance(): void }

/** What each input needs, in pixels; `tail` is the number's last group. */
type Rooms = Record<'expiry' | 'cvc' | 'postal' | 'number' | 'tail', number>

type Scene = {
  readonly component: ComponentName
  readonly texts: Texts
  readonly isTest: boolean
  readonly events: ViewEvents
}

const LABELS = { cardNumber: 'number', cardExpiry: 'expiry', cardCvc: 'cvc' } as const
const SPLIT_NUMBER_PLACEHOLDER = '1234 1234 1234 1234'
const SHORT_CVC_PLACEHOLDER = 'CVC' // as cards say in every language; some languages need too much room for it
const ICON_ROOM = 34
const GAP = 10

/** The inputs of one Element. */
export function createView({ component, texts, isTest, events }: Scene): View {
  const isCard = component === 'card'
  const names: readonly FieldName[] = isCard ? FIELD_NAMES : [component]
  const root = document.createElement('form')
  root.className = 'Frame'
  root.noValidate = true
  const icon = document.createElement('span')
  icon.className = 'Icon'
  icon.setAttribute('aria-hidden', 'true')
  const probe = document.createElement('span')
  probe.className = 'InputElement Probe'
  probe.setAttribute('aria-hidden', 'true')

  let options: ElementOptions = {}
  let elsewhere: CardSeen = { brand: 'unknown', postal: null }
  let drawn = ''
  const inputs: Input[] = []
  const slots = new Map<FieldName, HTMLElement>()
  const inputOf = (name: FieldName) => inputs.find(({ field }) => field === name)

  const card = (): CardSeen => {
    const number = inputOf('cardNumber')
    if (number === undefined) return elsewhere
    const digits = digitsOf(number.element.value)
    return { brand: brandOf(digits), postal: postalKindOf(digits, isTest) }
  }
  const isAsked = (name: FieldName): boolean => {
    if (name !== 'postalCode') return true
    const { postal } = card()
    if (!isCard) return postal !== 'none'
    return options.hidePostalCode !== true && postal !== null && postal !== 'none'
  }
  const asked = () => inputs.filter(({ field }) => isAsked(field))
  const firstError = (): ValidationError | null => {
    const code = asked()
      .map((input) => input.shownError())
      .find((shown) => shown !== null)
    return code ? { type: 'validation_error', code, message: texts.errors[code] } : null
  }

  const changed = () => {
    const postal = inputOf('postalCode')
    if (postal !== undefined) {
      if (!isAsked('postalCode') && card().postal === 'none' && postal.element.value !== '') postal.set('')
      const kind = card().postal
      const fits = kind === null ? postal.element.value : formatPostal(postal.element.value, kind)
      if (fits !== postal.element.value) postal.set(fits)
    }
    show()
    events.changed()
  }
  const next = (from: Input): Input | undefined => {
    const order = asked()
    return order[order.indexOf(from) + 1]
  }
  for (const field of names) {
    const input = createInput(field, rulesOf(field, card), {
      changed,
      finished(from) {
        const following = next(from)
        if (following) following.element.focus()
        else if (!isCard) events.advance()
      },
      retreated(from) {
        const order = asked()
        order[order.indexOf(from) - 1]?.element.focus()
      },
    })
    inputs.push(input)
    input.element.addEventListener('focus', () => show())
    input.element.addEventListener('blur', () => show())
    const slot = document.createElement('span')
    slot.className = isCard ? `Slot Slot-${field}` : 'Slot Slot-only'
    slot.append(input.element)
    slots.set(field, slot)
  }
  root.append(icon, ...slots.values(), probe)
  root.addEventListener('submit', (event) => event.preventDefault())
  // An input that gets the focus is scrolled into sight; here the place is made instead.
  root.addEventListener('scroll', () => {
    root.scrollLeft = 0
  })

  function labelOf(name: FieldName): string {
    if (name !== 'postalCode') return texts.labels[LABELS[name]]
    return card().postal === 'zip' ? texts.labels.zip : texts.labels.postal
  }
  function placeholderOf(name: FieldName): string {
    if (!isCard && typeof options.placeholder === 'string') return options.placeholder
    if (name === 'cardNumber' && !isCard) return SPLIT_NUMBER_PLACEHOLDER
    if (name === 'cardCvc' && root.classList.contains('is-narrow')) return SHORT_CVC_PLACEHOLDER
    if (name !== 'postalCode') return texts.placeholders[LABELS[name]]
    return card().postal === 'zip' ? texts.placeholders.zip : texts.placeholders.postal
  }
  function iconName(): IconName | null {
    const wanted = isCard ? options.hideIcon !== true : component === 'cardNumber' && options.showIcon === true
    if (!wanted) return null
    if (firstError() !== null) return 'error'
    return document.activeElement === inputOf('cardCvc')?.element ? 'cvc' : card().brand
  }

  function show(): void {
    for (const input of inputs) {
      const { element, field } = input
      element.placeholder = placeholderOf(field)
      element.setAttribute('aria-label', labelOf(field))
      element.disabled = options.disabled === true
      if (field === 'postalCode') element.inputMode = card().postal === 'zip' ? 'numeric' : 'text'
      slots.get(field)?.classList.toggle('is-absent', !isAsked(field))
      input.refresh()
    }
    const number = inputOf('cardNumber')
    root.classList.toggle('is-known', number?.judge().status === 'complete')
    root.classList.toggle('is-typing-number', number !== undefined && document.activeElement === number.element)
    showIcon()
    fit()
  }

  function showIcon(): void {
    const name = iconName()
    const wanted = `${name} ${options.iconStyle}`
    if (wanted === drawn) return
    icon.hidden = name === null
    icon.replaceChildren(...(name === null ? [] : [drawIcon(name, options.iconStyle === 'solid')]))
    icon.classList.toggle('is-swapped', drawn !== '')
    drawn = wanted
  }

  function widthOf(text: string): number {
    probe.textContent = text
    return Math.ceil(probe.getBoundingClientRect().width)
  }
  function fit(): void {
    if (!isCard) return
    const number = inputOf('cardNumber')?.element.value ?? ''
    const rooms: Rooms = {
      expiry: Math.max(widthOf('00 / 00'), widthOf(placeholderOf('cardExpiry'))) + 2,
      cvc: Math.max(widthOf('0000'), widthOf(texts.placeholders.cvc)) + 2,
      postal: Math.max(widthOf('00000'), widthOf(placeholderOf('postalCode'))) + 2,
      number: widthOf(number) + 2,
      tail: widthOf(number.split(' ').at(-1) ?? '') + 2,
    }
    const icon = options.hideIcon === true ? 0 : ICON_ROOM
    const others = rooms.expiry + rooms.cvc + (isAskedAtAll() ? rooms.postal + GAP : 0)
    const isNarrow = root.clientWidth < widthOf('0000 0000 0000 0000') + others + 2 * GAP + icon
    if (isNarrow) rooms.cvc = Math.max(widthOf('0000'), widthOf(SHORT_CVC_PLACEHOLDER)) + 2
    for (const [name, width] of Object.entries(rooms)) root.style.setProperty(`--${name}-width`, `${width}px`)
    root.classList.toggle('is-narrow', isNarrow)
    const code = inputOf('cardCvc')
    if (code !== undefined) code.element.placeholder = placeholderOf('cardCvc')
    probe.textContent = ''
  }
  function isAskedAtAll(): boolean {
    return options.hidePostalCode !== true && card().postal !== 'none'
  }

  function isWhole({ field, judge }: Input): boolean {
    const { status }: Judgement = judge()
    return field === 'postalCode' && !isAsked(field) ? true : status === 'complete'
  }
  function valueGiven(): string | undefined {
    if (component === 'postalCode') return typeof options.value === 'string' ? options.value : undefined
    const { value } = options
    if (!isCard || typeof value !== 'object' || value === null || !('postalCode' in value)) return undefined
    return typeof value.postalCode === 'string' ? value.postalCode : undefined
  }

  return {
    root,
    card,
    fit,
    options(changes) {
      options = { ...options, ...changes }
      const given = 'value' in changes ? valueGiven() : undefined
      if (given !== undefined) inputOf('postalCode')?.set(formatPostal(given, card().postal ?? 'any'))
      show()
    },
    see(seen) {
      elsewhere = seen
      changed()
    },
    state: () => {
      const postal = inputOf('postalCode')
      return {
        empty: asked().every(({ element }) => element.value === ''),
        complete: inputs.every(isWhole) && firstError() === null && isKnown(),
        error: firstError() ?? undefined,
        brand: isCard || component === 'cardNumber' ? card().brand : undefined,
        postalCode: postal?.element.value,
        isAutofilled: inputs.some((input) => input.isAutofilled()),
      }
    },
    values: () => Object.fromEntries(asked().map(({ field, element }) => [field, typedIn(field, element.value)])),
    submit() {
      for (const input of asked()) input.submit()
      show()
      return firstError()
    },
    clear() {
      for (const input of inputs) input.set('')
      // The postal code goes with the number: who was there would be nowhere.
      if (inputs.some(({ element }) => element === document.activeElement)) inputs[0]?.element.focus()
      changed()
    },
    focus() {
      const unfinished = asked().find(({ judge }) => judge().status !== 'complete')
      ;(unfinished ?? inputs[0])?.element.focus()
    },
  }

  /** A card whose number nobody knows yet is not complete, whatever else is asked then. */
  function isKnown(): boolean {
    return !isCard || card().postal !== null
  }
}

function typedIn(field: FieldName, text: string): string {
  return field === 'postalCode' ? text.trim() : digitsOf(text)
}
