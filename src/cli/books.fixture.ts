/** What the tests of doctor share: a data folder whose books hold a charge of every kind, made by the real operations. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Account } from '../accounts/account.ts'
import { createAccount } from '../accounts/operations.ts'
import type { Charge } from '../charges/charge.ts'
import { type CreateCharge, captureCharge, createCharge } from '../charges/operations.ts'
import { settleDue } from '../clock/due.ts'
import { FundsDays } from '../clock/funds.ts'
import { attachToCustomer } from '../customer-sources/operations.ts'
import { createCustomer, deleteCustomer } from '../customers/operations.ts'
import { openDispute, ruleDispute, updateDisputeEvidence } from '../disputes/operations.ts'
import { keepAnswer } from '../http/idempotency.ts'
import { NEWEST_VERSION, OLDEST_VERSION } from '../http/versions/version.ts'
import { seededIds } from '../ids.ts'
import type { Acquirer } from '../network/acquirer.ts'
import { simulatedBanks } from '../network/simulator/banks.ts'
import { simulatedCards } from '../network/simulator/issuers.ts'
import { assessTestCard } from '../network/simulator/risk.ts'
import { simulateAuthorization } from '../network/simulator/simulator.ts'
import type { Context, Outcome } from '../operation.ts'
import { createRefund, failRefund } from '../refunds/operations.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import type { Store, Write } from '../store/store.ts'
import { openVault } from '../vault/vault.ts'

/** UNIX seconds: when all of it is made. */
export const NOW = 1_558_000_000
export const VAULT_KEY = '11'.repeat(32)

