import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Body, type Form, startTestServer } from './server.ts'

const shop = await startTestServer()

type Row = readonly [type: string, amount: number, fee: number, net: number]

type Merchant = Awaited<ReturnType<typeof merchant>>

/** A merchant whose clock stands at a Tuesday noon, paid by nobody but itself. */
async function merchant(country: string, currency: string, bank: object | null) {
  const { body: account } = await shop.control<{ id: string; secret_key: string }>('POST /accounts', {
    country,
    default_currency: currency,
  })
  const key = account.secret_key
  const made = (route: string, form?: Form) => shop.made(route, form, { key })
  await shop.control('POST /clock', { account: account.id, freeze: true, to: Date.UTC(2030, 5, 4, 12) / 1000 })
  if (bank) await made('POST /v1/account/external_accounts', { external_account: bank as Form })
  return {
    currency,
    made,
    charge: (amount: number, form: Form = {}) =>
      made('POST /v1/charges', { amount, currency, source: 'tok_visa', description: 'Example charge', ...form }),
    advance: (advance: string) => shop.control('POST /clock', { account: account.id, advance }),
    rows: async () =>
      ((await made('GET /v1/balance_transactions', { limit: 100 })).data.toReversed() as Body[]).map(
        ({ type, amount, fee, net, currency: of }): Row => {
          assert.equal(of, currency)
          assert.equal(net, Number(amount) - Number(fee))
          return [String(type), Number(amount), Number(fee), Number(net)]
        },
      ),
    balance: async () => {
      const { available, pending } = await made('GET /v1/balance')
      const of = (entries: Body['available']) => entries.find((entry) => entry.currency === currency)?.amount
      return [of(available), of(pending)]
    },
  }
}

type Currency = {
  readonly country: string
  readonly currency: string
  readonly bank: object
  /** An amount, the fee of it, and that of half of it. */
  readonly amount: number
  readonly fee: number
  readonly half: number
  readonly halfFee: number
}

const US = { country: 'US', routing_number: '110000000', account_number: '000123456789' }

/** Fees: 2.9 % + 30, 3.6 %, 1.4 % + 25; of a currency without a fixed part the percentage of the account's country. */
const CURRENCIES: readonly Currency[] = [
  { country: 'US', currency: 'usd', bank: US, amount: 999, fee: 59, half: 500, halfFee: 45 },
  {
    country: 'JP',
    currency: 'jpy',
    bank: { country: 'JP', routing_number: '1100000', account_number: '0001234' },
    ...{ amount: 999, fee: 36, half: 500, halfFee: 18 },
  },
  {
    country: 'DE',
    currency: 'eur',
    bank: { country: 'DE', account_number: 'DE89370400440532013000' },
    ...{ amount: 50_000, fee: 725, half: 25_000, halfFee: 375 },
  },
  // Three decimals: the last digit of every amount is 0, so fees are rounded to tens. 9990 × 2.9 % = 289.71.
  {
    country: 'US',
    currency: 'kwd',
    bank: { ...US, currency: 'kwd' },
    amount: 9990,
    fee: 290,
    half: 5000,
    halfFee: 150,
  },
]

type Example = {
  readonly name: string
  readonly run: (shop: Merchant, of: Currency) => Promise<unknown>
  readonly rows: (of: Currency) => readonly Row[]
  readonly available?: (of: Currency) => number
}

const sale = ({ amount, fee }: Currency): Row => ['charge', amount, fee, amount - fee]
const back = (amount: number): Row => ['refund', -amount, 0, -amount]
const AT_ONCE = { source: 'tok_bypassPending' }

const EXAMPLES: readonly Example[] = [
  { name: 'a charge', run: ({ charge }, { amount }) => charge(amount), rows: (of) => [sale(of)] },
  {
    name: 'a charge, refunded: the fee is lost',
    run: async ({ charge, made }, { amount }) => made('POST /v1/refunds', { charge: (await charge(amount)).id }),
    rows: (of) => [sale(of), back(of.amount)],
  },
  {
    name: 'an authorization, of which half is captured',
    run: async ({ charge, made }, { amount, half }) =>
      made(`POST /v1/charges/${(await charge(amount, { capture: false })).id}/capture`, { amount: half }),
    rows: ({ half, halfFee }) => [['charge', half, halfFee, half - halfFee]],
  },
  {
    name: 'an authorization that is released, and a decline: nothing',
    run: async ({ charge, made }, { amount }) =>
      made('POST /v1/refunds', { charge: (await charge(amount, { capture: false })).id }),
    rows: () => [],
  },
  {
    name: 'a refund in two parts',
    run: async ({ charge, made }, { amount, half }) => {
      const { id } = await charge(amount)
      await made('POST /v1/refunds', { charge: id, amount: half })
      await made('POST /v1/refunds', { charge: id })
    },
    rows: (of) => [sale(of), back(of.half), back(of.amount - of.half)],
  },
  {
    name: 'a payout',
    run: async ({ charge, made, currency }, { amount, half }) => {
      await charge(amount, AT_ONCE)
      await made('POST /v1/payouts', { amount: half, currency })
    },
    rows: (of) => [sale(of), ['payout', -of.half, 0, -of.half]],
    available: ({ amount, fee, half }) => amount - fee - half,
  },
  {
    name: 'a payout that is called off',
    run: async ({ charge, made, currency }, { amount, half }) => {
      await charge(amount, AT_ONCE)
      const { id } = await made('POST /v1/payouts', { amount: half, currency })
      await made(`POST /v1/payouts/${id}/cancel`)
    },
    rows: (of) => [sale(of), ['payout', -of.half, 0, -of.half], ['payout_cancel', of.half, 0, of.half]],
    available: ({ amount, fee }) => amount - fee,
  },
  {
    name: 'a charge, paid out by the schedule',
    run: async ({ charge, advance }, { amount }) => {
      await charge(amount)
      await advance('30d')
    },
    rows: (of) => [sale(of), ['payout', of.fee - of.amount, 0, of.fee - of.amount]],
    available: () => 0,
  },
]

describe('what moves the balance, and by how much', () => {
  for (const of of CURRENCIES) {
    for (const { name, run, rows, available } of EXAMPLES) {
      it(`${of.currency}: ${name}`, async () => {
        const one = await merchant(of.country, of.currency, of.bank)
        await run(one, of)
        const moved = await one.rows()
        assert.deepEqual(moved, rows(of))
        const net = moved.reduce((sum, row) => sum + row[3], 0)
        const expected = available?.(of) ?? 0
        // An account in no currency of its own has no entry until something moved.
        assert.deepEqual(
          (await one.balance()).map((amount) => amount ?? 0),
          [expected, net - expected],
        )
      })
    }

    it(`${of.currency}: a payout that the bank refuses`, async () => {
      const one = await merchant(of.country, of.currency, null)
      const { made, charge, advance, currency } = one
      await charge(of.amount, AT_ONCE)
      const refusing = { US: '000111111116', JP: '1111116', DE: 'DE62370400440532013001' }[of.country]
      const bank = { ...of.bank, account_number: String(refusing) }
      await made('POST /v1/account/external_accounts', { external_account: bank as Form })
      await made('POST /v1/payouts', { amount: of.half, currency })
      await advance('1m')
      assert.deepEqual(await one.rows(), [
        sale(of),
        ['payout', -of.half, 0, -of.half],
        ['payout_failure', of.half, 0, of.half],
      ])
      assert.deepEqual(await one.balance(), [of.amount - of.fee, 0])
    })
  }
})
