/** A mistake of the page's developer, in Stripe's words: thrown, or a rejected promise. */
export class IntegrationError extends Error {
  override readonly name = 'IntegrationError'
  readonly type = 'integration_error'
}

/** What Stripe's script can do and ours cannot. */
export function notThere(what: string): IntegrationError {
  return new IntegrationError(
    `Koban does not have ${what} yet. What it has: the card Elements, createToken, createSource and retrieveSource.`,
  )
}

const mistakes = {
  keyNotText: () => 'Missing value for Stripe(): apiKey should be a string.',
  keyEmpty: () => 'Please call Stripe() with your publishable key. You used an empty string.',
  keySecret: () => 'You should not use your secret key with Stripe.js. Please pass a publishable key instead.',
  typeUnknown: (valid: readonly string[], type: unknown) =>
    `A valid Element name must be provided. Valid Elements are: ${valid.join(', ')}; you passed: ${String(type)}.`,
  typeTwice: (type: string) => `Can only create one Element of type ${type}.`,
  typeBeside: (type: string, other: string) =>
    `Cannot create an Element of type ${type} after an Element of type ${other} has already been created.`,
  notMounted: () =>
    'We could not retrieve data from the specified Element. Please make sure the Element you are attempting to use is still mounted.',
  destroyed: () => 'This Element has already been destroyed. Please create a new one.',
  mounted: () => 'This Element is already mounted. Use `unmount()` to unmount the Element before re-mounting.',
  selectorEmpty: (selector: string) =>
    `The selector you specified (${selector}) applies to no DOM elements that are currently on the page. Make sure the element exists on the page before calling mount().`,
  notADomElement: () => 'Invalid DOM element. Call mount() with a valid DOM element or selector.',
  eventUnknown: (name: unknown) => `Invalid event name: ${String(name)}.`,
  handlerMissing: () => 'Invalid event handler: a function is needed.',
  tokenOfNothing: () => 'You must provide a Stripe Element or a valid token type to create a Token.',
  elementOfNoCard: (type: string) =>
    `A token cannot be made of an Element of type ${type} alone: pass the card number's.`,
  sourceOfNothing: () => 'You must provide the type of the source, or an Element, to create a Source.',
  sourceUnnamed: () => 'retrieveSource needs an object with the id and the client_secret of a source.',
} satisfies Record<string, (...details: never[]) => string>

/** An IntegrationError by its name in the list of them. */
export function mistake<Name extends keyof typeof mistakes>(
  name: Name,
  ...details: Parameters<(typeof mistakes)[Name]>
): IntegrationError {
  return new IntegrationError((mistakes[name] as (...details: unknown[]) => string)(...details))
}
