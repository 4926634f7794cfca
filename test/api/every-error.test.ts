import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { refusals, type Told } from './refusals.ts'
import { type Form, NEW, startTestServer } from './server.ts'

const shop = await startTestServer()
const refuses = refusals(shop)

const SAMPLE = { amount: 999, currency: 'usd', source: 'tok_visa' }
const CREATE = 'POST /v1/charges'

/** In the order in which Stripe names them. */
const CURRENCIES =
  'usd, aed, afn, all, amd, ang, aoa, ars, aud, awg, azn, bam, bbd, bdt, bgn, bhd, bif, bmd, bnd, bob, brl, bsd, bwp, byn, bzd, cad, cdf, chf, clp, cny, cop, crc, cve, czk, djf, dkk, dop, dzd, egp, etb, eur, fjd, fkp, gbp, gel, gip, gmd, gnf, gtq, gyd, hkd, hnl, hrk, htg, huf, idr, ils, inr, isk, jmd, jod, jpy, kes, kgs, khr, kmf, krw, kwd, kyd, kzt, lak, lbp, lkr, lrd, lsl, mad, mdl, mga, mkd, mmk, mnt, mop, mur, mvr, mwk, mxn, myr, mzn, nad, ngn, nio, nok, npr, nzd, omr, pab, pen, pgk, php, pkr, pln, pyg, qar, ron, rsd, rub, rwf, sar, sbd, scr, sek, sgd, shp, sle, sos, srd, std, szl, thb, tjs, tnd, top, try, ttd, twd, tzs, uah, ugx, uyu, uzs, vnd, vuv, wst, xaf, xcd, xcg, xof, xpf, yer, zar, zmw, usdc, btn, ghs, eek, lvl, svc, vef, ltl, sll, mro'

const sent = (form: Form) => ({ ...SAMPLE, ...form })

