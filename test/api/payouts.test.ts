import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY } from './clock.ts'
import { type Body, type Form, newStripe, SECRET_KEY, startTestServer } from './server.ts'

const shop = await startTestServer()

const US_BANK = { object: 'bank_account', country: 'US', routing_number: '110000000', account_number: '000123456789' }
const at = (instant: string) => Date.parse(`${instant}Z`) / 1000

type Event = Body & { readonly type: string; readonly data: { object: Body; previous_attributes?: object } }

/** A merchant of one test, whose clock stands at a time of its own. */
async function merchant({
  bank = US_BANK,
  from,
  ...form
}: { bank?: object | null; from?: string } & { country?: string; default_currency?: string } = {}) {
  const { body: account } = await shop.control<{ id: string; secret_key: string }>('POST /accounts', form)
  const key = account.secret_key
  const post = (path: string, sent?: Form) => shop.made(`POST /v1/${path}`, sent, { key })
  const get = (path: string, sent?: Form) => shop.made(`GET /v1/${path}`, sent, { key })
  const move = async (change: object) =>
    (await shop.control<{ done: object; now: number }>('POST /clock', { account: account.id, ...change })).body
  await move({ freeze: true, ...(from !== undefined && { to: at(from) }) })
  const addBank = (sent: object = US_BANK, more: Form = {}) =>
    post('account/external_accounts', { external_account: sent as Form, ...more })
  const added = bank === null ? null : await addBank(bank)
  return {
    ...account,
    key,
    bank: String(added?.id),
    post,
    get,
    move,
    addBank,
    to: (instant: string) => move({ to: at(instant) }),
    charge: (amount: number, more: Form = {}) =>
      post('charges', { amount, currency: 'usd', source: 'tok_visa', description: 'Example charge', ...more }),
    payouts: async (sent?: Form) => (await get('payouts', { limit: 100, ...sent })).data,
    rows: async (sent?: Form) => (await get('balance_transactions', { limit: 100, ...sent })).data,
    refused: (route: string, sent?: Form) => shop.refused(route, sent, { key }),
    balance: async () => {
      const { available, pending } = await get('balance')
      return available.map(({ currency, amount }, n) => `${currency}: ${amount}/${pending[n]?.amount}`)
    },
    events: async (types = /^(payout|balance|account)/) =>
      ((await get('events', { limit: 100 })).data.toReversed() as Event[]).filter(({ type }) => types.test(type)),
  }
}

const netOf = (rows: readonly Body[]) => rows.reduce((sum, { net }) => sum + Number(net), 0)

describe('what the guide promises', () => {
  it('a charge that succeeds is paid out automatically two days later, with no one doing anything', async () => {
    const other = await startTestServer()
    // Thursday 2019-05-16: two business days later is Monday the 20th.
    const { created } = await other.made('POST /v1/charges', {
      amount: 999,
      currency: 'usd',
      description: 'Example charge',
      source: 'tok_visa',
    })
    other.clock.advance(4 * DAY)
    let payout: Body | undefined
    while (payout?.status !== 'paid') {
      payout = (await other.made('GET /v1/payouts')).data[0]
      await new Promise((later) => setTimeout(later, 50))
    }
    assert.deepEqual([payout.amount, payout.currency, payout.automatic], [940, 'usd', true])
    assert.equal(payout.arrival_date, created - (created % DAY) + 4 * DAY)
    const bank = await other.made(`GET /v1/account/external_accounts/${payout.destination}`)
    assert.deepEqual([bank.last4, bank.default_for_currency], ['6789', true])
    assert.deepEqual((await other.made('GET /v1/balance')).available[0]?.amount, 0)
    assert.deepEqual((await other.made('GET /v1/balance')).pending[0]?.amount, 0)
  })
})

