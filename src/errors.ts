import { asInRuby, countCharacters } from './characters.ts'
import type { AdviceCode } from './network/acquirer.ts'

/**
 * The catalogue of every error that the API gives. Each stands here once, typed by what it needs; nobody writes a
 * message at the place of use. Texts are Stripe's, the newest observed, and do not depend on the API version.
 */

export type ErrorType = 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'

type ErrorFields = {
  readonly status: number
  readonly type: ErrorType
  readonly message: string
  readonly code?: string
  readonly param?: string
  readonly declineCode?: string
  readonly charge?: string
  readonly adviceCode?: AdviceCode | null
  readonly networkAdviceCode?: string | null
  readonly networkDeclineCode?: string | null
  /** Nothing that a caller sent is in the text: it is told as it stands, also where a test card's number is in it. */
  readonly isFixed?: boolean
  /** Sent with the answer, e.g. WWW-Authenticate. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A refusal in Stripe's words. Not a bug: it is answered, counted and forgotten, so it carries no stack. */
export class StripeError extends Error {
  readonly fields: ErrorFields

  constructor(fields: ErrorFields) {
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super(fields.message)
    Error.stackTraceLimit = limit
    this.name = 'StripeError'
    this.fields = fields
  }
}

/** Codes that Stripe sends without a page that explains them. */
const WITHOUT_DOC_URL = new Set(['property_expansion_max_depth'])

/** The body of an error answer: members in alphabetical order, those without a value left out. */
export function errorBody({ fields }: StripeError): { error: Record<string, unknown> } {
  const { code } = fields
  const members = {
    advice_code: fields.adviceCode ?? undefined,
    charge: fields.charge,
    code,
    decline_code: fields.declineCode,
    doc_url:
      code && !WITHOUT_DOC_URL.has(code)
        ? `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`
        : undefined,
    message: fields.message,
    network_advice_code: fields.networkAdviceCode ?? undefined,
    network_decline_code: fields.networkDeclineCode ?? undefined,
    param: fields.param,
    type: fields.type,
  }
  return { error: members }
}

type Extra = Omit<Partial<ErrorFields>, 'message' | 'type'>

const invalid = (message: string, extra: Extra = {}) =>
  new StripeError({ status: 400, type: 'invalid_request_error', message, ...extra })

const card = (code: string, message: string, extra: Extra = {}) =>
  new StripeError({ status: 402, type: 'card_error', code, message, ...extra })

const missing = (message: string, param: string, status: number) =>
  invalid(message, { status, code: 'resource_missing', param })

const SUPPORT = 'https://support.stripe.com/'

// --- keys, routes, versions ---------------------------------------------------------------------------------------

const keys = {
  keyMissing: () =>
    invalid(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
      { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="Stripe"' } },
    ),
  /** `masked` is the key with its middle struck out. */
  keyInvalid: (masked: string) => invalid(`Invalid API Key provided: ${masked}`, { status: 401 }),
  keyHasBlanks: () =>
    invalid(
      `Invalid API Key provided: nil. This key contains at least one space. Please delete the spaces and try again. If you have any questions, we can help at ${SUPPORT}.`,
      { status: 401 },
    ),
  keyExpired: (masked: string) =>
    invalid(`Expired API Key provided: ${masked}`, { status: 401, code: 'api_key_expired' }),
  secretKeyRequired: () =>
    invalid(
      'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.',
      { status: 401, code: 'secret_key_required' },
    ),
  /** Stripe: observed from 2020 to 2025, without a code. */
  permissionMissing: (masked: string, account: string, permission: string) =>
    invalid(
      `The provided key '${masked}' does not have the required permissions for this endpoint on account '${account}'. Having the 'rak_${permission}' permission would allow this request to continue.`,
      { status: 403 },
    ),
  connectNotSupported: (masked: string, account: string) =>
    invalid(
      `The provided key '${masked}' does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`,
      { status: 403, code: 'account_invalid' },
    ),
  versionInvalid: (sent: string) => invalid(`Invalid Stripe API version: ${sent}`),
  routeUnknown: (method: string, path: string) =>
    invalid(
      path.endsWith('/') || path.includes('//')
        ? `Unrecognized request URL (${method}: ${path}). If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. Please see https://stripe.com/docs or we can help at ${SUPPORT}.`
        : `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at ${SUPPORT}.`,
      { status: 404 },
    ),
  /** Stripe has it, Koban does not: said so, instead of as if the URL were mistyped. */
  resourceNotThere: (what: string, method: string, path: string) =>
    invalid(
      `Unrecognized request URL (${method}: ${path}). Koban does not have ${what}: docs/compatibility.md lists what is there.`,
      { status: 404 },
    ),
  originRefused: () => invalid('Control endpoints cannot be called from a browser.', { status: 403 }),
  /** A key that was rolled before ends by itself. */
  keyRolledBefore: (id: string) =>
    invalid(`The key ${id} has been rolled before, and ends by itself.`, { param: 'key' }),
  permissionsOfRestrictedKeysOnly: () =>
    invalid('Only a restricted key has permissions: one that is made with kind=restricted.', { param: 'permissions' }),
  keyOfOtherMode: (livemode: boolean) =>
    invalid(`A ${livemode ? 'live' : 'test'} mode key can only make keys of its own mode.`, { param: 'livemode' }),
  adminTokenInvalid: () => invalid('This call needs the admin token of this server.', { status: 401 }),
  adminTokenOrOwnKeyNeeded: () =>
    invalid('This call needs the admin token of this server, or a secret key of the account.', { status: 401 }),
}

// --- what a request's bytes can get wrong ---------------------------------------------------------------------------

const requests = {
  contentTypeWrong: () =>
    invalid(
      `Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at ${SUPPORT}.`,
    ),
  jsonInvalid: () => invalid('Invalid request: the body could not be read as JSON.'),
  bodyTooLarge: (maximumBytes: number) =>
    invalid(`Invalid request: the body is larger than ${maximumBytes} bytes.`, { status: 413 }),
  headersTooLarge: () => invalid('Invalid request: the headers are too large.', { status: 431 }),
  requestTimedOut: () => invalid('The request did not arrive in time.', { status: 408 }),
  requestMalformed: () => invalid('Invalid request: the server could not understand it.'),
  encodingInvalid: () => invalid('Invalid request: parameters must be valid UTF-8.'),
  nestingTooDeep: (levels: number) => invalid(`Invalid request: parameters may be nested ${levels} levels deep.`),
  parametersTooMany: (maximum: number) => invalid(`Invalid request: at most ${maximum} parameters may be sent.`),
  parameterRepeated: (param: string) =>
    invalid(`Invalid request: the parameter ${param} was given more than once.`, { param }),
  parameterMalformed: (param: string) => invalid(`Invalid request: malformed parameter name ${param}.`),
}

// --- parameters -----------------------------------------------------------------------------------------------------

const SHOWN_ENDS = 4

const parameters = {
  parameterUnknown: (names: readonly [string, ...string[]]) =>
    invalid(`Received unknown parameter${names.length > 1 ? 's' : ''}: ${names.join(', ')}`, {
      code: 'parameter_unknown',
      param: names[0],
    }),
  parameterMissing: (param: string) =>
    invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param }),
  integerInvalid: (param: string, sent: string) =>
    invalid(`Invalid integer: ${sent}`, { code: 'parameter_invalid_integer', param }),
  integerTooSmall: (param: string, minimum: number) =>
    invalid(`This value must be greater than or equal to ${minimum}.`, { code: 'parameter_invalid_integer', param }),
  integerTooLarge: (param: string, maximum: number) =>
    invalid(`This value must be less than or equal to ${maximum}.`, { code: 'parameter_invalid_integer', param }),
  parameterEmpty: (param: string) =>
    invalid(
      `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
      { code: 'parameter_invalid_empty', param },
    ),
  stringInvalid: (param: string, sent: unknown) => invalid(`Invalid string: ${JSON.stringify(sent)}`, { param }),
  stringTooLong: (param: string, sent: string, maximum: number) =>
    invalid(
      `Invalid string: ${[...sent].slice(0, SHOWN_ENDS).join('')}...${[...sent].slice(-SHOWN_ENDS).join('')}; must be at most ${maximum} characters`,
      { param },
    ),
  arrayInvalid: (param: string) => invalid('Invalid array', { param }),
  arrayTooLong: (param: string, maximum: number) =>
    invalid(`Invalid array: at most ${maximum} may be given`, { param }),
  objectInvalid: (param: string) => invalid('Invalid object', { param }),
  booleanInvalid: (param: string, sent: string) => invalid(`Invalid boolean: ${sent}`, { param }),
  choiceInvalid: (param: string, choices: readonly string[]) =>
    invalid(`Invalid ${param}: must be one of ${enumerate(choices)}`, { param }),
  emailInvalid: (param: string, sent: string) =>
    invalid(`Invalid email address: ${sent}`, { code: 'email_invalid', param }),
  currencyInvalid: (param: string, sent: string, supported: readonly string[]) =>
    invalid(`Invalid currency: ${sent}. Stripe currently supports these currencies: ${supported.join(', ')}`, {
      param,
    }),
  parametersExclusive: (names: readonly [string, ...string[]]) =>
    invalid(`You may only specify one of these parameters: ${names.join(', ')}.`, { param: names[0] }),
  parameterNotSupported: (param: string) =>
    invalid(`Koban does not support the parameter ${param}. See docs/compatibility.md for what is not there.`, {
      param,
    }),
  cursorsBoth: () => invalid('Received both starting_after and ending_before parameters. Please pass in only one.'),
  metadataValueTooLong: (value: string) =>
    invalid(
      `Metadata values can have up to 500 characters, but you passed in a value that is ${countCharacters(value)} characters. Invalid value: ${value}`,
      { param: 'metadata' },
    ),
  metadataKeyTooLong: (key: string) =>
    invalid(
      `Metadata keys can have up to 40 characters, but you passed in a key that is ${countCharacters(key)} characters. Invalid key: ${key}`,
      { param: 'metadata' },
    ),
  metadataTooManyKeys: (count: number) =>
    invalid(
      `Metadata can have up to 50 keys, but you've set ${count}. Email us at support+metadata@stripe.com for more information.`,
      { param: 'metadata' },
    ),
  metadataValueNested: (value: unknown) =>
    invalid(`Invalid value type: ${asInRuby(value)} must be a string`, { param: 'metadata' }),
  notExpandable: (segment: string) => invalid(`This property cannot be expanded (${segment}).`),
  notExpandableOnList: (segment: string) =>
    invalid(`This property cannot be expanded (${segment}). You may want to try expanding 'data.${segment}' instead.`),
  expansionTooDeep: (path: string) =>
    invalid(`You cannot expand more than 4 levels of a property. Property: ${path}`, {
      code: 'property_expansion_max_depth',
    }),
  notIncludable: (name: string) => invalid(`This property cannot be included (${name})`),
  /** From 2025-03-31.basil on lists do not count themselves. */
  totalCountForbidden: () => invalid('This property cannot be included (total_count)', { code: 'property_forbidden' }),
}

