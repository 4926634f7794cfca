/** Names that the page gives to the states, in the place of Stripe's. */
export type StateClasses = Readonly<Partial<Record<'base' | State, string>>>

type State = 'complete' | 'empty' | 'focus' | 'invalid' | 'webkitAutofill'

const NAMES: Readonly<Record<'base' | State, string>> = {
  base: 'StripeElement',
  complete: 'StripeElement--complete',
  empty: 'StripeElement--empty',
  focus: 'StripeElement--focus',
  invalid: 'StripeElement--invalid',
  webkitAutofill: 'StripeElement--webkit-autofill',
}

const STATES: readonly State[] = ['complete', 'empty', 'focus', 'invalid', 'webkitAutofill']

/** The classes of the page's own container, which follow what is in the Element. */
export function containerStates(given: StateClasses = {}) {
  let names = { ...NAMES, ...given }
  let states: Readonly<Partial<Record<State, boolean>>> = { empty: true }
  let place: HTMLElement | null = null
  let put: string[] = []

  const show = () => {
    if (place === null) return
    const holding = STATES.filter((state) => states[state])
    place.classList.remove(...put)
    put = ['base' as const, ...holding].flatMap((state) => String(names[state] ?? '').split(/\s+/)).filter(Boolean)
    place.classList.add(...put)
  }
  return {
    name(changes: StateClasses) {
      names = { ...names, ...changes }
      show()
    },
    set(changes: Partial<Record<State, boolean>>) {
      states = { ...states, ...changes }
      show()
    },
    put(on: HTMLElement) {
      place = on
      states = { empty: true }
      show()
    },
    remove() {
      place?.classList.remove(...put)
      place = null
      put = []
    },
  }
}
