import type { SchedulerLike } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { until } from '../../src/sagas/until.ts'
import { virtualClock } from '../support/virtual-clock.ts'

/** When the value came, in milliseconds from the start, as the true time tells it; the clock is wrong by `errorMs` of it. */
const cameAt = (waitMs: number, passMs: number, errorMs: (trueMs: number) => number): number | null => {
  const clock = virtualClock(0)
  const now = () => clock.now() + errorMs(clock.now())
  const scheduler: SchedulerLike = { now, schedule: clock.scheduler.schedule.bind(clock.scheduler) }
  let came: number | null = null
  until(waitMs, 'x', scheduler).subscribe(() => {
    came = clock.now()
  })
  clock.advance(passMs)
  return came
}

const day = 24 * 3600 * 1000

describe('until', () => {
  test.each<[what: string, came: number | null, expected: number | null]>([
    ['comes at its time', cameAt(500, 1000, () => 0), 500],
    ['does not come before', cameAt(500, 499, () => 0), null],
    ['comes at once when its time has passed', cameAt(-1, 0, () => 0), 0],
    ['comes in a year', cameAt(365 * day, 366 * day, () => 0), 365 * day],
    ['waits on when the clock was set back meanwhile', cameAt(500, 1000, (ms) => (ms < 100 ? 0 : -9)), 509],
    ['also when that happens again', cameAt(500, 1000, (ms) => (ms < 100 ? 0 : ms < 505 ? -9 : -20)), 520],
    ['waits on when a timer rings a little early', cameAt(500, 1000, (ms) => (ms === 0 ? 0.4 : 0)), 500],
    ['comes late, but comes, when the clock was set forward', cameAt(500, 1000, (ms) => (ms < 100 ? 0 : 200)), 500],
  ])('%s', (_, came, expected) => expect(came).toBe(expected))
})
