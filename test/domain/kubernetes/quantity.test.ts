import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalQuantity, nanoOf, quantityProblem } from '../../../src/domain/kubernetes/quantity.ts'

test.each([
  ['0.5', '500m'],
  ['1000m', '1'],
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['100000k', '100M'],
  ['1073741824', '1073741824'],
  ['1000', '1k'],
  ['0Gi', '0'],
  ['-1', '-1'],
  ['+3', '3'],
  ['.5', '500m'],
  ['5.', '5'],
  ['0.5Ki', '512'],
  ['1.1Ki', '1127'],
  ['1e3', '1e3'],
  ['12e4', '120e3'],
  ['1E', '1E'],
  ['0.0000000001', '1n'],
  ['1e99999', '9223372036854775807'],
])('[D-10] %s is stored as %s', (given, canonical) => expect(canonicalQuantity(given)).toBe(canonical))

test.each([
  ['', /must match the regular expression/],
  ['1x', /must match the regular expression/],
  ['1 Gi', /must match the regular expression/],
  ['Ki', /unable to parse numeric part of quantity/],
  ['1ki', /unable to parse quantity's suffix/],
  ['1e', /unable to parse quantity's suffix/],
])('[0.1] "%s" is no quantity', (given, sentence) => expect(quantityProblem(given)).toMatch(sentence))

const suffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi']

test('[D-10] the canonical form is stable and means the same amount', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.constantFrom(...suffixes), (number, suffix) => {
      const canonical = canonicalQuantity(`${number}${suffix}`)
      expect(nanoOf(canonical)).toBe(nanoOf(`${number}${suffix}`))
      expect(canonicalQuantity(canonical)).toBe(canonical)
    }),
  )
})

test('a quantity of a million digits is read at once', () => {
  expect(quantityProblem(`${'1'.repeat(1_000_000)}x`)).toMatch(/regular expression/)
  expect(canonicalQuantity(`0.${'0'.repeat(1_000_000)}1`)).toBe('1n')
})
