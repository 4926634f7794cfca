/** The hidden frame of one Stripe instance: it knows the fields, gathers what was typed, and alone calls the API. */

import { addressOf } from '../address.ts'
import {
  type Answered,
  type Call,
  type ComponentName,
  type ControllerToField,
  FIELD_NAMES,
  type FieldToController,
  type FromController,
  type Hello,
  opened,
  type ToController,
  type ValidationError,
  type Values,
} from '../protocol.ts'
import { type Texts, textsOf } from '../texts/texts.ts'
import { callApi } from './api.ts'

type Field = {
  /** The name of its frame. */
  readonly frame: string
  readonly group: string
  readonly component: ComponentName
  readonly port: MessagePort
  /** Who waits for its values, by the number of the question. */
  readonly waiting: Map<number, (said: Gathered) => void>
  card: ControllerToField | null
}

type Gathered = { readonly values: Values; readonly error: ValidationError | null }

async function run(): Promise<void> {
  const address = addressOf(location.hash)
  const tell = (message: FromController) =>
    parent.postMessage({ koban: address.channel, message }, address.origin === 'null' ? '*' : address.origin)
  const texts: Promise<Texts> = textsOf(address.locale)
  const fields = new Set<Field>()
  let questions = 0

  const welcome = ({ frame, group, component }: Hello, port: MessagePort) => {
    const field: Field = { frame, group, component, port, waiting: new Map(), card: null }
    port.onmessage = ({ data }: MessageEvent<FieldToController>) => heard(field, data)
    fields.add(field)
    say(field, { say: 'connected' })
    for (const { card, group: of } of fields) if (card !== null && of === group) say(field, card)
  }
  const heard = (field: Field, message: FieldToController) => {
    if (message.say === 'card') {
      field.card = { say: 'card', brand: message.brand, postal: message.postal }
      for (const other of fields) if (other !== field && other.group === field.group) say(other, field.card)
    }
    if (message.say === 'values') {
      field.waiting.get(message.number)?.(message)
      field.waiting.delete(message.number)
    }
  }

  /** What was typed in the fields, or the first error in them, in the order in which they are filled in. */
  const gather = async (frames: readonly string[]): Promise<Gathered> => {
    const asked = [...fields].filter(({ frame }) => frames.includes(frame)).sort(byOrder)
    const said = await Promise.all(asked.map(ask))
    const error = said.find((one) => one.error !== null)?.error ?? null
    return { values: Object.assign({}, ...said.map(({ values }) => values)), error }
  }
  const ask = (field: Field): Promise<Gathered> =>
    new Promise((resolve) => {
      const number = ++questions
      field.waiting.set(number, resolve)
      say(field, { say: 'submit', number })
    })

  const answer = async (call: Call): Promise<Answered> => {
    if ('frames' in call) {
      const { values, error } = await gather(call.frames)
      if (error !== null) return { error }
      return callApi(address, call, values, await texts)
    }
    return callApi(address, call, {}, await texts)
  }

  addEventListener('message', ({ source, origin, data, ports }) => {
    if (source === parent && origin === address.origin) {
      const message = opened<ToController>(data, address.channel)
      if (message?.do === 'forget') for (const field of fields) if (field.frame === message.frame) fields.delete(field)
      if (message?.do !== 'call') return
      void answer(message.call).then((answered) => tell({ is: 'answered', number: message.number, answer: answered }))
      return
    }
    const [port] = ports
    if (origin === location.origin && port !== undefined && isHello(data, address.channel)) welcome(data, port)
  })
  tell({ is: 'loaded' })
}

function isHello(data: unknown, channel: string): data is Hello {
  return typeof data === 'object' && data !== null && 'hello' in data && data.hello === channel
}

function say(field: Field, message: ControllerToField): void {
  field.port.postMessage(message)
}

function byOrder(one: Field, other: Field): number {
  return orderOf(one.component) - orderOf(other.component)
}

function orderOf(component: ComponentName): number {
  return component === 'card' ? 0 : FIELD_NAMES.indexOf(component)
}

if (parent !== window) void run()
