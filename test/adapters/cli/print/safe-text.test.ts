import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapedText, isUnsafe, safeCell, safeText } from '../../../../src/adapters/cli/print/safe-text.ts'

test.each<[what: string, text: string, safe: string]>([
  ['a colour', '\u001b[31mred\u001b[0m', '^[[31mred^[[0m'],
  ['a carriage return that would overwrite the line', 'failed\rfine', 'failed\\rfine'],
  ['a bell and a backspace', '\u0007\b', '^G^H'],
  ['a delete and a one-byte control sequence', '\u007f\u009b31m', '^?\\u009b31m'],
  ['a mark that reorders text', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
  ['a line separator', 'a\u2028b', 'a\\u2028b'],
  ['plain text of any language, tabs and line ends', 'für 日本 😀\n\tx', 'für 日本 😀\n\tx'],
])('safe text shows %s', (_, text, safe) => {
  expect(safeText(text)).toBe(safe)
})

test('a cell ends at the first line end and holds no tab', () => {
  expect(safeCell('one\ntwo')).toBe('one...')
  expect(safeCell('one\rtwo')).toBe('one...')
  expect(safeCell('a\tb\u001b')).toBe('a\\tb^[')
})

test('nothing unsafe is left of any text, and escapes read back as what they were', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(isUnsafe(safeText(text))).toBe(false)
      expect(isUnsafe(safeCell(text))).toBe(false)
      expect(JSON.parse(escapedText(JSON.stringify(text)))).toBe(text)
    }),
  ))
