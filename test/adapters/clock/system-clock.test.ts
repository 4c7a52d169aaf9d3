import { expect, test } from 'vitest'
import { systemClock } from '../../../src/adapters/clock/system-clock.ts'

test('a timer of the system clock rings when its time has come, by the same clock', async () => {
  const begun = systemClock.now()
  await new Promise<void>((resolve) => systemClock.scheduler.schedule(() => resolve(), 20))
  expect(systemClock.now() - begun).toBeGreaterThanOrEqual(19)
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000)
})
