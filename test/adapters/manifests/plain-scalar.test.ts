import { expect, test } from 'vitest'
import { notANumber, type PlainScalar, plainScalar } from '../../../src/adapters/manifests/plain-scalar.ts'

test.each<[word: string, value: PlainScalar]>([
  ['y', true],
  ['Yes', true],
  ['on', true],
  ['TRUE', true],
  ['n', false],
  ['No', false],
  ['OFF', false],
  ['tRue', 'tRue'],
  ['', null],
  ['~', null],
  ['null', null],
  ['Null', null],
  ['12', 12],
  ['+12', 12],
  ['-0', 0],
  ['012', 10],
  ['-012', -10],
  ['0o14', 12],
  ['0x1F', 31],
  ['0b11', 3],
  ['1_000', 1000],
  ['09', 9],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['1.', 1],
  ['1e3', 1000],
  ['1.5e-3', 0.0015],
  ['1e400', '1e400'],
  ['12:30', '12:30'],
  ['2001-01-01', '2001-01-01'],
  ['2001-01-01T00:00:00Z', '2001-01-01T00:00:00Z'],
  ['1a', '1a'],
  ['0o8', '0o8'],
  ['+', '+'],
  ['.', '.'],
  ['_1', '_1'],
  ['1.2.3', '1.2.3'],
  ['constructor', 'constructor'],
  ['.inf', notANumber],
  ['-.Inf', notANumber],
  ['.NaN', notANumber],
])('the word "%s" is read as go-yaml reads it', (word, value) => expect(plainScalar(word)).toBe(value))

test('a very long word is read at once', () => {
  const word = `${'1'.repeat(1_000_000)}x`
  expect(plainScalar(word)).toBe(word)
})
