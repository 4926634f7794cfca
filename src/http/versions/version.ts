import { errors } from '../../errors.ts'

/** An API version as it stands in `Stripe-Version`, e.g. `2019-05-16` or `2026-10-28.endive`. */
export type ApiVersion = string

export const OLDEST_VERSION: ApiVersion = '2019-05-16'
export const NEWEST_VERSION: ApiVersion = '2026-10-28.endive'

/** Every version that Stripe has published since the oldest one served here. */
export const VERSIONS: readonly ApiVersion[] = [
  OLDEST_VERSION,
  ...['2019-08-14', '2019-09-09', '2019-10-08', '2019-10-17', '2019-11-05', '2019-12-03'],
  ...['2020-03-02', '2020-08-27', '2022-08-01', '2022-11-15', '2023-08-16', '2023-10-16'],
  ...['2024-04-10', '2024-06-20', '2024-09-30.acacia', '2024-10-28.acacia', '2024-11-20.acacia', '2024-12-18.acacia'],
  ...['2025-01-27.acacia', '2025-02-24.acacia', '2025-03-01.dashboard', '2025-03-31.basil', '2025-04-30.basil'],
  ...['2025-05-28.basil', '2025-06-30.basil', '2025-07-30.basil', '2025-08-27.basil', '2025-09-30.clover'],
  ...['2025-10-29.clover', '2025-11-17.clover', '2025-12-15.clover', '2026-01-28.clover', '2026-02-25.clover'],
  ...['2026-03-25.dahlia', '2026-04-22.dahlia', '2026-05-27.dahlia', '2026-06-24.dahlia', '2026-07-29.dahlia'],
  ...['2026-08-26.dahlia', '2026-09-30.endive', NEWEST_VERSION],
]

const KNOWN = new Set(VERSIONS)
const WELL_FORMED = /^(\d{4}-\d{2}-\d{2})(\.[a-z]+)?$/
const DATE_LENGTH = '2019-05-16'.length

/** Whether `version` is one of those served. */
export function isKnown(version: string): boolean {
  return KNOWN.has(version)
}

/** Versions are compared by their dates, which are unique; the plant's name says nothing. */
export function isBefore(version: ApiVersion, date: string): boolean {
  return version.slice(0, DATE_LENGTH) < date.slice(0, DATE_LENGTH)
}

/**
 * The version that a `Stripe-Version` header asks for. What is well formed and newer than all known is served as the
 * newest, so that next month's SDK works; a public preview as the stable version of its date or the nearest before;
 * names of single features behind a semicolon are left out. Throws Stripe's error for anything else.
 */
export function resolveVersion(sent: string): ApiVersion {
  const named = sent.split(';', 1)[0]?.trim() ?? ''
  if (KNOWN.has(named)) return named
  const [, date, name] = WELL_FORMED.exec(named) ?? []
  if (date === undefined) throw errors.versionInvalid(sent)
  if (!isBefore(date, NEWEST_VERSION) && date !== NEWEST_VERSION.slice(0, DATE_LENGTH)) return NEWEST_VERSION
  const before = VERSIONS.findLast((version) => !isBefore(date, version))
  if (name !== '.preview' || before === undefined) throw errors.versionInvalid(sent)
  return before
}
