import assert from 'node:assert/strict'
import { test } from 'node:test'
import { direct } from '../../main/resources/webroot/parley.js'
import { canonical } from '../../main/resources/webroot/parley/direct.js'

test('two people have one room, whoever is named first', () => {
  assert.equal(direct('ann', 'bob'), 'dm:ann:bob')
  assert.equal(direct('bob', 'ann'), 'dm:ann:bob')
  assert.equal(canonical('dm:bob:ann'), 'dm:ann:bob')
  assert.equal(canonical('lobby'), 'lobby')
  assert.equal(canonical('dm:ann'), 'dm:ann')
})

test('names of any characters have one, the same as on the server', () => {
  assert.equal(direct('a:b', 'c'), 'dm:a~3Ab:c')
  assert.equal(direct('Zoë', 'x'), 'dm:Zo~C3~AB:x')
  assert.equal(direct('a~b', 'A'), 'dm:A:a~7Eb')
})