describe('an automatic payout', () => {
  it('pays what has become available, on that day, and lists it', async () => {
    const { charge, to, payouts, rows, balance, get, bank } = await merchant({ from: '2025-06-03T10:00:00' })
    const first = await charge(2000)
    const second = await charge(999)
    assert.deepEqual(await balance(), ['usd: 0/2852'])
    await to('2025-06-04T23:59:59')
    assert.deepEqual(await payouts(), [])
    await to('2025-06-05T00:00:00')
    const [payout, ...others] = await payouts()
    assert(payout)
    assert.deepEqual(others, [])
    const { id, balance_transaction: row, ...rest } = payout
    assert.match(id, /^po_/)
    assert.deepEqual(rest, {
      object: 'payout',
      amount: 2852,
      application_fee: null,
      application_fee_amount: null,
      arrival_date: at('2025-06-05T00:00:00'),
      automatic: true,
      created: at('2025-06-05T00:00:00'),
      currency: 'usd',
      description: 'STRIPE PAYOUT',
      destination: bank,
      failure_balance_transaction: null,
      failure_code: null,
      failure_message: null,
      livemode: false,
      metadata: {},
      method: 'standard',
      original_payout: null,
      payout_method: null,
      reconciliation_status: 'completed',
      reversed_by: null,
      source_type: 'card',
      statement_descriptor: null,
      status: 'paid',
      trace_id: { status: 'pending', value: null },
      type: 'bank_account',
    })
    assert.deepEqual(await balance(), ['usd: 0/0'])

    const paid = await rows({ payout: id })
    assert.deepEqual(
      paid.map((one) => [one.id, one.net]),
      [
        [row, -2852],
        [second.balance_transaction, 940],
        [first.balance_transaction, 1912],
      ],
    )
    const { available_on, ...own } = await get(`balance_transactions/${row}`, { expand: ['source'] })
    assert.equal(available_on, payout.created)
    assert.deepEqual(own, {
      id: row,
      object: 'balance_transaction',
      amount: -2852,
      balance_type: 'payments',
      created: payout.created,
      currency: 'usd',
      description: 'STRIPE PAYOUT',
      exchange_rate: null,
      fee: 0,
      fee_details: [],
      net: -2852,
      reporting_category: 'payout',
      source: payout,
      status: 'available',
      type: 'payout',
    })
  })

  it('tells of its steps in order', async () => {
    const { charge, to, events } = await merchant({ from: '2025-06-03T10:00:00' })
    await charge(2000)
    await to('2025-06-09T00:00:00')
    const told = (await events(/^payout/)).map(({ type, created, data, request }) => {
      assert.deepEqual(request, { id: null, idempotency_key: null })
      return [type, created, data.object.status, data.previous_attributes]
    })
    const day = at('2025-06-05T00:00:00')
    assert.deepEqual(told, [
      ['payout.created', day, 'pending', undefined],
      ['payout.updated', day, 'in_transit', { status: 'pending' }],
      ['payout.paid', day, 'paid', undefined],
      ['payout.reconciliation_completed', day, 'paid', undefined],
    ])
  })

  it('takes refunds up with the rest, and what is refunded later by the next', async () => {
    const { charge, to, payouts, rows, post } = await merchant({ from: '2025-06-03T10:00:00' })
    const early = await charge(5000)
    await post('refunds', { charge: early.id, amount: 500 })
    await to('2025-06-05T10:00:00')
    await charge(3000)
    await post('refunds', { charge: early.id, amount: 700 })
    await to('2025-06-30T10:00:00')
    const [last, second, first] = await payouts()
    assert(first && second && last)
    // The second refund is taken the next morning; the bank is debited, since nothing else is available by then.
    assert.deepEqual([first.amount, second.amount, last.amount], [5000 - 175 - 500, -700, 3000 - 117])
    for (const { id } of await payouts()) assert.equal(netOf(await rows({ payout: id })), 0)
  })

  it('is made for each day of a long jump, at its own time', async () => {
    const { charge, to, move, payouts, rows, balance } = await merchant({ from: '2025-06-02T10:00:00' })
    for (let day = 0; day < 5; day++) {
      await charge(1000 + day)
      await move({ advance: '1d' })
    }
    await to('2035-06-02T10:00:00')
    const all = (await payouts()).toReversed()
    // Monday to Friday; Thursday's and Friday's money is available on the next Monday and Tuesday.
    assert.deepEqual(
      all.map(({ arrival_date }) => new Date(Number(arrival_date) * 1000).toISOString().slice(0, 10)),
      ['2025-06-04', '2025-06-05', '2025-06-06', '2025-06-09', '2025-06-10'],
    )
    for (const { id, amount } of all)
      assert.deepEqual([netOf(await rows({ payout: id })), (await rows({ payout: id })).length], [0, 2], `${amount}`)
    assert.deepEqual(await balance(), ['usd: 0/0'])
  })

  it('is made for each currency that has a bank account, the others wait', async () => {
    const { charge, to, payouts, balance, addBank } = await merchant({ from: '2025-06-02T10:00:00' })
    await addBank({ ...US_BANK, country: 'DE', account_number: 'DE89370400440532013000' })
    await charge(1000)
    await charge(1000, { currency: 'eur' })
    await charge(1000, { currency: 'jpy' })
    await to('2025-06-05T10:00:00')
    assert.deepEqual((await payouts()).map(({ amount, currency }) => `${amount} ${currency}`).sort(), [
      '941 usd',
      '946 eur',
    ])
    assert.deepEqual(await balance(), ['usd: 0/0', 'eur: 0/0', 'jpy: 971/0'])
  })

  it('waits for a bank account, and is made on the day after there is one', async () => {
    const { charge, to, payouts, addBank, balance, events } = await merchant({
      from: '2025-06-02T10:00:00',
      bank: null,
    })
    await charge(1000)
    await to('2025-06-10T10:00:00')
    assert.deepEqual([await payouts(), await balance()], [[], ['usd: 941/0']])
    const [told] = await events(/^balance/)
    assert.deepEqual([told?.type, told?.created], ['balance.available', at('2025-06-04T00:00:00')])
    assert.deepEqual(told?.data.object.available, [{ amount: 941, currency: 'usd', source_types: { card: 941 } }])
    await addBank()
    await to('2025-06-11T00:00:00')
    assert.deepEqual(
      (await payouts()).map(({ amount, status }) => [amount, status]),
      [[941, 'paid']],
    )
  })

  it('debits the bank for what the merchant owes, unless that is switched off', async () => {
    for (const debit of [true, false]) {
      const { charge, post, to, payouts, balance, rows } = await merchant({ from: '2025-06-02T10:00:00' })
      await post('account', { settings: { payouts: { debit_negative_balances: debit } } })
      const { id } = await charge(1000)
      await to('2025-06-05T10:00:00')
      await post('refunds', { charge: id })
      assert.deepEqual(await balance(), ['usd: -1000/0'])
      await to('2025-06-06T10:00:00')
      const [payout] = await payouts()
      if (debit) {
        assert.deepEqual([payout?.amount, payout?.automatic, payout?.status], [-1000, true, 'paid'])
        const [own, refund] = await rows({ payout: payout?.id })
        assert.deepEqual([own?.amount, own?.type, refund?.type], [1000, 'payout', 'refund'])
        assert.deepEqual(await balance(), ['usd: 0/0'])
      } else {
        assert.equal(payout?.amount, 941)
        // Later charges fill the hole.
        await charge(2000)
        await to('2025-06-10T10:00:00')
        assert.equal((await payouts())[0]?.amount, 1912 - 1000)
        assert.deepEqual(await balance(), ['usd: 0/0'])
      }
    }
  })
})

