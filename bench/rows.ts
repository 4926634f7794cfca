/** The table of the bench: what is measured, what it must be, and what it aims at. */

import { bytesPerCharge, memoryAfterCharges, startOverBare } from './footprint.ts'
import {
  chargesOverBare,
  diskOverPeer,
  diskOverTurns,
  keyedOverUnkeyed,
  listOverBare,
  type Plan,
  retrieveOverBare,
  tailOf32,
  tailOf128,
} from './rates.ts'
import type { Finding } from './statistics.ts'

export type Limit = { readonly atLeast: number } | { readonly atMost: number } | { readonly above: number }

export type Row = {
  /** What it is called on the command line. */
  readonly name: string
  readonly what: string
  /** `×` for a ratio. */
  readonly unit: '×' | 'KB' | 'MB'
  readonly must: Limit | null
  readonly aim: Limit | null
  readonly measure: (plan: Plan) => Promise<Finding>
}

export const ROWS: readonly Row[] = [
  {
    name: 'charges',
    what: 'POST /v1/charges, 32 clients, data in memory, over a bare node:http server',
    unit: '×',
    must: { atLeast: 0.33 },
    aim: { atLeast: 0.5 },
    measure: chargesOverBare,
  },
  {
    name: 'disk',
    what: 'the same on disk, over computing and syncing in turns: 32 ÷ (32/A + F)',
    unit: '×',
    must: { atLeast: 0.8 },
    aim: { above: 1 },
    measure: diskOverTurns,
  },
  {
    name: 'tail-32',
    what: 'p99 over p50 on disk, 32 clients',
    unit: '×',
    must: { atMost: 6 },
    aim: { atMost: 3 },
    measure: tailOf32,
  },
  {
    name: 'tail-128',
    what: 'p99 over p50 on disk, 128 clients',
    unit: '×',
    must: { atMost: 6 },
    aim: { atMost: 3 },
    measure: tailOf128,
  },
  {
    name: 'keyed',
    what: 'a new Idempotency-Key on each charge, over none',
    unit: '×',
    must: { atLeast: 0.8 },
    aim: null,
    measure: keyedOverUnkeyed,
  },
  {
    name: 'retrieve',
    what: 'GET a charge, over the bare server',
    unit: '×',
    must: { atLeast: 0.6 },
    aim: null,
    measure: retrieveOverBare,
  },
  {
    name: 'list',
    what: 'GET a list of 10 charges, over the bare server',
    unit: '×',
    must: { atLeast: 0.3 },
    aim: null,
    measure: listOverBare,
  },
  {
    name: 'bytes',
    what: 'on disk for each charge, after a clean stop',
    unit: 'KB',
    must: { atMost: 5 },
    aim: { atMost: 2.5 },
    measure: bytesPerCharge,
  },
  {
    name: 'start',
    what: 'start to first charge on empty data, over the bare server',
    unit: '×',
    must: { atMost: 3.5 },
    aim: { atMost: 2 },
    measure: startOverBare,
  },
  {
    name: 'memory',
    what: 'resident memory after 40,000 charges, and no more than a tenth more after 80,000',
    unit: 'MB',
    must: { atMost: 150 },
    aim: { atMost: 120 },
    measure: memoryAfterCharges,
  },
  {
    name: 'peer',
    what: 'POST /v1/charges on disk, over stripe-stateful-mock 0.0.16, which keeps all in memory',
    unit: '×',
    must: { above: 1 },
    aim: null,
    measure: diskOverPeer,
  },
]
