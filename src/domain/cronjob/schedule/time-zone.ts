import { isTimeZoneName } from './time-zone-names.ts'

/** A zone of the tz database: what its clocks are ahead of UTC at an instant (epoch milliseconds), in milliseconds. */
export type TimeZone = { readonly name: string; readonly offsetAt: (instant: number) => number }

/** The zone of that name, null when there is none. Names are case-sensitive, as in the tz database; '' is UTC, as for Go. */
export const timeZone = (name: string): TimeZone | null => {
  if (name === 'UTC' || name === '') return utc
  if (!isTimeZoneName(name)) return null
  const zone = opened.get(name) ?? zoneOfTheWorld(name)
  opened.set(name, zone)
  return zone
}

/** A zone is slow to open and never changes; there are no more of them than names. */
const opened = new Map<string, TimeZone>()

export const utc: TimeZone = { name: 'UTC', offsetAt: () => 0 }

/** What Go says of a name that is in no database. */
export const unknownTimeZone = (name: string): string => `unknown time zone ${name}`

/** What the clocks of the zone show at an instant, to be read with the getters of UTC. */
export const wallClock = (zone: TimeZone, instant: number): Date => new Date(instant + zone.offsetAt(instant))

/**
 * The instant at which the clocks of the zone show `wall`. Of a time shown twice it is the one that Go takes, and for a time that
 * is skipped the clocks show another hour.
 */
export const instantOf = (zone: TimeZone, wall: number): number => wall - zone.offsetAt(wall - zone.offsetAt(wall))

/** Clocks are changed at quarters of an hour; asking the database is slow, and a search asks for neighbours. */
const quarterMs = 900_000

const zoneOfTheWorld = (name: string): TimeZone => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  let quarter = Number.NaN
  let offset = 0
  return {
    name,
    offsetAt: (instant) => {
      const asked = Math.floor(instant / quarterMs)
      if (asked !== quarter) {
        quarter = asked
        offset = offsetIn(format.format(asked * quarterMs))
      }
      return offset
    },
  }
}

/** The end of a text such as `7/21/2026, GMT+02:00`. */
const offsetIn = (text: string): number => {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(text) ?? []
  return (sign === '-' ? -1000 : 1000) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds))
}
