/** How a decline reads at the API: the error's code, its parameter, and the text for the cardholder. */
type DeclineText = { readonly code: string; readonly param?: string; readonly message: string }

const DECLINED = 'Your card was declined.'

/** Decline codes that are the error's own code (Stripe: error codes); all others are `card_declined`. */
const OWN_CODE: Readonly<Record<string, DeclineText>> = {
  expired_card: { code: 'expired_card', param: 'exp_month', message: 'Your card has expired.' },
  incorrect_cvc: { code: 'incorrect_cvc', param: 'cvc', message: "Your card's security code is incorrect." },
  incorrect_number: { code: 'incorrect_number', param: 'number', message: 'Your card number is incorrect.' },
  incorrect_zip: {
    code: 'incorrect_zip',
    param: 'address_zip',
    message:
      'Your card could not be authorized using the postal code provided. Please update the postal code, or contact your card issuer for further details.',
  },
  processing_error: {
    code: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  },
  authentication_required: {
    code: 'authentication_required',
    message: 'Your card was declined. This transaction requires authentication.',
  },
}

/** Texts of declines whose code is `card_declined`, where they say more than that. */
const MESSAGES: Readonly<Record<string, string>> = {
  insufficient_funds: 'Your card has insufficient funds.',
  card_velocity_exceeded:
    'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
  call_issuer: 'Your card was declined. You can call your bank for details.',
  transaction_not_allowed: 'Your card does not support this type of purchase.',
  card_not_supported: 'Your card is not supported.',
  invalid_account: 'Invalid account.',
  test_mode_live_card:
    'Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
  live_mode_test_card: 'Your card was declined. Your request was in live mode, but used a known test card.',
}

/** The code, parameter and text of a decline (Stripe: decline codes; texts as observed). */
export function declineText(declineCode: string): DeclineText {
  return OWN_CODE[declineCode] ?? { code: 'card_declined', message: MESSAGES[declineCode] ?? DECLINED }
}
