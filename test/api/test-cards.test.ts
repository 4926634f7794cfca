import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { BRAND_NAMES } from '../../src/cards/card.ts'
import { declineText } from '../../src/charges/declines.ts'
import type { Decline } from '../../src/network/acquirer.ts'
import { type Behaviour, TEST_CARDS, type TestCard, testCard } from '../../src/network/simulator/cards.ts'
import { simulator } from '../../src/network/simulator/simulator.ts'
import { BUILT_IN_TOKEN_NAMES, builtInToken } from '../../src/network/simulator/tokens.ts'
import { blocksAfterNetwork } from '../../src/radar/radar.ts'
import { type Body, NEW, startTestServer } from './server.ts'

// Every row of the tables of test cards and tokens, through the API: when a token is made, at a charge, and when it is
// saved (for which the acquirer is asked as well).

const shop = await startTestServer()
const now = () => shop.clock.seconds

type Sent = { readonly cvc: boolean; readonly line1: boolean; readonly zip: boolean }

const ALL: Sent = { cvc: true, line1: true, zip: true }
const NOTHING: Sent = { cvc: false, line1: false, zip: false }

const isAmex = (number: string) => number.startsWith('3') && number.length === 15

const dataOf = (number: string, sent: Sent) => ({
  number,
  exp_month: 12,
  exp_year: 2020,
  ...(sent.cvc && { cvc: isAmex(number) ? '1234' : '123' }),
  ...(sent.line1 && { address_line1: '1 Main Street' }),
  ...(sent.zip && { address_zip: '94107' }),
})

/** Why a charge of the card fails: `fraudulent` is Radar's word, the others are the issuer's. */
function declineOf({ behaviour, risk }: TestCard, sent: Sent): string | null {
  if (risk === 'highest' || risk === 'always_blocked') return 'fraudulent'
  if (behaviour.kind !== 'decline') return null
  return behaviour.when === 'cvc_sent' && !sent.cvc ? null : behaviour.reason.declineCode
}

/** What the charge shows of the data that were sent. */
function checksOf(card: TestCard, sent: Sent) {
  const found = resultsOf(card)
  return {
    address_line1_check: sent.line1 ? found.line1 : null,
    address_postal_code_check: sent.zip ? found.zip : null,
    cvc_check: sent.cvc ? found.cvc : null,
  }
}

function resultsOf({ behaviour, risk }: TestCard) {
  if (risk === 'highest' || risk === 'always_blocked')
    return { cvc: 'unavailable', line1: 'unavailable', zip: 'unavailable' }
  if (behaviour.kind === 'checks') return behaviour.results
  const isWrong = behaviour.kind === 'decline' && behaviour.when === 'cvc_sent'
  return { cvc: isWrong ? 'fail' : 'pass', line1: 'pass', zip: 'pass' }
}

const LEVELS = { normal: 'normal', elevated: 'elevated', highest: 'highest', always_blocked: 'highest' } as const

const WITHOUT_ADVICE = { adviceCode: undefined, networkAdviceCode: undefined, networkDeclineCode: undefined }

function adviceOf(
  behaviour: Behaviour,
): Partial<Pick<Decline, 'adviceCode' | 'networkAdviceCode' | 'networkDeclineCode'>> {
  return behaviour.kind === 'decline' ? behaviour.reason : WITHOUT_ADVICE
}

