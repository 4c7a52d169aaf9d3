import fc from 'fast-check'
import { expect, test } from 'vitest'
import { timetable } from '../../../../src/adapters/runtimes/simulated/timetable.ts'

test('entries come out by time, and those of the same time as they went in', () =>
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const todo = timetable<number>()
      for (const [place, at] of times.entries()) todo.add(at, place)
      const taken = times.map(() => todo.takeDue(20)!)
      const expected = times.map((at, what) => ({ at, order: what, what })).toSorted((a, b) => a.at - b.at)
      expect(taken).toStrictEqual(expected)
      expect(todo.takeDue(20)).toBeUndefined()
    }),
  ))

test('nothing comes out before its time', () => {
  const todo = timetable<string>()
  todo.add(10, 'late')
  todo.add(5, 'early')
  expect(todo.nextAt()).toBe(5)
  expect(todo.takeDue(4)).toBeUndefined()
  expect(todo.takeDue(7)?.what).toBe('early')
  expect(todo.takeDue(7)).toBeUndefined()
  todo.clear()
  expect(todo.nextAt()).toBe(Number.POSITIVE_INFINITY)
})
