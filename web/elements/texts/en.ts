import type { Texts } from './texts.ts'

export const en: Texts = {
  labels: {
    number: 'Credit or debit card number',
    expiry: 'Credit or debit card expiration date',
    cvc: 'Credit or debit card CVC/CVV',
    zip: 'ZIP',
    postal: 'Postal code',
  },
  placeholders: { number: 'Card number', expiry: 'MM / YY', cvc: 'CVC', zip: 'ZIP', postal: 'Postal code' },
  errors: {
    incomplete_number: 'Your card number is incomplete.',
    invalid_number: 'Your card number is invalid.',
    incomplete_expiry: "Your card's expiration date is incomplete.",
    invalid_expiry_month: "Your card's expiration month is invalid.",
    invalid_expiry_month_past: "Your card's expiration date is in the past.",
    invalid_expiry_year: "Your card's expiration year is invalid.",
    invalid_expiry_year_past: "Your card's expiration year is in the past.",
    incomplete_cvc: "Your card's security code is incomplete.",
    incomplete_zip: 'Your postal code is incomplete.',
    card_declined: 'Your card was declined.',
    connection:
      'We are experiencing issues connecting to our payments provider. Please check your internet connection and try again.',
    expired_card: 'Your card has expired.',
    incorrect_cvc: "Your card's security code is incorrect.",
    incorrect_number: 'Your card number is incorrect.',
    incorrect_zip: 'The zip code you supplied failed validation.',
    invalid_cvc: "Your card's security code is invalid.",
    processing_error: 'An error occurred while processing your card. Try again in a little bit.',
    unexpected: 'An unexpected error occurred.',
  },
}
