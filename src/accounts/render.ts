import { standardDelayDays } from '../balance/availability.ts'
import type { Account } from './account.ts'

/** Stripe's account object, newest version: what there is of it here. */
export function renderAccount(account: Account) {
  return {
    id: account.id,
    object: 'account',
    business_profile: {
      mcc: null,
      minority_owned_business_designation: null,
      name: account.businessName,
      product_description: null,
      specified_commercial_transactions_act_url: null,
      support_address: null,
      support_email: null,
      support_phone: null,
      support_url: null,
      url: null,
    },
    business_type: null,
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: false,
    country: account.country,
    created: account.created,
    default_currency: account.defaultCurrency,
    details_submitted: false,
    email: account.email,
    metadata: {},
    payouts_enabled: false,
    settings: {
      branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
      card_payments: {
        decline_on: { avs_failure: account.declineOn.avsFailure, cvc_failure: account.declineOn.cvcFailure },
        statement_descriptor_prefix: account.statementDescriptorPrefix,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
      dashboard: { display_name: account.businessName, timezone: account.timezone },
      payments: {
        statement_descriptor: account.statementDescriptor,
        statement_descriptor_kana: null,
        statement_descriptor_kanji: null,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
      payouts: renderPayoutSettings(account),
    },
    type: 'standard',
  } as const
}

/** Stripe: an anchor shows only where its interval has one. */
function renderPayoutSettings({ country, payouts }: Account) {
  const { delayDays, interval, monthlyAnchor, weeklyAnchor, debitNegativeBalances, statementDescriptor } = payouts
  return {
    debit_negative_balances: debitNegativeBalances,
    schedule: {
      delay_days: delayDays ?? standardDelayDays(country),
      interval,
      ...(interval === 'monthly' && { monthly_anchor: monthlyAnchor ?? undefined }),
      ...(interval === 'weekly' && { weekly_anchor: weeklyAnchor ?? undefined }),
    },
    statement_descriptor: statementDescriptor,
  } as const
}
