// snippet: start
import Stripe from 'stripe'

const { hostname, port } = new URL(process.env.KOBAN_URL)
const stripe = new Stripe(process.env.KOBAN_KEY, { host: hostname, port, protocol: 'http' })
// snippet: end

const NO_RETRY = { idempotencyKey: 'told apart by its amount' }

function at(url, key = process.env.KOBAN_KEY) {
  return new Stripe(key, { host: new URL(url).hostname, port: new URL(url).port, protocol: 'http' })
}

async function check(name, does) {
  const finding = await does().then(
    (got) => ({ got }),
    (error) => ({ threw: String(error.stack) }),
  )
  console.log(JSON.stringify({ check: name, ...finding }))
}

async function refusal(name, does) {
  await check(name, () =>
    does().then(
      () => {
        throw new Error('was not refused')
      },
      (error) => ({
        exception: error.type,
        status: error.statusCode ?? null,
        code: error.code ?? null,
        decline_code: error.decline_code ?? null,
        param: error.param ?? null,
        request_id: error.requestId ?? null,
      }),
    ),
  )
}

const sample = (more = {}) =>
  stripe.charges.create({
    amount: 999,
    currency: 'usd',
    description: 'Example charge',
    source: 'tok_visa',
    ...more,
  })

await check('charge', async () => {
  const { amount, currency, description, paid, captured } = await sample()
  return { amount, currency, description, paid, captured }
})
await check('descriptor', async () => {
  const { statement_descriptor, paid } = await sample({ statement_descriptor: 'Custom descriptor' })
  return { statement_descriptor, paid }
})
let held
await check('authorize', async () => {
  held = await sample({ capture: false })
  return { paid: held.paid, captured: held.captured }
})
await check('capture', async () => {
  const charge = await stripe.charges.capture(held.id)
  return { same: charge.id === held.id, captured: charge.captured }
})
await check('metadata', async () => {
  const charge = await sample({ metadata: { order_id: 6735 } })
  return { order_id: charge.metadata.order_id }
})

let refunded
async function refund(more) {
  const { status, amount } = await stripe.refunds.create({ charge: refunded, ...more })
  const charge = await stripe.charges.retrieve(refunded)
  return { status, amount, amount_refunded: charge.amount_refunded, refunded: charge.refunded }
}
await check('refund', async () => {
  refunded = (await sample()).id
  return refund({ amount: 400 })
})
await check('refund_rest', () => refund())

await check('saved_card', async () => {
  const customer = await stripe.customers.create({ source: 'tok_visa' })
  const charge = await stripe.charges.create({ amount: 999, currency: 'usd', customer: customer.id })
  return { same_customer: charge.customer === customer.id, paid: charge.paid, amount: charge.amount }
})

await check('paging', async () => {
  const charges = []
  for await (const charge of stripe.charges.list({ limit: 100, transfer_group: 'paged' })) charges.push(charge)
  const distinct = new Set(charges.map(({ id }) => id)).size
  return {
    count: charges.length,
    distinct,
    newest: charges[0].description,
    oldest: charges[charges.length - 1].description,
  }
})
await check('expand', async () => {
  const { id } = await sample()
  const { balance_transaction } = await stripe.charges.retrieve(id, { expand: ['balance_transaction'] })
  return { fee: balance_transaction.fee, net: balance_transaction.net }
})
await check('expand_list', async () => {
  const { data } = await stripe.charges.list({
    limit: 1,
    transfer_group: 'paged',
    expand: ['data.balance_transaction'],
  })
  return { fee: data[0].balance_transaction.fee, net: data[0].balance_transaction.net }
})

await refusal('error_declined', () => sample({ source: 'tok_chargeDeclinedInsufficientFunds' }))
await refusal('error_cvc', () => sample({ source: 'tok_chargeDeclinedIncorrectCvc' }))
await refusal('error_invalid', () => sample({ amount: 10 }))
await refusal('error_missing', () => stripe.charges.retrieve('ch_nope'))
await refusal('error_key', () => at(process.env.KOBAN_URL, 'sk_test_wrong').charges.retrieve('ch_nope'))
await refusal('error_permission', () =>
  stripe.charges.retrieve('ch_nope', {}, { stripeAccount: 'acct_1NobodyKnowsIt' }),
)
await refusal('error_idempotency', async () => {
  const charge = { amount: 999, currency: 'usd', source: 'tok_visa' }
  await stripe.charges.create(charge, NO_RETRY)
  await stripe.charges.create({ ...charge, amount: 1000 }, NO_RETRY)
})
await refusal('error_locked', () => at(process.env.REFUSING_URL).charges.retrieve('locked'))
await refusal('error_server', () => at(process.env.REFUSING_URL).charges.retrieve('broken'))
await refusal('error_connection', () => at(process.env.NOWHERE_URL).charges.retrieve('ch_nope'))

await check('retry', async () => {
  const cut = at(process.env.CUTTING_URL)
  const { id } = await cut.charges.create({ amount: 999, currency: 'usd', source: 'tok_visa', transfer_group: 'cut' })
  return { id }
})