describe('the schedule', () => {
  const days: readonly (readonly [name: string, schedule: Form, expected: readonly string[]])[] = [
    [
      'weekly',
      { interval: 'weekly', weekly_anchor: 'friday' },
      ['2025-06-13', '2025-06-20', '2025-06-27', '2025-07-07'],
    ],
    // Independence Day is a Friday in 2025.
    ['monthly', { interval: 'monthly', monthly_anchor: 31 }, ['2025-06-30']],
    ['manual', { interval: 'manual' }, []],
  ]
  for (const [name, schedule, expected] of days) {
    it(`${name} pays on its days alone, and tells when funds are available before`, async () => {
      const { charge, post, move, to, payouts, rows, events } = await merchant({ from: '2025-06-09T10:00:00' })
      const account = await post('account', { settings: { payouts: { schedule } } })
      const shown = (account.settings as { payouts: { schedule: object } }).payouts.schedule
      assert.deepEqual(shown, { delay_days: 2, ...schedule })
      for (let day = 0; day < 20; day++) {
        await charge(1000)
        await move({ advance: '1d' })
      }
      await to('2025-07-10T10:00:00')
      const all = (await payouts()).toReversed()
      assert.deepEqual(
        all.map(({ arrival_date }) => new Date(Number(arrival_date) * 1000).toISOString().slice(0, 10)),
        expected,
      )
      for (const { id } of all) assert.equal(netOf(await rows({ payout: id })), 0)
      assert((await events(/^balance.available$/)).length > 0)
    })
  }

  it('can be changed, and what waited is paid by the new one', async () => {
    const { charge, post, to, payouts } = await merchant({ from: '2025-06-09T10:00:00' })
    await post('account', { settings: { payouts: { schedule: { interval: 'manual' } } } })
    await charge(1000)
    await to('2025-06-20T10:00:00')
    assert.deepEqual(await payouts(), [])
    await post('account', { settings: { payouts: { schedule: { interval: 'daily' }, statement_descriptor: 'KOBAN' } } })
    await to('2025-06-23T00:00:00')
    const [payout] = await payouts()
    assert.deepEqual([payout?.amount, payout?.statement_descriptor], [941, 'KOBAN'])
  })

  it('has a delay, not below that of the country', async () => {
    const { charge, post, get, refused } = await merchant({ from: '2025-06-09T10:00:00' })
    const delay = (days: number | string) => ({ settings: { payouts: { schedule: { delay_days: days } } } })
    await post('account', delay(5))
    const { balance_transaction: row } = await charge(1000)
    assert.equal((await get(`balance_transactions/${row}`)).available_on, at('2025-06-16T00:00:00'))
    const { error } = await refused('POST /v1/account', delay(1))
    assert.deepEqual(
      [error.message, error.param],
      ["You cannot lower this merchant's delay below 2", 'settings[payouts][schedule][delay_days]'],
    )
    await refused('POST /v1/account', delay(32))
    await refused('POST /v1/account', delay('soon'))
    await post('account', delay('minimum'))
    const { balance_transaction: next } = await charge(1000)
    assert.equal((await get(`balance_transactions/${next}`)).available_on, at('2025-06-11T00:00:00'))
  })

  const wrong: readonly (readonly [schedule: Form, param: string])[] = [
    [{ interval: 'hourly' }, 'interval'],
    [{ interval: 'weekly' }, 'weekly_anchor'],
    [{ interval: 'monthly' }, 'monthly_anchor'],
    [{ weekly_anchor: 'monday' }, 'weekly_anchor'],
    [{ interval: 'weekly', weekly_anchor: 'someday' }, 'weekly_anchor'],
    [{ interval: 'monthly', monthly_anchor: 32 }, 'monthly_anchor'],
    [{ interval: 'monthly', monthly_anchor: 0 }, 'monthly_anchor'],
  ]
  for (const [schedule, member] of wrong) {
    it(`is refused as ${JSON.stringify(schedule)}, and stays as it was`, async () => {
      const { refused, get } = await merchant()
      const before = await get('account')
      const { status, error } = await refused('POST /v1/account', { settings: { payouts: { schedule } } })
      assert.deepEqual([status, error.param], [400, `settings[payouts][schedule][${member}]`])
      assert.deepEqual(await get('account'), before)
    })
  }
})

