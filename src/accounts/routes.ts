import { endpoint, expandField } from '../http/endpoint.ts'
import {
  boolean,
  choice,
  email,
  hash,
  integer,
  type Optional,
  parameter,
  refused,
  string,
  unsettable,
} from '../http/params.ts'
import { INTERVALS, WEEKDAYS } from '../payouts/schedule.ts'
import { retrieveAccount, updateOwnAccount } from './operations.ts'
import { renderAccount } from './render.ts'

/** Days, or `minimum`: the least that the country has. */
function delayDays(): Optional<number | null> {
  const days = integer(0)
  return parameter('integer | minimum', (sent, name) => (sent === 'minimum' ? null : (days.decode(sent, name) ?? null)))
}

const STATEMENT_TEXT = 22 // Stripe: what a bank statement has room for

const updateFields = {
  email: unsettable(email()),
  business_profile: hash({
    name: unsettable(string()),
    mcc: refused(),
    product_description: refused(),
    support_address: refused(),
    support_email: refused(),
    support_phone: refused(),
    support_url: refused(),
    url: refused(),
  }),
  settings: hash({
    card_payments: hash({
      decline_on: hash({ avs_failure: boolean(), cvc_failure: boolean() }),
      statement_descriptor_prefix: unsettable(string()),
    }),
    payments: hash({
      statement_descriptor: string(),
      statement_descriptor_kana: refused(),
      statement_descriptor_kanji: refused(),
    }),
    branding: refused(),
    card_issuing: refused(),
    payouts: hash({
      debit_negative_balances: boolean(),
      schedule: hash({
        delay_days: delayDays(),
        interval: choice(...INTERVALS),
        monthly_anchor: integer(1),
        monthly_payout_days: refused(),
        weekly_anchor: choice(...WEEKDAYS),
        weekly_payout_days: refused(),
      }),
      statement_descriptor: unsettable(string(STATEMENT_TEXT)),
    }),
  }),
  account_token: refused(),
  bank_account: refused(),
  business_type: refused(),
  capabilities: refused(),
  company: refused(),
  default_currency: refused(),
  documents: refused(),
  external_account: refused(),
  individual: refused(),
  metadata: refused(),
  requested_capabilities: refused(),
  tos_acceptance: refused(),
  ...expandField,
}

const account = { object: 'account', render: renderAccount } as const

export const accountEndpoints = [
  endpoint({ ...account, route: 'GET /v1/account', parameters: expandField, run: retrieveAccount }),
  endpoint({
    ...account,
    route: 'POST /v1/account',
    parameters: updateFields,
    run: (context, { email, business_profile: profile, settings }) => {
      const { card_payments: card, payments, payouts } = settings ?? {}
      return updateOwnAccount(context, {
        email,
        businessName: profile?.name,
        statementDescriptor: payments?.statement_descriptor,
        statementDescriptorPrefix: card?.statement_descriptor_prefix,
        declineOn: card?.decline_on && {
          avsFailure: card.decline_on.avs_failure,
          cvcFailure: card.decline_on.cvc_failure,
        },
        payouts: payouts && {
          interval: payouts.schedule?.interval,
          delayDays: payouts.schedule?.delay_days,
          weeklyAnchor: payouts.schedule?.weekly_anchor,
          monthlyAnchor: payouts.schedule?.monthly_anchor,
          debitNegativeBalances: payouts.debit_negative_balances,
          statementDescriptor: payouts.statement_descriptor,
        },
      })
    },
  }),
]
