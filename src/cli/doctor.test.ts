import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it, type TestContext } from 'node:test'
import { realSeconds, systemClock } from '../clock/clock.ts'
import type { FindingKind } from '../ledger/audit.ts'
import { auditBooks } from '../ledger/audit-reading.ts'
import type { Finding } from '../ledger/audit-tables.ts'
import { openSqliteSnapshot } from '../store/sqlite/snapshot.ts'
import { type Books, makeBooks, NOW, openBooks, temporaryFolder } from './books.fixture.ts'
import { run } from './doctor.ts'

const folder = mkdtempSync(join(tmpdir(), 'koban-doctor-'))
let books: Books
before(async () => {
  books = await makeBooks(folder)
})
after(() => rmSync(folder, { recursive: true }))

/** Runs `koban doctor` and keeps what it prints. */
async function doctor(t: TestContext, data: string) {
  const lines: string[] = []
  const errors: string[] = []
  const log = t.mock.method(console, 'log', (line: string) => lines.push(line))
  const error = t.mock.method(console, 'error', (line: string) => errors.push(line))
  const exit = await run(['--data', data])
  log.mock.restore()
  error.mock.restore()
  return { exit, lines, errors }
}

/** By the machine's clock, as `koban doctor` itself: by then the fixture's events may be gone. */
async function findingsIn(data: string, real = realSeconds(systemClock())): Promise<Finding[]> {
  const snapshot = openSqliteSnapshot(data)
  const findings: Finding[] = []
  await auditBooks(snapshot, real, (finding) => findings.push(finding))
  await snapshot.close()
  return findings
}

/** A copy of the books in which something was changed behind Koban's back. */
function corrupted(t: TestContext, sql: string): string {
  const copy = temporaryFolder(t)
  cpSync(folder, copy, { recursive: true })
  const db = new DatabaseSync(join(copy, 'koban.db'))
  db.exec(sql)
  db.close()
  return copy
}

describe('koban doctor', () => {
  it('finds that everything agrees, and says what it has checked', async (t) => {
    const { exit, lines, errors } = await doctor(t, folder)
    assert.deepEqual(errors, [])
    assert.deepEqual(lines, [
      'checked 2 accounts, 16 charges, 8 refunds, 3 disputes, 2 customers, 3 sources, 23 ledger transactions, 13 balances, 53 events, 2 kept answers',
      'everything agrees',
    ])
    assert.equal(exit, 0)
  })

  it('audits while a server writes', async (t) => {
    const data = temporaryFolder(t)
    const busy = await openBooks(data)
    let writing = true
    const client = async () => {
      while (writing) await busy.refund(await busy.charge(), 100)
    }
    const clients = [client(), client(), client()]
    for (let round = 0; round < 10; round++) assert.deepEqual(await findingsIn(data), [])
    const { exit, errors } = await doctor(t, data)
    writing = false
    await Promise.all(clients)
    await busy.store.close()
    assert.deepEqual({ exit, errors }, { exit: 0, errors: [] })
  })

  it('walks books of many pages', async (t) => {
    const data = temporaryFolder(t)
    const many = await openBooks(data)
    await Promise.all(Array.from({ length: 1200 }, async () => many.refund(await many.charge(), 100)))
    await many.store.close()
    assert.deepEqual(await findingsIn(data), [])

    const db = new DatabaseSync(join(data, 'koban.db'))
    db.exec(`WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 700)
      INSERT INTO refunds SELECT account, 're_wrong' || n, livemode, created, 'ch_2', 1,
        json_set(body, '$.id', 're_wrong' || n, '$.charge', 'ch_2') FROM numbers, (SELECT * FROM refunds LIMIT 1)`)
    db.close()
    const kinds = Map.groupBy(await findingsIn(data), ({ kind }) => kind)
    assert.deepEqual([...kinds].map(([kind, { length }]) => [kind, length]).sort(), [
      ['refund_charge_missing', 700],
      ['refund_transaction_differs', 700],
    ])
  })

  it('says that there are no books in a folder', async (t) => {
    const { exit, lines, errors } = await doctor(t, '/nowhere')
    assert.deepEqual(lines, [])
    assert.deepEqual(errors, ['koban doctor: There is no Koban database in /nowhere: koban start makes one.'])
    assert.equal(exit, 2)
  })

  it('refuses a database that belongs to newer code', async (t) => {
    const data = corrupted(t, "INSERT INTO schema_migrations VALUES (999, 'from the future', 999, 0)")
    const { exit, errors } = await doctor(t, data)
    assert.match(errors.join(), /needs code that knows schema 999.*Start a newer version of Koban\./)
    assert.equal(exit, 2)
  })

  it('refuses a file that is no database', async (t) => {
    const data = temporaryFolder(t)
    writeFileSync(join(data, 'koban.db'), 'x'.repeat(5000))
    const { exit, errors } = await doctor(t, data)
    assert.match(errors.join(), /not a database/)
    assert.equal(exit, 2)
  })

  it('does not take a mistake on the command line for a finding', async (t) => {
    t.mock.method(console, 'error', () => {})
    assert.equal(await run(['--dat', folder]), 2)
    assert.equal(await run([folder]), 2)
  })
})

