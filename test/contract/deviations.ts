/** Where Koban answers other than Stripe's schemas say, on purpose: the field, the value that is there, and why. */
export const DEVIATIONS: readonly { readonly field: RegExp; readonly value: unknown; readonly why: string }[] = [
  {
    field: /(^|\.)receipt_url$/,
    value: null,
    why: 'A failed charge has no receipt. The schema of 2019-05-16 knows no null here, those after it do; types are widened in every version.',
  },
  {
    field: /(^|\.)settings\.card_payments\.statement_descriptor_prefix$/,
    value: null,
    why: 'An account may have no prefix. As with receipt_url, only the schema of 2019-05-16 knows no null.',
  },
  {
    field: /^url$/,
    value: '/v1/balance/history',
    why: 'A list names the path that was asked for. Schemas from 2020-08-27 on name the new path under the old one, too; a library that pages by the url should stay where it began.',
  },
]
