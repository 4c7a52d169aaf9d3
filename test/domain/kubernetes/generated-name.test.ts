import fc from 'fast-check'
import { expect, test } from 'vitest'
import { generatedName, nameSuffix } from '../../../src/domain/kubernetes/generated-name.ts'

test('a generated name is the base, cut to 58 characters, and five more', () => {
  expect(generatedName('pi-', 'x7k2p')).toBe('pi-x7k2p')
  expect(generatedName('a'.repeat(70), 'x7k2p')).toBe(`${'a'.repeat(58)}x7k2p`)
})

test('a suffix has five characters of the alphabet, whatever the digits', () =>
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 5, maxLength: 32 }), (bytes) => {
      expect(nameSuffix(Buffer.from(bytes).toString('hex'))).toMatch(/^[b-df-hj-np-tv-z24-9]{5}$/)
    }),
  ))

test('each of the first ten digits counts', () => {
  const digits = '0011223344'
  const changed = [...digits].map((_, at) => nameSuffix(`${digits.slice(0, at)}5${digits.slice(at + 1)}`))
  for (const suffix of changed) expect(suffix).not.toBe(nameSuffix(digits))
})
