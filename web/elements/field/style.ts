/** The shop's `style` as rules of our own making: what it says is text of somebody else's, in a frame that has a card. */

export type StyleRule = {
  readonly selector: string
  readonly declarations: readonly (readonly [property: string, value: string])[]
}

export type Styled = { readonly rules: readonly StyleRule[]; readonly warnings: readonly string[] }

const PROPERTIES: Readonly<Record<string, string>> = {
  backgroundColor: 'background-color',
  color: 'color',
  fontFamily: 'font-family',
  fontSize: 'font-size',
  fontSmoothing: '-webkit-font-smoothing',
  fontStyle: 'font-style',
  fontVariant: 'font-variant',
  fontWeight: 'font-weight',
  iconColor: '--icon-color',
  lineHeight: 'line-height',
  letterSpacing: 'letter-spacing',
  textAlign: 'text-align',
  textDecoration: 'text-decoration',
  textShadow: 'text-shadow',
  textTransform: 'text-transform',
}

const VARIANTS = ['base', 'complete', 'empty', 'invalid'] as const
const PSEUDO = /^(?::hover|:focus|:disabled|:-webkit-autofill|::placeholder|::selection|::-ms-clear){1,3}$/

/** Nothing that loads anything, and nothing that could end the declaration. */
const UNSAFE = /url|image|element|src|attr|@|[;{}\\<>]/i
const LONGEST_VALUE = 200

/** Reads `style`: the known properties of the known variants. What is not known is left out, and the shop is told. */
export function styleOf(style: unknown, isSplit: boolean): Styled {
  const rules: StyleRule[] = []
  const warnings: string[] = []
  if (!isHash(style)) return { rules, warnings }
  for (const name of Object.keys(style)) {
    if (!VARIANTS.some((variant) => variant === name)) warnings.push(`${name} is not a valid variant of style.`)
  }
  for (const variant of VARIANTS) {
    const said = style[variant]
    if (!isHash(said)) continue
    const selector = variant === 'base' ? '.InputElement' : `.InputElement.is-${variant}`
    rules.push(ruleOf(selector, said, variant, isSplit, warnings))
    for (const [pseudo, nested] of Object.entries(said)) {
      if (pseudo.startsWith(':') && !PSEUDO.test(pseudo)) warnings.push(`style.${variant} has no ${pseudo}.`)
      if (!PSEUDO.test(pseudo) || !isHash(nested)) continue
      rules.push(ruleOf(`${selector}${pseudo}`, nested, `${variant}.${pseudo}`, isSplit, warnings))
    }
  }
  return { rules: rules.filter(({ declarations }) => declarations.length > 0), warnings }
}

function ruleOf(
  selector: string,
  said: Readonly<Record<string, unknown>>,
  path: string,
  isSplit: boolean,
  warnings: string[],
): StyleRule {
  const declarations: [string, string][] = []
  for (const [name, value] of Object.entries(said)) {
    if (name.startsWith(':')) continue
    const property = Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name] : undefined
    const isKnown = property !== undefined && (name !== 'textAlign' || isSplit)
    if (isKnown && isSafe(value)) declarations.push([property, String(value)])
    else warnings.push(`style.${path}.${name} is not supported${isKnown ? ' with this value' : ''}.`)
  }
  return { selector, declarations }
}

function isSafe(value: unknown): boolean {
  if (typeof value === 'number') return true
  return typeof value === 'string' && value.length <= LONGEST_VALUE && !UNSAFE.test(value)
}

function isHash(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
