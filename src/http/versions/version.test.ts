import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StripeError } from '../../errors.ts'
import { isBefore, NEWEST_VERSION, OLDEST_VERSION, resolveVersion, VERSIONS } from './version.ts'

describe('the versions', () => {
  it('are all that Stripe has published from 2019-05-16 on, in the order of their dates, which are unique', () => {
    assert.equal(VERSIONS[0], OLDEST_VERSION)
    assert.equal(VERSIONS.at(-1), NEWEST_VERSION)
    assert.equal(VERSIONS.length, 42)
    const dates = VERSIONS.map((version) => version.slice(0, 10))
    assert.deepEqual(dates, [...new Set(dates)].sort())
  })

  it('have the name of a plant since 2024-09-30', () => {
    for (const version of VERSIONS) {
      assert.match(version, version < '2024-09-30' ? /^\d{4}-\d{2}-\d{2}$/ : /^\d{4}-\d{2}-\d{2}\.[a-z]+$/)
    }
  })

  it('are compared by date alone', () => {
    assert.equal(isBefore('2025-02-24.acacia', '2025-03-31.basil'), true)
    assert.equal(isBefore('2025-03-31.basil', '2025-03-31'), false)
    assert.equal(isBefore('2025-03-31.basil', '2025-03-31.basil'), false)
    assert.equal(isBefore('2025-04-30.basil', '2025-03-31.basil'), false)
    assert.equal(isBefore('2019-05-16', '2022-11-15'), true)
  })
})

describe('the version that is asked for', () => {
  it('is served where Stripe has published it', () => {
    for (const version of VERSIONS) assert.equal(resolveVersion(version), version)
  })

  const table: [sent: string, served: string, why: string][] = [
    ['2026-11-25.endive', NEWEST_VERSION, "next month's"],
    ['2027-03-31.fern', NEWEST_VERSION, 'the next major'],
    ['2027-01-01', NEWEST_VERSION, 'a later one without a name'],
    ['2026-11-25.preview', NEWEST_VERSION, "next month's preview"],
    ['2026-10-28.preview', NEWEST_VERSION, 'the preview of its own date'],
    ['2026-08-26.preview', '2026-08-26.dahlia', 'a preview that a beta SDK sends'],
    ['2025-04-15.preview', '2025-03-31.basil', 'a preview between two versions: the one before it'],
    ['2019-05-17.preview', '2019-05-16', 'a preview just after the oldest'],
    ['2026-10-28.endive; some_feature=v1', NEWEST_VERSION, 'with a single feature'],
    ['2026-10-28.endive;some_feature=v1; other=v2', NEWEST_VERSION, 'with two, and no blank'],
    ['2020-03-02; oxxo_beta=v1', '2020-03-02', 'with a feature of old'],
  ]
  for (const [sent, served, why] of table) {
    it(`${sent} (${why}) is served as ${served}`, () => assert.equal(resolveVersion(sent), served))
  }

  const wrong: [sent: string, why: string][] = [
    ['2019-2-19', 'malformed'],
    ['not-a-real-version', 'malformed'],
    ['2022-08-02', 'no such date'],
    ['2025-09-30.acacia', 'the right date with the wrong name'],
    ['2025-09-30', 'the right date without its name'],
    ['2026-10-28', 'the newest without its name'],
    ['2026-10-28.preview2', 'a name with a digit'],
    ['2019-05-16.acacia', 'a name where there was none'],
    ['2019-05-16, 2019-12-03', 'sent twice, and joined on the way'],
    ['2019-05-16,2019-05-16', 'the same one twice'],
    ['2019-05-15', 'older than the oldest'],
    ['2015-10-16', 'much older'],
    ['2019-05-15.preview', 'a preview before the oldest'],
    ['2027-03-31.FERN', 'a name in upper case'],
    ['2027-03-31.fern.extra', 'two names'],
    ['x2027-03-31', 'something before it'],
    ['2027-3-31.fern', 'a later one, malformed'],
    ['; some_feature=v1', 'a feature of nothing'],
    ['constructor', 'a name that every JavaScript object knows'],
  ]
  for (const [sent, why] of wrong) {
    it(`${sent} (${why}) is refused in the words in which it came`, () => {
      assert.throws(
        () => resolveVersion(sent),
        (error) => {
          assert.ok(error instanceof StripeError)
          assert.deepEqual(error.fields, {
            status: 400,
            type: 'invalid_request_error',
            message: `Invalid Stripe API version: ${sent}`,
          })
          return true
        },
      )
    })
  }
})
