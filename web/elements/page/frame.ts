import { opened } from '../protocol.ts'

export type Frame<To> = {
  readonly element: HTMLIFrameElement
  post(message: To): void
  remove(): void
}

/** Where this script came from, and with it everything else. */
export type Source = { readonly origin: string }

/** An iframe of Koban's, and what it says to this page. */
export function createFrame<To, From>(
  url: string,
  name: string,
  channel: string,
  heard: (message: From) => void,
): Frame<To> {
  const { origin } = new URL(url)
  const element = document.createElement('iframe')
  for (const [attribute, value] of [
    ['name', name],
    ['frameborder', '0'],
    ['allowtransparency', 'true'],
    ['scrolling', 'no'],
    ['role', 'presentation'],
    ['allow', 'payment *'],
  ] as const)
    element.setAttribute(attribute, value)
  element.src = url
  const listen = (event: MessageEvent) => {
    if (event.source !== element.contentWindow || event.origin !== origin) return
    const message = opened<From>(event.data, channel)
    if (message !== null) heard(message)
  }
  window.addEventListener('message', listen)
  return {
    element,
    post: (message) => element.contentWindow?.postMessage({ koban: channel, message }, origin),
    remove() {
      window.removeEventListener('message', listen)
      element.remove()
    },
  }
}

/** Inline styles that no style sheet of the page can undo. */
export function setStyles(element: HTMLElement, styles: Readonly<Record<string, string>>): void {
  for (const [property, value] of Object.entries(styles)) element.style.setProperty(property, value, 'important')
}
