import { E, pipe } from '../../../prelude.ts'
import { parseGoDuration } from './go-duration.ts'
import { anyOf, type Bounds, only, parseField, type ScheduleField } from './schedule-field.ts'
import { timeZone, unknownTimeZone } from './time-zone.ts'

/** A schedule that was understood [11.1]. A zone in front of the schedule wins over the zone it is asked in. */
export type Schedule =
  | {
      readonly _tag: 'Fields'
      readonly minute: ScheduleField
      readonly hour: ScheduleField
      readonly dayOfMonth: ScheduleField
      readonly month: ScheduleField
      readonly dayOfWeek: ScheduleField
      readonly timeZone: string | null
    }
  /** `@every`: each time is the one before it plus `ms`, whole seconds. */
  | { readonly _tag: 'Every'; readonly ms: number }

/** A schedule as Kubernetes reads it: five fields, a descriptor, or `@every <duration>`. Left: its parser's own words. */
export const parseSchedule = (text: string): E.Either<string, Schedule> => {
  if (text === '') return E.left('empty spec string')
  if (!text.startsWith('TZ=') && !text.startsWith('CRON_TZ=')) return parseInZone(text, null)
  const blank = text.indexOf(' ')
  if (blank < 0) return E.left('invalid schedule: runtime error: slice bounds out of range [:-1]')
  const zone = text.slice(text.indexOf('=') + 1, blank)
  return timeZone(zone) === null
    ? E.left(`provided bad location ${zone}: ${unknownTimeZone(zone)}`)
    : parseInZone(text.slice(blank).trim(), zone)
}

/** Whether a zone stands in the schedule, which only schedules stored long ago may have [1.11]. */
export const namesTimeZone = (text: string): boolean => text.includes('TZ')

const minutes: Bounds = { min: 0, max: 59, names: [] }
const hours: Bounds = { min: 0, max: 23, names: [] }
const daysOfMonth: Bounds = { min: 1, max: 31, names: [] }
const months: Bounds = {
  min: 1,
  max: 12,
  names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
}
const daysOfWeek: Bounds = { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] }

const parseInZone = (text: string, zone: string | null): E.Either<string, Schedule> =>
  text.startsWith('@') ? parseDescriptor(text, zone) : parseFields(text, zone)

const parseFields = (text: string, zone: string | null): E.Either<string, Schedule> => {
  const found = text.split(whiteSpace).filter((part) => part !== '')
  const [minuteText, hourText, dayText, monthText, weekdayText] = found
  if (
    minuteText === undefined ||
    hourText === undefined ||
    dayText === undefined ||
    monthText === undefined ||
    weekdayText === undefined ||
    found.length > 5
  )
    return E.left(`expected exactly 5 fields, found ${found.length}: [${found.join(' ')}]`)
  return pipe(
    E.Do,
    E.bind('minute', () => parseField(minuteText, minutes)),
    E.bind('hour', () => parseField(hourText, hours)),
    E.bind('dayOfMonth', () => parseField(dayText, daysOfMonth)),
    E.bind('month', () => parseField(monthText, months)),
    E.bind('dayOfWeek', () => parseField(weekdayText, daysOfWeek)),
    E.map((fields) => ({ _tag: 'Fields', ...fields, timeZone: zone })),
  )
}

/** What Go takes for white space. */
const whiteSpace = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/

const parseDescriptor = (text: string, zone: string | null): E.Either<string, Schedule> => {
  const everyHour: Schedule = {
    _tag: 'Fields',
    minute: only(0),
    hour: anyOf(hours),
    dayOfMonth: anyOf(daysOfMonth),
    month: anyOf(months),
    dayOfWeek: anyOf(daysOfWeek),
    timeZone: zone,
  }
  const everyDay: Schedule = { ...everyHour, hour: only(0) }
  switch (text) {
    case '@yearly':
    case '@annually':
      return E.right({ ...everyDay, dayOfMonth: only(1), month: only(1) })
    case '@monthly':
      return E.right({ ...everyDay, dayOfMonth: only(1) })
    case '@weekly':
      return E.right({ ...everyDay, dayOfWeek: only(0) })
    case '@daily':
    case '@midnight':
      return E.right(everyDay)
    case '@hourly':
      return E.right(everyHour)
    default:
      return text.startsWith(every) ? parseEvery(text) : E.left(`unrecognized descriptor: ${text}`)
  }
}

const every = '@every '

const parseEvery = (text: string): E.Either<string, Schedule> =>
  pipe(
    parseGoDuration(text.slice(every.length)),
    E.mapLeft((reason) => `failed to parse duration ${text}: ${reason}`),
    E.map((ms) => ({ _tag: 'Every', ms: Math.max(1000, Math.floor(ms / 1000) * 1000) })),
  )
