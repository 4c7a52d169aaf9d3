import { expect, test } from 'vitest'
import { byYamlKey } from '../../../../src/adapters/cli/print/yaml-key-order.ts'

test.each<[rule: string, sorted: ReadonlyArray<string>]>([
  ['letters by their code', ['A', 'B', 'a', 'b', 'é']],
  ['other characters before letters', ['a.b', 'a/b', 'a_b', 'ab']],
  ['numbers by their size', ['a1', 'a2', 'a10', 'a100', 'b1']],
  ['a letter before an other character after a digit', ['a1b', 'a1-']],
  ['equal numbers by their length', ['x1', 'x01', 'x001']],
  ['a zero inside a number is a digit of it', ['a10', 'a11', 'a100']],
  ['a shorter key before those it begins', ['', 'app', 'apple']],
])('YAML keys: %s', (_, sorted) => {
  expect(sorted.toReversed().toSorted(byYamlKey)).toStrictEqual(sorted)
})
