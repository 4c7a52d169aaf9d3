import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextActivation } from '../../../../src/domain/cronjob/schedule/next-activation.ts'
import { parseSchedule } from '../../../../src/domain/cronjob/schedule/parse-schedule.ts'
import { type TimeZone, timeZone, utc, wallClock } from '../../../../src/domain/cronjob/schedule/time-zone.ts'
import { E } from '../../../../src/prelude.ts'

const zoneOf = (name: string): TimeZone => {
  const zone = timeZone(name)
  if (zone === null) throw new Error(`there is no zone ${name}`)
  return zone
}

const next = (text: string, zone: TimeZone, after: number): number | null => {
  const schedule = parseSchedule(text)
  if (E.isLeft(schedule)) throw new Error(schedule.left)
  return nextActivation(schedule.right, zone, after)
}

const said = (instant: number | null): string =>
  instant === null ? 'never' : new Date(instant).toISOString().replace('.000Z', 'Z')

/** As many of the next times as there are expected ones, the last of them possibly 'never'. */
const activations = (text: string, zone: string, after: string, count: number): ReadonlyArray<string> => {
  const found: string[] = []
  for (let from: number | null = Date.parse(after); from !== null && found.length < count; ) {
    from = next(text, zoneOf(zone), from)
    found.push(said(from))
  }
  return found
}

