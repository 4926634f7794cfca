import { mistake } from './integration-error.ts'

export type Handler = (event: object) => void

/** Throws an IntegrationError for what cannot be called. */
export function callback(handler: unknown): Handler {
  if (typeof handler !== 'function') throw mistake('handlerMissing')
  return handler as Handler
}

/** Who listens to what. What a handler throws is the page's own, and keeps no other from hearing. */
export function listeners<Name extends string>(names: readonly Name[]) {
  const all: { readonly name: string; readonly handler: Handler; readonly isOnce: boolean }[] = []
  const known = (name: unknown): string => {
    if (names.some((one) => one === name)) return String(name)
    throw mistake('eventUnknown', name)
  }
  const drop = (isDropped: (one: (typeof all)[number]) => boolean) => {
    for (let i = all.length - 1; i >= 0; i--) {
      const one = all[i]
      if (one !== undefined && isDropped(one)) all.splice(i, 1)
    }
  }
  return {
    on: (name: unknown, handler: Handler) => void all.push({ name: known(name), handler, isOnce: false }),
    once: (name: unknown, handler: Handler) => void all.push({ name: known(name), handler, isOnce: true }),
    off: (name: unknown, handler?: Handler) =>
      drop((one) => one.name === name && (handler === undefined || one.handler === handler)),
    emit(name: Name, event: object) {
      for (const one of all.filter((other) => other.name === name)) {
        if (one.isOnce) drop((other) => other === one)
        try {
          one.handler(event)
        } catch (error) {
          setTimeout(() => {
            throw error
          })
        }
      }
    },
  }
}
