import { describe, expect, test } from 'vitest'
import { warningHeaders } from '../../../src/adapters/kube-api/warning-headers.ts'

const values = (...texts: ReadonlyArray<string>) => warningHeaders(texts).map(([, value]) => value)

describe('warnings', () => {
  test('are quoted', () => expect(values('a "b" \\c')).toStrictEqual(['299 - "a \\"b\\" \\\\c"']))

  test('are told once', () => expect(values('a', 'b', 'a')).toStrictEqual(['299 - "a"', '299 - "b"']))

  test.each(['a\r\nSet-Cookie: b', 'a\nb', 'a\0b', 'a\u0085b', ''])(
    'that would be no header are left out: %j',
    (text) => expect(values(text, 'b')).toStrictEqual(['299 - "b"']),
  )

  test('are bytes of UTF-8, which any header can hold', () => {
    const [value = ''] = values('grün ☂ \ud800')
    expect(Buffer.from(value, 'latin1').toString('utf8')).toBe('299 - "grün ☂ \ufffd"')
    expect(() => new Headers([['Warning', value]])).not.toThrow()
  })

  test('are cut short when there are too many of them', () => {
    const many = values('x'.repeat(4000), 'y'.repeat(400), 'z'.repeat(400))
    expect(many.map((value) => value.length - '299 - ""'.length)).toStrictEqual([4000, 96])
  })
})
