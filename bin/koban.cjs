#!/usr/bin/env node
// Read by whatever Node the user has: nothing here may be newer than ES5, or an old one would print a syntax error
// in place of this advice.
'use strict'

var OLDEST = [24, 15] // node:sqlite is free of warnings from here on

var version = process.versions.node.split('.')
var major = Number(version[0])
var minor = Number(version[1])

if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(
    'Koban needs Node.js ' +
      OLDEST.join('.') +
      ' or newer, and this is ' +
      process.versions.node +
      ': install a newer one from https://nodejs.org and run this again.',
  )
  process.exit(1)
}

require('./boot.cjs')
