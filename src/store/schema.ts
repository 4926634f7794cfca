/**
 * Migrations: numbered, forward-only, each run once in its own transaction. SQL that SQLite and PostgreSQL both read.
 * `account` (text) leads every primary key, unique index and foreign key, so that the tables can be sharded by it;
 * the exceptions are reference tables. Ids begin with the time, so that rows append to the B-trees.
 */
export type Migration = {
  readonly number: number
  readonly name: string
  /** The oldest schema number whose code still works with the schema after this migration. */
  readonly oldestCode: number
  readonly sql: readonly string[]
}

const table = (name: string, columns: string, ...indexes: string[]): string[] => [
  `CREATE TABLE ${name} (${columns})`,
  ...indexes.map((columns, n) => `CREATE INDEX ${name}_${n + 1} ON ${name} (${columns})`),
]

export const migrations: readonly Migration[] = [
  {
    number: 1,
    name: 'a charge, end to end',
    oldestCode: 1,
    sql: [
      // Reference tables: small, and not bound to an account.
      ...table('settings', 'name text PRIMARY KEY, value text NOT NULL'),
      ...table('key_directory', 'hash text PRIMARY KEY, account text NOT NULL, key text NOT NULL', 'account'),

      ...table(
        'accounts',
        'account text PRIMARY KEY, created bigint NOT NULL, version integer NOT NULL, body text NOT NULL',
      ),
      ...table(
        'api_keys',
        `account text NOT NULL, id text NOT NULL, livemode smallint NOT NULL, created bigint NOT NULL,
         kind text NOT NULL, last4 text NOT NULL, sealed text, expires bigint, PRIMARY KEY (account, id)`,
      ),
      ...table(
        'vault_cards',
        `account text NOT NULL, fingerprint text NOT NULL, sealed text NOT NULL, PRIMARY KEY (account, fingerprint)`,
      ),
      ...table(
        'tokens',
        `account text NOT NULL, id text NOT NULL, livemode smallint NOT NULL, created bigint NOT NULL,
         used smallint NOT NULL, body text NOT NULL, PRIMARY KEY (account, id)`,
      ),
      ...table(
        'charges',
        `account text NOT NULL, id text NOT NULL, livemode smallint NOT NULL, created bigint NOT NULL,
         version integer NOT NULL, transfer_group text, body text NOT NULL, PRIMARY KEY (account, id)`,
        'account, livemode, id',
      ),
      `CREATE INDEX charges_transfer_group ON charges (account, livemode, transfer_group, id)
       WHERE transfer_group IS NOT NULL`,
      ...table(
        'refunds',
        `account text NOT NULL, id text NOT NULL, livemode smallint NOT NULL, created bigint NOT NULL,
         charge text NOT NULL, version integer NOT NULL, body text NOT NULL, PRIMARY KEY (account, id)`,
        'account, livemode, id',
        'account, livemode, charge, id',
      ),
      ...table(
        'ledger_transactions',
        `account text NOT NULL, id text NOT NULL, livemode smallint NOT NULL, created bigint NOT NULL,
         type text NOT NULL, source text NOT NULL, currency text NOT NULL, body text NOT NULL,
         PRIMARY KEY (account, id)`,
        'account, livemode, id',
        'account, livemode, source, id',
      ),
      ...table(
        'balances',
        `account text NOT NULL, livemode smallint NOT NULL, currency text NOT NULL, ledger_account text NOT NULL,
         amount bigint NOT NULL, PRIMARY KEY (account, livemode, currency, ledger_account)`,
      ),
      ...table(
        'events',
        `account text NOT NULL, id text NOT NULL, livemode smallint NOT NULL, created bigint NOT NULL,
         type text NOT NULL, api_version text NOT NULL, request_id text, idempotency_key text, body text NOT NULL,
         PRIMARY KEY (account, id)`,
        'account, livemode, id',
      ),
      ...table(
        'idempotency_keys',
        `account text NOT NULL, livemode smallint NOT NULL, key text NOT NULL, created bigint NOT NULL,
         request_id text NOT NULL, path text NOT NULL, parameters text NOT NULL, api_version text NOT NULL,
         status integer NOT NULL, body text NOT NULL, PRIMARY KEY (account, livemode, key)`,
      ),
    ],
  },
  {
    number: 2,
    name: 'customers and their cards',
    oldestCode: 2, // older code would drop a charge's customer when it changes the charge
    sql: [
      ...table(
        'customers',
        `account text NOT NULL, id text NOT NULL, livemode smallint NOT NULL, created bigint NOT NULL,
         version integer NOT NULL, deleted smallint NOT NULL, email text, body text NOT NULL, PRIMARY KEY (account, id)`,
        'account, livemode, id',
      ),
      `CREATE INDEX customers_email ON customers (account, livemode, email, id) WHERE email IS NOT NULL`,
      // Saved cards and Sources: what a customer can be charged by. `customer` stays when one is removed.
      ...table(
        'sources',
        `account text NOT NULL, id text NOT NULL, livemode smallint NOT NULL, created bigint NOT NULL,
         version integer NOT NULL, customer text, attached smallint NOT NULL, body text NOT NULL,
         PRIMARY KEY (account, id)`,
        'account, livemode, id',
      ),
      `CREATE INDEX sources_customer ON sources (account, livemode, customer, id) WHERE customer IS NOT NULL`,
      'ALTER TABLE charges ADD COLUMN customer text',
      `CREATE INDEX charges_customer ON charges (account, livemode, customer, id) WHERE customer IS NOT NULL`,
    ],
  },
  {
    number: 3,
    name: 'restricted keys',
    // Older code would take a restricted key for one that may do everything.
    oldestCode: 3,
    sql: ['ALTER TABLE api_keys ADD COLUMN permissions text'],
  },
  {
    number: 4,
    name: 'clocks and due work',
    // Older code would let holds be captured that have been told to lapse.
    oldestCode: 4,
    sql: [
      // `next`: the real instant at which something falls due (UNIX seconds), so that one index finds all accounts.
      ...table(
        'clocks',
        `account text NOT NULL, livemode smallint NOT NULL, clock_offset bigint NOT NULL, frozen_at bigint,
         version integer NOT NULL, next bigint, PRIMARY KEY (account, livemode)`,
        'next',
      ),
      ...table(
        'due_work',
        `account text NOT NULL, kind text NOT NULL, object text NOT NULL, livemode smallint NOT NULL,
         due bigint NOT NULL, PRIMARY KEY (account, kind, object)`,
        'account, livemode, due, kind, object',
      ),
      // Holds from before: a week after they were made.
      `INSERT INTO due_work (account, kind, object, livemode, due)
       SELECT account, 'charge_hold', id, livemode, created + 604800 FROM charges WHERE body LIKE '%"state":"authorized"%'`,
      `INSERT INTO clocks (account, livemode, clock_offset, frozen_at, version, next)
       SELECT account, livemode, 0, NULL, 0, min(due) FROM due_work GROUP BY account, livemode`,
    ],
  },
  {
    number: 5,
    name: 'disputes, early fraud warnings, files',
    // Older code would refund a charge that the bank has charged back.
    oldestCode: 5,
    sql: [
      ...table(
        'disputes',
        `account text NOT NULL, id text NOT NULL, livemode smallint NOT NULL, created bigint NOT NULL,
         charge text NOT NULL, version integer NOT NULL, body text NOT NULL, PRIMARY KEY (account, id)`,
        'account, livemode, id',
        'account, livemode, charge, id',
      ),
      ...table(
        'early_fraud_warnings',
        `account text NOT NULL, id text NOT NULL, livemode smallint NOT NULL, created bigint NOT NULL,
         charge text NOT NULL, version integer NOT NULL, body text NOT NULL, PRIMARY KEY (account, id)`,
        'account, livemode, id',
        'account, livemode, charge, id',
      ),
      ...table(
        'files',
        `account text NOT NULL, id text NOT NULL, livemode smallint NOT NULL, created bigint NOT NULL,
         purpose text NOT NULL, body text NOT NULL, content bytea NOT NULL, PRIMARY KEY (account, id)`,
        'account, livemode, id',
      ),
    ],
  },
  {
    number: 6,
    name: 'what is too old goes away',
    // Older code would make tokens without counting them, so that a number could go that a token still needs.
    oldestCode: 6,
    sql: [
      'CREATE INDEX tokens_created ON tokens (account, livemode, created)',
      'CREATE INDEX idempotency_keys_created ON idempotency_keys (account, livemode, created)',
      // What needs the number: unused tokens, charges, saved cards. Null where it was kept before that was counted.
      'ALTER TABLE vault_cards ADD COLUMN uses integer',
      // Charges, which are most and made most often, are not in it.
      `CREATE INDEX ledger_transactions_type ON ledger_transactions (account, livemode, type, id)
       WHERE type <> 'charge'`,
    ],
  },
  {
    number: 7,
    name: 'payouts and bank accounts',
    oldestCode: 7, // older code would count what was paid out as the merchant's, and not know the due work
    sql: [
      // Written by the payout that takes the row up, never by what made it.
      'ALTER TABLE ledger_transactions ADD COLUMN payout text',
      `CREATE INDEX ledger_transactions_payout ON ledger_transactions (account, livemode, payout, id)
       WHERE payout IS NOT NULL`,
      ...table(
        'payouts',
        `account text NOT NULL, id text NOT NULL, livemode smallint NOT NULL, created bigint NOT NULL,
         version integer NOT NULL, status text NOT NULL, arrival_date bigint NOT NULL, destination text NOT NULL,
         body text NOT NULL, PRIMARY KEY (account, id)`,
        'account, livemode, id',
      ),
      ...table(
        'bank_accounts',
        `account text NOT NULL, id text NOT NULL, livemode smallint NOT NULL, created bigint NOT NULL,
         version integer NOT NULL, currency text NOT NULL, deleted smallint NOT NULL, sealed text NOT NULL,
         body text NOT NULL, PRIMARY KEY (account, id)`,
        'account, livemode, id',
      ),
      // What guards an account's payouts and bank accounts in a currency, and up to where its rows are all paid out.
      ...table(
        'settlements',
        `account text NOT NULL, livemode smallint NOT NULL, currency text NOT NULL, version integer NOT NULL,
         swept text NOT NULL, PRIMARY KEY (account, livemode, currency)`,
      ),
      // Funds from before: they become available on their day.
      `INSERT INTO due_work (account, kind, object, livemode, due)
       SELECT account, 'funds', currency || CASE livemode WHEN 1 THEN ':live:' ELSE ':test:' END || substr(ledger_account, 9),
         livemode, CAST(substr(ledger_account, 9) AS bigint) * 86400
       FROM balances WHERE ledger_account LIKE 'pending:%' AND amount <> 0`,
      `INSERT INTO clocks (account, livemode, clock_offset, frozen_at, version, next)
       SELECT account, livemode, 0, NULL, 0, 0 FROM due_work WHERE kind = 'funds' GROUP BY account, livemode
       ON CONFLICT (account, livemode) DO UPDATE SET next = 0`,
    ],
  },
]
