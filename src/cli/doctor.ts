import { resolve } from 'node:path'
import { realSeconds, systemClock } from '../clock/clock.ts'
import { auditBooks } from '../ledger/audit-reading.ts'
import type { Checked, Finding } from '../ledger/audit-tables.ts'
import { openSqliteSnapshot } from '../store/sqlite/snapshot.ts'
import { DEFAULT_FOLDER, readOptions, UsageError } from './options.ts'

const AGREES = 0
const DISAGREES = 1
const NOT_AUDITED = 2

/**
 * `koban doctor`: proves the books, at any time, also while the server runs. Its exit code says what it found: 0
 * everything agrees, 1 something is wrong (listed), 2 the books could not be read.
 */
export async function run(argv: string[]): Promise<number> {
  try {
    const { values, positionals } = readOptions(argv, { data: 'string' })
    if (positionals.length > 0) throw new UsageError(`koban doctor takes options only, not ${positionals.join(' ')}`)
    return (await audit(resolve(values.data ?? DEFAULT_FOLDER))) === 0 ? AGREES : DISAGREES
  } catch (error) {
    console.error(`koban doctor: ${error instanceof Error ? error.message : String(error)}`)
    return NOT_AUDITED
  }
}

/** Prints each finding as it is found, then what was checked; returns the number of findings. */
async function audit(folder: string): Promise<number> {
  const store = openSqliteSnapshot(folder)
  let findings = 0
  try {
    const checked = await auditBooks(store, realSeconds(systemClock()), (finding) => {
      findings += 1
      console.log(lineOf(finding))
    })
    console.log(`checked ${summaryOf(checked)}`)
    console.log(findings === 0 ? 'everything agrees' : `${count(findings, 'finding')}: something is wrong`)
    return findings
  } finally {
    await store.close()
  }
}

function lineOf({ account, livemode, line }: Finding): string {
  return `${account} ${livemode ? 'live' : 'test'}: ${line}`
}

function summaryOf(checked: Checked): string {
  const parts = [
    count(checked.accounts, 'account'),
    count(checked.charges, 'charge'),
    count(checked.refunds, 'refund'),
    count(checked.disputes, 'dispute'),
    ...(checked.payouts > 0 ? [count(checked.payouts, 'payout')] : []),
    count(checked.customers, 'customer'),
    count(checked.sources, 'source'),
    count(checked.transactions, 'ledger transaction'),
    count(checked.balances, 'balance'),
    count(checked.events, 'event'),
    count(checked.answers, 'kept answer'),
  ]
  return parts.join(', ')
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
