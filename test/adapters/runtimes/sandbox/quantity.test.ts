import { expect, test } from 'vitest'
import { parseQuantity, wholeUnits } from '../../../../src/adapters/runtimes/sandbox/quantity.ts'
import { O } from '../../../../src/prelude.ts'

test.each<[text: string, billionths: bigint]>([
  ['0', 0n],
  ['1', 1_000_000_000n],
  ['+2', 2_000_000_000n],
  ['-3', -3_000_000_000n],
  ['.5', 500_000_000n],
  ['5.', 5_000_000_000n],
  ['500m', 500_000_000n],
  ['100u', 100_000n],
  ['7n', 7n],
  ['0.1n', 1n],
  ['1.5Gi', 1_610_612_736n * 1_000_000_000n],
  ['1k', 1_000n * 1_000_000_000n],
  ['128Mi', 134_217_728n * 1_000_000_000n],
  ['1e3', 1_000n * 1_000_000_000n],
  ['1E-3', 1_000_000n],
  ['2E', 2_000_000_000_000_000_000n * 1_000_000_000n],
])('the quantity %s is read exactly', (text, billionths) => {
  expect(parseQuantity(text)).toStrictEqual(O.some(billionths))
})

test.each(['', '.', 'm', '1 Gi', '1gi', '1Kib', '0x10', '1e', '--1', '1e999'])('"%s" is no quantity', (text) => {
  expect(parseQuantity(text)).toStrictEqual(O.none)
})

test('bytes are rounded up to whole ones', () => {
  expect(wholeUnits(1_000_000_001n)).toBe(2)
  expect(wholeUnits(2_000_000_000n)).toBe(2)
})
