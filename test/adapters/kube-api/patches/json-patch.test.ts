import { describe, expect, test } from 'vitest'
import { jsonPatch, type Operation } from '../../../../src/adapters/kube-api/patches/json-patch.ts'
import { E } from '../../../../src/prelude.ts'

describe('the examples of RFC 6902, appendix A', () => {
  test.each<[what: string, document: unknown, operations: ReadonlyArray<Operation>, result: unknown]>([
    ['A.1 adding a member', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { baz: 'qux', foo: 'bar' }],
    [
      'A.2 adding an item',
      { foo: ['bar', 'baz'] },
      [{ op: 'add', path: '/foo/1', value: 'qux' }],
      { foo: ['bar', 'qux', 'baz'] },
    ],
    ['A.3 removing a member', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
    [
      'A.4 removing an item',
      { foo: ['bar', 'qux', 'baz'] },
      [{ op: 'remove', path: '/foo/1' }],
      { foo: ['bar', 'baz'] },
    ],
    [
      'A.5 replacing a value',
      { baz: 'qux', foo: 'bar' },
      [{ op: 'replace', path: '/baz', value: 'boo' }],
      { baz: 'boo', foo: 'bar' },
    ],
    [
      'A.6 moving a value',
      { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
      [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
      { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
    ],
    [
      'A.7 moving an item',
      { foo: ['all', 'grass', 'cows', 'eat'] },
      [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
      { foo: ['all', 'cows', 'eat', 'grass'] },
    ],
    [
      'A.8 a test that holds',
      { baz: 'qux', foo: ['a', 2, 'c'] },
      [
        { op: 'test', path: '/baz', value: 'qux' },
        { op: 'test', path: '/foo/1', value: 2 },
      ],
      { baz: 'qux', foo: ['a', 2, 'c'] },
    ],
    [
      'A.10 adding an object within',
      { foo: 'bar' },
      [{ op: 'add', path: '/child', value: { grandchild: {} } }],
      { foo: 'bar', child: { grandchild: {} } },
    ],
    [
      'A.11 unknown members of an operation are ignored',
      { foo: 'bar' },
      [{ op: 'add', path: '/baz', value: 'qux', ...{ xyz: 123 } }],
      { foo: 'bar', baz: 'qux' },
    ],
    ['A.14 escaped signs', { '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
    [
      'A.16 adding a list as an item',
      { foo: ['bar'] },
      [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }],
      { foo: ['bar', ['abc', 'def']] },
    ],
  ])('%s', (_, document, operations, result) => {
    const before = structuredClone(document)
    expect(jsonPatch(document, operations)).toStrictEqual(E.right(result))
    expect(document).toStrictEqual(before)
  })

  test.each<[what: string, document: unknown, operation: Operation]>([
    ['A.9 a test that fails', { baz: 'qux' }, { op: 'test', path: '/baz', value: 'bar' }],
    ['A.12 adding to what is not there', { foo: 'bar' }, { op: 'add', path: '/baz/bat', value: 'qux' }],
    ['A.15 a text is no number', { '/': 9, '~1': 10 }, { op: 'test', path: '/~01', value: '10' }],
  ])('%s', (_, document, operation) => expect(E.isLeft(jsonPatch(document, [operation]))).toBe(true))
})

describe('an operation that does not fit', () => {
  const document = { list: [1, 2], inner: { a: null } }
  test.each<Operation>([
    { op: 'remove', path: '/none' },
    { op: 'replace', path: '/none/inner', value: 1 },
    { op: 'replace', path: '/list/2', value: 1 },
    { op: 'add', path: '/list/3', value: 1 },
    { op: 'add', path: '/list/01', value: 1 },
    { op: 'remove', path: '/list/-' },
    { op: 'replace', path: '/list/-1', value: 1 },
    { op: 'add', path: '/inner' },
    { op: 'add', path: 'inner', value: 1 },
    { op: 'add', path: '/inner/~2', value: 1 },
    { op: 'add', path: 3, value: 1 },
    { op: 'add', path: '/inner/a/b', value: 1 },
    { op: 'copy', path: '/b', from: '/none/inner' },
    { op: 'copy', path: '/b', from: '/list/2' },
    { op: 'move', path: '/b', from: '/none' },
    { op: 'test', path: '/none', value: 1 },
    { op: 'move', path: '/inner/b', from: '/inner' },
    { op: 'test', path: '/inner', value: {} },
    { op: 'double', path: '/list' },
    { path: '/list' },
    { op: 'add', path: '/__proto__/polluted', value: 1 },
    { op: 'add', path: '/inner/__proto__', value: { polluted: 1 } },
    { op: 'add', path: '/constructor/prototype/polluted', value: 1 },
  ])('%j', (operation) => {
    expect(E.isLeft(jsonPatch(document, [operation]))).toBe(true)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  test('undoes those before it', () =>
    expect(
      E.isLeft(
        jsonPatch(document, [
          { op: 'add', path: '/b', value: 1 },
          { op: 'remove', path: '/c' },
        ]),
      ),
    ).toBe(true))
})

test.each<[Operation, unknown]>([
  [
    { op: 'replace', path: '/b', value: 1 },
    { a: 1, b: 1 },
  ],
  [
    { op: 'copy', from: '/none', path: '/b' },
    { a: 1, b: null },
  ],
  [{ op: 'test', path: '/none', value: null }, { a: 1 }],
])('a member that is not there is null, as for API servers: %j', (operation, result) =>
  expect(jsonPatch({ a: 1 }, [operation])).toStrictEqual(E.right(result)),
)

test('objects are equal whatever the order of their members', () =>
  expect(
    E.isRight(jsonPatch({ a: { b: [1], c: null } }, [{ op: 'test', path: '/a', value: { c: null, b: [1] } }])),
  ).toBe(true))

test('the whole document can be replaced', () =>
  expect(jsonPatch({ a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }])).toStrictEqual(E.right({ b: 2 })))

test('what copies itself again and again is refused before it is too big, and what copies little is not', () => {
  const copies = (count: number): ReadonlyArray<Operation> =>
    Array.from({ length: count }, (_, number) => ({ op: 'copy', from: '/a', path: `/a/${number}` }))
  expect(jsonPatch({ a: { b: 'c' } }, copies(50))).toStrictEqual(E.left('operation 17: too much is copied'))
  expect(E.isRight(jsonPatch({ a: { b: 'c' } }, copies(15)))).toBe(true)
})

describe('what is at two places changes at one of them', () => {
  test.each<[what: string, first: ReadonlyArray<Operation>]>([
    ['copied', []],
    ['changed, then copied', [{ op: 'add', path: '/a/list/-', value: 2 }]],
  ])('%s', (_, first) => {
    const document = { a: { list: [{ n: 1 }] } }
    const patched = jsonPatch(document, [
      ...first,
      { op: 'copy', from: '/a', path: '/b' },
      { op: 'replace', path: '/a/list/0/n', value: 3 },
      { op: 'add', path: '/b/list/0', value: 0 },
    ])
    const rest = first.map(({ value }) => value)
    expect(patched).toStrictEqual(E.right({ a: { list: [{ n: 3 }, ...rest] }, b: { list: [0, { n: 1 }, ...rest] } }))
    expect(document).toStrictEqual({ a: { list: [{ n: 1 }] } })
  })

  test('in the patch and in the object', () => {
    const operations = [
      { op: 'add', path: '/a', value: { list: [1] } },
      { op: 'add', path: '/a/list/-', value: 2 },
    ]
    const twice = [jsonPatch({}, operations), jsonPatch({}, operations)]
    for (const patched of twice) expect(patched).toStrictEqual(E.right({ a: { list: [1, 2] } }))
  })
})

test('ten thousand items are added to a list of forty thousand, and ten thousand others changed, in a moment', () => {
  const items = Array.from({ length: 40_000 }, (_, n) => ({ n }))
  const operations = items.slice(0, 10_000).flatMap(({ n }) => [
    { op: 'add', path: '/list/-', value: n },
    { op: 'replace', path: `/list/${n}/n`, value: 0 },
  ])
  const began = performance.now()
  const patched = jsonPatch({ list: items }, operations)
  expect(performance.now() - began).toBeLessThan(1500)
  expect(patched).toMatchObject({
    right: { list: { length: 50_000, 9_999: { n: 0 }, 10_000: { n: 10_000 }, 49_999: 9_999 } },
  })
})
