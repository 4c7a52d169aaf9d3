import type { Schedule } from './parse-schedule.ts'
import { instantOf, type TimeZone, timeZone, wallClock } from './time-zone.ts'

/**
 * The first time after `after` at which the schedule fires in the zone (epoch milliseconds), null when there is none within five
 * years. What happens around changes of the clocks is the reference's: a skipped time does not fire on that day, a
 * repeated hour fires again where every hour does.
 */
export const nextActivation = (schedule: Schedule, zone: TimeZone, after: number): number | null => {
  if (schedule._tag === 'Every') return Math.floor(after / secondMs) * secondMs + schedule.ms
  if (schedule.minute.values.size === 0 || schedule.hour.values.size === 0) return null
  const own = schedule.timeZone === null ? zone : (timeZone(schedule.timeZone) ?? zone)
  return search(fieldsOf(schedule, own), after)
}

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const yearsMax = 5

/**
 * A field of the calendar while searching, from coarse to fine. `step` goes on by one; after that nothing finer than
 * the field is set. `wraps`: the step led into the next coarser unit, so the coarser fields must be looked at again.
 */
type Field = {
  readonly matches: (wall: Date) => boolean
  readonly begin: (instant: number) => number
  readonly step: (instant: number) => number
  readonly wraps: (wall: Date) => boolean
}

type Search = { readonly zone: TimeZone; readonly fields: ReadonlyArray<Field> }

const search = ({ zone, fields }: Search, after: number): number | null => {
  let instant = Math.floor(after / secondMs) * secondMs + secondMs
  const lastYear = wallClock(zone, instant).getUTCFullYear() + yearsMax
  let isBegun = false
  let level = 0
  for (;;) {
    const field = fields[level]
    if (field === undefined) return instant
    const wall = wallClock(zone, instant)
    if (level === 0 && wall.getUTCFullYear() > lastYear) return null
    if (field.matches(wall)) level += 1
    else {
      instant = field.step(isBegun ? instant : field.begin(instant))
      isBegun = true
      if (field.wraps(wallClock(zone, instant))) level = 0
    }
  }
}

const fieldsOf = (schedule: Extract<Schedule, { readonly _tag: 'Fields' }>, zone: TimeZone): Search => {
  const { month, hour, minute } = schedule
  const onWall = (change: (wall: Date) => number) => (instant: number) =>
    instantOf(zone, change(wallClock(zone, instant)))
  return {
    zone,
    fields: [
      {
        matches: (wall) => month.values.has(wall.getUTCMonth() + 1),
        begin: onWall((wall) => Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), 1)),
        step: onWall((wall) => new Date(wall).setUTCMonth(wall.getUTCMonth() + 1)),
        wraps: (wall) => wall.getUTCMonth() === 0,
      },
      {
        matches: (wall) => isDay(schedule, wall),
        begin: onWall((wall) => new Date(wall).setUTCHours(0, 0, 0, 0)),
        step: (instant) => {
          const next = onWall((wall) => new Date(wall).setUTCDate(wall.getUTCDate() + 1))(instant)
          return next + toMidnight(wallClock(zone, next).getUTCHours()) * hourMs
        },
        wraps: (wall) => wall.getUTCDate() === 1,
      },
      {
        matches: (wall) => hour.values.has(wall.getUTCHours()),
        begin: onWall((wall) => new Date(wall).setUTCMinutes(0, 0, 0)),
        step: (instant) => instant + hourMs,
        wraps: (wall) => wall.getUTCHours() === 0,
      },
      {
        matches: (wall) => minute.values.has(wall.getUTCMinutes()),
        begin: (instant) => Math.floor(instant / minuteMs) * minuteMs,
        step: (instant) => instant + minuteMs,
        wraps: (wall) => wall.getUTCMinutes() === 0,
      },
      {
        matches: (wall) => wall.getUTCSeconds() === 0,
        begin: (instant) => Math.floor(instant / minuteMs) * minuteMs,
        step: (instant) => instant + minuteMs,
        wraps: () => true,
      },
    ],
  }
}

/** Where midnight is skipped, a step by a day ends an hour beside it: how many hours to go back or on. */
const toMidnight = (hour: number): number => (hour > 12 ? 24 - hour : -hour)

/** [11.1] Both day fields must match as soon as one of them is "any"; else one of them is enough. */
const isDay = ({ dayOfMonth, dayOfWeek }: Extract<Schedule, { readonly _tag: 'Fields' }>, wall: Date): boolean => {
  const inMonth = dayOfMonth.values.has(wall.getUTCDate())
  const inWeek = dayOfWeek.values.has(wall.getUTCDay())
  return dayOfMonth.any || dayOfWeek.any ? inMonth && inWeek : inMonth || inWeek
}
