import { expect, test } from 'vitest'
import { goQuote } from '../../../src/domain/kubernetes/go-quote.ts'

test.each<[what: string, text: string, quoted: string]>([
  ['plain', 'a b', '"a b"'],
  ['quotes and backslashes', '"\\', '"\\"\\\\"'],
  ['what has a letter of its own', '\u0007\b\t\n\v\f\r', '"\\a\\b\\t\\n\\v\\f\\r"'],
  ['other control characters', '\u0000\u001b\u007f', '"\\x00\\x1b\\x7f"'],
  ['blanks that are no blank', '\u00a0\u200b\u2028', '"\\u00a0\\u200b\\u2028"'],
  ['signs beyond the first plane', '\u{1f600}\u{e0001}', '"\u{1f600}\\U000e0001"'],
  ['letters of other scripts', 'größe 日本', '"größe 日本"'],
  ['half of a pair', '\ud800', '"\ufffd"'],
])('%s', (_, text, quoted) => expect(goQuote(text)).toBe(quoted))