/** `which` row's body, with one member set. */
function set(table: string, id: string, member: string, value: number | string | null): string {
  const json = typeof value === 'string' ? `'${value}'` : value
  return `UPDATE ${table} SET body = json_set(body, '$.${member}', ${json}) WHERE id = '${id}';`
}

/** The SQL that names the transaction of a charge or refund; of one that failed there are two, of two types. */
function transactionOf(source: string, type = source.startsWith('ch_') ? 'charge' : 'refund'): string {
  return `(SELECT id FROM ledger_transactions WHERE source = '${source}' AND type = '${type}')`
}

/** Changes a posting of a transaction, and the kept balance with it. */
function post(source: string, ledgerAccount: 'network' | 'fees' | 'pending', amount: number): string {
  const name =
    ledgerAccount === 'pending'
      ? `(SELECT ledger_account FROM balances WHERE ledger_account LIKE 'pending:%')`
      : `'${ledgerAccount}'`
  const path = `'$.postings."' || ${name} || '"'`
  return `
    UPDATE ledger_transactions SET body = json_set(body, ${path}, json_extract(body, ${path}) + ${amount})
      WHERE id = ${transactionOf(source)};
    UPDATE balances SET amount = amount + ${amount}
      WHERE account = '${books.account}' AND livemode = 0 AND currency = 'usd' AND ledger_account = ${name};`
}

/** Deletes a transaction as if it had never been posted. */
function unpost(source: string, type?: string): string {
  const transaction = transactionOf(source, type)
  return `
    UPDATE balances SET amount = amount - p.value
      FROM ledger_transactions t, json_each(t.body, '$.postings') p
      WHERE t.id = ${transaction} AND balances.account = t.account AND balances.livemode = t.livemode
        AND balances.currency = t.currency AND balances.ledger_account = p.key;
    DELETE FROM ledger_transactions WHERE id = ${transaction};`
}

/** A transaction that moves nothing. */
function postNothing(source: string): string {
  return `INSERT INTO ledger_transactions (account, id, livemode, created, type, source, currency, body) VALUES
    ('${books.account}', 'txn_wrong', 0, 0, 'charge', '${source}', 'usd',
     '{"amount":0,"fee":0,"net":0,"availableOn":0,"postings":{}}');`
}

function copyEvent(charge: string): string {
  return `INSERT INTO events SELECT account, 'evt_wrong', livemode, created, type, api_version, request_id, idempotency_key,
    json_set(body, '$.charge.id', '${charge}') FROM events WHERE type = 'charge.captured' LIMIT 1;`
}

/** Something more on the list of what will happen, at the time of what happens to `of`. */
function copyDue(kind: string, object: string, of = books.held): string {
  return `INSERT INTO due_work (account, kind, object, livemode, due)
    SELECT account, '${kind}', '${object}', livemode, due FROM due_work WHERE object = '${of}'`
}

