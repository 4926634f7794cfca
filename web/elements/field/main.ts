/** The frame of one Element: its inputs, in Koban's own origin. */

import { addressOf } from '../address.ts'
import {
  type ComponentName,
  type ControllerToField,
  type ElementOptions,
  type FieldToController,
  type FromField,
  type Hello,
  opened,
  type ToField,
} from '../protocol.ts'
import { languageOf, textsOf } from '../texts/texts.ts'
import type { CardSeen } from './rules.ts'
import { loadFonts, shopSheet } from './sheet.ts'
import { styleOf } from './style.ts'
import { createView } from './view.ts'

async function run(): Promise<void> {
  const address = addressOf(location.hash)
  const component = address.componentName as ComponentName
  const tell = (message: FromField) =>
    parent.postMessage({ koban: address.channel, message }, address.origin === 'null' ? '*' : address.origin)

  const texts = await textsOf(address.locale)
  document.documentElement.lang = languageOf(address.locale) ?? 'en'
  const sheet = shopSheet()
  let port: MessagePort | null = null
  let told = ''
  let seenByOthers = ''
  let isReady = false
  const say = (message: FieldToController) => port?.postMessage(message)

  const tellCard = () => {
    if (component !== 'cardNumber') return
    const card = view.card()
    if (JSON.stringify(card) === seenByOthers) return
    seenByOthers = JSON.stringify(card)
    say({ say: 'card', ...card })
  }
  const tellState = () => {
    const state = view.state()
    if (JSON.stringify(state) === told) return
    told = JSON.stringify(state)
    if (isReady) tell({ is: 'state', state })
  }
  const view = createView({
    component,
    texts,
    isTest: address.keyMode === 'test',
    events: {
      changed() {
        tellCard()
        tellState()
      },
      advance: () => tell({ is: 'advance' }),
    },
  })

  // Measured without what was typed: the height that the page is told says nothing of it.
  const tellHeight = () => {
    const ruler = document.createElement('span')
    ruler.className = 'InputElement Probe'
    ruler.textContent = 'M'
    view.root.append(ruler)
    const { height } = ruler.getBoundingClientRect()
    ruler.remove()
    view.root.style.height = `${height}px`
    tell({ is: 'height', height })
  }
  const show = (options: ElementOptions) => {
    if ('style' in options) {
      const { rules, warnings } = styleOf(options.style, component !== 'card')
      sheet.put(rules)
      for (const text of warnings) tell({ is: 'warning', text })
    }
    view.options(options)
    tellHeight()
  }

  const connect = () => {
    const controller = siblingNamed(address.controllerId)
    if (controller === null) return
    const channel = new MessageChannel()
    channel.port1.onmessage = ({ data }: MessageEvent<ControllerToField>) => heard(data)
    port = channel.port1
    const hello: Hello = { hello: address.channel, frame: window.name, group: address.group, component }
    // Only Koban's own frame can get it: whatever else has this name, the browser keeps it back.
    controller.postMessage(hello, location.origin, [channel.port2])
  }
  const heard = (message: ControllerToField) => {
    if (message.say === 'connected' && !isReady) {
      isReady = true
      told = JSON.stringify(view.state())
      tell({ is: 'state', state: view.state() })
      tell({ is: 'ready' })
    }
    if (message.say === 'card' && component !== 'cardNumber') view.see(cardOf(message))
    if (message.say === 'submit') {
      const error = view.submit()
      tellState()
      say({ say: 'values', number: message.number, values: view.values(), error })
    }
  }

  const obey = async (message: ToField) => {
    switch (message.do) {
      case 'mount':
        document.body.append(view.root) // not before it looks as the page wants it
        document.documentElement.dir = message.rtl ? 'rtl' : 'ltr'
        show(message.options)
        await Promise.race([loadFonts(message.fonts), new Promise((done) => setTimeout(done, LONGEST_FOR_FONTS_MS))])
        return message.fonts.length > 0 ? tellHeight() : undefined
      case 'update':
        return show(message.options)
      case 'connect':
        return connect()
      case 'focus':
        return view.focus()
      case 'blur':
        return (document.activeElement as HTMLElement | null)?.blur()
      case 'clear':
        return view.clear()
    }
  }
  addEventListener('message', ({ source, origin, data }) => {
    if (source !== parent || origin !== address.origin) return
    const message = opened<ToField>(data, address.channel)
    if (message !== null) void obey(message)
  })
  watchFocus(tell)
  watchKeys(tell)
  new ResizeObserver(() => view.fit()).observe(view.root)
  tell({ is: 'loaded' })
}

const LONGEST_FOR_FONTS_MS = 3_000

function cardOf({ brand, postal }: CardSeen): CardSeen {
  return { brand, postal }
}

/** A frame beside this one. The page may have put anything there, and it may not be there any more. */
function siblingNamed(name: string): Window | null {
  try {
    return (parent as unknown as Record<string, Window | undefined>)[name] ?? null
  } catch {
    return null
  }
}

/** The Element has the focus while one of its inputs has it. */
function watchFocus(tell: (message: FromField) => void): void {
  let has = false
  const look = () => {
    const now = document.hasFocus() && document.activeElement instanceof HTMLInputElement
    if (now === has) return
    has = now
    tell({ is: now ? 'focus' : 'blur' })
  }
  document.addEventListener('focusin', look)
  document.addEventListener('focusout', () => setTimeout(look)) // the next one has it by then
  addEventListener('blur', () => setTimeout(look))
  addEventListener('focus', () => setTimeout(look))
}

function watchKeys(tell: (message: FromField) => void): void {
  document.addEventListener('keydown', ({ key, isComposing }) => {
    if (isComposing) return
    if (key === 'Escape') tell({ is: 'escape' })
    if (key === 'Enter') tell({ is: 'enter' })
  })
}

// Opened by itself it is no part of any page, and has nothing to show.
if (parent !== window) void run()
