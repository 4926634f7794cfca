/** The writing thread: the only one that changes the database, so that a sync to disk stops no request. */

import { parentPort, workerData } from 'node:worker_threads'
import { Checkpoints } from './checkpoint.ts'
import { openWriter } from './connection.ts'
import type { FromWriter, ToWriter } from './protocol.ts'
import { GroupWriter } from './writer.ts'

if (!parentPort) throw new Error('the writing thread is started by the store')
const port = parentPort
const { path }: { path: string } = workerData
const db = openWriter(path)
const writer = new GroupWriter(db)
const checkpoints = new Checkpoints(db)

const say = (message: FromWriter) => port.postMessage(message)

function hear(message: ToWriter): void {
  if (message.kind === 'group') {
    writer.learn(message.newStatements)
    say(writer.write(message.units))
    checkpoints.afterGroup()
    return
  }
  db.close() // the last connection to close moves what the WAL holds, and removes it
  say({ kind: 'closed' })
  port.close()
}

port.on('message', hear)
say({ kind: 'ready' })
