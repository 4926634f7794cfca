import { renderBankAccount } from '../bank-accounts/render.ts'
import { encodeCharge } from '../charges/encoding.ts'
import { renderCharge } from '../charges/render.ts'
import { renderCustomer } from '../customers/render.ts'
import { renderDispute } from '../disputes/render.ts'
import { renderEarlyFraudWarning } from '../early-fraud-warnings/render.ts'
import type { ApiObject, Scene } from '../http/answer.ts'
import type { UnixSeconds } from '../money.ts'
import type { Context } from '../operation.ts'
import { renderPayout } from '../payouts/render.ts'
import { encodeRefund } from '../refunds/encoding.ts'
import { EMBEDDED_REFUNDS, renderRefund } from '../refunds/render.ts'
import { EMBEDDED_SOURCES, renderCustomerSource } from '../sources/render.ts'
import type { Write } from '../store/store.ts'
import type { Happening } from './event.ts'
import { insertEvent } from './repository.ts'

/**
 * The writes that record what happened, in this order. An event keeps the object as it was at that moment, not its
 * rendering, which is four times larger and follows from it. An update that changed nothing visible is no event.
 */
export function eventWrites(context: Context, happenings: readonly Happening[]): Write[] {
  const { account, livemode, publicUrl } = context
  const scene = { account: account.id, livemode, publicUrl, now: context.now }
  const writes: Write[] = []
  for (const happening of happenings) {
    const previous = previousAttributes(happening, scene)
    if (previous && Object.keys(previous).length === 0 && isSkippedUnchanged(happening)) continue
    writes.push(
      insertEvent(account.id, livemode, {
        id: context.ids.next('evt'),
        created: context.now,
        type: happening.type,
        apiVersion: account.apiVersion,
        requestId: context.request.id,
        idempotencyKey: context.request.idempotencyKey,
        body: encodeHappening(happening, previous),
      }),
    )
  }
  return writes
}

function isSkippedUnchanged(happening: Happening): boolean {
  return happening.type.endsWith('.updated') && !('evenIfUnchanged' in happening)
}

function encodeHappening(happening: Happening, previous: ApiObject | null): string {
  const told = previous === null ? '' : `,"previous":${JSON.stringify(previous)}`
  switch (happening.object) {
    case 'charge': {
      // One more than is shown: a new refund pushed it out of the list that `previous_attributes` tells of.
      const shown = happening.refunds.slice(0, EMBEDDED_REFUNDS + 1)
      const refunds = shown.length === 0 ? '' : `,"refunds":${JSON.stringify(shown)}`
      return `{"charge":${encodeCharge(happening.after)}${refunds}${told}}`
    }
    case 'refund':
      return `{"refund":${encodeRefund(happening.after)}${told}}`
    case 'customer': {
      const { after, sources } = happening
      const shown = JSON.stringify(sources.slice(0, EMBEDDED_SOURCES))
      const onFile = sources.length === 0 ? '' : `,"sources":${shown},"sourceCount":${sources.length}`
      return `{"customer":${JSON.stringify(after)}${onFile}${told}}`
    }
    case 'customer_source':
      return `{"source":${JSON.stringify(happening.after)}${told}}`
    case 'payout':
    case 'bank_account':
    case 'balance':
      return `{"${happening.object}":${JSON.stringify(happening.after)}${told}}`
    case 'dispute':
      return `{"dispute":${JSON.stringify(happening.after)}${told}}`
    case 'early_fraud_warning':
      return `{"warning":${JSON.stringify(happening.after)}${told}}`
    case 'file':
      return `{"file":${JSON.stringify(happening.after)}${told}}`
    default:
      return happening satisfies never
  }
}

/** Stripe's `previous_attributes`: what changed, with the old values; null for what is new. */
function previousAttributes(happening: Happening, scene: Scene & { readonly now: UnixSeconds }): ApiObject | null {
  if (happening.before === null) return null
  switch (happening.object) {
    case 'charge':
      return changed(renderCharge(happening.before, scene), renderCharge(happening.after, scene))
    case 'refund':
      return changed(renderRefund(happening.before), renderRefund(happening.after))
    case 'customer':
      return changed(renderCustomer(happening.before, scene), renderCustomer(happening.after, scene))
    case 'customer_source':
      return changed(renderCustomerSource(happening.before, scene), renderCustomerSource(happening.after, scene))
    case 'payout':
      return changed(renderPayout(happening.before, scene), renderPayout(happening.after, scene))
    case 'bank_account':
      return changed(renderBankAccount(happening.before, scene), renderBankAccount(happening.after, scene))
    case 'dispute':
      return changed(renderDispute(happening.before, scene), renderDispute(happening.after, scene))
    case 'early_fraud_warning':
      return changed(
        renderEarlyFraudWarning(happening.before, scene.livemode),
        renderEarlyFraudWarning(happening.after, scene.livemode),
      )
    default:
      return happening satisfies never
  }
}

/** The members of `before` that differ in `after`; inside a hash only the changed ones, null where a key is new. */
function changed(before: object, after: object): ApiObject {
  // Without a prototype: metadata may have a key `constructor`.
  const earlier: Readonly<Record<string, unknown>> = Object.assign(Object.create(null), before)
  const later: Readonly<Record<string, unknown>> = Object.assign(Object.create(null), after)
  const difference: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(earlier), ...Object.keys(later)])) {
    const old = earlier[key]
    const now = later[key]
    if (old === now) continue
    if (isHash(old) && isHash(now)) {
      const inner = changed(old, now)
      if (Object.keys(inner).length > 0) difference[key] = inner
    } else if (JSON.stringify(old) !== JSON.stringify(now)) {
      difference[key] = old ?? null
    }
  }
  return difference as ApiObject
}

function isHash(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
