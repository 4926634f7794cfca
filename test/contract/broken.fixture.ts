import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { watchAnswers } from './watch.ts'

// A test file whose server answers a charge that is empty: contract.test.ts runs it, to see the right test fail.

watchAnswers()

const server = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Stripe-Version': '2020-08-27' })
  response.end(JSON.stringify({ object: 'charge' }))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
server.unref()
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

describe('a merchant', () => {
  it('asks for what is not of the API', async () => {
    await (await fetch(`${url}/healthz`)).text()
  })

  it('gets a charge that is none', async () => {
    await (await fetch(`${url}/v1/charges/ch_1?expand[]=refunds`)).text()
  })

  it('asks no more', () => {})
})
