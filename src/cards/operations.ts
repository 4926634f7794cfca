import type { Account } from '../accounts/account.ts'
import { errors } from '../errors.ts'
import type { MetadataChange } from '../metadata.ts'
import type { BankSequel, BuiltInToken, Sequel } from '../network/test-cards.ts'
import type { Context } from '../operation.ts'
import type { Write } from '../store/store.ts'
import { brandOf } from './brands.ts'
import type { Card, CardAddress, CardDescription } from './card.ts'
import { checkCardNumber, checkCvc } from './card-number.ts'
import { checkExpiry } from './expiry.ts'

/** A card as a form or a gateway sends it: raw text. */
export type CardData = {
  readonly number?: string | undefined
  readonly exp_month: string
  readonly exp_year: string
  readonly cvc?: string | null | undefined
  readonly name?: string | null | undefined
  readonly address_line1?: string | null | undefined
  readonly address_line2?: string | null | undefined
  readonly address_city?: string | null | undefined
  readonly address_state?: string | null | undefined
  readonly address_zip?: string | null | undefined
  readonly address_country?: string | null | undefined
  readonly currency?: string | undefined
  /** Of a card that is saved. */
  readonly metadata?: MetadataChange | undefined
}

/** A card, its number for the acquirer, and the writes that put the number into the vault. */
export type OpenCard = { readonly card: Card; readonly pan: string; readonly writes: readonly Write[] }

/** Makes a card of raw card data. Throws Stripe's card errors of tokenization; never a decline. */
export function openCardData(context: Context, data: CardData): OpenCard {
  const { card, pan } = readCardData(context, data)
  return { card, pan, writes: context.vault.keepCard(context.account.id, pan, card.fingerprint) }
}

/** As openCardData, of a number that is not kept. */
export function readCardData(context: Context, data: CardData): Omit<OpenCard, 'writes'> {
  if (data.number === undefined) throw errors.cardNumberMissing()
  const number = checkCardNumber(data.number)
  if (!number.ok) throw number.code === 'incorrect_number' ? errors.cardNumberIncorrect() : errors.cardNumberInvalid()
  const expiry = checkExpiry(data.exp_month, data.exp_year, context.now)
  if (!expiry.ok) {
    throw expiry.code === 'invalid_expiry_month' ? errors.cardExpiryMonthInvalid() : errors.cardExpiryYearInvalid()
  }
  const { pan } = number
  const issued = context.testCards?.describe(pan) ?? describe(pan)
  if (data.cvc != null && !checkCvc(data.cvc, issued.brand).ok) throw errors.cardCvcInvalid()
  const address: CardAddress = {
    line1: data.address_line1 ?? null,
    line2: data.address_line2 ?? null,
    city: data.address_city ?? null,
    state: data.address_state ?? null,
    zip: data.address_zip ?? null,
    country: data.address_country ?? null,
  }
  return cardOf(context, pan, context.vault.fingerprint(context.account.id, pan), {
    ...issued,
    expMonth: expiry.month,
    expYear: expiry.year,
    name: data.name ?? null,
    address,
    currency: data.currency ?? null,
    sentCvc: data.cvc != null,
  })
}

/** What any card number tells of its issuer: the networks' BIN tables, which know country and funding, are not here. */
function describe(pan: string): CardDescription {
  return { brand: brandOf(pan), funding: 'unknown', country: null }
}

/** Makes a new card of a built-in token of test mode (`tok_visa`), or null where the name is none. */
export function openBuiltInToken(context: Context, name: string): OpenCard | null {
  const token = context.testCards?.token(name, context.now)
  if (token === undefined) return null
  const { number } = token.card
  const fingerprint = fingerprintOfTestCard(context, number)
  const opened = cardOf(context, number, fingerprint, {
    brand: token.card.brand,
    funding: token.card.funding,
    country: token.card.country,
    expMonth: token.expMonth,
    expYear: token.expYear,
    name: null,
    address: addressOf(token),
    currency: null,
    sentCvc: true,
  })
  return { ...opened, writes: context.vault.keepCard(context.account.id, number, fingerprint) }
}

const NO_ADDRESS: CardAddress = { line1: null, line2: null, city: null, state: null, zip: null, country: null }

function addressOf({ line1, zip }: BuiltInToken): CardAddress {
  return line1 === null && zip === null ? NO_ADDRESS : { ...NO_ADDRESS, line1, zip }
}

/** What comes after a payment with this card; null for most, and in live mode. */
export function sequelOf(context: Context, { last4, fingerprint }: Card): Sequel | null {
  const known = context.testCards?.sequel(last4)
  return known && fingerprintOfTestCard(context, known.number) === fingerprint ? known.sequel : null
}

/** What the card's bank does after a payment; null for most. */
export function bankSequelOf(context: Context, card: Card): BankSequel | null {
  const sequel = sequelOf(context, card)
  const isOthers = sequel === 'refund_pending' || sequel === 'refund_failing' || sequel === 'funds_at_once'
  return isOthers ? null : sequel
}

const remembered = new WeakMap<Account, Map<string, string>>()

/** Built-in tokens are charged thousands of times; the fingerprints of their few public numbers are worked out once. */
function fingerprintOfTestCard({ account, vault }: Context, number: string): string {
  let fingerprints = remembered.get(account)
  if (!fingerprints) {
    fingerprints = new Map()
    remembered.set(account, fingerprints)
  }
  let fingerprint = fingerprints.get(number)
  if (fingerprint === undefined) {
    fingerprint = vault.fingerprint(account.id, number)
    fingerprints.set(number, fingerprint)
  }
  return fingerprint
}

type Described = Omit<Card, 'id' | 'fingerprint' | 'last4' | 'checks'> & { readonly sentCvc: boolean }

function cardOf(context: Context, pan: string, fingerprint: string, described: Described): Omit<OpenCard, 'writes'> {
  const { line1, zip } = described.address
  const card: Card = {
    id: context.ids.next('card'),
    fingerprint,
    brand: described.brand,
    funding: described.funding,
    country: described.country,
    last4: pan.slice(-4),
    expMonth: described.expMonth,
    expYear: described.expYear,
    name: described.name,
    address: described.address,
    checks: {
      cvc: described.sentCvc ? 'unchecked' : null,
      line1: line1 === null ? null : 'unchecked',
      zip: zip === null ? null : 'unchecked',
    },
    currency: described.currency,
  }
  return { card, pan }
}