/** What is corrupted, how, and the one finding that it must give: its kind and what its line says. */
const CORRUPTIONS: readonly [FindingKind, what: string, sql: () => string, line: RegExp][] = [
  [
    'transaction_postings_not_zero',
    'a posting was changed',
    () => post(books.sold, 'network', 1),
    /^ledger transaction txn_\w+: its postings sum to 1, not to zero$/,
  ],
  [
    'transaction_net_wrong',
    'a fee was changed',
    () => `UPDATE ledger_transactions SET body = json_set(body, '$.fee', 1) WHERE source = '${books.sold}'`,
    /net 940 is not amount 999 less fee 1$/,
  ],
  [
    'transaction_merchant_share_wrong',
    'the merchant gets what is a fee',
    () => post(books.sold, 'fees', -9) + post(books.sold, 'pending', 9),
    /949 is posted to the merchant, not the net 940$/,
  ],
  [
    'transaction_source_missing',
    'a transaction of no charge',
    () => postNothing('ch_wrong'),
    /^ledger transaction txn_wrong: its source, charge ch_wrong, does not exist$/,
  ],
  [
    'transaction_source_missing',
    'a test transaction of a live charge',
    () => postNothing(books.soldLive),
    /does not exist$/,
  ],
  [
    'transaction_not_of_its_source',
    'a second transaction of a captured charge',
    () => postNothing(books.sold),
    /^ledger transaction txn_wrong: its source, charge ch_\w+, names txn_\w+$/,
  ],
  [
    'transaction_not_of_its_source',
    'a transaction of a hold',
    () => postNothing(books.held),
    /names no ledger transaction$/,
  ],
  [
    'balance_wrong',
    'a kept balance was changed',
    () => `UPDATE balances SET amount = amount + 5 WHERE livemode = 1 AND ledger_account = 'fees'`,
    /^balance usd fees: is kept as 55, its postings sum to 50$/,
  ],
  [
    'balance_wrong',
    'a kept balance is gone',
    () => `DELETE FROM balances WHERE livemode = 1 AND ledger_account = 'fees'`,
    /^balance usd fees: is kept as 0, its postings sum to 50$/,
  ],
  [
    'balance_wrong',
    'a balance that nothing was posted to',
    () => `INSERT INTO balances VALUES ('${books.account}', 0, 'eur', 'available', 7)`,
    /^balance eur available: is kept as 7, its postings sum to 0$/,
  ],
  [
    'charge_above_authorized',
    'more was captured than authorized',
    () => set('charges', books.sold, 'amount', 998),
    /^charge ch_\w+: captured 999 and released 0 are more than the 998 authorized \(usd\)$/,
  ],
  [
    'charge_refunded_above_captured',
    'more was refunded than captured',
    () =>
      set('charges', books.refunded, 'amountRefunded', 2100) +
      set('refunds', books.firstRefund, 'amount', 1400) +
      `UPDATE ledger_transactions SET body = json_set(body, '$.amount', -1400, '$.net', -1400)
         WHERE source = '${books.firstRefund}';` +
      post(books.firstRefund, 'network', 900) +
      post(books.firstRefund, 'pending', -900),
    /^charge ch_\w+: refunded 2100 of 2000 captured \(usd\)$/,
  ],
  [
    'charge_moved_uncaptured',
    'a hold has captured money',
    () => set('charges', books.held, 'amountCaptured', 1),
    /is authorized, but has 1 captured and names no ledger transaction$/,
  ],
  [
    'charge_transaction_missing',
    'the transaction of a charge is gone',
    () => unpost(books.sold),
    /is captured, but its ledger transaction txn_\w+ does not exist$/,
  ],
  [
    'charge_transaction_missing',
    'a declined charge was taken for captured',
    () => set('charges', books.declined, 'state', 'captured'),
    /is captured, but it names no ledger transaction$/,
  ],
  [
    'charge_transaction_differs',
    'a charge captured another amount than was posted',
    () => set('charges', books.sold, 'amountCaptured', 998),
    /its ledger transaction txn_\w+ is over 999 usd, not over 998 usd$/,
  ],
  [
    'charge_transaction_differs',
    'a charge is available on another day than was posted',
    () => set('charges', books.sold, 'fundsAvailableOn', 86400),
    /is available on \d+, not on 86400$/,
  ],
  [
    'charge_refunded_differs',
    'a charge lost a refund',
    () => set('charges', books.refunded, 'amountRefunded', 700),
    /says 700 refunded, its refunds sum to 1200 \(usd\)$/,
  ],
  [
    'charge_released_differs',
    'a charge released less than its Refund',
    () => set('charges', books.partlyCaptured, 'amountReleased', 400),
    /says 400 released, its refunds sum to 500 \(usd\)$/,
  ],
  [
    'charge_refund_count_differs',
    'a charge counts another number of refunds',
    () => set('charges', books.refunded, 'refundCount', 1),
    /says 1 refunds, there are 2$/,
  ],
  [
    'refund_charge_missing',
    'a refund of no charge',
    () => `INSERT INTO refunds SELECT account, 're_wrong', livemode, created, 'ch_wrong', 1,
      json_set(body, '$.id', 're_wrong', '$.charge', 'ch_wrong') FROM refunds WHERE id = '${books.release}'`,
    /^refund re_wrong: its charge ch_wrong does not exist$/,
  ],
  [
    'refund_charge_missing',
    'a refund of no charge, after all others',
    () => `INSERT INTO refunds SELECT account, 're_wrong', livemode, created, 'zz', 1,
      json_set(body, '$.id', 're_wrong', '$.charge', 'zz') FROM refunds WHERE id = '${books.release}'`,
    /does not exist$/,
  ],
  [
    'refund_currency_differs',
    'a refund in another currency',
    () => set('refunds', books.release, 'currency', 'eur'),
    /^refund re_\w+: is in eur, its charge ch_\w+ in usd$/,
  ],
  [
    'refund_transaction_missing',
    'the transaction of a refund is gone',
    () => unpost(books.firstRefund),
    /^refund re_\w+: its ledger transaction txn_\w+ does not exist$/,
  ],
  [
    'refund_transaction_differs',
    'a refund of another amount than was posted',
    () => set('refunds', books.firstRefund, 'amount', 499) + set('charges', books.refunded, 'amountRefunded', 1199),
    /its ledger transaction txn_\w+ is over -500 usd, not over -499 usd$/,
  ],
  [
    'transaction_not_of_its_source',
    'a third transaction of a dispute',
    () => `${postNothing(books.won)} UPDATE ledger_transactions SET type = 'adjustment' WHERE id = 'txn_wrong'`,
    /^ledger transaction txn_wrong: its source, adjustment du_\w+, names no ledger transaction$/,
  ],
  [
    'dispute_charge_missing',
    'a dispute of no charge',
    () => `INSERT INTO disputes SELECT account, 'du_wrong', livemode, created, 'ch_wrong', 1,
      json_set(body, '$.id', 'du_wrong', '$.charge', 'ch_wrong') FROM disputes WHERE id = '${books.inquiry}';
      ${copyDue('dispute_deadline', 'du_wrong', books.inquiry)}`,
    /^dispute du_wrong: its charge ch_wrong does not exist$/,
  ],
  [
    'dispute_charge_missing',
    'a dispute of no charge, after all others',
    () => `INSERT INTO disputes SELECT account, 'du_wrong', livemode, created, 'zz', 1,
      json_set(body, '$.id', 'du_wrong', '$.charge', 'zz') FROM disputes WHERE id = '${books.inquiry}';
      ${copyDue('dispute_deadline', 'du_wrong', books.inquiry)}`,
    /does not exist$/,
  ],
  [
    'dispute_transaction_differs',
    'a dispute shows another fee than was posted',
    () => set('disputes', books.lost, 'transactions[0].fee', 1400),
    /^dispute du_\w+: its ledger transaction txn_\w+ is not as the dispute shows it$/,
  ],
  [
    'dispute_rows_differ',
    'a dispute was won, and the money is not back',
    () => `${set('disputes', books.lost, 'status', 'won')} ${set('charges', books.chargedBack, 'amountWithheld', 0)}
      DELETE FROM due_work WHERE object = '${books.lost}'`,
    /^dispute du_\w+: is won over 400, but its 1 rows sum to -400$/,
  ],
  [
    'charge_disputed_differs',
    'a charge does not know that its money is withheld',
    () => set('charges', books.chargedBack, 'amountWithheld', 0),
    /^charge ch_\w+: says 0 inquired about and 0 withheld of 400 captured; its disputes sum to 0 and 400$/,
  ],
  [
    'event_object_missing',
    'an event of no dispute',
    () => `INSERT INTO events SELECT account, 'evt_wrong', livemode, created, type, api_version, request_id,
      idempotency_key, json_set(body, '$.dispute.id', 'du_wrong') FROM events
      WHERE type = 'charge.dispute.created' LIMIT 1`,
    /^event evt_wrong: its object du_wrong does not exist$/,
  ],
  [
    'refund_transaction_missing',
    'what came back of a refund that failed was not posted',
    () => unpost(books.failedRefund, 'adjustment'),
    /^refund re_\w+: its ledger transaction txn_\w+ does not exist$/,
  ],
  [
    'refund_failure_differs',
    'a refund that failed counts as made',
    () =>
      set('refunds', books.failedRefund, 'status', 'succeeded') + set('charges', books.failedOf, 'amountRefunded', 700),
    /^refund re_\w+: is succeeded, but txn_\w+ is named for its failure$/,
  ],
  [
    'charge_refunded_differs',
    'a charge counts a refund that failed',
    () => set('charges', books.failedOf, 'amountRefunded', 700),
    /says 700 refunded, its refunds sum to 300 \(usd\)$/,
  ],
  [
    'charge_customer_missing',
    'a charge of no customer',
    () => `UPDATE charges SET customer = 'cus_wrong' WHERE id = '${books.ofCustomer}'`,
    /^charge ch_\w+: its customer cus_wrong does not exist$/,
  ],
  [
    'customer_default_missing',
    'a default source that is not there',
    () => set('customers', books.customer, 'defaultSource', 'card_wrong'),
    /^customer cus_\w+: its default source card_wrong is not on file$/,
  ],
  [
    'customer_default_missing',
    'a default source that was removed',
    () => set('customers', books.customer, 'defaultSource', books.card) + set('sources', books.card, 'attached', 0),
    /is not on file$/,
  ],
  [
    'source_customer_missing',
    'a card of no customer',
    () => set('sources', books.card, 'customer', 'cus_wrong'),
    /^card card_\w+: its customer cus_wrong does not exist$/,
  ],
  [
    'source_not_default',
    'a customer who has a card but no default',
    () => `DELETE FROM sources WHERE customer = '${books.customer}' AND id <> '${books.card}';
      DELETE FROM events WHERE type = 'customer.source.created';
      ${set('customers', books.customer, 'defaultSource', null)}`,
    /^card card_\w+: is on file, but its customer cus_\w+ has no default source$/,
  ],
  [
    'source_number_missing',
    'a card whose number is not in the vault',
    () => `DELETE FROM vault_cards WHERE account = '${books.account}'
      AND fingerprint = (SELECT json_extract(body, '$.card.fingerprint') FROM sources WHERE id = '${books.card}')`,
    /^card card_\w+: its card number is not in the vault$/,
  ],
  [
    'due_work_missing',
    'a hold that nothing will let lapse',
    () => `DELETE FROM due_work WHERE object = '${books.held}'`,
    /^due work ch_\w+: no charge_hold is on the list of what will happen$/,
  ],
  [
    'due_work_missing',
    'a dispute without its deadline',
    () => `DELETE FROM due_work WHERE object = '${books.lost}'`,
    /^due work du_\w+: no dispute_deadline is on the list/,
  ],
  [
    'due_work_differs',
    'a hold that lapses a second late',
    () => `UPDATE due_work SET due = due + 1 WHERE object = '${books.held}'`,
    /^due work ch_\w+: its charge_hold is due at 1558604801, not at 1558604800$/,
  ],
  [
    'due_work_settled',
    'what was sold is to lapse',
    () => copyDue('charge_hold', books.sold),
    /^due work ch_\w+: charge_hold is on the list, but is settled$/,
  ],
  [
    'due_work_settled',
    'a refund that has succeeded is to succeed',
    () => copyDue('refund_success', books.firstRefund),
    /^due work re_\w+: refund_success is on the list, but is settled$/,
  ],
  [
    'due_work_settled',
    'a dispute that was won is to be ruled on',
    () => copyDue('dispute_ruling', books.won),
    /^due work du_\w+: dispute_ruling is on the list, but is settled$/,
  ],
  [
    'due_work_object_missing',
    'what does not exist is to lapse',
    () => copyDue('charge_hold', 'ch_wrong'),
    /^due work ch_wrong: charge_hold is on the list of what will happen, but its object does not exist$/,
  ],
  [
    'due_work_sleeps',
    'an account that nothing wakes for what will happen',
    () => `UPDATE clocks SET next = NULL WHERE account = '${books.account}' AND livemode = 0`,
    /^due work usd:test:18033: funds is due at 1558051200, but nothing wakes the account for it$/,
  ],
  [
    'event_object_missing',
    'an event of no customer',
    () => `INSERT INTO events SELECT account, 'evt_wrong', livemode, created, type, api_version, request_id,
      idempotency_key, json_set(body, '$.customer.id', 'cus_wrong') FROM events WHERE type = 'customer.created' LIMIT 1`,
    /^event evt_wrong: its object cus_wrong does not exist$/,
  ],
  [
    'event_object_missing',
    'an event of no charge',
    () => copyEvent('ch_wrong'),
    /^event evt_wrong: its object ch_wrong does not exist$/,
  ],
  ['event_object_missing', 'a test event of a live charge', () => copyEvent(books.soldLive), /does not exist$/],
  [
    'answer_object_missing',
    'a kept answer tells of no charge',
    () => `UPDATE idempotency_keys SET body = json_set(body, '$.id', 'ch_wrong') WHERE key = 'of a sale'`,
    /^answer under Idempotency-Key of a sale: its object ch_wrong does not exist$/,
  ],
  [
    'answer_object_missing',
    'a kept decline tells of no charge',
    () => `UPDATE idempotency_keys SET body = json_set(body, '$.error.charge', 'ch_wrong') WHERE key = 'of a decline'`,
    /does not exist$/,
  ],
  [
    'row_unreadable',
    'half of an event',
    () => `UPDATE events SET body = substr(body, 1, 100) WHERE id = (SELECT max(id) FROM events)`,
    /^row evt_\w+ of events: .*JSON/,
  ],
  [
    'row_unreadable',
    'a charge under the id of another',
    () => `INSERT INTO charges SELECT account, 'ch_wrong', livemode, created, 1, NULL, body, NULL FROM charges
      WHERE id = '${books.sold}'`,
    /^row ch_wrong of charges: its text is that of ch_/,
  ],
]

