import { ok as assert } from 'node:assert'
import { SECONDS_PER_DAY, type UnixSeconds } from '../money.ts'

/** Days since 1970-01-01, UTC. */
type Day = number

/** Whether the banks are closed on a day from Monday to Friday. */
type BankHolidays = (day: Day) => boolean

type Delay = {
  readonly days: number
  /** Whose business days are counted; null where calendar days are. */
  readonly holidays: BankHolidays | null
}

const [SUNDAY, MONDAY, THURSDAY, SATURDAY] = [0, 1, 4, 6]

/** The members of the European Union, which share prices and payout delays; ISO 3166-1 alpha-2. */
export const EUROPEAN_UNION: readonly string[] = [
  ...['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU'],
  ...['IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'],
]

const UNITED_STATES: Delay = { days: 2, holidays: bankHolidays(unitedStates) }
const UNITED_KINGDOM: Delay = { days: 3, holidays: bankHolidays(unitedKingdom) }
const EUROPE: Delay = { days: 3, holidays: bankHolidays(europe) }
const JAPAN: Delay = { days: 4, holidays: bankHolidays(japan) }
const ELSEWHERE: Delay = { days: 7, holidays: null } // what Stripe gives an account that it does not know yet

/** Stripe: payout speed by country. Europe's neighbours are paid as it is. */
const DELAYS: ReadonlyMap<string, Delay> = new Map([
  ...[...EUROPEAN_UNION, 'CH', 'LI', 'NO'].map((country) => [country, EUROPE] as const),
  ['US', UNITED_STATES],
  ['GB', UNITED_KINGDOM],
  ['GI', UNITED_KINGDOM],
  ['JP', JAPAN],
  ['BR', { days: 30, holidays: null }],
])

/**
 * The country's own `delay_days`: what `minimum` means in `settings.payouts.schedule`. Business or calendar days, by
 * the country.
 */
export function standardDelayDays(country: string): number {
  return (DELAYS.get(country) ?? ELSEWHERE).days
}

/**
 * When the funds of a charge become available: 00:00:00 UTC of the day that lies `delayDays` (the country's own where
 * it is not given) after the UTC day of the capture. Stripe: business days, Monday to Friday but for bank holidays, in
 * the US, the UK, Europe and Japan; calendar days elsewhere. `country` is the account's, ISO 3166-1 alpha-2.
 */
export function availableOn(capture: {
  readonly country: string
  readonly capturedAt: UnixSeconds
  readonly delayDays?: number | undefined
}): UnixSeconds {
  const { days, holidays } = DELAYS.get(capture.country) ?? ELSEWHERE
  const delayDays = capture.delayDays ?? days
  assert(Number.isSafeInteger(capture.capturedAt), 'a capture has a time')
  assert(Number.isSafeInteger(delayDays) && delayDays >= 0, 'a delay is a number of days')

  const captured: Day = Math.floor(capture.capturedAt / SECONDS_PER_DAY)
  const available = holidays === null ? captured + delayDays : addBusinessDays(captured, delayDays, holidays)
  return available * SECONDS_PER_DAY
}

/**
 * 00:00:00 UTC of the first business day of the country on or after a time, or of one `later` business days after it
 * (0: that day itself). Where calendar days are counted, the banks of the country are closed at weekends alone.
 */
export function businessDayFrom(country: string, time: UnixSeconds, later = 0): UnixSeconds {
  const holidays = DELAYS.get(country)?.holidays ?? (() => false)
  const yesterday: Day = Math.floor(time / SECONDS_PER_DAY) - 1
  const first = addBusinessDays(yesterday, 1, holidays)
  return addBusinessDays(first, later, holidays) * SECONDS_PER_DAY
}

function addBusinessDays(from: Day, count: number, isHoliday: BankHolidays): Day {
  let day = from
  for (let left = count; left > 0; ) {
    day += 1
    if (!isWeekend(day) && !isHoliday(day)) left -= 1
  }
  return day
}

/** Each year is worked out once, when the first charge in it asks. */
function bankHolidays(ofYear: (year: number) => readonly Day[]): BankHolidays {
  const years = new Map<number, ReadonlySet<Day>>()
  return (day) => {
    const year = new Date(day * SECONDS_PER_DAY * 1000).getUTCFullYear()
    let holidays = years.get(year)
    if (holidays === undefined) {
      holidays = new Set(ofYear(year))
      years.set(year, holidays)
    }
    return holidays.has(day)
  }
}

/**
 * The Federal Reserve's holidays, by which American banks settle: the federal ones; one on a Sunday is kept on Monday,
 * but one on a Saturday is not kept on Friday (where federal offices close, the banks are open).
 */
function unitedStates(year: number): Day[] {
  const fixed = [dayOf(year, 1, 1), dayOf(year, 7, 4), dayOf(year, 11, 11), dayOf(year, 12, 25)]
  if (year >= 2021) fixed.push(dayOf(year, 6, 19)) // Juneteenth, a federal holiday since then
  return [
    ...fixed.map((day) => (weekdayOf(day) === SUNDAY ? day + 1 : day)),
    nthWeekday(3, MONDAY, year, 1), // Martin Luther King
    nthWeekday(3, MONDAY, year, 2), // Presidents
    lastMonday(year, 5), // Memorial
    nthWeekday(1, MONDAY, year, 9), // Labor
    nthWeekday(2, MONDAY, year, 10), // Columbus
    nthWeekday(4, THURSDAY, year, 11), // Thanksgiving
  ]
}

type MonthAndDay = readonly [month: number, day: number]

