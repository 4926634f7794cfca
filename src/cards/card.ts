import type { Metadata } from '../metadata.ts'

/** Stripe's values of `cvc_check`, `address_line1_check` and `address_zip_check`; null where the datum was not sent. */
export type Check = 'pass' | 'fail' | 'unavailable' | 'unchecked'

/** Brands as `payment_method_details.card.brand` spells them; BRAND_NAMES has the card object's spelling. */
export type Brand = 'visa' | 'mastercard' | 'amex' | 'discover' | 'diners' | 'jcb' | 'unionpay' | 'unknown'

export type Funding = 'credit' | 'debit' | 'prepaid' | 'unknown'

export type CardChecks = {
  readonly cvc: Check | null
  readonly line1: Check | null
  readonly zip: Check | null
}

export type CardAddress = {
  readonly line1: string | null
  readonly line2: string | null
  readonly city: string | null
  readonly state: string | null
  readonly zip: string | null
  readonly country: string | null
}

/** What a card number tells. */
export type CardDescription = {
  readonly brand: Brand
  readonly funding: Funding
  /** ISO 3166-1 alpha-2 country of the issuer; null where it is not known. */
  readonly country: string | null
}

/** A card as Koban keeps it everywhere but in the vault: never the number, never the CVC. */
export type Card = CardDescription & {
  readonly id: string
  /** 16 characters, the same for the same number within one account. */
  readonly fingerprint: string
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
  readonly name: string | null
  readonly address: CardAddress
  readonly checks: CardChecks
  /** Only where it was sent (debit cards for payouts). */
  readonly currency: string | null
  /** In a charge, of a saved card: the customer who has it on file, and what the merchant keeps with it. */
  readonly customer?: string | undefined
  readonly metadata?: Metadata | undefined
}

/** Which of a card's data its issuer can be asked to check. */
export type SentData = { readonly cvc: boolean; readonly line1: boolean; readonly zip: boolean }

/** What was collected of the card: it has a check then. The CVC is never kept, so a card on file cannot send it again. */
export function sentDataOf({ checks }: Card, isOnFile: boolean): SentData {
  return { cvc: checks.cvc !== null && !isOnFile, line1: checks.line1 !== null, zip: checks.zip !== null }
}

export const BRAND_NAMES: Readonly<Record<Brand, string>> = {
  visa: 'Visa',
  mastercard: 'MasterCard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
  unknown: 'Unknown',
}
