import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as source from '../../main/resources/webroot/parley.js'
import { served } from './world.mjs'

test('what is served exports all that the sources do', () => {
  assert.deepEqual(Object.keys(served).sort(), Object.keys(source).sort())
})
