import { expect, test } from 'vitest'
import { age, humanDuration } from '../../../src/projections/tables/human-duration.ts'

const s = 1_000
const m = 60 * s
const h = 60 * m
const d = 24 * h
const y = 365 * d

test.each<[durationMs: number, text: string]>([
  [-2 * s, '<invalid>'],
  [-1_999, '0s'],
  [-1, '0s'],
  [0, '0s'],
  [999, '0s'],
  [59 * s, '59s'],
  [119 * s + 999, '119s'],
  [2 * m, '2m'],
  [2 * m + 10 * s, '2m10s'],
  [10 * m - 1, '9m59s'],
  [10 * m + 59 * s, '10m'],
  [3 * h - 1, '179m'],
  [3 * h, '3h'],
  [3 * h + 5 * m, '3h5m'],
  [8 * h - 1, '7h59m'],
  [8 * h + 59 * m, '8h'],
  [48 * h - 1, '47h'],
  [2 * d, '2d'],
  [2 * d + 3 * h, '2d3h'],
  [8 * d - 1, '7d23h'],
  [8 * d + 23 * h, '8d'],
  [2 * y - 1, '729d'],
  [2 * y, '2y'],
  [2 * y + 5 * d, '2y5d'],
  [8 * y - 1, '7y364d'],
  [8 * y + 300 * d, '8y'],
])('[12.1] %i ms read %s', (durationMs, text) => {
  expect(humanDuration(durationMs)).toBe(text)
})

test('[12.1] an age is told from now, and a missing time stamp is unknown', () => {
  expect(age('2026-07-21T08:00:00Z', Date.parse('2026-07-21T08:01:05Z'))).toBe('65s')
  expect(age(undefined, 0)).toBe('<unknown>')
  expect(age(null, 0)).toBe('<unknown>')
})
