import type { ApiObject } from '../answer.ts'
import type { VersionStep } from './step.ts'

/** 2022-11-15: a charge no longer carries its refunds, because most calls that read a charge did not want them. */
export const step: VersionStep = {
  version: '2022-11-15',
  change: 'Charges carry their refunds only when expanded.',
  alwaysExpanded: { charge: ['refunds'] },
  down: {
    event(event) {
      if (event.type === 'charge.refunded' || event.type === 'charge.captured') tellPreviousRefunds(event)
    },
  },
}

/**
 * Before, `previous_attributes` of a refund also held the list as it had been: without the newest, and with one that is
 * no longer shown where there are more than the list has. Of a list what changed is told, as of any hash.
 */
function tellPreviousRefunds(event: ApiObject): void {
  const { object, previous_attributes: previous } = event.data as {
    object: { refunds?: { data: unknown[]; has_more: boolean; total_count: number } }
    previous_attributes?: Record<string, unknown>
  }
  if (!previous || !object.refunds || previous.amount_refunded === undefined) return
  const { data, has_more, total_count } = object.refunds
  const before = { data: data.slice(1), total_count: total_count - 1 }
  const hadMore = before.total_count > before.data.length
  previous.refunds =
    hadMore === has_more ? before : { data: before.data, has_more: hadMore, total_count: before.total_count }
}
