import type { UnixSeconds } from '../money.ts'
import type { Context, Outcome } from '../operation.ts'
import type { Page } from '../store/paging.ts'
import type { ApiObject, Download, Scene } from './answer.ts'
import {
  createdFilter,
  type Fields,
  ignored,
  integer,
  required,
  string,
  strings,
  type Values,
  withDefault,
} from './params.ts'

/** What a route renders with: links, mode, and the time at which it is looked at. */
export type RenderScene = Scene & {
  readonly now: UnixSeconds
  /** The path that was asked for, without its query. */
  readonly path: string
}

/**
 * One route of the API: its path, who may call it, its parameters, the operation, and how the answer is shown. The
 * names in the path (`/v1/charges/:charge`) come to the operation beside the parameters.
 */
export type Endpoint<F extends Fields = Fields, T = unknown, R extends string = string> = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** `any`: a publishable key may call it too, from a browser (CORS). */
  readonly keys: 'secret' | 'any'
  /** The type of the object answered, or of the members of the list: what `expand` is checked against. */
  readonly object: string
  readonly isList: boolean
  /** Whether the body may be `multipart/form-data`, with a file. */
  readonly takesFile?: boolean
  /** Whether the answer is a file's bytes (a `Download`), and no object. */
  readonly isDownload?: boolean
  /** Whether the list is what a search has found. */
  readonly isSearch?: boolean
  readonly parameters: F
  readonly run: (
    context: Context,
    parameters: Values<F>,
    path: Readonly<Record<NamesIn<R>, string>>,
  ) => Promise<Outcome<T>>
  /** How the object is shown, or each member of the list. */
  readonly render: (value: Shown<T>, scene: RenderScene) => ApiObject
  /** The same object always looks the same in one version: what was written once can be sent again. */
  readonly isStable: boolean
}

/** What is rendered of what an operation answers: it, or the members of a page. */
type Shown<T> = T extends Page<infer Item> ? Item : T

/** The names in a path: `charge` of `/v1/charges/:charge/capture`. */
type NamesIn<R extends string> = R extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<`/${Rest}`>
  : R extends `${string}:${infer Name}`
    ? Name
    : never

type Described<R extends string, F extends Fields, T> = Pick<Endpoint<F, T, R>, 'object' | 'parameters' | 'run'> & {
  readonly route: R & `${'GET' | 'POST' | 'DELETE'} ${string}`
  readonly render: (value: T, scene: RenderScene) => ApiObject
  readonly keys?: 'secret' | 'any'
  readonly isStable?: boolean
  readonly takesFile?: boolean
}

/** Describes a route that answers one object. */
export function endpoint<const R extends string, F extends Fields, T>(described: Described<R, F, T>): Endpoint {
  const { route, keys = 'secret', isStable = false, ...rest } = described
  return erased({ ...splitRoute(route), keys, isStable, isList: false, ...rest })
}

type DescribedDownload<R extends string> = Pick<Endpoint<Fields, Download, R>, 'object' | 'run'> & {
  readonly route: R & `GET ${string}`
}

/** Describes a route that answers a file's bytes. */
export function downloadEndpoint<const R extends string>({ route, ...rest }: DescribedDownload<R>): Endpoint {
  const shared = { keys: 'secret', isStable: false, isList: false, isDownload: true, parameters: {} }
  return erased({ ...splitRoute(route), ...shared, ...rest })
}

type DescribedList<R extends string, F extends Fields, T> = Pick<
  Endpoint<F, Page<T>, R>,
  'object' | 'parameters' | 'run'
> & {
  readonly route: R & `GET ${string}`
  readonly renderItem: (item: T, scene: RenderScene) => ApiObject
  readonly isStable?: boolean
}

/** Describes a route that answers a page of a list. */
export function listEndpoint<const R extends string, F extends Fields, T>(list: DescribedList<R, F, T>): Endpoint {
  const { route, renderItem: render, isStable = false, ...rest } = list
  return erased({ ...splitRoute(route), keys: 'secret', isStable, isList: true, render, ...rest })
}

/** Describes a route that answers a page of what a search has found. */
export function searchEndpoint<const R extends string, F extends Fields, T>(list: DescribedList<R, F, T>): Endpoint {
  return { ...listEndpoint(list), isSearch: true }
}

/** A table of routes holds endpoints of many types; what is decoded by `parameters` is what `run` takes. */
function erased(described: object): Endpoint {
  return described as Endpoint
}

function splitRoute(route: string): Pick<Endpoint, 'method' | 'path'> {
  const [method, path = ''] = route.split(' ')
  return { method: method as Endpoint['method'], path }
}

const DEFAULT_LIMIT = 10

/** Stripe: every call takes `expand[]`. */
export const expandField = { expand: strings() }

/** What every list takes. */
export const listFields = {
  ...expandField,
  limit: withDefault(integer(), DEFAULT_LIMIT),
  starting_after: string(),
  ending_before: string(),
  created: createdFilter(),
}

/** What every search takes. */
export const searchFields = {
  ...expandField,
  query: required(string()),
  limit: withDefault(integer(), DEFAULT_LIMIT),
  page: string(),
}

/** What old gateways and plugins send beyond the documented parameters, and Stripe takes in silence. */
export const undocumentedFields = {
  payment_user_agent: ignored(),
  external_id: ignored(),
  ip: ignored(),
  user_agent: ignored(),
  referrer: ignored(),
  recurring: ignored(),
  validate: ignored(),
  key: ignored(),
  _method: ignored(),
  callback: ignored(),
}
