import { delay, of } from 'rxjs'
import { expect, test } from 'vitest'
import { virtualClock } from '../../../src/adapters/clock/virtual-clock.ts'

test('time stands still until it is told to pass, and timers see the time they asked for', () => {
  const clock = virtualClock(5000)
  const rung: Array<number> = []
  of('a')
    .pipe(delay(300, clock.scheduler))
    .subscribe(() => rung.push(clock.now()))
  of('b')
    .pipe(delay(100, clock.scheduler))
    .subscribe(() => rung.push(clock.scheduler.now()))
  clock.advance(99)
  expect(rung).toStrictEqual([])
  expect(clock.now()).toBe(5099)
  clock.advance(1000)
  expect(rung).toStrictEqual([5100, 5300])
  expect(clock.now()).toBe(6099)
})

test('passing time waits for promises, and for the timers they set', async () => {
  const clock = virtualClock(0)
  const rung: Array<number> = []
  clock.scheduler.schedule(() => {
    void Promise.resolve().then(() => clock.scheduler.schedule(() => rung.push(clock.now()), 50))
  }, 100)
  clock.scheduler.schedule(() => rung.push(clock.now()), 200)
  await clock.pass(200)
  expect(rung).toStrictEqual([150, 200])
})

test('it steps from one moment to the next at which something is due, however far', () => {
  const clock = virtualClock(5000)
  const rung: Array<number> = []
  for (const ms of [86_400_000, 70, 70])
    of(ms)
      .pipe(delay(ms, clock.scheduler))
      .subscribe(() => rung.push(clock.now()))
  expect(clock.nextAt()).toBe(5070)
  clock.step()
  expect([clock.now(), ...rung]).toStrictEqual([5070, 5070, 5070])
  clock.step()
  expect(rung).toStrictEqual([5070, 5070, 86_405_000])
  expect(clock.nextAt()).toBe(Number.POSITIVE_INFINITY)
})
