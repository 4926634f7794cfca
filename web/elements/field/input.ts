import type { ErrorCode, Judgement } from '../card/judgement.ts'
import type { Deletion, Typed } from '../card/typing.ts'
import type { FieldName } from '../protocol.ts'

/** How one of the inputs reads, and what becomes of it. The rules may change with the card: they are asked each time. */
export type InputRules = {
  /** As the browser's own autofill names it. */
  readonly autocomplete: string
  /** The `name`s that browser tests of shops look for. */
  readonly name: string
  /** What stands there after a key, a paste or the browser's own filling in. */
  type(before: string, typed: string, caret: number, deletion: Deletion): Typed
  judge(text: string): Judgement
  /** Whether nothing more can be typed. */
  isFull(text: string): boolean
}

export type Input = {
  readonly field: FieldName
  readonly element: HTMLInputElement
  judge(): Judgement
  /** What is wrong and is shown to be: it was left unfinished, or cannot be. */
  shownError(): ErrorCode | null
  /** Shows what is missing, too: somebody wants to pay. */
  submit(): void
  set(text: string): void
  refresh(): void
  isAutofilled(): boolean
}

export type InputEvents = {
  changed(input: Input): void
  /** Whole, and typed at its end: the next one may have the focus. */
  finished(input: Input): void
  /** Backspace where there is nothing left to delete. */
  retreated(input: Input): void
}

export function createInput(field: FieldName, rules: InputRules, events: InputEvents): Input {
  const element = document.createElement('input')
  let before = ''
  let shown: ErrorCode | null = null
  let isAutofilled = false
  for (const [name, value] of attributesOf(field, rules)) element.setAttribute(name, value)

  const judge = () => rules.judge(element.value)
  const refresh = () => {
    const { status } = judge()
    const text = element.value
    for (const [name, holds] of [
      ['is-empty', text === ''],
      ['is-complete', status === 'complete' && shown === null && text !== ''],
      ['is-invalid', shown !== null],
      ['Input--empty', text === ''],
    ] as const)
      element.classList.toggle(name, holds)
    element.setAttribute('aria-invalid', String(shown !== null))
  }
  const put = (text: string) => {
    element.value = text
    before = text
    const judged = judge()
    shown = judged.status === 'invalid' ? judged.code : null
    refresh()
  }
  const retyped = (kind: string) => {
    const wasFull = rules.isFull(before)
    const caret = element.selectionStart ?? element.value.length
    const deletion: Deletion = /^delete.*Forward$/.test(kind)
      ? 'forward'
      : kind.startsWith('delete')
        ? 'backward'
        : null
    const wasAtEnd = caret >= element.value.length
    const typed = rules.type(before, element.value, caret, deletion)
    put(typed.text)
    if (document.activeElement === element) element.setSelectionRange(typed.caret, typed.caret)
    events.changed(input)
    const isDone = judge().status === 'complete' && rules.isFull(element.value)
    if (isDone && !wasFull && deletion === null && wasAtEnd) events.finished(input)
  }
  element.addEventListener('input', (event) => {
    const { isComposing, inputType } = event as InputEvent
    if (isComposing) return // an IME shows full-width digits until they are chosen
    if (inputType !== undefined && inputType !== '') isAutofilled = false
    retyped(inputType ?? '')
  })
  element.addEventListener('compositionend', () => retyped(''))
  element.addEventListener('animationstart', ({ animationName }) => {
    if (animationName !== 'filled') return
    isAutofilled = true
    events.changed(input)
  })
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Backspace' && element.value === '') {
      events.retreated(input)
      event.preventDefault()
    }
  })
  element.addEventListener('blur', () => {
    const { status, code } = judge()
    if (status === 'partial') shown = code
    refresh()
    events.changed(input)
  })

  const input: Input = {
    field,
    element,
    judge,
    refresh,
    shownError: () => shown,
    isAutofilled: () => isAutofilled,
    submit() {
      const { code } = judge()
      shown = code
      refresh()
    },
    set: put,
  }
  refresh()
  return input
}

function attributesOf(field: FieldName, { autocomplete, name }: InputRules): [string, string][] {
  return [
    ['class', 'InputElement is-empty Input Input--empty'],
    ['type', 'text'],
    ['name', name],
    ['autocomplete', autocomplete],
    ['autocorrect', 'off'],
    ['autocapitalize', 'none'],
    ['spellcheck', 'false'],
    ['inputmode', 'numeric'],
    ['data-elements-stable-field-name', field],
    ['dir', 'ltr'],
  ]
}