// --- search ---------------------------------------------------------------------------------------------------------

const searchInvalid = (message: string) => invalid(message, { param: 'query' })

const search = {
  searchNotInVersion: (version: string, since: string) =>
    invalid(
      `Search is not supported on api version ${version}. Update your API version, or set the API Version of this request to ${since} or greater.`,
    ),
  searchUnreadable: () =>
    searchInvalid(
      'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for metadata or key:"value" to query for other fields.',
    ),
  searchFieldUnsupported: (field: string, resource: string) =>
    searchInvalid(
      `Field \`${field}\` is an unsupported search field for resource \`${resource}\`. See http://stripe.com/docs/search#query-fields-for-${resource} for a list of supported fields.`,
    ),
  searchMixed: () => searchInvalid('A search query can combine its clauses by AND or by OR, but not by both.'),
  searchTooLong: (maximum: number) => searchInvalid(`A search query can have at most ${maximum} clauses.`),
  searchOperatorUnsupported: (operator: string, field: string) =>
    searchInvalid(`The operator ${operator} cannot be used with ${field}.`),
  searchValueInvalid: (field: string, wanted: string) =>
    searchInvalid(`Invalid value for ${field}: it must be ${wanted}.`),
  searchSubstringTooShort: (least: number) =>
    searchInvalid(`The operator ~ needs a value of at least ${least} characters.`),
  searchPageInvalid: (page: string) => invalid(`Invalid page: ${page}`, { param: 'page' }),
}

