/**
 * What a shop's page and the frames say to each other, and the frames among themselves. Digits are in `Values` alone,
 * which goes from frame to frame; nothing that the page is told has room for them but the postal code, which is its to
 * know.
 */

import type { Brand } from './card/number.ts'
import type { PostalKind } from './card/postal.ts'

export type FieldName = 'cardNumber' | 'cardExpiry' | 'cardCvc' | 'postalCode'
export type ComponentName = 'card' | FieldName

/** The order in which they are filled in. */
export const FIELD_NAMES: readonly FieldName[] = ['cardNumber', 'cardExpiry', 'cardCvc', 'postalCode']

/** What the page may say of how an Element looks. It was written by the page: each value is checked where it is used. */
export type ElementOptions = {
  readonly style?: unknown
  readonly placeholder?: unknown
  readonly value?: unknown
  readonly hidePostalCode?: unknown
  readonly hideIcon?: unknown
  readonly showIcon?: unknown
  readonly iconStyle?: unknown
  readonly disabled?: unknown
}

/** A face of a shop's font, as `FontFace` takes it. */
export type FontOption = Readonly<Record<string, unknown>>

/** In the address of a frame, behind its #. */
export type FrameAddress = {
  readonly componentName: ComponentName | 'controller'
  readonly controllerId: string
  readonly keyMode: 'live' | 'test'
  readonly apiKey: string
  /** Chosen anew for each load: whoever does not know it is not heard. */
  readonly channel: string
  /** Of the page: what is meant for it reaches no other. */
  readonly origin: string
  readonly locale: string
  readonly group: string
  readonly stripeAccount: string
  readonly apiVersion: string
}

export type ValidationError = { readonly type: 'validation_error'; readonly code: string; readonly message: string }

/** What the page may know of what was typed. */
export type ElementState = {
  readonly empty: boolean
  readonly complete: boolean
  readonly error: ValidationError | undefined
  readonly brand: Brand | undefined
  readonly postalCode: string | undefined
  readonly isAutofilled: boolean
}

export type ToField =
  | {
      readonly do: 'mount'
      readonly options: ElementOptions
      readonly fonts: readonly FontOption[]
      readonly rtl: boolean
    }
  | { readonly do: 'update'; readonly options: ElementOptions }
  | { readonly do: 'connect' | 'focus' | 'blur' | 'clear' }

export type FromField =
  | { readonly is: 'loaded' | 'ready' | 'focus' | 'blur' | 'escape' | 'enter' | 'advance' }
  | { readonly is: 'state'; readonly state: ElementState }
  | { readonly is: 'height'; readonly height: number }
  | { readonly is: 'warning'; readonly text: string }

/** A call of the API that the controller makes for the page. `frames` are the names of those whose values go with it. */
export type Call =
  | { readonly of: 'token' | 'source'; readonly frames: readonly string[]; readonly data: PageData }
  | { readonly of: 'cvc_update'; readonly frames: readonly string[] }
  | { readonly of: 'other_token' | 'other_source'; readonly data: PageData }
  | { readonly of: 'retrieve_source'; readonly id: string; readonly clientSecret: string }

/** Parameters that the page gives: names of addresses, never what a frame has. */
export type PageData = Readonly<Record<string, unknown>>

export type ToController =
  | { readonly do: 'call'; readonly number: number; readonly call: Call }
  | { readonly do: 'forget'; readonly frame: string }

/** Either what was made, or `error`. */
export type Answered = { readonly object: unknown } | { readonly error: unknown }

export type FromController =
  | { readonly is: 'loaded' }
  | { readonly is: 'answered'; readonly number: number; readonly answer: Answered }

/** What was typed. It never leaves Koban's origin. */
export type Values = { readonly [Name in FieldName]?: string }

/** Between a field and the controller, over a port that no page can reach. */
export type FieldToController =
  | { readonly say: 'card'; readonly brand: Brand; readonly postal: PostalKind | null }
  | { readonly say: 'values'; readonly number: number; readonly values: Values; readonly error: ValidationError | null }

export type ControllerToField =
  | { readonly say: 'connected' }
  | { readonly say: 'card'; readonly brand: Brand; readonly postal: PostalKind | null }
  | { readonly say: 'submit'; readonly number: number }

/** With it a field introduces itself to the controller. */
export type Hello = {
  readonly hello: string
  readonly frame: string
  readonly group: string
  readonly component: ComponentName
}

/** A message with its channel around it. */
export type Sealed<T> = { readonly koban: string; readonly message: T }

/** The message in `data`, or null where it is not of this channel. */
export function opened<T>(data: unknown, channel: string): T | null {
  if (typeof data !== 'object' || data === null || !('koban' in data) || data.koban !== channel) return null
  return (data as Sealed<T>).message
}
