import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { dayName, ended, hue, initials, linked, said } from '../../main/resources/webroot/app/text.js'

describe('the page’s words', () => {
  before(() => {
    globalThis.document = { createElement: tag => ({ tag }) }
  })

  const links = text => linked(text).filter(node => node.tag === 'a').map(link => link.href)
  const whole = text => linked(text).map(node => node.textContent ?? node).join('')

  test('only http and https become links, and no word is lost', () => {
    const text = 'see https://a.example/x?y=1#z, (http://b.example) not javascript:alert(1) nor data:text/html,x nor ftp://c.example.'
    assert.deepEqual(links(text), ['https://a.example/x?y=1#z', 'http://b.example/'])
    assert.equal(whole(text), text)
  })

  test('what only looks like an address stays text', () => {
    for (const text of ['https://', 'http://[', '<b>https</b>', '']) {
      assert.deepEqual(links(text), [])
      assert.equal(whole(text), text)
    }
  })

  test('a bracket belongs to the address that opened it', () => {
    assert.deepEqual(links('https://en.example/A_(b)'), ['https://en.example/A_(b)'])
  })

  test('markup is text', () => {
    assert.deepEqual(linked('<img src=x onerror=alert(1)>'), ['<img src=x onerror=alert(1)>'])
  })

  test('a name is two letters, in any script', () => {
    assert.deepEqual(['Ann Lee', 'bob', ' Ann  van  Dyk ', '大江', '🦊 fox', ''].map(initials), ['AL', 'B', 'AD', '大', '🦊F', '?'])
  })

  test('a user has one hue', () => {
    assert.equal(hue('ann'), hue('ann'))
    assert.notEqual(hue('ann'), hue('bob'))
    assert.ok(hue('ann') >= 0 && hue('ann') < 360)
  })

  test('days near are called by their names', () => {
    const now = new Date(2026, 2, 1, 0, 30).getTime()
    assert.equal(dayName(now, now), 'Today')
    assert.equal(dayName(now - 3_600_000, now), 'Yesterday')
    assert.match(dayName(new Date(2024, 0, 5).getTime(), now), /2024/)
  })

  test('foreign data is shown as it is', () => {
    assert.deepEqual([{ text: 'a' }, 'b', { x: 1 }, null, 3].map(said), ['a', 'b', '{"x":1}', 'null', '3'])
  })

  test('a sentence has one end', () => {
    assert.deepEqual(['not now', 'Not now.', 'Why?'].map(ended), ['not now.', 'Not now.', 'Why?'])
  })
})
