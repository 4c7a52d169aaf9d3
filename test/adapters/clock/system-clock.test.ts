import { expect, test, vi } from 'vitest'
import { systemClock } from '../../../src/adapters/clock/system-clock.ts'

test('a timer of the system clock rings when its time has come, by the same clock', async () => {
  const begun = systemClock.now()
  await new Promise<void>((resolve) => systemClock.scheduler.schedule(() => resolve(), 20))
  expect(systemClock.now() - begun).toBeGreaterThanOrEqual(19)
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000)
})

/** What the system clock says while the machine says these times, both in milliseconds behind the same instant. */
const readings = (...machineMs: ReadonlyArray<number>): ReadonlyArray<number> => {
  const begin = systemClock.now() + 10_000
  const machine = vi.spyOn(Date, 'now')
  try {
    return machineMs.map((ms) => {
      machine.mockReturnValue(begin + ms)
      expect(systemClock.scheduler.now()).toBe(systemClock.now())
      return systemClock.now() - begin
    })
  } finally {
    machine.mockRestore()
  }
}

test('the system clock stands still during a small correction, and never falls', () =>
  expect(readings(0, 5, -9, 4, 7, -2, 9)).toStrictEqual([0, 5, 5, 5, 7, 7, 9]))

test('it goes on when the machine is set back, and is the machine again when that has caught up', () => {
  const hour = 3_600_000
  expect(readings(0, 50, -hour, 20 - hour, 10 - hour, 40 - hour, 100, 200)).toStrictEqual([
    0, 50, 50, 70, 70, 90, 100, 200,
  ])
  expect(readings(0, -hour, 10 - hour, -2 * hour, 10 - 2 * hour, hour)).toStrictEqual([0, 0, 10, 10, 20, hour])
})