describe('a parameter', () => {
  refuses('unknown', CREATE, sent({ wat: 1 }), [400, 'parameter_unknown', 'wat', 'Received unknown parameter: wat'])
  refuses('unknown inside a hash', CREATE, sent({ shipping: { name: 'x', nope: 1 } }), [
    400,
    'parameter_unknown',
    'shipping[nope]',
    'Received unknown parameter: shipping[nope]',
  ])
  refuses('several unknown', CREATE, sent({ b: 1, a: 2 }), [
    400,
    'parameter_unknown',
    'b',
    'Received unknown parameters: b, a',
  ])
  refuses('unknown, before anything else is looked at', CREATE, { amount: 'abc', wat: 1 }, [
    400,
    'parameter_unknown',
    'wat',
    'Received unknown parameter: wat',
  ])
  refuses('missing: amount', CREATE, { currency: 'usd', source: 'tok_visa' }, [
    400,
    'parameter_missing',
    'amount',
    'Missing required param: amount.',
  ])
  refuses('missing: currency', CREATE, { amount: 999, source: 'tok_visa' }, [
    400,
    'parameter_missing',
    'currency',
    'Missing required param: currency.',
  ])
  refuses('missing in a hash', CREATE, sent({ shipping: { name: 'x' } }), [
    400,
    'parameter_missing',
    'shipping[address]',
    'Missing required param: shipping[address].',
  ])
  for (const amount of ['abc', '20.0', '1e3', '0x10', ' 5', '٣', '12345678901234567890']) {
    refuses(`not an integer: ${amount}`, CREATE, sent({ amount }), [
      400,
      'parameter_invalid_integer',
      'amount',
      `Invalid integer: ${amount}`,
    ])
  }
  for (const amount of [0, -1, -999]) {
    refuses(`below 1: ${amount}`, CREATE, sent({ amount }), [
      400,
      'parameter_invalid_integer',
      'amount',
      'This value must be greater than or equal to 1.',
    ])
  }
  for (const name of ['currency', 'amount', 'transfer_group']) {
    refuses(`empty: ${name}`, CREATE, sent({ [name]: '' }), [
      400,
      'parameter_invalid_empty',
      name,
      `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
    ])
  }
  refuses('an array for a string', CREATE, sent({ description: ['wrong', 'type', 'array'] }), [
    400,
    null,
    'description',
    'Invalid string: {"0":"wrong","1":"type","2":"array"}',
  ])
  refuses('a scalar for an array', CREATE, sent({ expand: 'customer' }), [400, null, 'expand', 'Invalid array'])
  refuses('a scalar for a hash', CREATE, sent({ shipping: 'home' }), [400, null, 'shipping', 'Invalid object'])
  refuses('not a boolean', CREATE, sent({ capture: 'maybe' }), [400, null, 'capture', 'Invalid boolean: maybe'])
  refuses('not in its list', 'POST /v1/refunds', { charge: 'ch_x', reason: 'so' }, [
    400,
    null,
    'reason',
    'Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer',
  ])
  refuses('not one of its two values', 'POST /v1/charges/ch_x', { fraud_details: { user_report: 'so' } }, [
    400,
    null,
    'fraud_details[user_report]',
    'Invalid fraud_details[user_report]: must be one of safe or fraudulent',
  ])
  refuses('of which only one may be sent', 'GET /v1/events', { type: 'charge.failed', types: ['charge.failed'] }, [
    400,
    null,
    'type',
    'You may only specify one of these parameters: type, types.',
  ])
  refuses('too long', CREATE, sent({ transfer_group: `abcd${'x'.repeat(5000)}wxyz` }), [
    400,
    null,
    'transfer_group',
    'Invalid string: abcd...wxyz; must be at most 5000 characters',
  ])
  refuses('a description of 40,001', CREATE, sent({ description: 'd'.repeat(40_001) }), [
    400,
    null,
    'description',
    'Invalid string: dddd...dddd; must be at most 40000 characters',
  ])
  refuses('not an e-mail address', CREATE, sent({ receipt_email: 'not-an-email' }), [
    400,
    'email_invalid',
    'receipt_email',
    'Invalid email address: not-an-email',
  ])
  for (const name of ['application_fee_amount', 'on_behalf_of', 'destination', 'transfer_data']) {
    refuses(`that Koban does not have: ${name}`, CREATE, sent({ [name]: '1' }), [
      400,
      null,
      name,
      `Koban does not support the parameter ${name}. See docs/compatibility.md for what is not there.`,
    ])
  }
})

describe('metadata', () => {
  const told = (message: string): Told => [400, null, 'metadata', message]
  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`key_${n}`, 'x']))
  const long = 'v'.repeat(801)

  refuses(
    'with too long a value',
    CREATE,
    sent({ metadata: { a: long } }),
    told(
      `Metadata values can have up to 500 characters, but you passed in a value that is 801 characters. Invalid value: ${long}`,
    ),
  )
  refuses(
    'with too long a key',
    CREATE,
    sent({ metadata: { ['k'.repeat(41)]: 'x' } }),
    told(
      `Metadata keys can have up to 40 characters, but you passed in a key that is 41 characters. Invalid key: ${'k'.repeat(41)}`,
    ),
  )
  refuses(
    'with too many keys',
    CREATE,
    sent({ metadata: keys(51) }),
    told(
      "Metadata can have up to 50 keys, but you've set 51. Email us at support+metadata@stripe.com for more information.",
    ),
  )
  refuses(
    'with an array as a value',
    CREATE,
    sent({ metadata: { ids: ['608066357640020d17efc2ac'] } }),
    told('Invalid value type: {:"0"=>"608066357640020d17efc2ac"} must be a string'),
  )
  refuses(
    'with a hash as a value',
    CREATE,
    sent({ metadata: { order: { id: 'a "b"', lines: { first: '1' } } } }),
    told('Invalid value type: {:id=>"a \\"b\\"", :lines=>{:first=>"1"}} must be a string'),
  )
  refuses('as a scalar', CREATE, sent({ metadata: 'x' }), told('Invalid object'))
})

describe('a statement descriptor', () => {
  for (const name of ['statement_descriptor', 'statement_descriptor_suffix']) {
    const told = (message: string): Told => [400, null, name, message]
    refuses(
      `too long: ${name}`,
      CREATE,
      sent({ [name]: '1 year period with auto renew' }),
      told(
        'The statement descriptor must be at most 22 characters. 1 year period with auto renew is 29 characters long.',
      ),
    )
    refuses(
      `without a letter: ${name}`,
      CREATE,
      sent({ [name]: '2019-05' }),
      told('The statement descriptor must contain at least one Latin character.'),
    )
    for (const character of ['<', '>', '\\', "'", '"', '*']) {
      refuses(
        `with ${character}: ${name}`,
        CREATE,
        sent({ [name]: `Order ${character}` }),
        told(`The statement descriptor cannot include ${character}.`),
      )
    }
  }
})

describe('an amount', () => {
  const least: readonly (readonly [currency: string, amount: number, text: string])[] = [
    ['usd', 49, '$0.50 usd'],
    ['gbp', 29, '£0.30 gbp'],
    ['eur', 49, '€0.50 eur'],
    ['jpy', 49, '¥50 jpy'],
  ]
  for (const [currency, amount, text] of least) {
    refuses(`of ${amount} ${currency} is too small`, CREATE, sent({ amount, currency }), [
      400,
      'amount_too_small',
      'amount',
      `Amount must be at least ${text}`,
    ])
  }
  refuses('of a million dollars is too large', CREATE, sent({ amount: 100_000_000 }), [
    400,
    'amount_too_large',
    'amount',
    'Amount must be no more than $999,999.99',
  ])
  refuses('of 100,000,000 yen too', CREATE, sent({ amount: 100_000_000, currency: 'jpy' }), [
    400,
    'amount_too_large',
    'amount',
    'Amount must be no more than ¥99,999,999',
  ])

  refuses('of more than twelve digits of rupiah', CREATE, sent({ amount: 1_000_000_000_000, currency: 'idr' }), [
    400,
    'amount_too_large',
    'amount',
    'Amount must be no more than Rp9,999,999,999.99',
  ])
  refuses('in a currency that is none', CREATE, sent({ currency: 'USDZ' }), [
    400,
    null,
    'currency',
    `Invalid currency: usdz. Stripe currently supports these currencies: ${CURRENCIES}`,
  ])

  it('in a currency of three decimals ends in 0', async () => {
    const { error } = await shop.refused(CREATE, sent({ amount: 1234, currency: 'kwd' }))
    assert.equal(error.param, 'amount')
    assert.equal((await shop.made(CREATE, sent({ amount: 1230, currency: 'kwd' }))).amount, 1230)
  })
})

describe('what to charge', () => {
  const { source, ...rest } = SAMPLE
  refuses('is missing', CREATE, rest, [400, 'parameter_missing', null, 'Must provide source or customer.'])
  refuses('is a PaymentMethod alone', CREATE, { ...rest, payment_method: 'pm_card_visa' }, [
    400,
    'parameter_missing',
    null,
    'Must provide source or customer.',
  ])
  refuses('is a PaymentMethod beside a token', CREATE, { ...SAMPLE, payment_method: 'pm_card_visa' }, [
    400,
    null,
    'payment_method',
    'Koban does not support the parameter payment_method. See docs/compatibility.md for what is not there.',
  ])
  refuses('is no customer that is there', CREATE, { ...rest, customer: 'cus_nope' }, [
    400,
    'resource_missing',
    'customer',
    "No such customer: 'cus_nope'",
  ])
  refuses('is no token that is there', CREATE, { ...rest, source: 'tok_nope' }, [
    400,
    'resource_missing',
    'source',
    "No such token: 'tok_nope'",
  ])
  refuses('is no token, but a charge', CREATE, { ...rest, source: 'ch_1F1xavAWOtgoysogxrtSiCu4' }, [
    400,
    'resource_missing',
    'source',
    "No such token: 'ch_1F1xavAWOtgoysogxrtSiCu4'",
  ])
  for (const name of ['source', 'card']) {
    refuses(`is an empty ${name}`, CREATE, { ...rest, [name]: '' }, [
      400,
      null,
      'source',
      "Invalid source object: must be a dictionary or a non-empty string. See API docs at https://stripe.com/docs'",
    ])
  }
})

describe('what is not there', () => {
  const missing = (word: string, id: string, param: string): Told => [
    404,
    'resource_missing',
    param,
    `No such ${word}: '${id}'`,
  ]
  refuses('a charge', 'GET /v1/charges/ch_nope', {}, missing('charge', 'ch_nope', 'id'))
  refuses('a charge to change', 'POST /v1/charges/ch_nope', {}, missing('charge', 'ch_nope', 'id'))
  refuses('a charge to capture', 'POST /v1/charges/ch_nope/capture', {}, missing('charge', 'ch_nope', 'charge'))
  refuses('a charge to refund, below it', 'POST /v1/charges/ch_nope/refunds', {}, missing('charge', 'ch_nope', 'id'))
  refuses('a charge with refunds', 'GET /v1/charges/ch_nope/refunds', {}, missing('charge', 'ch_nope', 'id'))
  refuses('a charge to refund', 'POST /v1/refunds', { charge: 'ch_nope' }, missing('charge', 'ch_nope', 'id'))
  refuses('a charge to list refunds of', 'GET /v1/refunds', { charge: 'ch_nope' }, [
    400,
    'resource_missing',
    'charge',
    "No such charge: 'ch_nope'",
  ])
  refuses('a refund', 'GET /v1/refunds/re_nope', {}, missing('refund', 're_nope', 'refund'))
  refuses('a token', 'GET /v1/tokens/tok_nope', {}, missing('token', 'tok_nope', 'token'))
  refuses(
    'a balance transaction',
    'GET /v1/balance_transactions/txn_nope',
    {},
    missing('balance transaction', 'txn_nope', 'id'),
  )
  refuses('an event', 'GET /v1/events/evt_nope', {}, missing('event', 'evt_nope', 'id'))
  refuses(
    'an id of another kind is looked for all the same',
    'GET /v1/charges/re_nope',
    {},
    missing('charge', 're_nope', 'id'),
  )
  for (const id of [' ch_nope', 'ch_nope ', "'ch_nope'", '"ch_nope"']) {
    refuses(`an id with a blank or a quote round it: ${id}`, `GET /v1/charges/${encodeURIComponent(id)}`, {}, [
      404,
      'resource_missing',
      'id',
      `No such charge: '${id}'. Make sure you use the exact id without extra whitespace or quotes`,
    ])
  }
  refuses(
    'an id in another script',
    `GET /v1/charges/${encodeURIComponent('注文')}`,
    {},
    missing('charge', '注文', 'id'),
  )
})

describe('what cannot be expanded', () => {
  const not = (path: string, word: string) =>
    refuses(path, CREATE, sent({ expand: [path] }), [400, null, null, `This property cannot be expanded (${word}).`])
  not('metadata', 'metadata')
  not('invalid.deep.path', 'invalid')
  not('payment_method', 'payment_method')
  refuses('on a list, without its prefix', 'GET /v1/charges', { expand: ['customer'] }, [
    400,
    null,
    null,
    "This property cannot be expanded (customer). You may want to try expanding 'data.customer' instead.",
  ])
  refuses('a member of a list that cannot', 'GET /v1/charges', { expand: ['data.metadata'] }, [
    400,
    null,
    null,
    'This property cannot be expanded (metadata).',
  ])
  refuses('five levels', 'GET /v1/charges', { expand: ['data.refunds.data.charge.customer'] }, [
    400,
    'property_expansion_max_depth',
    null,
    'You cannot expand more than 4 levels of a property. Property: data.refunds.data.charge.customer',
  ])

  it('but null stays null, and data alone does nothing', async () => {
    const charge = await shop.made(CREATE, sent({ expand: ['customer', 'invoice', 'dispute'] }))
    assert.deepEqual([charge.customer, charge.dispute], [null, null])
    assert.equal((await shop.made('GET /v1/charges', { expand: ['data'] })).object, 'list')
  })
})

it('the newest version tells the same texts', async () => {
  for (const [route, form] of [
    [CREATE, sent({ amount: 10 })],
    ['GET /v1/charges/ch_nope', {}],
    [CREATE, { wat: 1 }],
  ] as const) {
    const old = await shop.refused(route, form)
    const today = await shop.refused(route, form, { version: NEW })
    assert.deepEqual([today.status, today.error], [old.status, old.error])
  }
})

it('none of these refusals left anything behind', async () => {
  const { data } = await shop.made('GET /v1/charges', { limit: 100 })
  assert.deepEqual(
    data.filter(({ paid }) => paid !== true),
    [],
  )
})