describe('a bank that refuses', () => {
  const numbers: readonly (readonly [number: string, code: string, message: RegExp])[] = [
    ['000111111116', 'no_account', /^The bank account details on file are probably incorrect/],
    ['000111111113', 'account_closed', /^The bank account has been closed\.$/],
    ['000222222227', 'insufficient_funds', /^Your Stripe account has insufficient funds/],
    ['000333333335', 'debit_not_authorized', /^Debit transactions are not approved/],
    ['000444444440', 'invalid_currency', /^The bank was unable to process this payout because of its currency/],
  ]
  for (const [number, code, message] of numbers) {
    it(`${code} gives the money back, and is left alone until it is changed`, async () => {
      const { charge, to, payouts, rows, balance, get, post, bank, events } = await merchant({
        from: '2025-06-03T10:00:00',
        bank: { ...US_BANK, account_number: number },
      })
      await charge(2000)
      await to('2025-06-05T00:00:00')
      assert.deepEqual((await payouts())[0]?.status, 'pending')
      assert.deepEqual(await balance(), ['usd: 0/0'])
      await to('2025-06-05T00:00:05')
      const [payout] = await payouts()
      assert(payout)
      assert.deepEqual([payout.status, payout.failure_code], ['failed', code])
      assert.match(String(payout.failure_message), message)
      assert.deepEqual(await balance(), ['usd: 1912/0'])
      const back = await get(`balance_transactions/${payout.failure_balance_transaction}`)
      assert.deepEqual(
        [back.amount, back.type, back.reporting_category, back.description, back.source, back.status],
        [1912, 'payout_failure', 'payout_reversal', 'REFUND FOR PAYOUT (STRIPE PAYOUT)', payout.id, 'available'],
      )
      assert.equal((await get(`account/external_accounts/${bank}`)).status, 'errored')
      const told = (await events()).slice(1)
      assert.deepEqual(
        told.map(({ type, data }) => [type, data.object.status, data.previous_attributes]),
        [
          ['payout.created', 'pending', undefined],
          ['payout.failed', 'failed', undefined],
          ['account.external_account.updated', 'errored', { status: 'new' }],
        ],
      )
      await charge(1000)
      await to('2025-06-10T00:00:00')
      assert.equal((await payouts()).length, 1)

      const good = await post('account/external_accounts', { external_account: US_BANK, default_for_currency: true })
      await to('2025-06-11T00:00:00')
      const [next] = await payouts()
      assert.deepEqual([next?.amount, next?.status, next?.destination], [1912 + 941, 'paid', good.id])
      // What came back is paid again by the next.
      const taken = await rows({ payout: next?.id })
      assert.deepEqual(
        taken.map(({ type }) => type),
        ['payout', 'charge', 'payout_failure'],
      )
      assert.equal(netOf(taken), 0)
      assert.equal(netOf(await rows({ payout: payout.id })), 0)
    })
  }
})