// --- objects --------------------------------------------------------------------------------------------------------

/** What is added where the id shows what went wrong. On PaymentMethods the words are Koban's own. */
function hint(word: string, id: string): string {
  if (/^[\s'"]|[\s'"]$/.test(id)) return '. Make sure you use the exact id without extra whitespace or quotes'
  if (word !== 'token' || !id.startsWith('pm_')) return ''
  return '; a PaymentMethod cannot be charged as a source. Use a token instead, such as tok_visa.'
}

const objects = {
  /** In the URL 404, in a parameter 400. */
  noSuch: (word: string, id: string, param: string, where: 'url' | 'parameter') =>
    missing(`No such ${word}: '${id}'${hint(word, id)}`, param, where === 'url' ? 404 : 400),
  /** The id exists in the mode that the key is not for. */
  noSuchInThisMode: (word: string, id: string, param: string, where: 'url' | 'parameter', keyLivemode: boolean) =>
    missing(
      keyLivemode
        ? `No such ${word}: '${id}'; a similar object exists in test mode, but a live mode key was used to make this request.`
        : `No such ${word}: '${id}'; a similar object exists in live mode, but a test mode key was used to make this request.`,
      param,
      where === 'url' ? 404 : 400,
    ),
}

// --- idempotency ----------------------------------------------------------------------------------------------------

const differently = (key: string) => `Try using a key other than '${key}' if you meant to execute a different request.`

const idempotency = {
  idempotencyKeyEmpty: () => invalid('Idempotency Key must be a non-empty string.'),
  idempotencyKeyTooLong: (maximum: number) => invalid(`Idempotency Key must be at most ${maximum} characters long.`),
  idempotencyKeyInUse: (key: string) =>
    invalid(
      `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
      { status: 409, code: 'idempotency_key_in_use', headers: { 'Stripe-Should-Retry': 'true' } },
    ),
  idempotencyParametersDiffer: (key: string) =>
    new StripeError({
      status: 400,
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. ${differently(key)}`,
    }),
  idempotencyPathDiffers: (key: string, path: string, firstPath: string) =>
    new StripeError({
      status: 400,
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${path}' vs '${firstPath}'). ${differently(key)}`,
    }),
}

// --- cards and tokens -----------------------------------------------------------------------------------------------

const cards = {
  cardNumberIncorrect: () => card('incorrect_number', 'Your card number is incorrect.', { param: 'number' }),
  cardNumberInvalid: () =>
    card('invalid_number', 'The card number is not a valid credit card number.', { param: 'number' }),
  cardExpiryMonthInvalid: () =>
    card('invalid_expiry_month', "Your card's expiration month is invalid.", { param: 'exp_month' }),
  cardExpiryYearInvalid: () =>
    card('invalid_expiry_year', "Your card's expiration year is invalid.", { param: 'exp_year' }),
  cardCvcInvalid: () => card('invalid_cvc', "Your card's security code is invalid.", { param: 'cvc' }),
  cardNumberMissing: () => invalid('Could not find payment information'),
  tokenNeedsSomething: () =>
    invalid(
      'You must supply either a card, customer, PII data, bank account, or account legal entity to create a token.',
      { code: 'parameter_missing' },
    ),
  tokenAlreadyUsed: (token: string) =>
    invalid(`You cannot use a Stripe token more than once: ${token}.`, { code: 'token_already_used' }),
  sourceObjectInvalid: () =>
    invalid(
      "Invalid source object: must be a dictionary or a non-empty string. See API docs at https://stripe.com/docs'",
      { param: 'source' },
    ),
}

// --- customers and sources ------------------------------------------------------------------------------------------

const customers = {
  /** A card of somebody else, one that was removed, or a fresh token. */
  sourceNotLinked: (customer: string, source: string) =>
    invalid(`Customer ${customer} does not have a linked source with ID ${source}.`, {
      status: 404,
      code: 'missing',
      param: 'source',
    }),
  customerWithoutSource: () =>
    card(
      'missing',
      "This Customer doesn't have any saved payment details. Attach a legacy Token, Card, Bank Account, or Source to this Customer and then try this request again, or use Payment Intents and Payment Methods instead.",
      { param: 'card' },
    ),
  chargeHasCustomer: (charge: string) =>
    invalid(`Charge ${charge} already has a customer, which cannot be changed.`, { param: 'customer' }),
  invoicePrefixInvalid: (param: string) =>
    invalid('The invoice prefix must be between 3 and 12 uppercase letters or numbers.', { param }),
  sourceTypeNotThere: (type: string) =>
    invalid(
      `Koban does not have sources of the type ${type}, only of the type card. See docs/compatibility.md for what is not there.`,
      { param: 'type' },
    ),
  sourceClientSecretWrong: () =>
    invalid('The client_secret provided does not match the client_secret associated with this source.', {
      param: 'client_secret',
    }),
  sourceConsumed: (usage: 'reusable' | 'single_use') =>
    invalid(
      usage === 'reusable'
        ? 'The reusable source you provided is consumed because it was previously charged without being attached to a customer or was detached from a customer. To charge a reusable source multiple time you must attach it to a customer first.'
        : 'The provided source has already been used to make another payment. You cannot reuse sources without attaching them to a Customer object first.',
    ),
  sourceAttachedAlready: (source: string) =>
    invalid(`The source ${source} has already been attached to a customer.`, { param: 'source' }),
  sourceNotReusable: (source: string) =>
    invalid(`The source ${source} is for a single use, and cannot be attached to a customer.`, { param: 'source' }),
  sourceNeedsItsCustomer: (source: string) =>
    invalid(`The source ${source} is attached to a customer: the customer must be passed along with it.`, {
      param: 'source',
    }),
}

// --- charges, captures, refunds -------------------------------------------------------------------------------------

const charges = {
  sourceOrCustomerMissing: () => invalid('Must provide source or customer.', { code: 'parameter_missing' }),
  liveChargesUnavailable: () =>
    invalid('Your account cannot currently make live charges.', { code: 'testmode_charges_only' }),
  /** `formatted` like `$0.50 usd`. On capture Stripe sends no param. */
  amountTooSmall: (formatted: string, param: string | undefined) =>
    invalid(`Amount must be at least ${formatted}`, { code: 'amount_too_small', param }),
  amountTooLarge: (formatted: string, param: string | undefined) =>
    invalid(`Amount must be no more than ${formatted}`, { code: 'amount_too_large', param }),
  amountNotRounded: (currency: string, multiple: number, param: string | undefined) =>
    invalid(`Amounts in ${currency} must be a multiple of ${multiple}.`, { param }),
  descriptorTooLong: (text: string, length: number, param: string, maximum: number) =>
    invalid(`The statement descriptor must be at most ${maximum} characters. ${text} is ${length} characters long.`, {
      param,
    }),
  descriptorTooShort: (text: string, length: number, param: string, minimum: number) =>
    invalid(`The statement descriptor must be at least ${minimum} characters. ${text} is ${length} characters long.`, {
      param,
    }),
  descriptorWithoutLetter: (param: string) =>
    invalid('The statement descriptor must contain at least one Latin character.', { param }),
  descriptorForbidden: (character: string, param: string) =>
    invalid(`The statement descriptor cannot include ${character}.`, { param }),
  paymentIntentNotFound: (intent: string) => missing(`No such payment_intent: '${intent}'`, 'payment_intent', 400),
  chargeAlreadyCaptured: (charge: string) =>
    invalid(`Charge ${charge} has already been captured.`, { code: 'charge_already_captured' }),
  chargeExpiredForCapture: (charge: string, days: number) =>
    invalid(
      `Charge ${charge} cannot be captured because the charge has expired (a charge must be captured within ${days} days). You will need to create a new charge to retry the payment.`,
      { code: 'charge_expired_for_capture' },
    ),
  captureOfFailedCharge: (charge: string) =>
    invalid(`Charge ${charge} cannot be captured because it failed.`, { code: 'charge_invalid_parameter' }),
  captureAboveAuthorized: () =>
    invalid(
      'The payment could not be captured because the requested capture amount is greater than the amount you can capture for this charge. Contact us via https://support.stripe.com/contact/ for help.',
      { code: 'amount_too_large' },
    ),
  chargeAlreadyRefunded: (charge: string) =>
    invalid(`Charge ${charge} has already been refunded.`, { code: 'charge_already_refunded' }),
  chargeNotRefundable: (charge: string) =>
    invalid(`Charge ${charge} cannot be refunded because it failed.`, { code: 'charge_not_refundable' }),
  refundAboveCharge: (refund: string, charge: string) =>
    invalid(`Refund amount (${refund}) is greater than charge amount (${charge})`, { param: 'amount' }),
  refundAboveUnrefunded: (refund: string, unrefunded: string) =>
    invalid(`Refund amount (${refund}) is greater than unrefunded amount on charge (${unrefunded})`, {
      param: 'amount',
    }),
  refundOfPartOfHold: () =>
    invalid(
      'You cannot partially refund an uncaptured charge. Instead, capture the charge for an amount less than the original amount',
      { param: 'amount' },
    ),
  refundNeedsCharge: () =>
    invalid('One of the following params should be provided for this request: payment_intent or charge.'),
  refundCancelUnsupported: () => invalid('Canceling this refund is unsupported.'),
}

const payouts = {
  /** Stripe's words of 2026 in test mode; in live mode those of before. */
  balanceInsufficient: (livemode: boolean) =>
    invalid(
      livemode
        ? 'You have insufficient funds in your Stripe account. One likely reason you have insufficient funds is that your funds are automatically being paid out; try enabling manual payouts by going to https://dashboard.stripe.com/account/payouts.'
        : 'You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card. See: https://stripe.com/docs/testing#available-balance',
      { code: 'balance_insufficient', isFixed: true },
    ),
  payoutNotCancelable: () => invalid('Payouts can only be canceled while they are pending.'),
  payoutRowsOfManual: () =>
    invalid('Balance transaction history can only be filtered on automatic transfers, not manual.', {
      param: 'payout',
    }),
  instantPayoutTooLarge: (maximum: string) =>
    invalid(`Instant Payouts to bank accounts are only supported for amounts less than or equal to ${maximum}`, {
      param: 'amount',
    }),
  noExternalAccounts: (currency: string) =>
    invalid(`Sorry, you don't have any external accounts in that currency (${currency}).`),
  testBankAccountNeeded: (param: string) =>
    invalid(
      'You must use a test bank account number in test mode. Try 000123456789 or see more options at https://stripe.com/docs/connect/testing#account-numbers.',
      { code: 'account_number_invalid', param },
    ),
  accountNumberInvalid: (param: string) =>
    invalid('The bank account number provided is invalid.', { code: 'account_number_invalid', param }),
  routingNumberInvalid: (country: string, param: string) =>
    invalid(`The bank routing number provided is invalid for ${country}.`, { code: 'routing_number_invalid', param }),
  bankCountryUnsupported: (country: string, param: string) =>
    invalid(`Bank accounts in ${country} are not supported.`, { code: 'country_unsupported', param }),
  defaultBankAccountKept: () =>
    invalid(
      'You cannot delete the default external account for your default currency. Please make another external account the default using the `default_for_currency` param, and then delete this one.',
    ),
  delayDaysTooFew: (least: number, param: string) =>
    invalid(`You cannot lower this merchant's delay below ${least}`, { param }),
  anchorWithoutInterval: (param: string, interval: string) =>
    invalid(`${param} can only be set where the interval is ${interval}.`, { param }),
}

// --- disputes and files ----------------------------------------------------------------------------------------------

const disputes = {
  chargeDisputed: (charge: string) =>
    invalid(`Charge ${charge} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' }),
  disputeClosed: () => invalid('This dispute is already closed'),
  chargeWithoutDispute: (charge: string) => invalid(`No dispute for charge: ${charge}`, { status: 404 }),
  evidenceSubmitted: () =>
    invalid('Evidence has already been submitted for this dispute, and can be submitted only once.', {
      param: 'evidence',
    }),
  evidencePastDue: () =>
    invalid('The deadline for submitting evidence for this dispute has passed.', { param: 'evidence' }),
  evidenceTooLong: (maximum: number) =>
    invalid(`The texts of the evidence may have at most ${maximum} characters together.`, { param: 'evidence' }),
  evidenceFilesTooLarge: (maximumBytes: number) =>
    invalid(`The files of the evidence may have at most ${maximumBytes} bytes together.`, { param: 'evidence' }),
  fileNotEvidence: (file: string, purpose: string, param: string) =>
    invalid(`The file ${file} has the purpose ${purpose}; evidence must have the purpose dispute_evidence.`, { param }),
  disputeFeeNotAcknowledged: () =>
    invalid(
      'The network charges a fee for this dispute: its evidence can be submitted once evidence[enhanced_evidence][visa_compliance][fee_acknowledged] is true.',
      { param: 'evidence[enhanced_evidence][visa_compliance][fee_acknowledged]' },
    ),
  chargeNotDisputable: (charge: string) =>
    invalid(`Charge ${charge} cannot be disputed: nothing of it has been captured.`, { param: 'charge' }),
  chargeDisputedAlready: (charge: string) =>
    invalid(`Charge ${charge} is disputed already, in full.`, { param: 'charge' }),
  disputeTooLarge: (most: string) =>
    invalid(`A dispute of this charge can be of ${most} at most.`, { param: 'amount' }),
  disputeOfLiveMode: () => invalid('Disputes of live mode come from the bank. Use a test mode key.', { status: 403 }),
}

const files = {
  fileMissing: (param: string) =>
    invalid('Invalid file: send it as a part with a file name of a body of multipart/form-data.', { param }),
  multipartInvalid: () => invalid('Invalid request: the body could not be read as multipart/form-data.'),
  fileEmpty: (param: string) => invalid(`File for key ${param} is empty.`, { param }),
  fileTooLarge: (param: string, maximum: string) =>
    invalid(`File for key ${param} exceeded size of ${maximum}.`, { param }),
  fileTypeWrong: (param: string, types: readonly string[]) =>
    invalid(`File for key ${param} is of a type that is not supported. Supported types: ${types.join(', ')}.`, {
      param,
    }),
}

type DeclineDetails = Pick<ErrorFields, 'charge' | 'adviceCode' | 'networkAdviceCode' | 'networkDeclineCode'>

const declines = {
  /** `code` is Stripe's error code for the decline; `message` the cardholder's text. */
  cardDeclined: (
    code: string,
    declineCode: string,
    message: string,
    param: string | undefined,
    details: DeclineDetails,
  ) => card(code, message, { declineCode, param, ...details }),
}

// --- the clock ------------------------------------------------------------------------------------------------------

const clock = {
  clockBackwards: (to: number, now: number) =>
    invalid(`The clock cannot go backwards: it shows ${now}, which is later than ${to}.`, { param: 'to' }),
  clockTooFar: (to: number, latest: number) =>
    invalid(`The clock cannot be moved to ${to}, which is later than ${latest}.`, { param: 'to' }),
  durationInvalid: (param: string, sent: string) =>
    invalid(`Invalid duration: ${sent}; must be whole seconds, or a number with s, m, h or d behind it, such as 8d`, {
      param,
    }),
  clockOfLiveMode: () => invalid('The clock of live mode is real time. Use a test mode key.', { status: 403 }),
}

// --- the server itself ----------------------------------------------------------------------------------------------

const server = {
  /** The one 5xx that is allowed: the store cannot write now. The same request may be sent again. */
  storeUnavailable: () =>
    new StripeError({
      status: 503,
      type: 'api_error',
      message: 'The server cannot reach or write its database now. Please try again later.',
      headers: { 'Stripe-Should-Retry': 'true' },
    }),
  unknown: () => new StripeError({ status: 500, type: 'api_error', message: 'An unknown error occurred' }),
  lockTimeout: () =>
    invalid(
      'This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request. If you see this error frequently and are making multiple concurrent requests to a single object, make your requests serially or at a lower rate.',
      { status: 429, code: 'lock_timeout', headers: { 'Stripe-Should-Retry': 'true' } },
    ),
}

export const errors = {
  ...keys,
  ...requests,
  ...parameters,
  ...search,
  ...objects,
  ...idempotency,
  ...cards,
  ...customers,
  ...charges,
  ...payouts,
  ...disputes,
  ...files,
  ...declines,
  ...clock,
  ...server,
}

function enumerate(choices: readonly string[]): string {
  if (choices.length < 3) return choices.join(' or ')
  return `${choices.slice(0, -1).join(', ')}, or ${choices.at(-1)}`
}