describe('koban doctor finds', () => {
  for (const [kind, what, sql, line] of CORRUPTIONS) {
    it(`${kind}: ${what}`, async (t) => {
      const data = corrupted(t, sql())
      assert.deepEqual(
        (await findingsIn(data)).map((finding) => finding.kind),
        [kind],
      )
      const { exit, lines } = await doctor(t, data)
      assert.equal(exit, 1)
      assert.match(String(lines[0]?.replace(/^acct_\w+ (test|live): /, '')), line)
      assert.equal(lines.at(-1), '1 finding: something is wrong')
      assert.equal(lines.length, 3)
    })
  }
})

describe('koban doctor, while events are kept', () => {
  const DAY = 86_400
  const made = () => [books.sold, books.declined, books.firstRefund, books.customer, books.card, books.won]

  it('finds what was made without an event about it', async (t) => {
    assert.deepEqual(await findingsIn(folder, NOW), [])
    for (const id of made()) {
      const data = corrupted(t, deleteCreation(id))
      const findings = await findingsIn(data, NOW)
      assert.deepEqual(
        findings.map(({ kind, line }) => [kind, line]),
        [['event_of_creation_missing', `object ${id}: no event tells that it was made`]],
      )
    }
  })

  it('finds every object where all events are gone, also in books of many pages', async (t) => {
    const data = temporaryFolder(t)
    const many = await openBooks(data)
    await Promise.all(Array.from({ length: 1200 }, () => many.charge()))
    await many.store.close()
    assert.deepEqual(await findingsIn(data, NOW), [])
    const db = new DatabaseSync(join(data, 'koban.db'))
    db.exec('DELETE FROM events WHERE id <> (SELECT max(id) FROM events)')
    db.close()
    assert.equal((await findingsIn(data, NOW)).length, 1199)
  })

  it('misses none that went away after 30 days, by the clock of the account', async (t) => {
    const data = corrupted(t, 'DELETE FROM events')
    assert.notEqual((await findingsIn(data, NOW + 28 * DAY)).length, 0)
    assert.deepEqual(await findingsIn(data, NOW + 30 * DAY), [])
    const ahead = corrupted(
      t,
      `DELETE FROM events WHERE livemode = 0 AND account = '${books.account}';
        UPDATE clocks SET clock_offset = ${30 * DAY} WHERE account = '${books.account}' AND livemode = 0`,
    )
    assert.deepEqual(await findingsIn(ahead, NOW), [])
  })
})

/** Deletes the events about the creation of an object. */
function deleteCreation(id: string): string {
  const shown = ['charge', 'refund', 'customer', 'source', 'dispute'].map(
    (name) => `json_extract(body, '$.${name}.id') = '${id}'`,
  )
  const types = `type IN ('charge.succeeded', 'charge.failed') OR type LIKE '%.created'`
  return `DELETE FROM events WHERE (${types}) AND (${shown.join(' OR ')})`
}