describe('a payout that the merchant makes', () => {
  /** A merchant with 1912 usd available, who pays out alone. */
  async function rich(form: Parameters<typeof merchant>[0] = {}) {
    const one = await merchant({ from: '2025-06-05T10:00:00', ...form })
    await one.post('account', { settings: { payouts: { schedule: { interval: 'manual' } } } })
    await one.charge(2000, { source: 'tok_bypassPending' })
    return one
  }

  it('leaves the balance at once, goes to the bank, and arrives on the next business day', async () => {
    const { post, to, get, balance, bank, events } = await rich()
    assert.deepEqual(await balance(), ['usd: 1912/0'])
    // Thursday
    const payout = await post('payouts', { amount: 1000, currency: 'usd', metadata: { order: '7' } })
    assert.deepEqual(
      [payout.amount, payout.automatic, payout.status, payout.description, payout.reconciliation_status],
      [1000, false, 'pending', 'STRIPE PAYOUT', 'not_applicable'],
    )
    assert.deepEqual([payout.destination, payout.arrival_date], [bank, at('2025-06-06T00:00:00')])
    assert.deepEqual(await balance(), ['usd: 912/0'])
    await to('2025-06-05T11:00:00')
    assert.equal((await get(`payouts/${payout.id}`)).status, 'in_transit')
    await to('2025-06-06T00:00:00')
    assert.deepEqual(await get(`payouts/${payout.id}`), { ...payout, status: 'paid' })
    const told = await events(/^payout/)
    assert.deepEqual(
      told.map(({ type }) => type),
      ['payout.created', 'payout.updated', 'payout.paid'],
    )
    assert.match(String(told[0]?.request.id), /^req_/)
  })

  it('over a weekend arrives on Monday, and in Japan takes one day more', async () => {
    const us = await rich({ from: '2025-06-06T10:00:00' })
    const made = (await us.post('payouts', { amount: 100, currency: 'usd' })).arrival_date
    assert.equal(made, at('2025-06-09T00:00:00'))
    const jp = await merchant({
      from: '2025-06-06T10:00:00',
      country: 'JP',
      bank: { country: 'JP', routing_number: '1100000', account_number: '0001234' },
    })
    await jp.charge(5000, { currency: 'jpy', source: 'tok_bypassPending' })
    const { arrival_date } = await jp.post('payouts', { amount: 1000, currency: 'jpy' })
    assert.equal(arrival_date, at('2025-06-10T00:00:00'))
  })

  it('can be called off while it is pending, and not later', async () => {
    const { post, to, get, balance, refused, events } = await rich()
    const { id } = await post('payouts', { amount: 1000, currency: 'usd', description: 'June' })
    const canceled = await post(`payouts/${id}/cancel`)
    assert.deepEqual([canceled.status, await balance()], ['canceled', ['usd: 1912/0']])
    const back = await get(`balance_transactions/${canceled.failure_balance_transaction}`)
    assert.deepEqual(
      [back.amount, back.type, back.reporting_category, back.description],
      [1000, 'payout_cancel', 'payout_reversal', 'REFUND FOR PAYOUT (June)'],
    )
    const later = await post('payouts', { amount: 500, currency: 'usd' })
    await to('2025-06-10T10:00:00')
    assert.equal((await get(`payouts/${id}`)).status, 'canceled')
    for (const payout of [id, later.id]) {
      const { status, error } = await refused(`POST /v1/payouts/${payout}/cancel`)
      assert.deepEqual([status, error.message], [400, 'Payouts can only be canceled while they are pending.'])
    }
    assert.deepEqual(
      (await events(/^payout/)).map(({ type }) => type),
      ['payout.created', 'payout.canceled', 'payout.created', 'payout.updated', 'payout.paid'],
    )
  })

  it('is counted when the schedule takes over: what is left is paid, exactly', async () => {
    const { post, to, payouts, rows, balance } = await rich()
    await post('payouts', { amount: 1000, currency: 'usd' })
    await post('account', { settings: { payouts: { schedule: { interval: 'daily' } } } })
    await to('2025-06-10T00:00:00')
    const [payout] = await payouts()
    assert.deepEqual([payout?.amount, payout?.automatic], [912, true])
    assert.equal(netOf(await rows({ payout: payout?.id })), 0)
    assert.deepEqual(await balance(), ['usd: 0/0'])
  })

  it('takes its money once, however many ask at a time', async () => {
    const { key, balance } = await rich()
    const asked = Array.from({ length: 8 }, () =>
      shop.call('POST /v1/payouts', { amount: 500, currency: 'usd' }, { key }),
    )
    const statuses = (await Promise.all(asked)).map(({ status }) => status).sort()
    assert.deepEqual(statuses, [200, 200, 200, 400, 400, 400, 400, 400])
    assert.deepEqual(await balance(), ['usd: 412/0'])
  })

  it('has metadata that can be changed', async () => {
    const { post, events } = await rich()
    const { id } = await post('payouts', { amount: 500, currency: 'usd' })
    assert.deepEqual((await post(`payouts/${id}`, { metadata: { foo: 'bar' } })).metadata, { foo: 'bar' })
    const [, told] = await events(/^payout/)
    assert.deepEqual([told?.type, told?.data.previous_attributes], ['payout.updated', { metadata: { foo: null } }])
  })

  const INSUFFICIENT =
    'You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card. See: https://stripe.com/docs/testing#available-balance'
  const refusals: readonly (readonly [form: Form, expected: object])[] = [
    [{ amount: 1913 }, { code: 'balance_insufficient', message: INSUFFICIENT }],
    [
      { amount: 100, source_type: 'bank_account' },
      { code: 'balance_insufficient', message: INSUFFICIENT },
    ],
    [
      { amount: 0 },
      {
        code: 'parameter_invalid_integer',
        message: 'This value must be greater than or equal to 1.',
        param: 'amount',
      },
    ],
    [{ amount: -5 }, { code: 'parameter_invalid_integer', param: 'amount' }],
    [
      { amount: 100, currency: 'cad' },
      { message: "Sorry, you don't have any external accounts in that currency (cad).", code: undefined },
    ],
    [
      { amount: 1_000_000, method: 'instant' },
      {
        message: 'Instant Payouts to bank accounts are only supported for amounts less than or equal to $9999',
      },
    ],
    [
      { amount: 100, destination: 'ba_nope' },
      { code: 'resource_missing', param: 'destination' },
    ],
    [{ amount: 100, statement_descriptor: 'x'.repeat(23) }, { param: 'statement_descriptor' }],
    [{ amount: 100, method: 'pigeon' }, { param: 'method' }],
    [{ amount: 100, amounts: 5 }, { code: 'parameter_unknown' }],
  ]
  for (const [form, expected] of refusals) {
    it(`is refused with ${JSON.stringify(form).slice(0, 60)}, and nothing moves`, async () => {
      const { refused, balance, payouts } = await rich()
      const { status, error } = await refused('POST /v1/payouts', { currency: 'usd', ...form })
      assert.equal(status, 400)
      const told = Object.fromEntries(Object.keys(expected).map((key) => [key, error[key]]))
      assert.deepEqual(told, expected)
      assert.deepEqual([await balance(), await payouts()], [['usd: 1912/0'], []])
    })
  }

  it('that is not there is told so', async () => {
    const { refused } = await rich()
    for (const route of ['GET /v1/payouts/po_nope', 'POST /v1/payouts/po_nope', 'POST /v1/payouts/po_nope/cancel']) {
      const { status, error } = await refused(route)
      assert.deepEqual([status, error.message, error.param], [404, "No such payout: 'po_nope'", 'payout'])
    }
  })

  it('has no rows that are known to be its own', async () => {
    const { post, refused } = await rich()
    const { id } = await post('payouts', { amount: 500, currency: 'usd' })
    const { error } = await refused('GET /v1/balance_transactions', { payout: id })
    assert.match(error.message, /^Balance transaction history can only be filtered on automatic transfers, not manual/)
  })

  it('is found by its status, bank account, arrival and time', async () => {
    const { post, to, payouts, bank, refused } = await rich()
    const first = await post('payouts', { amount: 100, currency: 'usd' })
    await to('2025-06-10T10:00:00')
    const second = await post('payouts', { amount: 200, currency: 'usd' })
    const find = async (form: Form) => (await payouts(form)).map(({ amount }) => amount)
    assert.deepEqual(await find({}), [200, 100])
    assert.deepEqual(await find({ status: 'paid' }), [100])
    assert.deepEqual(await find({ status: 'pending' }), [200])
    assert.deepEqual(await find({ status: 'nonsense' }), [])
    assert.deepEqual(await find({ destination: bank }), [200, 100])
    assert.deepEqual(await find({ arrival_date: { lte: first.arrival_date as number } }), [100])
    assert.deepEqual(await find({ created: { gt: first.created } }), [200])
    assert.deepEqual(await find({ starting_after: second.id }), [100])
    assert.equal((await refused('GET /v1/payouts', { destination: 'ba_nope' })).error.code, 'resource_missing')
  })

  it('is expanded to its bank account and its rows', async () => {
    const { post, get, bank } = await rich()
    const { id, balance_transaction: row } = await post('payouts', { amount: 500, currency: 'usd' })
    const expand = ['destination', 'balance_transaction']
    const shown = (await get(`payouts/${id}`, { expand })) as unknown as Record<string, Body>
    assert.deepEqual(
      [shown.destination?.id, shown.destination?.last4, shown.balance_transaction?.id],
      [bank, '6789', row],
    )
  })

  it('is made by the libraries', async () => {
    const { key } = await rich()
    const stripe = newStripe(shop.port, key)
    const payout = await stripe.payouts.create({ amount: 500, currency: 'usd' })
    assert.equal((await stripe.payouts.list({ limit: 1 })).data[0]?.id, payout.id)
    assert.equal((await stripe.payouts.cancel(payout.id)).status, 'canceled')
    await assert.rejects(stripe.payouts.create({ amount: 5000, currency: 'usd' }), { code: 'balance_insufficient' })
  })
})

