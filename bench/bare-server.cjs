'use strict'

// What Node's own HTTP server can do: it reads the form of a POST and answers 2 KB of JSON, and does nothing else.
// CommonJS, because that starts fastest: 20 ms before the same as an ES module, and more before TypeScript.

const { createServer } = require('node:http')

const ANSWER = JSON.stringify({ object: 'charge', description: 'x'.repeat(2048 - 38) })

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    const isReadable = request.method === 'GET' || form.has('amount')
    response.writeHead(isReadable ? 200 : 400, { 'content-type': 'application/json' })
    response.end(ANSWER)
  })
})

server.listen(0, '127.0.0.1', () => console.log(`url http://127.0.0.1:${server.address().port}`))
