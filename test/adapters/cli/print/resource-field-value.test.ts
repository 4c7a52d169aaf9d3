import { expect, test } from 'vitest'
import { quantityAmount, resourceFieldValue } from '../../../../src/adapters/cli/print/resource-field-value.ts'

test.each<[quantity: string, amount: number]>([
  ['100m', 0.1],
  ['2', 2],
  ['1.5', 1.5],
  ['64Mi', 67_108_864],
  ['1k', 1_000],
  ['1e3', 1_000],
  ['2E', 2e18],
  ['', 0],
  ['many', 0],
])('the quantity %s amounts to %d', (quantity, amount) => {
  expect(quantityAmount(quantity)).toBeCloseTo(amount, 9)
})

test.each<[resource: string, divisor: string | undefined, value: string]>([
  ['limits.cpu', undefined, '2'],
  ['limits.cpu', '1m', '1500'],
  ['limits.memory', '1Mi', '64'],
  ['limits.memory', '0', '67108864'],
  ['requests.cpu', '1m', '100'],
  ['requests.memory', undefined, '0'],
])('[12.5] %s divided by %s is %s, rounded up', (resource, divisor, value) => {
  const container = { name: 'a', resources: { limits: { cpu: '1500m', memory: '64Mi' }, requests: { cpu: '100m' } } }
  expect(resourceFieldValue({ resource, ...(divisor === undefined ? {} : { divisor }) }, container)).toBe(value)
})

test('[12.5] without a limit the whole node is there', () => {
  expect(resourceFieldValue({ resource: 'limits.memory' }, { name: 'a' })).toBe('node allocatable')
})
