import fc from 'fast-check'
import { expect, test } from 'vitest'
import { base64Problem } from '../../../src/domain/kubernetes/base64-problem.ts'

test('whatever was written in base64 is base64', () =>
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(base64Problem(Buffer.from(bytes).toString('base64'))).toBeUndefined()
    }),
  ))

test.each(['', 'YQ==', 'YWI=', 'YW\nI=\n', 'YQ=\r\n='])('%j is base64', (text) =>
  expect(base64Problem(text)).toBeUndefined(),
)

test.each<[text: string, at: number]>([
  ['secret!', 6],
  ['a', 0],
  ['YWJja', 4],
  ['YWI', 0],
  ['=', 0],
  ['Y===', 1],
  ['YQ=', 3],
  ['YQ=a', 2],
  ['YWI=YQ==', 4],
  ['päss', 1],
])('%j is not, from byte %d on', (text, at) =>
  expect(base64Problem(text)).toBe(`illegal base64 data at input byte ${at}`),
)
