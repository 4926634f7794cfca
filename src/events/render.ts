import { renderBalance } from '../balance/render.ts'
import { renderBankAccount } from '../bank-accounts/render.ts'
import { renderCharge } from '../charges/render.ts'
import { renderCustomer } from '../customers/render.ts'
import { renderDispute } from '../disputes/render.ts'
import { renderEarlyFraudWarning } from '../early-fraud-warnings/render.ts'
import { renderFile } from '../files/render.ts'
import { type ApiList, type ApiObject, emptyList, type Scene } from '../http/answer.ts'
import { alwaysExpanded, turnBackEvent } from '../http/versions/chain.ts'
import type { ApiVersion } from '../http/versions/version.ts'
import { renderPayout } from '../payouts/render.ts'
import { EMBEDDED_REFUNDS, renderEmbeddedRefunds, renderRefund } from '../refunds/render.ts'
import { renderCustomerSource, renderEmbeddedSources } from '../sources/render.ts'
import type { Snapshot, StoredEvent } from './repository.ts'

/** Stripe's event object, its data in the version of the account when it happened. */
export function renderEvent(event: StoredEvent, scene: Scene) {
  const { apiVersion, snapshot } = event
  const rendered = {
    id: event.id,
    object: 'event',
    api_version: apiVersion,
    created: event.created,
    data: { object: renderSnapshot(event, scene), previous_attributes: snapshot.previous && { ...snapshot.previous } },
    livemode: scene.livemode,
    pending_webhooks: 0,
    request: { id: event.requestId, idempotency_key: event.idempotencyKey },
    type: event.type,
  } as const
  turnBackEvent(rendered, apiVersion)
  const { refunds } = rendered.data.object as { refunds?: ApiList }
  refunds?.data.splice(EMBEDDED_REFUNDS) // the one more was for what was before
  return rendered
}

function renderSnapshot({ snapshot, apiVersion, created }: StoredEvent, scene: Scene): ApiObject {
  if ('payout' in snapshot) return renderPayout(snapshot.payout, scene)
  if ('bank_account' in snapshot) return renderBankAccount(snapshot.bank_account, scene)
  if ('balance' in snapshot) return renderBalance(snapshot.balance, scene.livemode)
  if ('refund' in snapshot) return renderRefund(snapshot.refund)
  if ('source' in snapshot) return renderCustomerSource(snapshot.source, scene)
  if ('customer' in snapshot) return renderCustomerSnapshot(snapshot, apiVersion, scene)
  if ('dispute' in snapshot) return renderDispute(snapshot.dispute, { ...scene, now: created })
  if ('warning' in snapshot) return renderEarlyFraudWarning(snapshot.warning, scene.livemode)
  if ('file' in snapshot) return renderFile(snapshot.file, scene)
  const { charge, refunds } = snapshot
  const rendered: ApiObject = renderCharge(charge, scene)
  if (alwaysExpanded(apiVersion, 'charge').includes('refunds')) {
    const list = renderEmbeddedRefunds(charge.id, refunds, charge.refundCount)
    rendered.refunds = { ...list, data: refunds.map(renderRefund) }
  }
  return rendered
}

function renderCustomerSnapshot(
  { customer, sources, sourceCount }: Extract<Snapshot, { customer: unknown }>,
  apiVersion: ApiVersion,
  scene: Scene,
): ApiObject {
  const rendered: ApiObject = renderCustomer(customer, scene)
  for (const list of alwaysExpanded(apiVersion, 'customer')) {
    rendered[list] =
      list === 'sources'
        ? renderEmbeddedSources(customer.id, sources, sourceCount, scene)
        : emptyList(`/v1/customers/${customer.id}/${list}`)
  }
  return rendered
}
