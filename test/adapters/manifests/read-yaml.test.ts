import { expect, test } from 'vitest'
import { readYaml } from '../../../src/adapters/manifests/read-yaml.ts'
import { E } from '../../../src/prelude.ts'

const valueOf = (text: string): unknown => {
  const read = readYaml(text)
  return E.isRight(read) ? read.right.value : read.left
}

const problemsOf = (text: string) => {
  const read = readYaml(text)
  return E.isLeft(read) ? read.left.map(({ line, reason }) => `${line ?? '-'}: ${reason}`) : []
}

test('mappings, lists, quoted and unquoted words', () =>
  expect(valueOf('a: [1, "1", yes, \'yes\']\nb:\n  - c: |\n      line\n  - !!str 012\nd:\n')).toEqual({
    a: [1, '1', true, 'yes'],
    b: [{ c: 'line\n' }, '012'],
    d: null,
  }))

test('JSON is read by the same rules', () =>
  expect(valueOf('{\n\t"a": [1, true, null, "\\u00e9\\/"],\n\t"b": {}\n}')).toEqual({
    a: [1, true, null, 'é/'],
    b: {},
  }))

test('keys are texts', () => expect(valueOf('1: a\ny: b\n012: c')).toEqual({ 1: 'a', true: 'b', 10: 'c' }))

test('tags say how a word is meant', () =>
  expect(valueOf('[!!int "12", !!bool "yes", !!binary aGk=, !!timestamp 2001-01-01]')).toEqual([
    12,
    true,
    'hi',
    '2001-01-01',
  ]))

test('aliases repeat, merge keys bring in what is not there yet', () =>
  expect(valueOf('a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, "y": 3}\nd: {<<: [*a, {x: 9, z: 4}]}')).toEqual({
    a: { x: 1, true: 2 },
    b: { x: 1, true: 2 },
    c: { x: 1, true: 2, y: 3 },
    d: { x: 1, true: 2, z: 4 },
  }))

test('empty documents beside the only one do not count', () =>
  expect(valueOf('---\n# none\n---\na: 1\n---\n')).toEqual({ a: 1 }))

const manyAliases = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...['b', 'c', 'd', 'e', 'f', 'g'].map((name, index) => {
    const before = String.fromCharCode('a'.charCodeAt(0) + index)
    return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]`
  }),
].join('\n')

test.each<[what: string, text: string, problems: ReadonlyArray<string>]>([
  ['nothing', '', ['-: is empty']],
  ['only comments', '# x\n---\n', ['-: is empty']],
  ['two documents', 'a: 1\n---\nb: 2\n', ['3: a second document starts here, only one Job can be read at a time']],
  ['a key twice', 'a: 1\nb:\n  c: 1\n  c: 2\n', ['4: the key "c" is given twice']],
  ['two spellings of one key', '1: a\n01: b', ['2: the key "1" is given twice']],
  ['a key that would reach into every object', 'a:\n  __proto__: 1', ['2: the key "__proto__" is not allowed']],
  ['numbers that JSON does not know', 'a: 1\nb: .nan', ['2: .nan is not a number that a manifest can have']],
  ['an alias without anchor', 'a: *b', ['1: the alias *b has no anchor &b before it']],
  ['an alias inside itself', 'a: &a [*a]', ['1: the alias *a stands inside what it repeats']],
  ['aliases of aliases of aliases', manyAliases, ['1: aliases stand for more than 10000 values']],
  ['a merge of no mapping', 'a: {<<: 1}', ['1: the merge key << needs a mapping, or a list of mappings']],
  ['a tag of its own', 'a: !secret x', ['1: the tag !secret is not supported']],
  ['a mapping as a key', '? {a: 1}\n: b', ['1: a key must be a single word or text']],
])('%s is refused with its line', (_, text, problems) => expect(problemsOf(text)).toEqual(problems))

test.each([
  ['a tab as indentation', 'a:\n\tb: 1', 2],
  ['an open list', 'a: [1, 2\nb: 3\n', 2],
  ['two values', 'a: b: c', 1],
])('%s is not valid YAML', (_, text, line) => {
  const problems = problemsOf(text)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(new RegExp(`^${line}: not valid YAML: `))
})

test('too deep nesting is a problem, not a crash', () => {
  expect(problemsOf('['.repeat(20_000))).toEqual([expect.stringContaining('is nested too deeply to be read')])
  expect(problemsOf(`a: ${'{a: '.repeat(20_000)}${'}'.repeat(20_000)}`)).toEqual([
    expect.stringContaining('is nested too deeply to be read'),
  ])
})

test('ten thousand keys, and as many aliases, take no long time', () => {
  const keys = Array.from({ length: 10_000 }, (_, n) => `k${n}: v`).join('\n')
  expect(Object.keys(valueOf(keys) as object)).toHaveLength(10_000)
  const aliases = `[&a 1${', *a'.repeat(9_000)}]`
  expect(valueOf(aliases)).toHaveLength(9_001)
})

test('a path knows its line, also through aliases and merges, and else the nearest line around it', () => {
  const read = readYaml('a: &a\n  x: 1\n  z: 2\nb:\n  - {<<: *a, "y": 1}\n  - w\nc: *a\n')
  if (E.isLeft(read)) throw new Error(JSON.stringify(read.left))
  const { lineOf } = read.right
  expect(lineOf([])).toBe(1)
  expect(lineOf(['a', 'z'])).toBe(3)
  expect(lineOf(['b', 1])).toBe(6)
  expect(lineOf(['b', 0, 'y'])).toBe(5)
  expect(lineOf(['b', 0, 'z'])).toBe(3)
  expect(lineOf(['c', 'x'])).toBe(2)
  expect(lineOf(['b', 0, 'missing', 'deeper'])).toBe(5)
})