it('nothing is paid twice or forgotten where charges, refunds and payouts cross the jumps of a clock', async () => {
  const { key, charge, post, move, payouts, rows, balance } = await merchant({ from: '2025-06-02T10:00:00' })
  const busy = async (n: number) => {
    const { id } = await charge(1000 + n, n % 3 === 0 ? { source: 'tok_bypassPending' } : {})
    if (n % 4 === 0) await post('refunds', { charge: id, amount: 100 })
    if (n % 5 === 0) await shop.call('POST /v1/payouts', { amount: 50, currency: 'usd' }, { key })
  }
  for (let day = 0; day < 12; day++) {
    const working = Array.from({ length: 15 }, (_, n) => busy(n))
    await move({ advance: '20h' })
    await Promise.all(working)
  }
  await move({ advance: '30d' })
  assert.deepEqual(await balance(), ['usd: 0/0'])
  const all = await payouts()
  for (const { id, automatic } of all) if (automatic) assert.equal(netOf(await everyRow(id)), 0)
  const paid = all.filter(({ automatic }) => automatic).length
  assert(paid > 5, `${paid} payouts`)

  async function everyRow(payout: string): Promise<Body[]> {
    const found: Body[] = []
    for (let last: string | undefined; ; last = found.at(-1)?.id) {
      const page = await rows({ payout, starting_after: last })
      found.push(...page)
      if (page.length < 100) return found
    }
  }
})

it('a jump of ten years with nothing to do does nothing', async () => {
  const { move, payouts, events } = await merchant()
  const { done } = await move({ advance: '3650d' })
  assert.deepEqual([done, await payouts(), (await events(/payout|balance/)).length], [{}, [], 0])
})

it('the first account has a bank account from the start', async () => {
  assert.deepEqual((await shop.made('GET /v1/payouts')).data, [])
  assert.equal((await shop.made('GET /v1/account/external_accounts', {}, { key: SECRET_KEY })).data.length, 1)
})