/** Bank holidays of England and Wales that were proclaimed for one year only. */
const PROCLAIMED_ONCE: Readonly<Record<number, readonly MonthAndDay[]>> = {
  2022: [
    [6, 3], // Platinum Jubilee
    [9, 19], // the Queen's funeral
  ],
  2023: [[5, 8]], // the King's coronation
}

/**
 * England and Wales. A holiday at a weekend is kept on the next weekday that is free; so Christmas and Boxing Day make
 * two weekdays.
 */
function unitedKingdom(year: number): Day[] {
  const christmas = nextWeekday(dayOf(year, 12, 25))
  const easter = easterSunday(year)
  return [
    nextWeekday(dayOf(year, 1, 1)),
    easter - 2,
    easter + 1,
    year === 2020 ? dayOf(year, 5, 8) : nthWeekday(1, MONDAY, year, 5), // early May; in 2020 on VE Day
    year === 2022 ? dayOf(year, 6, 2) : lastMonday(year, 5), // spring; in 2022 moved to the Jubilee
    lastMonday(year, 8),
    christmas,
    nextWeekday(christmas + 1),
    ...(PROCLAIMED_ONCE[year] ?? []).map(([month, day]) => dayOf(year, month, day)),
  ]
}

/** The days on which TARGET, the euro's settlement system, is closed: the same for all members. */
function europe(year: number): Day[] {
  const easter = easterSunday(year)
  return [dayOf(year, 1, 1), easter - 2, easter + 1, dayOf(year, 5, 1), dayOf(year, 12, 25), dayOf(year, 12, 26)]
}

/** The national holidays, the days that they make holidays, and the banks' own: December 31 and January 2 and 3. */
function japan(year: number): Day[] {
  const national = new Set(nationalHolidaysOfJapan(year))
  const substitutes = [...national].filter((day) => weekdayOf(day) === SUNDAY).map((day) => nextDayNotIn(national, day))
  const between = [...national].map((day) => day + 1).filter((day) => !national.has(day) && national.has(day + 1))
  return [...national, ...substitutes, ...between, dayOf(year, 1, 2), dayOf(year, 1, 3), dayOf(year, 12, 31)]
}

function nationalHolidaysOfJapan(year: number): Day[] {
  const holidays = [
    dayOf(year, 1, 1),
    nthWeekday(2, MONDAY, year, 1), // Coming of Age
    dayOf(year, 2, 11), // Foundation
    equinox(year, 3, 20_843_100),
    dayOf(year, 4, 29), // Shōwa
    dayOf(year, 5, 3), // Constitution
    dayOf(year, 5, 4), // Greenery
    dayOf(year, 5, 5), // Children
    ...japaneseSummerHolidays(year),
    nthWeekday(3, MONDAY, year, 9), // Respect for the Aged
    equinox(year, 9, 23_248_800),
    dayOf(year, 11, 3), // Culture
    dayOf(year, 11, 23), // Labour Thanksgiving
  ]
  // The Emperor's Birthday. None lay in 2019, when he succeeded his father: that year had two holidays for it instead.
  if (year < 2019) holidays.push(dayOf(year, 12, 23))
  else if (year === 2019) holidays.push(dayOf(year, 5, 1), dayOf(year, 10, 22))
  else holidays.push(dayOf(year, 2, 23))
  return holidays
}

/** Marine, Mountain and Sports Day. The Olympic Games moved them in two years. */
function japaneseSummerHolidays(year: number): Day[] {
  if (year === 2020) return [dayOf(year, 7, 23), dayOf(year, 7, 24), dayOf(year, 8, 10)]
  if (year === 2021) return [dayOf(year, 7, 22), dayOf(year, 7, 23), dayOf(year, 8, 8)]
  return [nthWeekday(3, MONDAY, year, 7), dayOf(year, 8, 11), nthWeekday(2, MONDAY, year, 10)]
}

/**
 * The usual formula for 1980 to 2099, in millionths of a day: where the equinox lay in 1980, plus what a year has
 * beyond 365 days, less the leap days. The government announces the date a year ahead; the formula has not missed yet.
 */
function equinox(year: number, month: number, in1980: number): Day {
  const since = year - 1980
  return dayOf(year, month, Math.floor((in1980 + 242_194 * since) / 1_000_000) - Math.floor(since / 4))
}

function nextDayNotIn(holidays: ReadonlySet<Day>, from: Day): Day {
  let day = from
  while (holidays.has(day)) day += 1
  return day
}

/** The Gregorian computus (Meeus, Jones, Butcher), which is integers only. */
function easterSunday(year: number): Day {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114
  return dayOf(year, Math.floor(f / 31), (f % 31) + 1)
}

function dayOf(year: number, month: number, day: number): Day {
  return Date.UTC(year, month - 1, day) / (SECONDS_PER_DAY * 1000)
}

/** 0 is Sunday. The first day of 1970 was a Thursday. */
function weekdayOf(day: Day): number {
  return (((day + 4) % 7) + 7) % 7
}

function isWeekend(day: Day): boolean {
  const weekday = weekdayOf(day)
  return weekday === SATURDAY || weekday === SUNDAY
}

/** The day itself, or the Monday after it. */
function nextWeekday(day: Day): Day {
  if (weekdayOf(day) === SATURDAY) return day + 2
  return weekdayOf(day) === SUNDAY ? day + 1 : day
}

function nthWeekday(n: number, weekday: number, year: number, month: number): Day {
  const first = dayOf(year, month, 1)
  return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1)
}

function lastMonday(year: number, month: number): Day {
  const last = dayOf(year, month + 1, 1) - 1
  return last - ((weekdayOf(last) - MONDAY + 7) % 7)
}
