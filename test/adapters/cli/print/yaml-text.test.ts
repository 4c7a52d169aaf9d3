import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { yamlText } from '../../../../src/adapters/cli/print/yaml-text.ts'
import { text } from './objects.ts'

test('YAML has sorted keys, lists level with their key, and text quoted only where it must be', () => {
  const value = {
    b: [{ z: 1, a: 'x' }, ['nested'], [], {}],
    a: { on: true, none: null, gone: undefined, '10': 1.5, '9': '9' },
    message: 'a: b',
    script: 'set -e\necho\n',
  }
  expect(yamlText(value)).toBe(text`
    a:
      "9": "9"
      "10": 1.5
      none: null
      "on": true
    b:
    - a: x
      z: 1
    - - nested
    - []
    - {}
    message: 'a: b'
    script: |
      set -e
      echo
  `)
})

test.each<[what: string, value: string, written: string]>([
  ['plain words', 'perl:5.34.0', 'perl:5.34.0'],
  ['words with marks inside', 'say "hi", it\'s {a}#1', 'say "hi", it\'s {a}#1'],
  ['nothing', '', '""'],
  ['what YAML 1.1 reads as a boolean', 'yes', '"yes"'],
  ['a number', '1e3', '"1e3"'],
  ['a number with zeros', '007', '"007"'],
  ['a time of day, which YAML 1.1 reads as a number', '12:30', '"12:30"'],
  ['a date', '2026-07-21T08:00:00Z', '"2026-07-21T08:00:00Z"'],
  ['what only begins like a number', '64Mi', '64Mi'],
  ['a list mark', '- a', "'- a'"],
  ['a comment mark', 'a #b', "'a #b'"],
  ['a star', '*', "'*'"],
  ['a space at the end', 'a ', "'a '"],
  ['lines without a last line end', 'a\n b', '|-\n  a\n   b'],
  ['lines with spaces at their end', 'a \nb', '"a \\nb"'],
  ['tabs', 'a\tb', '"a\\tb"'],
  ['control characters', '\u001b[31m\u009b', '"\\u001b[31m\\u009b"'],
  ['marks that reorder text', 'a\u202eb', '"a\\u202eb"'],
])('text in YAML: %s', (_, value, written) => {
  expect(yamlText({ text: value })).toBe(`text: ${written}\n`)
})

test('long lines stay whole', () => {
  const long = 'word '.repeat(60).trim()
  expect(yamlText({ long })).toBe(`long: ${long}\n`)
})

test('every JSON value reads back as what it was, by either version of YAML', () =>
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (json, string) => {
      const value = { json: JSON.parse(JSON.stringify(json)), string, [`key ${string}`]: string }
      expect(parse(yamlText(value))).toStrictEqual(value)
      expect(parse(yamlText({ string }), { version: '1.1' })).toStrictEqual({ string })
    }),
  ))
