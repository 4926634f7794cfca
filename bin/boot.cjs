'use strict'

// Starts Koban, with the compiled code of the last run where there is some.

const { accessSync, constants, mkdirSync } = require('node:fs')
const { enableCompileCache, flushCompileCache } = require('node:module')
const { homedir } = require('node:os')
const { join } = require('node:path')

// Node writes the cache when it exits, which a killed server never does: it is written once while running, too.
const FLUSH_AFTER_MS = 2_000

// How soon a server whose npx was ended notices it.
const PARENT_CHECK_MS = 500

/**
 * The package's own folder, else the user's. Never Node's default, which is a folder of known name in /tmp: whoever
 * made it first could put code there that this server would run.
 */
function cacheFolder() {
  const ofPackage = () => join(__dirname, '..', '.cache')
  const ofUser = () => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'koban')
  for (const folderOf of [ofPackage, ofUser]) {
    try {
      const folder = folderOf()
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      accessSync(folder, constants.W_OK)
      return folder
    } catch {
      // read-only, or a user without a home: the next one
    }
  }
  return undefined
}

/** npx runs this below a shell that passes no signal on: where it is ended, this would be left, and keep its port. */
function endWithNpx() {
  const parent = process.ppid
  const check = () => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
  }
  setInterval(check, PARENT_CHECK_MS).unref()
}

const folder = cacheFolder()
if (folder !== undefined) {
  enableCompileCache(folder)
  setTimeout(flushCompileCache, FLUSH_AFTER_MS).unref()
}
if (process.env.npm_command === 'exec') endWithNpx()

void import('../dist/koban.js')