/** The whole error of a declined charge in the newest version. */
function errorOf(card: TestCard, declineCode: string, charge: string | undefined) {
  const { code, message, param } = declineText(declineCode)
  const { adviceCode, networkAdviceCode, networkDeclineCode } = adviceOf(card.behaviour)
  const members = {
    advice_code: adviceCode ?? undefined,
    charge,
    code,
    decline_code: declineCode,
    doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`,
    message,
    network_advice_code: networkAdviceCode ?? undefined,
    network_decline_code: networkDeclineCode ?? undefined,
    param,
    type: 'card_error',
  }
  return JSON.parse(JSON.stringify(members))
}

/** Charges a token or card data, and compares all that the row of the table says. */
async function assertCharge(source: unknown, card: TestCard, sent: Sent): Promise<void> {
  const form = { amount: 999, currency: 'usd', source: source as string }
  const answer = await shop.call('POST /v1/charges', form, { version: NEW })
  const declineCode = declineOf(card, sent)
  assert.equal(answer.status, declineCode === null ? 200 : 402, answer.text)
  if (declineCode !== null) {
    assert.match(String(answer.body.error.charge), /^ch_[0-9A-Za-z]{24}$/)
    assert.deepEqual(answer.body.error, errorOf(card, declineCode, answer.body.error.charge))
  }
  const id = declineCode === null ? answer.body.id : answer.body.error.charge
  const charge = await shop.made(`GET /v1/charges/${id}`, {}, { version: NEW })
  const isPaid = declineCode === null
  assert.deepEqual([charge.status, charge.paid], isPaid ? ['succeeded', true] : ['failed', false])
  assertCard(charge.source, card)
  const { brand, checks, country, funding, last4 } = charge.payment_method_details.card
  assert.deepEqual([brand, country, funding, last4], [card.brand, card.country, card.funding, card.number.slice(-4)])
  assert.deepEqual(checks, checksOf(card, sent))
  assert.deepEqual([charge.outcome.risk_level, charge.outcome.type], [LEVELS[card.risk], typeOf(declineCode)])
  // The answer tells of nothing that follows; who asks next sees it.
  if (declineCode === null) assert.deepEqual([answer.body.dispute, answer.body.disputed], [null, false])
  await assertSequel(charge, card)
  assert.deepEqual([charge.review, charge.refunded], [null, false])
}

/** By what follows: the amounts and states of the disputes, newest first. */
const DISPUTES: Readonly<Record<string, readonly (readonly [amount: number, reason: string, status: string])[]>> = {
  dispute: [[999, 'fraudulent', 'needs_response']],
  dispute_not_received: [[999, 'product_not_received', 'needs_response']],
  dispute_compelling_evidence: [[999, 'fraudulent', 'needs_response']],
  dispute_compliance: [[999, 'noncompliant', 'needs_response']],
  disputes: [
    [499, 'fraudulent', 'needs_response'],
    [500, 'fraudulent', 'needs_response'],
  ],
  inquiry: [[999, 'fraudulent', 'warning_needs_response']],
}

async function assertSequel(charge: Body, { sequel }: TestCard): Promise<void> {
  const { data } = await shop.made('GET /v1/disputes', { charge: charge.id }, { version: NEW })
  const disputes = DISPUTES[sequel ?? ''] ?? []
  assert.deepEqual(
    data.map(({ amount, reason, status }) => [amount, reason, status]),
    disputes,
  )
  assert.deepEqual([charge.dispute, charge.disputed], [data[0]?.id ?? null, disputes.length > 0])
  const warnings = await shop.made('GET /v1/radar/early_fraud_warnings', { charge: charge.id }, { version: NEW })
  assert.deepEqual(
    warnings.data.map(({ fraud_type, actionable }) => [fraud_type, actionable]),
    sequel === 'early_fraud_warning' ? [['made_with_stolen_card', true]] : [],
  )
}

function typeOf(declineCode: string | null): string {
  if (declineCode === null) return 'authorized'
  return declineCode === 'fraudulent' ? 'blocked' : 'issuer_declined'
}

function assertCard(shown: Body['card'], { brand, country, funding, number }: TestCard): void {
  const told = [shown.brand, shown.country, shown.funding, shown.last4]
  assert.deepEqual(told, [BRAND_NAMES[brand], country, funding, number.slice(-4)])
}

describe('the number of a test card', () => {
  for (const card of TEST_CARDS) {
    const { number } = card

    it(`${number} makes a token like any other, which then is charged as the table says`, async () => {
      const token = await shop.made('POST /v1/tokens', { card: dataOf(number, ALL) })
      assertCard(token.card, card)
      const { address_line1_check, address_zip_check, cvc_check } = token.card
      assert.deepEqual([address_line1_check, address_zip_check, cvc_check], ['unchecked', 'unchecked', 'unchecked'])
      await assertCharge(token.id, card, ALL)
    })

    it(`${number} is charged as raw data with nothing to check`, () =>
      assertCharge(dataOf(number, NOTHING), card, NOTHING))
  }

  it('that is mistyped makes no token', async () => {
    const { error } = await shop.refused('POST /v1/tokens', { card: dataOf('4242424242424241', ALL) })
    assert.equal(error.code, 'incorrect_number')
  })
})

describe('a built-in token', () => {
  for (const name of BUILT_IN_TOKEN_NAMES) {
    it(`${name} is charged as the table says`, async () => {
      const token = builtInToken(name, now())
      const card = token && testCard(token.card.number)
      assert.ok(card)
      await assertCharge(name, card, { cvc: true, line1: token.line1 !== null, zip: token.zip !== null })
    })
  }

  it('of a mock that is not Stripe’s does not exist', async () => {
    for (const name of ['tok_429', 'tok_500', 'tok_forget']) {
      const { error } = await shop.refused('POST /v1/charges', { amount: 999, currency: 'usd', source: name })
      assert.equal(error.message, `No such token: '${name}'`)
    }
  })
})

describe('a test card that is saved', () => {
  const save = (pan: string, sent: Sent) =>
    simulator().authorize({
      reference: 'card_1',
      livemode: false,
      pan,
      expMonth: 12,
      expYear: 2020,
      sent,
      storedCredential: true,
      amount: 0,
      currency: 'usd',
    })

  // Stripe's documentation, by the last four digits; all others are saved.
  const REFUSED: Readonly<Record<string, string>> = {
    '4000000000000002': 'generic_decline',
    '4000000000009995': 'insufficient_funds',
    '4000050000009958': 'insufficient_funds', // the debit card of tok_visa_debit_chargeDeclinedInsufficientFunds
    '4000000000009987': 'lost_card',
    '4000000000009979': 'stolen_card',
    '4000000000000069': 'expired_card',
    '4000000000000127': 'incorrect_cvc',
    '4000000000000119': 'processing_error',
    '4000000000006975': 'card_velocity_exceeded',
  }
  const FAILED_CHECK: Readonly<Record<string, string>> = {
    '4000000000000101': 'incorrect_cvc',
    '4000058400307872': 'incorrect_cvc',
    '4000000000000036': 'incorrect_zip',
    '4000058400306072': 'incorrect_zip',
    '4000000000000010': 'incorrect_zip',
  }

  for (const { number } of TEST_CARDS) {
    const refusal = REFUSED[number]
    it(`${number} is ${refusal ? `refused, ${refusal}` : 'taken'}`, async () => {
      const answer = await save(number, ALL)
      assert.equal(answer.approved ? undefined : answer.declineCode, refusal)
      if (!answer.approved) return
      const block = blocksAfterNetwork(answer.checks, { cvcFailure: true, avsFailure: true })
      assert.equal(block ?? undefined, FAILED_CHECK[number], 'where the account declines on failed checks')
      assert.equal(blocksAfterNetwork(answer.checks, { cvcFailure: false, avsFailure: false }), null)
    })
  }

  for (const { number } of TEST_CARDS) {
    const refusal = REFUSED[number]
    it(`${number} makes ${refusal ? 'no customer' : 'a customer, and no charge'}`, async () => {
      const { id } = await shop.made('POST /v1/tokens', { card: dataOf(number, ALL) })
      const { status, body } = await shop.call('POST /v1/customers', { source: id }, { version: NEW })
      if (refusal === undefined) return assert.equal(status, 200)
      assert.deepEqual([status, body.error.decline_code, body.error.charge], [402, refusal, undefined])
    })
  }

  it('is taken where a CVC would be wrong, and none was sent', async () => {
    assert.equal((await save('4000000000000127', NOTHING)).approved, true)
  })
})

describe('a PaymentMethod’s name', () => {
  const charge = (source: object) => ({ amount: 999, currency: 'usd', ...source })

  it('is no source', async () => {
    for (const name of ['source', 'card']) {
      const { status, error } = await shop.refused('POST /v1/charges', charge({ [name]: 'pm_card_visa' }))
      assert.equal(status, 400)
      assert.deepEqual(error, {
        code: 'resource_missing',
        doc_url: 'https://stripe.com/docs/error-codes/resource-missing',
        message:
          "No such token: 'pm_card_visa'; a PaymentMethod cannot be charged as a source. Use a token instead, such as tok_visa.",
        param: 'source',
        type: 'invalid_request_error',
      })
    }
  })

  it('is no card of a token either', async () => {
    const { status, error } = await shop.refused('POST /v1/tokens', { card: { token: 'pm_card_visa' } })
    assert.deepEqual([status, error.code, error.param], [400, 'parameter_unknown', 'card[token]'])
  })
})

describe('live mode', () => {
  let key = ''
  before(async () => {
    const made = await shop.control<{ key: string }>('POST /accounts/acct_1KobanTestAccount/keys', {
      kind: 'secret',
      livemode: true,
    })
    key = made.body.key
  })

  it('knows of a card number the brand alone, whether it is a test card’s or not', async () => {
    for (const [number, brand] of [
      ['4000002760003184', 'Visa'],
      ['5105105105105100', 'MasterCard'],
      ['4111111111111111', 'Visa'],
      ['3566002020360505', 'JCB'],
    ] as const) {
      const { card, livemode } = await shop.made('POST /v1/tokens', { card: dataOf(number, ALL) }, { key })
      assert.deepEqual([livemode, card.brand, card.country, card.funding], [true, brand, null, 'unknown'])
    }
  })
})
