import { ok as assert } from 'node:assert'
import { businessDayFrom, standardDelayDays } from '../balance/availability.ts'
import { errors, type StripeError } from '../errors.ts'
import { SECONDS_PER_DAY, type UnixSeconds } from '../money.ts'

export const INTERVALS = ['daily', 'weekly', 'monthly', 'manual'] as const
/** In the order of Date: Sunday first. */
export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

/** `settings[payouts]` of an account: when its money is paid out by itself. */
export type PayoutSettings = {
  readonly interval: (typeof INTERVALS)[number]
  /** Days until a charge's funds are available; null: the least that the account's country has. */
  readonly delayDays: number | null
  readonly weeklyAnchor: (typeof WEEKDAYS)[number] | null
  /** 1 to 31, cut to the month's last day. */
  readonly monthlyAnchor: number | null
  /** Whether the merchant's bank is debited for what the merchant owes. */
  readonly debitNegativeBalances: boolean
  readonly statementDescriptor: string | null
}

/** Stripe: daily, as early as the country has it; a standard account's bank is debited. */
export const STANDARD_PAYOUTS: PayoutSettings = {
  interval: 'daily',
  delayDays: null,
  weeklyAnchor: null,
  monthlyAnchor: null,
  debitNegativeBalances: true,
  statementDescriptor: null,
}

export type PayoutSettingsUpdate = { readonly [K in keyof PayoutSettings]?: PayoutSettings[K] | undefined }

/** Stripe: `delay_days` is at most 31. */
const MAXIMUM_DELAY_DAYS = 31

const MAXIMUM_DAY = 31

const NAME = (member: string) => `settings[payouts][schedule][${member}]`

/** The settings after a change, or Stripe's error for one that does not go together, or pays earlier than the country. */
export function updatePayoutSettings(
  before: PayoutSettings,
  change: PayoutSettingsUpdate,
  country: string,
): PayoutSettings | StripeError {
  const after = { ...before, ...withoutUndefined(change) }
  const least = standardDelayDays(country)
  if (change.delayDays != null && change.delayDays < least) return errors.delayDaysTooFew(least, NAME('delay_days'))
  if (change.delayDays != null && change.delayDays > MAXIMUM_DELAY_DAYS)
    return errors.integerTooLarge(NAME('delay_days'), MAXIMUM_DELAY_DAYS)
  if (change.weeklyAnchor !== undefined && after.interval !== 'weekly')
    return errors.anchorWithoutInterval(NAME('weekly_anchor'), 'weekly')
  if ((change.monthlyAnchor ?? 0) > MAXIMUM_DAY) return errors.integerTooLarge(NAME('monthly_anchor'), MAXIMUM_DAY)
  if (change.monthlyAnchor !== undefined && after.interval !== 'monthly')
    return errors.anchorWithoutInterval(NAME('monthly_anchor'), 'monthly')
  if (after.interval === 'weekly' && after.weeklyAnchor === null) return errors.parameterMissing(NAME('weekly_anchor'))
  if (after.interval === 'monthly' && after.monthlyAnchor === null)
    return errors.parameterMissing(NAME('monthly_anchor'))
  return after
}

function withoutUndefined(change: PayoutSettingsUpdate): Partial<PayoutSettings> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}

/**
 * 00:00:00 UTC of the first day on or after a time on which the account is paid by itself; null where it never is. Every
 * business day, or that of the anchor; where the banks are closed then, the next business day (Stripe: the anchor is
 * the day on which payouts arrive).
 */
export function paydayFrom(
  { interval, weeklyAnchor, monthlyAnchor }: PayoutSettings,
  country: string,
  time: UnixSeconds,
): UnixSeconds | null {
  const today = Math.ceil(time / SECONDS_PER_DAY) * SECONDS_PER_DAY
  const soonest = (anchors: readonly UnixSeconds[]) =>
    Math.min(...anchors.map((anchor) => businessDayFrom(country, anchor)).filter((payday) => payday >= today))
  switch (interval) {
    case 'manual':
      return null
    case 'daily':
      return businessDayFrom(country, today)
    case 'weekly':
      assert(weeklyAnchor !== null, 'a weekly schedule has its day')
      return soonest(weekdays(WEEKDAYS.indexOf(weeklyAnchor), today))
    case 'monthly':
      assert(monthlyAnchor !== null, 'a monthly schedule has its day')
      return soonest([-1, 0, 1].map((months) => dayOfMonth(monthlyAnchor, today, months)))
    default:
      return interval satisfies never
  }
}

/** The weekday before a day, on it or after it: that of some weeks before may be kept only now, behind holidays. */
function weekdays(weekday: number, today: UnixSeconds): UnixSeconds[] {
  const since = (new Date(today * 1000).getUTCDay() - weekday + 7) % 7
  return [-14, -7, 0, 7].map((days) => today + (days - since) * SECONDS_PER_DAY)
}

function dayOfMonth(day: number, today: UnixSeconds, months: number): UnixSeconds {
  const date = new Date(today * 1000)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months]
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Date.UTC(year, month, Math.min(day, last)) / 1000
}
