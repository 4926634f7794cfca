import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SUPPORTED_CURRENCIES } from '../currencies.ts'
import { errorBody, StripeError } from '../errors.ts'
import { parseFormText } from './form.ts'
import {
  boolean,
  choice,
  createdFilter,
  currency,
  decodeParameters,
  email,
  type Fields,
  hash,
  ignored,
  integer,
  metadata,
  refused,
  required,
  string,
  stringOr,
  strings,
  unsettable,
  withDefault,
} from './params.ts'

/** What an endpoint with these parameters makes of a form. Members without a value are left out. */
function decode(fields: Fields, sent: string) {
  return JSON.parse(JSON.stringify(decodeParameters(fields, parseFormText(sent))))
}

/** Stripe's answer to it. */
function refusalOf(fields: Fields, sent: string) {
  try {
    decodeParameters(fields, parseFormText(sent))
  } catch (error) {
    assert.ok(error instanceof StripeError, String(error))
    assert.equal(error.fields.status, 400)
    const { type, doc_url: _, ...told } = JSON.parse(JSON.stringify(errorBody(error).error))
    assert.equal(type, 'invalid_request_error')
    return told
  }
  return assert.fail(`${sent} was to be refused`)
}

const empty = (name: string) => ({
  code: 'parameter_invalid_empty',
  message: `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
  param: name,
})

describe('a string', () => {
  const fields = { name: string(10), description: unsettable(string()) }

  it('is taken as it was sent: also what looks like a number', () => {
    assert.deepEqual(decode(fields, 'name=12345'), { name: '12345' })
    assert.deepEqual(decode(fields, 'name=+x+'), { name: ' x ' })
  })

  it('may be absent', () => assert.deepEqual(decode(fields, ''), {}))

  it('that is empty is refused where it cannot be unset', () => {
    assert.deepEqual(refusalOf(fields, 'name='), empty('name'))
    assert.deepEqual(refusalOf({ shipping: hash(fields) }, 'shipping[name]='), empty('shipping[name]'))
  })

  it('that is empty unsets what can be unset', () => {
    assert.deepEqual(decode(fields, 'description='), { description: null })
  })

  it('is refused where it is an array or a hash', () => {
    assert.deepEqual(refusalOf(fields, 'name[0]=wrong&name[1]=type&name[2]=array'), {
      message: 'Invalid string: {"0":"wrong","1":"type","2":"array"}',
      param: 'name',
    })
    assert.deepEqual(refusalOf(fields, 'description[a][b]=x'), {
      message: 'Invalid string: {"a":{"b":"x"}}',
      param: 'description',
    })
  })

  it('that is too long is told by its ends', () => {
    assert.deepEqual(decode(fields, 'name=0123456789'), { name: '0123456789' })
    assert.deepEqual(refusalOf(fields, 'name=0123456789a'), {
      message: 'Invalid string: 0123...789a; must be at most 10 characters',
      param: 'name',
    })
    assert.deepEqual(refusalOf({ text: string() }, `text=${'a'.repeat(5001)}`), {
      message: 'Invalid string: aaaa...aaaa; must be at most 5000 characters',
      param: 'text',
    })
  })
})

describe('an integer', () => {
  const fields = { amount: integer(1), limit: integer() }

  it('is read from its digits', () => {
    assert.deepEqual(decode(fields, 'amount=999'), { amount: 999 })
    assert.deepEqual(decode(fields, 'amount=00999'), { amount: 999 })
    assert.deepEqual(decode(fields, 'limit=-5'), { limit: -5 })
    assert.deepEqual(decode(fields, 'amount=999999999999'), { amount: 999_999_999_999 })
  })

  for (const sent of [
    'abc',
    '20.0',
    '1e3',
    '0x10',
    '1,000',
    ' 5',
    '5 ',
    '--5',
    '-',
    'NaN',
    'Infinity',
    '٣',
    '1'.repeat(400),
  ]) {
    it(`is not ${sent.slice(0, 20)}`, () => {
      assert.deepEqual(refusalOf(fields, `amount=${encodeURIComponent(sent)}`), {
        code: 'parameter_invalid_integer',
        message: `Invalid integer: ${sent}`,
        param: 'amount',
      })
    })
  }

  for (const sent of ['0', '-1', '-0', '-999999']) {
    it(`of at least 1 is not ${sent}`, () => {
      assert.deepEqual(refusalOf(fields, `amount=${sent}`), {
        code: 'parameter_invalid_integer',
        message: 'This value must be greater than or equal to 1.',
        param: 'amount',
      })
    })
  }

  it('that is empty is refused', () => assert.deepEqual(refusalOf(fields, 'amount='), empty('amount')))
})

describe('a boolean', () => {
  const fields = { capture: withDefault(boolean(), true) }

  for (const [sent, value] of [
    ['true', true],
    ['false', false],
    ['True', true],
    ['False', false],
    ['FALSE', false],
  ] as const) {
    it(`${sent} is ${value}`, () => assert.deepEqual(decode(fields, `capture=${sent}`), { capture: value }))
  }

  it('has its default where it is absent', () => assert.deepEqual(decode(fields, ''), { capture: true }))

  it('is nothing else', () => {
    for (const sent of ['maybe', '0', '1', 'yes']) {
      assert.deepEqual(refusalOf(fields, `capture=${sent}`), { message: `Invalid boolean: ${sent}`, param: 'capture' })
    }
    assert.deepEqual(refusalOf(fields, 'capture='), empty('capture'))
  })
})

describe('one of a list of words', () => {
  it('is taken', () => assert.deepEqual(decode({ reason: choice('a', 'b') }, 'reason=b'), { reason: 'b' }))

  it('is refused with the whole list', () => {
    const reason = choice('duplicate', 'fraudulent', 'requested_by_customer')
    for (const sent of ['because', 'Duplicate', 'constructor']) {
      assert.deepEqual(refusalOf({ reason }, `reason=${sent}`), {
        message: 'Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer',
        param: 'reason',
      })
    }
    assert.equal(
      refusalOf({ report: choice('safe', 'fraudulent') }, 'report=x').message,
      'Invalid report: must be one of safe or fraudulent',
    )
    assert.deepEqual(refusalOf({ reason }, 'reason='), empty('reason'))
  })
})

describe('a currency', () => {
  const fields = { currency: currency() }

  it('is taken in any case', () => {
    for (const sent of ['usd', 'USD', 'Usd']) assert.deepEqual(decode(fields, `currency=${sent}`), { currency: 'usd' })
  })

  it('that is none is refused with all that there are', () => {
    const told = refusalOf(fields, 'currency=USDZ')
    assert.equal(told.param, 'currency')
    assert.equal(told.code, undefined)
    const start = 'Invalid currency: usdz. Stripe currently supports these currencies: usd, aed, afn, all, amd, ang, '
    assert.ok(told.message.startsWith(start), told.message)
    assert.ok(told.message.endsWith(', zmw, usdc, btn, ghs, eek, lvl, svc, vef, ltl, sll, mro'), told.message)
    assert.equal(told.message.split(', ').length, SUPPORTED_CURRENCIES.length)
    assert.equal(refusalOf(fields, 'currency=constructor').param, 'currency')
    assert.equal(refusalOf({ card: hash(fields) }, 'card[currency]=zzz').param, 'card[currency]')
  })
})

describe('an e-mail address', () => {
  const fields = { email: email() }

  it('is taken', () => {
    for (const sent of ['jenny@example.com', "o'hara+tag@sub.example.co.jp", 'ユーザー@例え.jp']) {
      assert.deepEqual(decode(fields, `email=${encodeURIComponent(sent)}`), { email: sent })
    }
  })

  it('that is none is refused', () => {
    for (const sent of ['not-an-email', 'a@b', 'a b@example.com', '@example.com', 'a@@example.com']) {
      assert.deepEqual(refusalOf(fields, `email=${encodeURIComponent(sent)}`), {
        code: 'email_invalid',
        message: `Invalid email address: ${sent}`,
        param: 'email',
      })
    }
  })
})

describe('a hash', () => {
  const fields = { shipping: hash({ name: required(string()), address: required(hash({ line1: string() })) }) }

  it('is read with its members', () => {
    assert.deepEqual(decode(fields, 'shipping[name]=Jenny&shipping[address][line1]=x'), {
      shipping: { name: 'Jenny', address: { line1: 'x' } },
    })
  })

  it('is refused where it is a scalar', () => {
    for (const sent of ['x', '']) {
      assert.deepEqual(refusalOf(fields, `shipping=${sent}`), { message: 'Invalid object', param: 'shipping' })
    }
    assert.deepEqual(refusalOf(fields, 'shipping[name]=Jenny&shipping[address]=x'), {
      message: 'Invalid object',
      param: 'shipping[address]',
    })
  })

  it('misses what it must have, by the whole name', () => {
    assert.deepEqual(refusalOf(fields, 'shipping[address][line1]=x'), {
      code: 'parameter_missing',
      message: 'Missing required param: shipping[name].',
      param: 'shipping[name]',
    })
  })

  it('knows its members only', () => {
    assert.deepEqual(refusalOf(fields, 'shipping[name]=Jenny&shipping[address][nope]=x'), {
      code: 'parameter_unknown',
      message: 'Received unknown parameter: shipping[address][nope]',
      param: 'shipping[address][nope]',
    })
  })
})

describe('a string or a hash', () => {
  const fields = { source: stringOr({ number: string() }) }

  it('is either', () => {
    assert.deepEqual(decode(fields, 'source=tok_visa'), { source: 'tok_visa' })
    assert.deepEqual(decode(fields, 'source[number]=4242'), { source: { number: '4242' } })
  })

  it('is checked as what it is', () => {
    assert.equal(refusalOf(fields, 'source[nope]=x').param, 'source[nope]')
    assert.equal(refusalOf(fields, 'source[number][a]=x').param, 'source[number]')
  })

  it('that is neither is told what it may be', () => {
    assert.deepEqual(refusalOf(fields, 'source='), {
      message:
        "Invalid source object: must be a dictionary or a non-empty string. See API docs at https://stripe.com/docs'",
      param: 'source',
    })
  })
})

describe('a time at which something was created', () => {
  const fields = { created: createdFilter() }

  it('is one second, or what lies between two', () => {
    assert.deepEqual(decode(fields, 'created=1558000000'), { created: 1_558_000_000 })
    assert.deepEqual(decode(fields, 'created[gte]=1&created[lt]=2'), { created: { gte: 1, lt: 2 } })
  })

  it('is a number', () => {
    assert.deepEqual(refusalOf(fields, 'created[gt]=yesterday'), {
      code: 'parameter_invalid_integer',
      message: 'Invalid integer: yesterday',
      param: 'created[gt]',
    })
    assert.equal(refusalOf(fields, 'created=yesterday').param, 'created')
    assert.equal(refusalOf(fields, 'created[after]=1').code, 'parameter_unknown')
  })
})

describe('an array of strings', () => {
  const fields = { expand: strings() }

  it('is read in the order of its indexes', () => {
    for (const sent of ['expand[]=a&expand[]=b', 'expand[0]=a&expand[1]=b', 'expand[1]=b&expand[0]=a']) {
      assert.deepEqual(decode(fields, sent), { expand: ['a', 'b'] })
    }
  })

  it('is refused where it is a scalar', () => {
    assert.deepEqual(refusalOf(fields, 'expand=customer'), { message: 'Invalid array', param: 'expand' })
    assert.deepEqual(refusalOf(fields, 'expand='), { message: 'Invalid array', param: 'expand' })
  })

  it('has strings in it', () => {
    assert.deepEqual(refusalOf(fields, 'expand[]=a&expand[][x]=b'), {
      message: 'Invalid string: {"x":"b"}',
      param: 'expand[1]',
    })
    assert.deepEqual(refusalOf(fields, 'expand[]='), empty('expand[0]'))
  })
})

describe('metadata', () => {
  const fields = { metadata: metadata() }

  it('is a change: keys to set, keys to remove', () => {
    assert.deepEqual(decode(fields, 'metadata[order_id]=6735&metadata[color]='), {
      metadata: {
        clear: false,
        entries: [
          ['order_id', '6735'],
          ['color', ''],
        ],
      },
    })
  })

  it('that is empty removes everything', () => {
    assert.deepEqual(decode(fields, 'metadata='), { metadata: { clear: true, entries: [] } })
  })

  it('has any keys, also those that every JavaScript object knows', () => {
    assert.deepEqual(decode(fields, 'metadata[constructor]=a&metadata[toString]=b').metadata.entries, [
      ['constructor', 'a'],
      ['toString', 'b'],
    ])
  })

  it('is no scalar', () => {
    assert.deepEqual(refusalOf(fields, 'metadata=x'), { message: 'Invalid object', param: 'metadata' })
  })

  it('has values of at most 500 characters', () => {
    assert.equal(decode(fields, `metadata[a]=${'x'.repeat(500)}`).metadata.entries.length, 1)
    const value = 'x'.repeat(801)
    assert.deepEqual(refusalOf(fields, `metadata[a]=${value}`), {
      message: `Metadata values can have up to 500 characters, but you passed in a value that is 801 characters. Invalid value: ${value}`,
      param: 'metadata',
    })
  })

  it('has keys of at most 40 characters', () => {
    assert.equal(decode(fields, `metadata[${'k'.repeat(40)}]=x`).metadata.entries.length, 1)
    const key = 'k'.repeat(41)
    assert.deepEqual(refusalOf(fields, `metadata[${key}]=x`), {
      message: `Metadata keys can have up to 40 characters, but you passed in a key that is 41 characters. Invalid key: ${key}`,
      param: 'metadata',
    })
  })

  it('does not nest', () => {
    assert.deepEqual(refusalOf(fields, 'metadata[a][b]=x'), {
      message: 'Invalid value type: {:b=>"x"} must be a string',
      param: 'metadata',
    })
  })
})

describe('a parameter that Koban does nothing with', () => {
  it('is taken in silence where Stripe does so', () => {
    assert.deepEqual(decode({ ip: ignored() }, 'ip[a][b]=1'), {})
  })

  it('is refused where Stripe would act on it', () => {
    for (const sent of ['transfer_data[destination]=acct_1', 'transfer_data=']) {
      assert.deepEqual(refusalOf({ transfer_data: refused() }, sent), {
        message: 'Koban does not support the parameter transfer_data. See docs/compatibility.md for what is not there.',
        param: 'transfer_data',
      })
    }
  })
})

describe('a request', () => {
  const fields = {
    amount: required(integer(1)),
    currency: required(currency()),
    capture: withDefault(boolean(), true),
    shipping: hash({ name: string() }),
  }

  it('misses what it must have, in the order of the schema', () => {
    const missing = (name: string) => ({
      code: 'parameter_missing',
      message: `Missing required param: ${name}.`,
      param: name,
    })
    assert.deepEqual(refusalOf(fields, ''), missing('amount'))
    assert.deepEqual(refusalOf(fields, 'currency=usd'), missing('amount'))
    assert.deepEqual(refusalOf(fields, 'amount=1'), missing('currency'))
  })

  it('is refused for what is unknown before anything else is looked at', () => {
    assert.deepEqual(refusalOf(fields, 'amount=abc&wat=1'), {
      code: 'parameter_unknown',
      message: 'Received unknown parameter: wat',
      param: 'wat',
    })
    assert.equal(refusalOf(fields, 'shipping[nope]=1').message, 'Received unknown parameter: shipping[nope]')
    assert.equal(refusalOf(fields, '=1').code, 'parameter_unknown')
  })

  it('is told of all that is unknown at once', () => {
    assert.deepEqual(refusalOf(fields, 'b=1&amount=1&shipping[c]=2&a=3'), {
      code: 'parameter_unknown',
      message: 'Received unknown parameters: b, shipping[c], a',
      param: 'b',
    })
  })

  it('does not know the names that every JavaScript object knows', () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      assert.equal(refusalOf(fields, `${name}=1`).message, `Received unknown parameter: ${name}`)
      const nested = `shipping[${name}]`
      assert.equal(refusalOf(fields, `${nested}=1`).message, `Received unknown parameter: ${nested}`)
    }
  })

  it('is checked one parameter after the other in the order of the schema: the first failure is told', () => {
    assert.equal(refusalOf(fields, 'capture=maybe&currency=zzz&amount=abc').param, 'amount')
    assert.equal(refusalOf(fields, 'capture=maybe&currency=zzz&amount=1').param, 'currency')
    assert.equal(refusalOf(fields, 'capture=maybe&currency=usd&amount=1').param, 'capture')
  })
})
