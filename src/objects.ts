import { retrieveBalanceTransaction } from './balance/operations.ts'
import { renderBalanceTransaction } from './balance/render.ts'
import { retrieveCharge } from './charges/operations.ts'
import { renderCharge } from './charges/render.ts'
import { allOnFile, retrieveCustomer } from './customers/operations.ts'
import { renderCustomer } from './customers/render.ts'
import type { ApiObject } from './http/answer.ts'
import type { ObjectReader } from './http/expand.ts'
import type { Context, Made, Outcome } from './operation.ts'
import { allRefundsOf } from './refunds/charge-refunds.ts'
import { retrieveRefund } from './refunds/operations.ts'
import { renderEmbeddedRefunds, renderRefund } from './refunds/render.ts'
import { findSource } from './sources/operations.ts'
import { renderCustomerSource, renderEmbeddedSources } from './sources/render.ts'

/** Finds any object by its id: among what the unit under way has made, else in the store. */
export const objectReader: ObjectReader = {
  async object(context, id, made) {
    const fresh = made.find((one) => one.object !== 'refunds' && one.object !== 'sources' && one.value.id === id)
    return fresh ? renderMade(context, fresh) : readObject(context, id)
  },
  async refunds(context, id, made) {
    const fresh = made.find((one) => one.object === 'refunds' && one.charge === id)
    const refunds = fresh?.object === 'refunds' ? fresh.value : await refundsInStore(context, id)
    return renderEmbeddedRefunds(id, refunds, refunds.length)
  },
  async sources(context, id, made) {
    const fresh = made.find((one) => one.object === 'sources' && one.customer === id)
    const sources = fresh?.object === 'sources' ? fresh.value : await sourcesInStore(context, id)
    return renderEmbeddedSources(id, sources, sources.length, context)
  },
}

function renderMade(context: Context, made: Made): ApiObject | undefined {
  switch (made.object) {
    case 'charge':
      return renderCharge(made.value, sceneOf(context))
    case 'refund':
      return renderRefund(made.value)
    case 'balance_transaction':
      return renderBalanceTransaction(made.value, context.now)
    case 'customer':
      return renderCustomer(made.value, context)
    case 'customer_source':
      return renderCustomerSource(made.value, context)
    case 'refunds':
    case 'sources':
      return undefined
    default:
      return made satisfies never
  }
}

async function readObject(context: Context, id: string): Promise<ApiObject | undefined> {
  switch (id.slice(0, id.indexOf('_'))) {
    case 'ch':
      return rendered(await retrieveCharge(context, { charge: id }), (charge) => renderCharge(charge, sceneOf(context)))
    case 'cus':
      return rendered(await retrieveCustomer(context, { customer: id }), (customer) =>
        renderCustomer(customer, context),
      )
    case 'card':
    case 'src': {
      const source = await findSource(context, id)
      return source && renderCustomerSource(source, context)
    }
    case 're':
      return rendered(await retrieveRefund(context, { refund: id }), renderRefund)
    case 'txn':
      return rendered(await retrieveBalanceTransaction(context, { id }), (transaction) =>
        renderBalanceTransaction(transaction, context.now),
      )
    default:
      return undefined
  }
}

function rendered<T>({ answer }: Outcome<T>, render: (value: T) => ApiObject): ApiObject | undefined {
  return 'value' in answer ? render(answer.value) : undefined
}

async function refundsInStore(context: Context, id: string) {
  const { answer } = await retrieveCharge(context, { charge: id })
  return 'value' in answer ? allRefundsOf(context, answer.value) : []
}

async function sourcesInStore(context: Context, id: string) {
  const { answer } = await retrieveCustomer(context, { customer: id })
  return 'value' in answer ? (await allOnFile(context, answer.value)).map(({ value }) => value) : []
}

function sceneOf({ account, livemode, publicUrl }: Context) {
  return { account: account.id, livemode, publicUrl }
}