/** A folder that is removed when the test has ended. */
export function temporaryFolder(t: Pick<TestContext, 'after'>): string {
  const folder = mkdtempSync(join(tmpdir(), 'koban-doctor-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Writes into the books of one account as requests would. */
export type Bookkeeper = {
  readonly store: Store
  readonly account: Account
  charge(command?: Partial<CreateCharge>): Promise<string>
  capture(charge: string, amount: number): Promise<Charge>
  refund(charge: string, amount?: number): Promise<string>
  /** Lets a refund fail that was made. */
  failRefund(refund: string): Promise<void>
  /** With a card on file. */
  customer(): Promise<string>
  saveCard(customer: string): Promise<string>
  deleteCustomer(customer: string): Promise<void>
  /** Of the whole charge, or an inquiry about it. */
  dispute(charge: string, isInquiry?: boolean): Promise<string>
  winDispute(dispute: string): Promise<void>
  /** The same account, answered in another version or in live mode. */
  as(changes: Partial<Pick<Context, 'version' | 'livemode'>>): Bookkeeper
}

/** Approves test cards in live mode too. */
const ACQUIRER: Acquirer = {
  isOutside: false,
  authorize: async (request) => simulateAuthorization({ ...request, livemode: false }),
}

const SALE: CreateCharge = {
  amount: 999,
  currency: 'usd',
  source: { number: '4242424242424242', exp_month: '8', exp_year: '2030', cvc: '123' },
  customer: undefined,
  capture: true,
  description: 'Example charge',
  metadata: undefined,
  receiptEmail: undefined,
  shipping: undefined,
  statementDescriptor: undefined,
  statementDescriptorSuffix: undefined,
  transferGroup: undefined,
}

/** Opens a store in the folder, with a new account in it: another one for each seed. */
export async function openBooks(folder: string, seed = 1): Promise<Bookkeeper> {
  const store = await openSqliteStore({ folder })
  const ids = seededIds(seed, NOW + seed)
  const vault = await openVault({ store, keySource: { environmentValue: VAULT_KEY, dataFolder: folder } })
  const { account, unit } = createAccount({ store, vault, ids }, {}, NOW)
  await store.commit(unit)
  return bookkeeper(
    {
      account,
      livemode: false,
      callerKind: 'secret',
      now: NOW,
      version: NEWEST_VERSION,
      request: { id: 'req_1', idempotencyKey: null, ip: null },
      publicUrl: 'http://localhost:12111',
      ids,
      store,
      vault,
      acquirer: ACQUIRER,
      testCards: simulatedCards,
      testBanks: simulatedBanks,
      fundsDays: new FundsDays(),
      accountChanged: () => {},
      doDue: async () => {},
      assessRisk: assessTestCard,
    },
    store,
  )
}

function bookkeeper(context: Context, store: Store): Bookkeeper {
  const { account } = context
  async function commit<T>({ answer, writes, balances }: Outcome<T>): Promise<Outcome<T>['answer']> {
    await store.commit({ account: account.id, writes, balances })
    return answer
  }
  return {
    store,
    account,
    async charge(command = {}) {
      const answer = await commit(await createCharge(context, { ...SALE, ...command }))
      return 'value' in answer ? answer.value.id : String(answer.error.fields.charge)
    },
    async capture(charge, amount) {
      return accepted(await commit(await captureCharge(context, { ...SALE, charge, amount })))
    },
    async refund(charge, amount) {
      const wanted = { charge, amount, reason: undefined, metadata: undefined }
      return accepted(await commit(await createRefund(context, wanted))).refund.id
    },
    async failRefund(refund) {
      await commit(await failRefund(context, refund))
    },
    async customer() {
      return accepted(await commit(await createCustomer(context, { source: 'tok_visa' }))).id
    },
    async saveCard(customer) {
      const wanted = { customer, source: 'tok_mastercard', metadata: undefined }
      return accepted(await commit(await attachToCustomer(context, wanted))).id
    },
    async dispute(charge, isInquiry = false) {
      const complaint = { isInquiry, amount: null, networkReasonCode: null, eligibility: null }
      return accepted(await commit(await openDispute(context, { ...complaint, reason: 'fraudulent', charge }))).id
    },
    async winDispute(dispute) {
      const evidence = { uncategorized_text: 'winning_evidence' }
      const change = { evidence, enhancedEvidence: null, submit: undefined, metadata: undefined }
      await commit(await updateDisputeEvidence(context, { named: { dispute }, ...change }))
      const ruled = await ruleDispute(context, dispute)
      const settled = settleDue(account.id, 'dispute_ruling', dispute) // as the worker does
      await commit({ ...ruled, writes: [...ruled.writes, settled] })
    },
    async deleteCustomer(customer) {
      await commit(await deleteCustomer(context, { customer }))
    },
    as: (changes) => bookkeeper({ ...context, ...changes }, store),
  }
}

function accepted<T>(answer: Outcome<T>['answer']): T {
  if ('error' in answer) throw answer.error
  return answer.value
}

export type Books = Awaited<ReturnType<typeof makeBooks>>

/** Fills a folder: every way that a charge can go, in both modes and with a second account beside. Returns the ids. */
export async function makeBooks(folder: string) {
  const books = await openBooks(folder)
  const { store, account } = books
  const sold = await books.charge()
  const refunded = await books.charge({ amount: 2000 })
  const firstRefund = await books.refund(refunded, 500)
  await books.refund(refunded, 700)
  const partlyCaptured = await books.charge({ amount: 1500, capture: false })
  await books.as({ version: OLDEST_VERSION }).capture(partlyCaptured, 1000)
  await books.refund(partlyCaptured, 300)
  await books.capture(await books.charge({ amount: 1500, capture: false }), 1000) // the newest version: no Refund
  const held = await books.charge({ amount: 800, capture: false })
  const released = await books.charge({ amount: 600, capture: false })
  const release = await books.refund(released)
  const declined = await books.charge({ source: 'tok_chargeDeclined' })
  await books.charge({ amount: 5000, currency: 'jpy' })
  const failedOf = await books.charge({ amount: 900 })
  const failedRefund = await books.refund(failedOf, 400)
  await books.failRefund(failedRefund)
  await books.refund(failedOf, 300)

  const customer = await books.customer()
  const card = await books.saveCard(customer)
  const ofCustomer = await books.charge({ customer, source: undefined })
  const former = await books.customer()
  await books.charge({ customer: former, source: undefined })
  await books.deleteCustomer(former)

  const chargedBack = await books.charge({ amount: 400 })
  const lost = await books.dispute(chargedBack)
  const asked = await books.charge({ amount: 450 })
  const inquiry = await books.dispute(asked, true)
  const won = await books.dispute(await books.charge({ amount: 300 }))
  await books.winDispute(won)

  const live = books.as({ livemode: true })
  const soldLive = await live.charge({ amount: 700 })
  await live.refund(soldLive, 100)

  const answers = { id: sold, object: 'charge' }
  await store.commit({ account: account.id, writes: [kept(account.id, 'of a sale', answers)], balances: [] })
  const declineAnswer = { error: { charge: declined, code: 'card_declined' } }
  await store.commit({ account: account.id, writes: [kept(account.id, 'of a decline', declineAnswer)], balances: [] })
  await store.close()

  const other = await openBooks(folder, 2)
  await other.charge()
  await other.store.close()
  return {
    account: account.id,
    sold,
    refunded,
    firstRefund,
    partlyCaptured,
    held,
    released,
    release,
    declined,
    failedOf,
    failedRefund,
    customer,
    card,
    ofCustomer,
    soldLive,
    chargedBack,
    lost,
    inquiry,
    won,
  }
}

function kept(account: string, key: string, body: object): Write {
  const keyed = { account, livemode: false, key, path: '/v1/charges', parameters: '' }
  const status = 'error' in body ? 402 : 200
  return keepAnswer(keyed, { requestId: 'req_1', version: NEWEST_VERSION, status, body: JSON.stringify(body) }, NOW)
}
