/** What is wrong with an input, by Stripe's codes. */
export type ErrorCode =
  | 'incomplete_number'
  | 'invalid_number'
  | 'incomplete_expiry'
  | 'invalid_expiry_month'
  | 'invalid_expiry_month_past'
  | 'invalid_expiry_year'
  | 'invalid_expiry_year_past'
  | 'incomplete_cvc'
  | 'incomplete_zip'

/** How far an input has come. `code` says what is missing or wrong; null where it is complete. */
export type Judgement =
  | { readonly status: 'empty' | 'partial' | 'invalid'; readonly code: ErrorCode }
  | { readonly status: 'complete'; readonly code: null }

export const COMPLETE: Judgement = { status: 'complete', code: null }

export function unfinished(text: string, code: ErrorCode): Judgement {
  return { status: text === '' ? 'empty' : 'partial', code }
}

export function wrong(code: ErrorCode): Judgement {
  return { status: 'invalid', code }
}