/** Times that the parser of Kubernetes answered. */
const observed: ReadonlyArray<[what: string, text: string, zone: string, after: string, times: ReadonlyArray<string>]> =
  [
    [
      'every quarter of an hour',
      '*/15 * * * *',
      'UTC',
      '2026-07-21T08:05:30.250Z',
      ['2026-07-21T08:15:00Z', '2026-07-21T08:30:00Z', '2026-07-21T08:45:00Z'],
    ],
    [
      'names and ranges',
      '30 8-10/2 * JAN-mar MON-fri',
      'UTC',
      '2026-07-21T08:05:00Z',
      ['2027-01-01T08:30:00Z', '2027-01-01T10:30:00Z', '2027-01-04T08:30:00Z'],
    ],
    [
      'a list',
      '5,10,59 23 31 12 *',
      'UTC',
      '2026-12-31T23:05:00Z',
      ['2026-12-31T23:10:00Z', '2026-12-31T23:59:00Z', '2027-12-31T23:05:00Z'],
    ],
    [
      'a step from a number',
      '50/5 7 * * *',
      'UTC',
      '2026-07-21T07:49:59.999Z',
      ['2026-07-21T07:50:00Z', '2026-07-21T07:55:00Z', '2026-07-22T07:50:00Z'],
    ],
    [
      'star with a step loses its flag: odd days or Mondays',
      '0 0 */2 * 1',
      'UTC',
      '2026-07-21T00:00:00Z',
      ['2026-07-23T00:00:00Z', '2026-07-25T00:00:00Z', '2026-07-27T00:00:00Z'],
    ],
    [
      'day of month and any weekday',
      '0 0 13 * *',
      'UTC',
      '2026-07-21T00:00:00Z',
      ['2026-08-13T00:00:00Z', '2026-09-13T00:00:00Z', '2026-10-13T00:00:00Z'],
    ],
    [
      'either day field',
      '0 0 13 * 5',
      'UTC',
      '2026-07-21T00:00:00Z',
      ['2026-07-24T00:00:00Z', '2026-07-31T00:00:00Z', '2026-08-07T00:00:00Z'],
    ],
    [
      'a question mark is a star',
      '0 0 ? * MON-FRI',
      'UTC',
      '2026-07-24T00:00:00Z',
      ['2026-07-27T00:00:00Z', '2026-07-28T00:00:00Z', '2026-07-29T00:00:00Z'],
    ],
    [
      'a leap day',
      '0 0 29 2 *',
      'UTC',
      '2026-07-21T00:00:00Z',
      ['2028-02-29T00:00:00Z', '2032-02-29T00:00:00Z', '2036-02-29T00:00:00Z'],
    ],
    ['no leap day within five years', '0 0 29 2 *', 'UTC', '2096-03-01T00:00:00Z', ['never']],
    ['a day that no month has', '0 0 31 2 *', 'UTC', '2026-07-21T00:00:00Z', ['never']],
    ['an empty list never fires', ', * * * *', 'UTC', '2026-07-21T00:00:00Z', ['never']],
    [
      'the second after a match',
      '5 8 * * *',
      'UTC',
      '2026-07-21T08:05:31Z',
      ['2026-07-22T08:05:00Z', '2026-07-23T08:05:00Z', '2026-07-24T08:05:00Z'],
    ],
    [
      '@yearly',
      '@yearly',
      'Europe/Vienna',
      '2026-07-21T08:05:00Z',
      ['2026-12-31T23:00:00Z', '2027-12-31T23:00:00Z', '2028-12-31T23:00:00Z'],
    ],
    [
      '@weekly',
      '@weekly',
      'America/New_York',
      '2026-07-21T08:05:00Z',
      ['2026-07-26T04:00:00Z', '2026-08-02T04:00:00Z', '2026-08-09T04:00:00Z'],
    ],
    [
      '@every drops what is below a second',
      '@every 1h30m0.9s',
      'Europe/Vienna',
      '2026-07-21T08:05:00.750Z',
      ['2026-07-21T09:35:00Z', '2026-07-21T11:05:00Z', '2026-07-21T12:35:00Z'],
    ],
    [
      '@every below a second is a second',
      '@every 500ms',
      'UTC',
      '2026-07-21T08:05:00.750Z',
      ['2026-07-21T08:05:01Z', '2026-07-21T08:05:02Z', '2026-07-21T08:05:03Z'],
    ],
    [
      '@every backwards is a second',
      '@every -5m',
      'UTC',
      '2026-07-21T08:05:00Z',
      ['2026-07-21T08:05:01Z', '2026-07-21T08:05:02Z', '2026-07-21T08:05:03Z'],
    ],
    [
      'clocks go on: the skipped hour does not fire',
      '30 2 * * *',
      'Europe/Vienna',
      '2026-03-28T00:00:00Z',
      ['2026-03-28T01:30:00Z', '2026-03-30T00:30:00Z', '2026-03-31T00:30:00Z'],
    ],
    [
      'clocks go on: every hour does',
      '30 * * * *',
      'Europe/Vienna',
      '2026-03-28T23:40:00Z',
      ['2026-03-29T00:30:00Z', '2026-03-29T01:30:00Z', '2026-03-29T02:30:00Z'],
    ],
    [
      'clocks go back: a repeated time fires twice',
      '30 2 * * *',
      'Europe/Vienna',
      '2026-10-24T00:00:00Z',
      ['2026-10-24T00:30:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
    ],
    [
      'clocks go back: every hour fires again',
      '30 * * * *',
      'Europe/Vienna',
      '2026-10-24T23:40:00Z',
      ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T02:30:00Z'],
    ],
    [
      'clocks go back: every minute of the hour',
      '*/30 2 * * *',
      'America/New_York',
      '2026-10-31T00:00:00Z',
      ['2026-10-31T06:00:00Z', '2026-10-31T06:30:00Z', '2026-11-01T07:00:00Z'],
    ],
    [
      'clocks go back: the hour before',
      '30 1 * * *',
      'America/New_York',
      '2026-10-31T12:00:00Z',
      ['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z', '2026-11-02T06:30:00Z'],
    ],
    [
      'London, where winter is UTC',
      '30 1 * * *',
      'Europe/London',
      '2026-03-28T00:00:00Z',
      ['2026-03-28T01:30:00Z', '2026-03-30T00:30:00Z', '2026-03-31T00:30:00Z'],
    ],
    [
      'London, back',
      '30 1 * * *',
      'Europe/London',
      '2026-10-24T00:00:00Z',
      ['2026-10-24T00:30:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
    ],
    [
      'no midnight in the west',
      '0 0 * * *',
      'America/Sao_Paulo',
      '2018-11-03T00:00:00Z',
      ['2018-11-03T03:00:00Z', '2018-11-05T02:00:00Z', '2018-11-06T02:00:00Z'],
    ],
    [
      'no midnight in the west, a day named',
      '0 0 4 11 *',
      'America/Sao_Paulo',
      '2018-10-03T00:00:00Z',
      ['2019-11-04T03:00:00Z', '2020-11-04T03:00:00Z', '2021-11-04T03:00:00Z'],
    ],
    [
      'no midnight in the east',
      '0 0 * * *',
      'Africa/Cairo',
      '2026-04-22T00:00:00Z',
      ['2026-04-22T22:00:00Z', '2026-04-24T21:00:00Z', '2026-04-25T21:00:00Z'],
    ],
    [
      'no midnight in the east, a day named',
      '15 1 24 4 *',
      'Africa/Cairo',
      '2026-03-22T00:00:00Z',
      ['2027-04-23T23:15:00Z', '2028-04-23T23:15:00Z', '2029-04-23T23:15:00Z'],
    ],
    [
      'midnight twice',
      '0 0 * * *',
      'America/Havana',
      '2026-10-30T00:00:00Z',
      ['2026-10-30T04:00:00Z', '2026-10-31T04:00:00Z', '2026-11-01T04:00:00Z'],
    ],
    [
      'half an hour on',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-02T00:00:00Z',
      ['2026-10-02T15:45:00Z', '2026-10-04T15:15:00Z', '2026-10-05T15:15:00Z'],
    ],
    [
      'half an hour back',
      '*/20 1 * * *',
      'Australia/Lord_Howe',
      '2026-04-03T12:00:00Z',
      ['2026-04-03T14:00:00Z', '2026-04-03T14:20:00Z', '2026-04-03T14:40:00Z'],
    ],
    [
      'a quarter of an hour beside the world',
      '0 0 * * *',
      'Asia/Kathmandu',
      '2026-07-21T00:00:00Z',
      ['2026-07-21T18:15:00Z', '2026-07-22T18:15:00Z', '2026-07-23T18:15:00Z'],
    ],
    [
      'a day that never was',
      '0 12 * * *',
      'Pacific/Apia',
      '2011-12-28T00:00:00Z',
      ['2011-12-28T22:00:00Z', '2011-12-29T22:00:00Z', '2011-12-30T22:00:00Z'],
    ],
  ]

describe('the next activation', () => {
  test.each(observed)('[11.1] %s: %s in %s after %s', (_, text, zone, after, times) =>
    expect(activations(text, zone, after, times.length)).toStrictEqual(times),
  )

  test('[11.1] a zone in the schedule wins over the zone it is asked in', () =>
    expect(
      said(next('CRON_TZ=Asia/Tokyo 0 9 * * *', zoneOf('Europe/Vienna'), Date.parse('2026-07-21T08:05:00Z'))),
    ).toBe('2026-07-22T00:00:00Z'))
})

const fieldText = (min: number, max: number): fc.Arbitrary<string> => {
  const value = fc.integer({ min, max })
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`)
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('*', '?') },
    { weight: 1, arbitrary: value.map(String) },
    { weight: 1, arbitrary: range },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.oneof(range, fc.constant('*')), fc.integer({ min: 1, max })).map((it) => it.join('/')),
    },
    { weight: 1, arbitrary: fc.array(value, { minLength: 2, maxLength: 4 }).map((list) => list.join(',')) },
  )
}

/** What a field means, read a second time and more simply. */
const means = (text: string, min: number, max: number): ((value: number) => boolean) => {
  const parts = text.split(',').map((part) => {
    const [range = '', step = '1'] = part.split('/')
    const [low = '', high = low] = range.split('-')
    const from = range === '*' || range === '?' ? min : Number(low)
    const to = range === '*' || range === '?' ? max : Number(high)
    return (value: number) => value >= from && value <= to && (value - from) % Number(step) === 0
  })
  return (value) => parts.some((holds) => holds(value))
}

const isAny = (text: string): boolean => /^[*?](\/1)?$/.test(text)

const naiveNext = (text: string, zone: TimeZone, after: number, untilMax: number): number | null => {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = text.split(' ')
  const inMinute = means(minute, 0, 59)
  const inHour = means(hour, 0, 23)
  const inDay = means(day, 1, 31)
  const inMonth = means(month, 1, 12)
  const inWeek = means(weekday, 0, 6)
  for (let instant = Math.floor(after / 60_000) * 60_000 + 60_000; instant <= untilMax; instant += 60_000) {
    const wall = wallClock(zone, instant)
    if (!inMinute(wall.getUTCMinutes()) || !inHour(wall.getUTCHours()) || !inMonth(wall.getUTCMonth() + 1)) continue
    const [onDay, onWeekday] = [inDay(wall.getUTCDate()), inWeek(wall.getUTCDay())]
    if (isAny(day) || isAny(weekday) ? onDay && onWeekday : onDay || onWeekday) return instant
  }
  return null
}

describe('against a walk from minute to minute', () => {
  const twoWeeks = 14 * 86_400_000
  const texts = fc
    .tuple(
      fieldText(0, 59),
      fieldText(0, 23),
      fieldText(1, 31),
      fc.constantFrom('*', '*', '7', '7-8', '2'),
      fieldText(0, 6),
    )
    .map((fields) => fields.join(' '))
  const instants = fc.integer({ min: Date.parse('2026-06-01T00:00:00Z'), max: Date.parse('2026-08-31T00:00:00Z') })

  test.each(['UTC', 'Asia/Kathmandu'])('[11.1] the search finds what the walk finds in %s', (name) => {
    const zone = zoneOf(name)
    fc.assert(
      fc.property(texts, instants, (text, after) => {
        const found = next(text, zone, after)
        const walked = naiveNext(text, zone, after, after + twoWeeks)
        if (walked !== null) expect(said(found)).toBe(said(walked))
        else expect(found === null || found > after + twoWeeks).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a search ends', () => {
  test.each(['0 0 30 2 *', '* * 31 2,4,6,9,11 ?', ', * * * *', '* , * * *', '* * , * *', '* * * , *', '* * * * ,'])(
    '[11.1] %s',
    (text) => {
      expect(next(text, utc, Date.parse('2026-07-21T08:05:00Z'))).toBe(null)
    },
  )
})
