import { expect, test } from 'vitest'
import { crashLoopBackoff } from '../../../src/adapters/runtimes/crash-loop-backoff.ts'

test('the first restart is immediate, then the wait doubles from 10 s to 300 s', () => {
  const waits: Array<number> = []
  let previous: number | null = null
  for (let i = 0; i < 8; i++) waits.push((previous = crashLoopBackoff(previous, 1_000)))
  expect(waits).toStrictEqual([0, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000])
})

test('ten minutes of running begin the back-off anew, a moment less does not', () => {
  expect(crashLoopBackoff(300_000, 600_000)).toBe(0)
  expect(crashLoopBackoff(160_000, 599_999)).toBe(300_000)
})
