/** The writing thread: the only one that changes the database, so that a sync to disk stops no request. */

import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as later } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { Checkpoints } from './checkpoint.ts'
import { openWriter } from './connection.ts'
import { failureOf } from './failure.ts'
import type { FromWriter, ToWriter } from './protocol.ts'
import { GroupWriter } from './writer.ts'

if (!parentPort) throw new Error('the writing thread is started by the store')
const port = parentPort
const { path }: { path: string } = workerData

const TRY_AGAIN_MS = 100
// Fails where nothing can be written. BEGIN IMMEDIATE would not: of a file opened for reading it begins to read.
const WRITES_NOTHING = 'UPDATE schema_migrations SET number = number WHERE 0'

type Writing = { readonly db: DatabaseSync; readonly writer: GroupWriter; readonly checkpoints: Checkpoints }

let writing: Writing | undefined
let isClosing = false

const say = (message: FromWriter) => port.postMessage(message)

/**
 * Opens the database when it can be written; until then the other thread writes. SQLite opens a file that it may not
 * write for reading only, and never looks again.
 */
async function start(): Promise<void> {
  while (!isClosing && !writing) {
    writing = openWhereWritable()
    if (writing) say({ kind: 'ready' })
    else await later(TRY_AGAIN_MS)
  }
}

function openWhereWritable(): Writing | undefined {
  let db: DatabaseSync | undefined
  try {
    db = openWriter(path)
    db.exec(WRITES_NOTHING)
    return { db, writer: new GroupWriter(db), checkpoints: new Checkpoints(db) }
  } catch (error) {
    db?.close()
    if (failureOf(error) !== 'unavailable') throw error
    return undefined
  }
}

function hear(message: ToWriter): void {
  if (message.kind === 'group') {
    if (!writing) throw new Error('a group came before the writing thread was ready')
    const { writer, checkpoints } = writing
    writer.learn(message.newStatements)
    say(writer.write(message.units))
    checkpoints.afterGroup()
    return
  }
  isClosing = true
  writing?.db.close() // the last connection to close moves what the WAL holds, and removes it
  say({ kind: 'closed' })
  port.close()
}

port.on('message', hear)
void start()
