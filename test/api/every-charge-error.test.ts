import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ENDPOINTS } from '../../src/server.ts'
import { DAY } from './clock.ts'
import { refusals, type Told } from './refusals.ts'
import { startTestServer } from './server.ts'

// What a capture and a refund may be refused with, what stands in the wrong mode, and a key that has ended: a row each.

const shop = await startTestServer()
const refuses = refusals(shop)

const SAMPLE = { amount: 1000, currency: 'usd', source: 'tok_visa' }
const CREATE = 'POST /v1/charges'
const REFUND = 'POST /v1/refunds'

const charge = async (form = {}) => (await shop.made(CREATE, { ...SAMPLE, ...form })).id
const refund = (id: string, form = {}) => shop.made(REFUND, { charge: id, ...form })

// All is made before the first test is declared: a server is closed as soon as the tests that there are have run.
const captured = await charge()
const refunded = await charge()
await refund(refunded)
const halfRefunded = await charge()
await refund(halfRefunded, { amount: 500 })
const halfCaptured = await charge({ capture: false })
await shop.made(`POST /v1/charges/${halfCaptured}/capture`, { amount: 800 })
const released = await charge({ capture: false })
await refund(released)
const failed = String((await shop.refused(CREATE, { ...SAMPLE, source: 'tok_chargeDeclined' })).error.charge)
const chargedBack = await charge({ source: 'tok_createDispute' })
const lost = await charge({ source: 'tok_createDispute' })
const ended = String((await shop.made(`POST /v1/charges/${lost}/dispute/close`)).id)
const lapsed = await charge({ capture: false })
shop.clock.advance(7 * DAY)
const held = await charge({ capture: false })
const pounds = await charge({ currency: 'gbp' })
await refund(pounds, { amount: 500 })

type Key = { readonly id: string; readonly key: string }
const KEYS = 'POST /accounts/acct_1KobanTestAccount/keys'
const live = (await shop.control<Key>(KEYS, { livemode: true })).body.key
const old = (await shop.control<Key>(KEYS, {})).body
await shop.control(`${KEYS}/${old.id}/roll`, {})
const liveToken = (
  await shop.made(
    'POST /v1/tokens',
    { card: { number: '4242424242424242', exp_month: 12, exp_year: 2020 } },
    { key: live },
  )
).id

const NOT_POSITIVE: Told = [
  400,
  'parameter_invalid_integer',
  'amount',
  'This value must be greater than or equal to 1.',
]
const TOO_LARGE: Told = [400, 'amount_too_large', 'amount', 'Amount must be no more than $999,999.99']
const refundedAlready = (id: string): Told => [
  400,
  'charge_already_refunded',
  null,
  `Charge ${id} has already been refunded.`,
]

describe('a capture', () => {
  const capture = (id: string) => `POST /v1/charges/${id}/capture`
  const capturedAlready = (id: string): Told => [
    400,
    'charge_already_captured',
    null,
    `Charge ${id} has already been captured.`,
  ]
  refuses('of what is captured', capture(captured), {}, capturedAlready(captured))
  refuses(
    'of the rest of what is captured in part',
    capture(halfCaptured),
    { amount: 200 },
    capturedAlready(halfCaptured),
  )
  refuses('of more than was authorized', capture(held), { amount: 1001 }, [
    400,
    'amount_too_large',
    null,
    'The payment could not be captured because the requested capture amount is greater than the amount you can capture for this charge. Contact us via https://support.stripe.com/contact/ for help.',
  ])
  refuses('of nothing', capture(held), { amount: 0 }, NOT_POSITIVE)
  refuses('of less than nothing', capture(held), { amount: -5 }, NOT_POSITIVE)
  refuses('of less than the minimum', capture(held), { amount: 49 }, [
    400,
    'amount_too_small',
    null,
    'Amount must be at least $0.50 usd',
  ])
  refuses('of an authorization that has lapsed', capture(lapsed), {}, [
    400,
    'charge_expired_for_capture',
    null,
    `Charge ${lapsed} cannot be captured because the charge has expired (a charge must be captured within 7 days). You will need to create a new charge to retry the payment.`,
  ])
  refuses('of an authorization that was released', capture(released), {}, refundedAlready(released))
  refuses('of what is refunded', capture(refunded), {}, capturedAlready(refunded))
  refuses('of what was declined', capture(failed), {}, [
    400,
    'charge_invalid_parameter',
    null,
    `Charge ${failed} cannot be captured because it failed.`,
  ])
})

