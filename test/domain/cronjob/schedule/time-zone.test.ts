import { describe, expect, test } from 'vitest'
import { timeZone } from '../../../../src/domain/cronjob/schedule/time-zone.ts'

const offsetMinutes = (name: string, at: string): number | null => {
  const zone = timeZone(name)
  return zone === null ? null : zone.offsetAt(Date.parse(at)) / 60_000
}

describe('zones', () => {
  test.each<[name: string, at: string, minutes: number]>([
    ['UTC', '2026-07-21T08:05:00Z', 0],
    ['Europe/Vienna', '2026-03-29T00:59:59Z', 60],
    ['Europe/Vienna', '2026-03-29T01:00:00Z', 120],
    ['Europe/Vienna', '2026-10-25T00:59:59Z', 120],
    ['Europe/Vienna', '2026-10-25T01:00:00Z', 60],
    ['America/New_York', '2026-01-01T00:00:00Z', -300],
    ['America/St_Johns', '2026-07-21T08:05:00Z', -150],
    ['Asia/Kathmandu', '2026-07-21T08:05:00Z', 345],
    ['Etc/GMT+5', '2026-07-21T08:05:00Z', -300],
    ['GB-Eire', '2026-07-21T08:05:00Z', 60],
    ['America/Argentina/Buenos_Aires', '2026-07-21T08:05:00Z', -180],
  ])('[1.11] %s at %s is %i minutes ahead of UTC', (name, at, minutes) => expect(offsetMinutes(name, at)).toBe(minutes))

  test.each([
    'utc',
    'europe/vienna',
    'Nowhere/City',
    'Local',
    'JST',
    '+01:00',
    ' UTC',
    'Europe/',
    'Factory',
    'constructor',
  ])('[1.11] "%s" is no zone', (name) => expect(timeZone(name)).toBe(null))

  test('[1.11] every zone that the engine names is known', () =>
    expect(Intl.supportedValuesOf('timeZone').filter((name) => timeZone(name) === null)).toStrictEqual([]))
})
