'use strict'

// Serves stripe-stateful-mock, installed in the folder given, without its log and on a free port.

const { createRequire } = require('node:module')
const { join } = require('node:path')

const requirePeer = createRequire(join(process.argv[2], 'node_modules/stripe-stateful-mock/package.json'))
requirePeer('loglevel').setLevel('silent')

const app = requirePeer('stripe-stateful-mock').createExpressApp()
const server = app.listen(0, '127.0.0.1', () => console.log(`url http://127.0.0.1:${server.address().port}`))
