import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJson } from '../../../../src/adapters/kube-api/body/read-json.ts'
import { E } from '../../../../src/prelude.ts'

describe('a document of JSON', () => {
  test('is read as JSON.parse reads it', () =>
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), (value, indent) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'))
        const text = JSON.stringify(value, null, indent)
        expect(readJson(text)).toStrictEqual(E.right({ value: JSON.parse(text), hasDuplicates: false }))
      }),
      { numRuns: 200 },
    ))

  test('keeps the last of two members of a name, and says that there were two', () =>
    expect(readJson('{"a":1,"b":{"a":2},"a":3}')).toStrictEqual(
      E.right({ value: { a: 3, b: { a: 2 } }, hasDuplicates: true }),
    ))

  test('tells each member in its order with its path', () => {
    const seen: Array<[string, boolean]> = []
    readJson('[{"a":{"b":[0,{"c":1,"c":2}]}},{"d":1}]', (path, isDuplicate) => seen.push([path, isDuplicate]))
    expect(seen).toStrictEqual([
      ['[0].a', false],
      ['[0].a.b', false],
      ['[0].a.b[1].c', false],
      ['[0].a.b[1].c', true],
      ['[1].d', false],
    ])
  })

  test('replaces half of a surrogate pair, as Go does', () =>
    expect(readJson('"\\ud800x"')).toStrictEqual(E.right({ value: '\ufffdx', hasDuplicates: false })))

  test.each<[text: string, problem: string]>([
    ['', 'unexpected end of JSON input'],
    ['{', 'unexpected end of JSON input'],
    ['{"a":', 'unexpected end of JSON input'],
    ['"abc', 'unexpected end of JSON input'],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b":2}', `invalid character '"' after object key:value pair`],
    ['[1 2]', "invalid character '2' after array element"],
    ['{} {}', "invalid character '{' after top-level value"],
    ['nul', 'unexpected end of JSON input'],
    ['nope', "invalid character 'o' in literal null (expecting 'u')"],
    ["'a'", "invalid character '\\'' looking for beginning of value"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['{"__proto__":{"a":1}}', 'json: a member may not be called "__proto__"'],
    ['{"__pro\\u0074o__":{"a":1}}', 'json: a member may not be called "__proto__"'],
    ['['.repeat(100_000), 'exceeded max depth'],
    ['{"a":'.repeat(501), 'exceeded max depth'],
  ])('that is none is refused in the words of Go: %.30s', (text, problem) =>
    expect(readJson(text)).toStrictEqual(E.left(problem)),
  )
})
