import type { ComponentName, ElementOptions, FontOption } from '../protocol.ts'
import type { StateClasses } from './container.ts'
import { createElement, type ElementHandle, type KnownElement, type Surroundings } from './element.ts'
import { mistake, notThere } from './integration-error.ts'

const TYPES: readonly ComponentName[] = ['card', 'cardNumber', 'cardExpiry', 'cardCvc', 'postalCode']

/** What Stripe's script can create beside them. */
const TYPES_NOT_THERE = [
  ...['payment', 'paymentRequestButton', 'iban', 'idealBank', 'fpxBank', 'auBankAccount', 'p24Bank', 'epsBank'],
  ...[
    'address',
    'shippingAddress',
    'linkAuthentication',
    'expressCheckout',
    'affirmMessage',
    'afterpayClearpayMessage',
  ],
  ...['paymentMethodMessaging', 'currencySelector', 'taxId', 'issuingCardNumberDisplay'],
]

export type GroupOptions = { readonly fonts?: unknown; readonly locale?: unknown }

type GroupSurroundings = Omit<Surroundings, 'fonts' | 'advanceFrom' | 'destroyed'> & {
  known(element: KnownElement, group: KnownGroup): void
}

export type KnownGroup = {
  /** The frames of its Elements that are on the page and ready. */
  frames(): string[]
}

/** `stripe.elements()`: the Elements whose values go together. */
export function createGroup(options: GroupOptions, around: GroupSurroundings) {
  const elements = new Map<ComponentName, KnownElement>()
  const fonts = fontsOf(options.fonts)
  const group: KnownGroup = {
    frames: () => [...elements.values()].filter((one) => one.isReady()).map(({ frameName }) => frameName),
  }

  const create = (type: unknown, given: ElementOptions & { classes?: StateClasses } = {}): ElementHandle => {
    if (TYPES_NOT_THERE.some((name) => name === type)) throw notThere(`the ${String(type)} Element`)
    if (!isType(type)) throw mistake('typeUnknown', TYPES, type)
    if (elements.has(type)) throw mistake('typeTwice', type)
    const other = [...elements.keys()].find((one) => (one === 'card') !== (type === 'card'))
    if (other !== undefined) throw mistake('typeBeside', type, other)
    const element = createElement(type, given ?? {}, {
      ...around,
      fonts,
      advanceFrom(from) {
        const following = TYPES.slice(TYPES.indexOf(from) + 1).find((one) => elements.get(one)?.isReady())
        if (following !== undefined) elements.get(following)?.handle.focus()
      },
      destroyed: () => elements.delete(type),
    })
    elements.set(type, element)
    around.known(element, group)
    return element.handle
  }

  return {
    create,
    /** By its name, or by a React component that carries it. */
    getElement(type: unknown): ElementHandle | null {
      const name = typeof type === 'string' ? type : (type as { __elementType?: string } | null)?.__elementType
      return elements.get(name as ComponentName)?.handle ?? null
    },
    update(_options: GroupOptions) {},
    fetchUpdates: () => Promise.resolve({}),
    submit: () => Promise.reject(notThere('elements.submit()')),
  }
}

function isType(type: unknown): type is ComponentName {
  return TYPES.some((name) => name === type)
}

/** The faces of the shop's fonts. A style sheet is read here, where the shop may read it; a frame loads none. */
async function fontsOf(given: unknown): Promise<readonly FontOption[]> {
  if (!Array.isArray(given)) return []
  const lists = await Promise.all(given.map((font) => (font?.cssSrc ? facesIn(String(font.cssSrc)) : [font])))
  return JSON.parse(JSON.stringify(lists.flat()))
}

async function facesIn(cssSrc: string): Promise<FontOption[]> {
  try {
    const response = await fetch(cssSrc)
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(await response.text())
    return [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule).flatMap((rule) => faceOf(rule, cssSrc))
  } catch {
    console.warn(`Koban: the style sheet of fonts ${cssSrc} could not be read.`)
    return []
  }
}

/** The faces that have digits and Latin letters: all of a face is loaded at once, and the others would be many. */
function faceOf({ style }: CSSFontFaceRule, cssSrc: string): FontOption[] {
  const said = (name: string) => style.getPropertyValue(name)
  const range = said('unicode-range')
  if (range !== '' && !/U\+0{0,4}(?:0-|20-|30)/i.test(range)) return []
  const src = said('src').replace(
    /url\((["']?)(.*?)\1\)/g,
    (_, _quote, url) => `url("${new URL(url, new URL(cssSrc, location.href))}")`,
  )
  const family = said('font-family').replace(/^["']|["']$/g, '')
  const face = { family, src, style: said('font-style'), weight: said('font-weight'), unicodeRange: range }
  return [Object.fromEntries(Object.entries(face).filter(([, value]) => value !== ''))]
}