describe('a refund', () => {
  // Koban's three routes to one operation.
  for (const [route, below] of [
    [() => REFUND, false],
    [(id: string) => `POST /v1/charges/${id}/refunds`, true],
    [(id: string) => `POST /v1/charges/${id}/refund`, true],
  ] as const) {
    const of = (id: string, form = {}) => [route(id), below ? form : { charge: id, ...form }] as const
    const name = route('…')
    const above = (message: string): Told => [400, null, 'amount', message]

    refuses(`${name}: of what is refunded`, ...of(refunded), refundedAlready(refunded))
    refuses(`${name}: of what is released`, ...of(released), refundedAlready(released))
    refuses(
      `${name}: above the charge`,
      ...of(captured, { amount: 1100 }),
      above('Refund amount ($11.00) is greater than charge amount ($10.00)'),
    )
    refuses(
      `${name}: above what is left`,
      ...of(halfRefunded, { amount: 600 }),
      above('Refund amount ($6.00) is greater than unrefunded amount on charge ($5.00)'),
    )
    refuses(
      `${name}: above what is left, in pounds`,
      ...of(pounds, { amount: 501 }),
      above('Refund amount (£5.01) is greater than unrefunded amount on charge (£5.00)'),
    )
    refuses(
      `${name}: of a part of what is only authorized`,
      ...of(held, { amount: 400 }),
      above(
        'You cannot partially refund an uncaptured charge. Instead, capture the charge for an amount less than the original amount',
      ),
    )
    refuses(`${name}: of nothing`, ...of(captured, { amount: 0 }), NOT_POSITIVE)
    refuses(`${name}: of less than nothing`, ...of(captured, { amount: -1 }), NOT_POSITIVE)
    refuses(`${name}: of a million dollars`, ...of(captured, { amount: 100_000_000 }), TOO_LARGE)
    refuses(`${name}: for another reason`, ...of(captured, { reason: 'expired_uncaptured_charge' }), [
      400,
      null,
      'reason',
      'Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer',
    ])
    refuses(`${name}: of what was declined`, ...of(failed), [
      400,
      'charge_not_refundable',
      null,
      `Charge ${failed} cannot be refunded because it failed.`,
    ])
  }
  refuses('of no charge', REFUND, { amount: 100 }, [
    400,
    null,
    null,
    'One of the following params should be provided for this request: payment_intent or charge.',
  ])

  it('is made and cannot be cancelled', async () => {
    const { id } = await refund(captured, { amount: 100 })
    const { status, error } = await shop.refused(`POST /v1/refunds/${id}/cancel`)
    const message = 'Canceling this refund is unsupported.'
    assert.deepEqual([status, error], [400, { message, type: 'invalid_request_error' }])
  })
})

describe('the wrong mode', () => {
  const inTest = (word: string, id: string) =>
    `No such ${word}: '${id}'; a similar object exists in test mode, but a live mode key was used to make this request.`
  const missing = (status: number, param: string, message: string): Told => [status, 'resource_missing', param, message]
  const byLive = { key: live }

  refuses('of a charge', `GET /v1/charges/${captured}`, {}, missing(404, 'id', inTest('charge', captured)), byLive)
  refuses('of a charge to refund', REFUND, { charge: captured }, missing(404, 'id', inTest('charge', captured)), byLive)
  refuses(
    'of a cursor',
    'GET /v1/charges',
    { starting_after: captured },
    missing(400, 'starting_after', inTest('charge', captured)),
    byLive,
  )
  const inLive = `No such token: '${liveToken}'; a similar object exists in live mode, but a test mode key was used to make this request.`
  refuses('of a token', `GET /v1/tokens/${liveToken}`, {}, missing(404, 'token', inLive))
  refuses('of a token to charge', CREATE, { ...SAMPLE, source: liveToken }, missing(400, 'source', inLive))
  refuses(
    'of a charge, while there is no acquirer',
    CREATE,
    SAMPLE,
    [400, 'testmode_charges_only', null, 'Your account cannot currently make live charges.'],
    byLive,
  )
})

describe('a dispute', () => {
  refuses('of the charge that is refunded', REFUND, { charge: chargedBack }, [
    400,
    'charge_disputed',
    null,
    `Charge ${chargedBack} has been charged back; cannot issue a refund.`,
  ])
  const closed: Told = [400, null, null, 'This dispute is already closed']
  refuses('that is over: evidence', `POST /v1/disputes/${ended}`, { evidence: { receipt: 'file_1' } }, closed)
  refuses('that is over: closed again', `POST /v1/disputes/${ended}/close`, {}, closed)
  refuses('that there is none of', `GET /v1/charges/${captured}/dispute`, {}, [
    404,
    null,
    null,
    `No dispute for charge: ${captured}`,
  ])
  refuses('unknown', 'GET /v1/disputes/du_nope', {}, [404, 'resource_missing', 'dispute', "No such dispute: 'du_nope'"])
})

describe('a key', () => {
  const shown = `${old.key.slice(0, 8)}${'*'.repeat(old.key.length - 12)}${old.key.slice(-4)}`
  refuses(
    'that was rolled',
    'GET /v1/charges',
    {},
    [401, 'api_key_expired', null, `Expired API Key provided: ${shown}`],
    {
      key: old.key,
    },
  )
})

describe('a search', () => {
  const SEARCH = 'GET /v1/charges/search'
  const since =
    'Search is not supported on api version 2019-05-16. Update your API version, or set the API Version of this request to 2020-08-27 or greater.'
  refuses('of an old version', SEARCH, { query: 'amount:1000' }, [400, null, null, since])
  refuses('without a query', SEARCH, {}, [400, 'parameter_missing', 'query', 'Missing required param: query.'], {
    version: '2020-08-27',
  })
})

/** Errors of what Koban does not have yet, by the route that brings them: once it is there, they need their rows. */
const WAITING: readonly (readonly [route: string, errors: readonly string[]])[] = [
  [
    'POST /v1/payment_intents',
    [
      'capture of a charge that a PaymentIntent made',
      'customer with a PaymentMethod only: use a PaymentIntent',
      "No such payment_intent, param 'intent'",
    ],
  ],
  ['POST /v1/payment_methods', ['the card errors of tokens; attaching a declining card']],
]

describe('an error that waits for its route', () => {
  const routes = ENDPOINTS.map(({ method, path }) => `${method} ${path}`)
  for (const [route, waiting] of WAITING) {
    it(route, () => {
      const isThere = routes.some((one) => one.replaceAll(/:\w+/g, ':') === route.replaceAll(/:\w+/g, ':'))
      assert(
        !isThere,
        `${route} is there now: give these their rows, and take them off the list: ${waiting.join('; ')}`,
      )
    })
  }

  it('live_mode_test_card, which waits for an acquirer in live mode', async () => {
    const { error } = await shop.refused(CREATE, SAMPLE, { key: live })
    assert.equal(error.code, 'testmode_charges_only', 'live mode charges now: a test card there needs its row')
  })
})
