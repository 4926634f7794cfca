import { renderCharge } from '../charges/render.ts'
import type { ApiObject, Scene } from '../http/answer.ts'
import { alwaysExpanded, turnBackEvent } from '../http/versions/chain.ts'
import { renderEmbeddedRefunds, renderRefund } from '../refunds/render.ts'
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
  return rendered
}

function renderSnapshot({ snapshot, apiVersion }: StoredEvent, scene: Scene): ApiObject {
  if (isRefund(snapshot)) return renderRefund(snapshot.refund)
  const { charge, refunds } = snapshot
  const rendered: ApiObject = renderCharge(charge, scene)
  if (alwaysExpanded(apiVersion, 'charge').includes('refunds')) {
    rendered.refunds = renderEmbeddedRefunds(charge.id, refunds, charge.refundCount)
  }
  return rendered
}

function isRefund(snapshot: Snapshot): snapshot is Extract<Snapshot, { refund: unknown }> {
  return 'refund' in snapshot
}
